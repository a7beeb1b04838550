"""Functions of PyTorch in float64, and their derivatives by its automatic differentiation, at all inputs of 16 bits."""

import inspect
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from frameworks import Counterpart, assert_agreement

from softgate.functions import create_function
from softgate.functions.number_types import FLOATS

torch = pytest.importorskip("torch")
nn, functional = torch.nn, torch.nn.functional

pytestmark = pytest.mark.torch

LINEARISED = 2.1e-9
"""How far softplus is off above the threshold of 20 from which PyTorch takes it for x."""

COUNTERPARTS = [
    Counterpart("relu", functional.relu),
    Counterpart("leaky_relu", functional.leaky_relu),
    Counterpart("leaky_relu", nn.LeakyReLU(-0.3), parameters={"negative_slope": "-0.3"}),
    Counterpart("rrelu", functional.rrelu),
    Counterpart("rrelu", nn.RReLU(0.1, 0.3).eval(), parameters={"lower": "0.1", "upper": "0.3"}),
    Counterpart("relu6", functional.relu6),
    Counterpart("hard_tanh", functional.hardtanh),
    Counterpart("hard_tanh", nn.Hardtanh(-0.375, 2), parameters={"min_val": "-0.375", "max_val": "2"}),
    Counterpart("hard_logistic", functional.hardsigmoid, parameters={"variant": "torch"}),
    Counterpart("hard_swish", functional.hardswish),
    Counterpart("hard_shrink", functional.hardshrink),
    Counterpart("hard_shrink", nn.Hardshrink(1.25), parameters={"lambd": "1.25"}),
    Counterpart("soft_shrink", functional.softshrink),
    Counterpart("soft_shrink", nn.Softshrink(0.75), parameters={"lambd": "0.75"}),
    Counterpart("threshold", nn.Threshold(0, 0)),
    Counterpart("threshold", nn.Threshold(0.75, 5), parameters={"threshold": "0.75", "value": "5"}),
    Counterpart("elu", functional.elu),
    Counterpart("elu", nn.ELU(1.75), parameters={"alpha": "1.75"}),
    Counterpart("celu", functional.celu),
    Counterpart("celu", nn.CELU(2.5), parameters={"alpha": "2.5"}),
    Counterpart("selu", functional.selu),
    Counterpart("softplus", nn.Softplus(threshold=100), "SQ6.10", "UQ6.10"),
    Counterpart("softplus", functional.softplus, "SQ6.10", "UQ6.10", error=LINEARISED, undecided=0.001),
    Counterpart("softplus", nn.Softplus(beta=2.5), "SQ6.10", "UQ6.10", {"beta": "2.5"}, error=LINEARISED / 2.5),
    Counterpart("softsign", functional.softsign, output="SQ1.15"),
    Counterpart("log_sigmoid", functional.logsigmoid),
    Counterpart("tanhshrink", functional.tanhshrink),
    Counterpart("logistic", torch.sigmoid, output="UQ0.16"),
    Counterpart("tanh", torch.tanh, output="SQ1.15"),
    Counterpart("gelu", functional.gelu),
    Counterpart("gelu", nn.GELU("tanh"), parameters={"approximate": "tanh"}),
    Counterpart("silu", functional.silu),
    Counterpart("mish", functional.mish),
    Counterpart("quick_gelu", lambda x: x * torch.sigmoid(1.702 * x)),
    Counterpart("relu_squared", lambda x: functional.relu(x).square(), output="UQ6.10"),
    Counterpart("square", torch.square, output="UQ6.10"),
    Counterpart("exp", torch.exp, output="SQ5.11"),
    Counterpart("exp2", torch.exp2, output="SQ5.11"),
    Counterpart("log", torch.log, "UQ4.12", least=1),
    Counterpart("log2", torch.log2, "UQ4.12", "SQ5.11", least=1),
    Counterpart("erf", torch.erf, "SQ3.13", "SQ2.14"),
    Counterpart("sqrt", torch.sqrt, "UQ4.12", least=1),
    Counterpart("rsqrt", torch.rsqrt, "UQ4.12", least=1),
    Counterpart("reciprocal", torch.reciprocal, "UQ4.12", least=1),
    Counterpart("sin", torch.sin, output="SQ2.14"),
    Counterpart("cos", torch.cos, output="SQ2.14"),
    Counterpart("atan", torch.atan, output="SQ2.14"),
]


def values_of(function):
    return lambda x: function(torch.from_numpy(x)).numpy()


def slopes_of(function):
    def slopes(x):
        inputs = torch.from_numpy(x).requires_grad_()
        function(inputs).sum().backward()
        return inputs.grad.numpy()

    return slopes


@pytest.mark.parametrize("counterpart", COUNTERPARTS, ids=str)
def test_values(counterpart):
    assert_agreement(replace(counterpart, values=values_of(counterpart.values)), np.float64)


@pytest.mark.parametrize("counterpart", COUNTERPARTS, ids=str)
def test_slopes(counterpart):
    derivative = replace(counterpart, name=f"{counterpart.name}.prime", output="SQ4.12")
    assert_agreement(replace(derivative, values=slopes_of(counterpart.values)), np.float64)


@pytest.mark.parametrize("counterpart", COUNTERPARTS, ids=str)
def test_slopes_at_kinks(counterpart):
    kinks = create_function(counterpart.name, **counterpart.parameters).kinks
    slopes = slopes_of(counterpart.values)(np.array(kinks, dtype=np.float64))
    derivative = create_function(f"{counterpart.name}.prime", **counterpart.parameters)
    assert slopes.tolist() == pytest.approx([float(derivative(float(kink), FLOATS)) for kink in kinks], rel=1e-15)


@pytest.mark.parametrize(
    ("text", "function", "kink"),
    [
        ("abs(x)", torch.abs, 0),
        ("max(x, 0)", functional.relu, 0),
        ("max(x, x/8)", nn.LeakyReLU(1 / 8), 0),
        ("max(x, -x)", torch.abs, 0),
        ("min(max(x, 0), 6)", functional.relu6, 6),
        ("clip(x, -1, 1)", functional.hardtanh, 1),
        ("where(x > 0, 2*x, x)", lambda x: torch.where(x > 0, 2 * x, x), 0),
        ("where(x >= 0, 2*x, x)", lambda x: torch.where(x >= 0, 2 * x, x), 0),
    ],
)
def test_slopes_of_expressions_at_kinks(text, function, kink):
    ours = create_function(f"prime({text})").exact(Fraction(kink))
    assert [ours] == slopes_of(function)(np.array([float(kink)])).tolist()


@pytest.mark.parametrize(
    ("text", "function", "kink", "slope"),
    [
        ("max(x, x/8)", lambda x: torch.maximum(x, x / 8), 0, 9 / 16),
        ("clip(x, -1, 1)", lambda x: torch.clamp(x, -1, 1), 1, 1),
    ],
)
def test_two_conventions_that_are_not_followed(text, function, kink, slope):
    assert slopes_of(function)(np.array([float(kink)])).tolist() == [slope]
    assert create_function(f"prime({text})").exact(Fraction(kink)) != slope


@pytest.mark.parametrize(
    ("name", "layer"),
    [
        ("leaky_relu", nn.LeakyReLU),
        ("rrelu", nn.RReLU),
        ("hard_tanh", nn.Hardtanh),
        ("hard_shrink", nn.Hardshrink),
        ("soft_shrink", nn.Softshrink),
        ("elu", nn.ELU),
        ("celu", nn.CELU),
        ("softplus", nn.Softplus),
        ("gelu", nn.GELU),
    ],
)
def test_defaults_and_names_of_parameters(name, layer):
    given = {each.name: each.default for each in inspect.signature(layer).parameters.values()}
    for short_cut in ("inplace", "threshold", "min_value", "max_value"):
        given.pop(short_cut, None)
    exact = {key: v if isinstance(v, str) else Fraction(v).limit_denominator(1000) for key, v in given.items()}
    assert exact
    assert create_function(name, **exact) == create_function(name)


def test_softplus_is_taken_for_its_argument_above_a_threshold():
    x = torch.tensor([20.0, 20.0 + 2**-20], dtype=torch.float64)
    there, beyond = (functional.softplus(x) - x).tolist()
    exact = np.log1p(np.exp(-20.0))
    assert beyond == 0 < there
    assert 0.9 * LINEARISED < exact < LINEARISED
