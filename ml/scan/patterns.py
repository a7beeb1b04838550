"""Activations as graphs spell them out: one table, from expressions to functions.

A row is the function's name, its parameters, and an expression of x. Rows and graphs are compared in a normal form, so
that a row stands for every order of its operands, for constants multiplied or divided, within brackets or outside.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache

from .normal_form import Polynomial, X, apply, clip, power

__all__ = ["PATTERNS", "Pattern", "matching_pattern"]

exp, log, erf, tanh = apply("exp"), apply("log"), apply("erf"), apply("tanh")
logistic, softplus, absolute = apply("logistic"), apply("softplus"), apply("abs")


@dataclass(frozen=True)
class Pattern:
    """A function, and an expression that is its value at x.

    Parameters
    ----------
    function
        Its name in softgate.
    expression
        Takes x and returns the value, both in the normal form.
    parameters
        The function's parameters, as text.

    """

    function: str
    expression: Callable[[Polynomial], Polynomial]
    parameters: Mapping[str, str] = field(default_factory=dict)


def _relu(x: Polynomial) -> Polynomial:
    return clip(x, 0, math.inf)


PATTERNS = (
    Pattern("hard_swish", lambda x: x * clip(x + 3, 0, 6) / 6),
    Pattern("silu", lambda x: x * logistic(x)),
    Pattern("silu", lambda x: x / (1 + exp(-x))),
    Pattern("quick_gelu", lambda x: x * logistic(1.702 * x)),
    Pattern("gelu", lambda x: x * (1 + erf(x / math.sqrt(2))) / 2),
    Pattern(
        "gelu",
        lambda x: x * (1 + tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3))) / 2,
        {"approximate": "tanh"},
    ),
    Pattern(  # 1/2 (1 + tanh(u)) is the logistic function of 2 u
        "gelu",
        lambda x: x * logistic(2 * math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)),
        {"approximate": "tanh"},
    ),
    Pattern("mish", lambda x: x * tanh(softplus(x))),
    Pattern("mish", lambda x: x * tanh(log(1 + exp(x)))),
    Pattern("softplus", lambda x: log(1 + exp(x))),
    Pattern("log_sigmoid", lambda x: log(logistic(x))),
    Pattern("log_sigmoid", lambda x: -softplus(-x)),
    Pattern("logistic", lambda x: 1 / (1 + exp(-x))),
    Pattern("logistic", lambda x: (1 + tanh(x / 2)) / 2),
    Pattern("tanh", lambda x: 2 * logistic(2 * x) - 1),
    Pattern("tanhshrink", lambda x: x - tanh(x)),
    Pattern("softsign", lambda x: x / (1 + absolute(x))),
    Pattern("hard_logistic", lambda x: clip(x + 3, 0, 6) / 6, {"variant": "torch"}),
    Pattern("hard_logistic", lambda x: clip(0.2 * x + 0.5, 0, 1), {"variant": "onnx"}),
    Pattern("relu_squared", lambda x: _relu(x) ** 2),
    Pattern("relu6", lambda x: clip(x, 0, 6)),
    Pattern("relu", _relu),
    Pattern("rsqrt", lambda x: power(x, -0.5)),
    Pattern("sqrt", lambda x: power(x, 0.5)),
    Pattern("reciprocal", lambda x: power(x, -1.0)),
)
"""Spelled-out activations."""


@cache
def _forms() -> tuple[tuple[Pattern, Polynomial], ...]:
    return tuple((pattern, pattern.expression(X)) for pattern in PATTERNS)


def matching_pattern(expression: Polynomial) -> Pattern | None:
    """Return the pattern that an expression matches, or None."""
    return next((pattern for pattern, form in _forms() if form.same(expression)), None)
