import numpy as np
import pytest

from softgate.functions import create_function
from softgate.functions.number_types import FLOATS
from softgate.ml.scan.normal_form import X, constant
from softgate.ml.scan.patterns import PATTERNS, matching_pattern

SPECIAL = {
    "exp": np.exp,
    "log": np.log,
    "tanh": np.tanh,
    "abs": np.abs,
    "logistic": lambda x: 1 / (1 + np.exp(-x)),
    "softplus": lambda x: np.log1p(np.exp(x)),
    "erf": lambda x: create_function("erf")(x, FLOATS),
}


def value(expression, x):
    """The value of an expression in the normal form."""
    total = np.zeros_like(x)
    for monomial, coefficient in expression.terms:
        product = np.full_like(x, coefficient)
        for atom, exponent in monomial:
            if atom.name == "x":
                base = x
            elif atom.name == "sum":
                base = value(atom.argument, x)
            elif atom.name == "clip":
                base = np.clip(value(atom.argument, x), *atom.limits)
            else:
                base = SPECIAL[atom.name](value(atom.argument, x))
            product = product * base**exponent
        total = total + product
    return total


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda pattern: pattern.function)
def test_every_row_is_its_function(pattern):
    x = np.linspace(0.125, 8, 64)
    x = x if pattern.function in {"sqrt", "rsqrt", "reciprocal"} else np.concatenate([-x, [0.0], x])
    function = create_function(pattern.function, **pattern.parameters)
    assert np.allclose(value(pattern.expression(X), x), function(x, FLOATS), rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda pattern: pattern.function)
def test_no_row_is_behind_another(pattern):
    assert matching_pattern(pattern.expression(X)) is pattern


def test_what_is_no_activation():
    assert matching_pattern(X) is None
    assert matching_pattern(2 * X + 1) is None
    assert matching_pattern(constant(1)) is None
