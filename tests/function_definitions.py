"""Every function once more, in mpmath from its published definition: a judge that shares nothing with the package."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import mpmath
from mpmath import mpf

__all__ = ["DEFINITIONS", "Definition"]


@dataclass(frozen=True)
class Definition:
    """A function with parameters, and what is known of it.

    Attributes
    ----------
    name, parameters
        As `create_function` takes them.
    truth
        The value at an mpmath number.
    exact
        Rational values, by input, as text.
    ends
        Slope, offset and side of the line at either end, or None; ("0", "1", -1) is a limit of 1 approached from below.
    symmetry
        Sign, slope and total of f(-x) = sign f(x) + slope x + total, as text; None if there is none.
    kinks
        Inputs without a power series, as text.
    turns
        Critical points between -6 and 6 to seven digits, and whether the function rises up to the first.
    defined
        "all", "positive", "not negative" or "not zero".
    slow
        Whether it comes no closer to the lines of its ends than a power of x does to 0.
    formats
        Of input and output in units that are tried: sign and integer bits.
    inputs
        The least and the greatest input of these units; None for that of the format.
    scaling
        The power of two that f(x) is multiplied by where x is doubled, as text, or "adds"; None if neither is claimed.
    step
        A constant, and the factor that f(x) is multiplied by where that is added to x; None if none is claimed.

    """

    name: str
    truth: Callable[[Any], Any]
    exact: Mapping[str, str] = field(default_factory=dict)
    ends: tuple[tuple[str, str, int] | None, tuple[str, str, int] | None] = (None, None)
    symmetry: tuple[int, str, str] | None = None
    kinks: tuple[str, ...] = ()
    turns: tuple[tuple[float, ...], bool] = ((), True)
    defined: str = "all"
    slow: bool = False
    formats: tuple[str, str] = ("SQ4", "SQ4")
    inputs: tuple[str | None, str | None] = (None, None)
    scaling: str | None = None
    step: tuple[Any, int] | None = None
    parameters: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return "-".join([self.name, *(f"{name}={value}" for name, value in self.parameters.items())])


def over(a: int, b: int) -> Any:
    return mpf(a) / b


def normal(x: Any) -> Any:
    return mpmath.ncdf(x)


def clip(x: Any, low: Any, high: Any) -> Any:
    return low if x < low else high if x > high else x


def above(limit: Any, x: Any, value: Any, otherwise: Any) -> Any:
    return value if x > limit else otherwise


def softplus(x: Any, beta: Any = 1) -> Any:
    return mpmath.log1p(mpmath.exp(beta * x)) / beta


def logistic(x: Any) -> Any:
    return 1 / (1 + mpmath.exp(-x))


def gelu_tanh(x: Any) -> Any:
    return x / 2 * (1 + mpmath.tanh(mpmath.sqrt(2 / mpmath.pi) * (x + mpf("0.044715") * x**3)))


def selu(
    x: Any, alpha: str = "1.6732632423543772848170429916717", scale: str = "1.0507009873554804934193349852946"
) -> Any:
    return mpf(scale) * (x if x > 0 else mpf(alpha) * (mpmath.exp(x) - 1))


HALF_LINE = (("0", "0", 0), ("1", "0", 0))
GATED = (("0", "0", -1), ("1", "0", -1))
ODD, EVEN, SHIFTED = (-1, "0", "0"), (1, "0", "0"), (1, "-1", "0")
RISING_POINT = (-1, "0", "1")

SELU_FLOOR = "-1.7580993408473768599402175208123"  # the product of the constants, to their digits

DEFINITIONS = [
    Definition("atan", mpmath.atan, {"0": "0"}, symmetry=ODD),
    Definition(
        "celu",
        lambda x: max(mpf(0), x) + min(mpf(0), mpmath.exp(x) - 1),
        {"0": "0", "3/2": "3/2"},
        (("0", "-1", 1), ("1", "0", 0)),
        kinks=("0",),
    ),
    Definition(
        "celu",
        lambda x: max(mpf(0), x) + min(mpf(0), 2 * (mpmath.exp(x / 2) - 1)),
        {"0": "0", "3/2": "3/2"},
        (("0", "-2", 1), ("1", "0", 0)),
        kinks=("0",),
        parameters={"alpha": "2"},
    ),
    Definition(
        "cos",
        mpmath.cos,
        {"0": "1"},
        symmetry=EVEN,
        turns=((-3.1415927, 0, 3.1415927), False),
        step=(lambda: mpmath.pi, -1),
    ),
    Definition(
        "cos",
        lambda x: mpmath.cos(2 * mpmath.pi * x),
        {"0": "1", "1/4": "0", "1/2": "-1", "-3/4": "0", "1/6": "1/2", "1/3": "-1/2", "5": "1", "-11/6": "1/2"},
        symmetry=EVEN,
        turns=(tuple(k / 2 for k in range(-11, 12)), False),
        parameters={"unit": "turns"},
        step=(lambda: mpf(1) / 2, -1),
    ),
    Definition(
        "elu",
        lambda x: above(0, x, x, mpmath.exp(x) - 1),
        {"0": "0", "3/2": "3/2"},
        (("0", "-1", 1), ("1", "0", 0)),
        kinks=("0",),
    ),
    Definition(
        "elu",
        lambda x: above(0, x, x, over(1, 4) * (mpmath.exp(x) - 1)),
        {"0": "0", "3/2": "3/2"},
        (("0", "-1/4", 1), ("1", "0", 0)),
        kinks=("0",),
        parameters={"alpha": "0.25"},
    ),
    Definition("erf", mpmath.erf, {"0": "0"}, (("0", "-1", 1), ("0", "1", -1)), ODD),
    Definition(
        "exp",
        mpmath.exp,
        {"0": "1"},
        (("0", "0", 1), None),
        formats=("SQ4", "UQ1"),
        inputs=("-8", "0"),
        step=(lambda: mpmath.log(2), 2),
    ),
    Definition(
        "exp2",
        lambda x: mpf(2) ** x,
        {"0": "1", "3": "8", "-5": "1/32"},
        (("0", "0", 1), None),
        formats=("SQ4", "UQ1"),
        inputs=("-8", "0"),
        step=(lambda: mpf(1), 2),
    ),
    Definition("gelu", lambda x: x * normal(x), {"0": "0"}, GATED, SHIFTED, turns=((-0.7517915,), False)),
    Definition(
        "gelu", gelu_tanh, {"0": "0"}, GATED, SHIFTED, turns=((-0.7524614,), False), parameters={"approximate": "tanh"}
    ),
    Definition(
        "hard_logistic",
        lambda x: clip(x / 4 + over(1, 2), mpf(0), mpf(1)),
        {"-2": "0", "0": "1/2", "1/3": "7/12", "5": "1"},
        (("0", "0", 0), ("0", "1", 0)),
        RISING_POINT,
        ("-2", "2"),
    ),
    Definition(
        "hard_logistic",
        lambda x: clip(over(1, 5) * x + over(1, 2), mpf(0), mpf(1)),
        {"-5/2": "0", "0": "1/2", "1/3": "17/30", "5": "1"},
        (("0", "0", 0), ("0", "1", 0)),
        RISING_POINT,
        ("-5/2", "5/2"),
        parameters={"alpha": "0.2", "beta": "0.5"},
    ),
    Definition(
        "hard_shrink",
        lambda x: x if x > over(1, 2) or x < over(-1, 2) else mpf(0),
        {"-1/2": "0", "1/2": "0", "1/3": "0", "0": "0", "2/3": "2/3", "-2/3": "-2/3"},
        (("1", "0", 0), ("1", "0", 0)),
        ODD,
        ("-1/2", "1/2"),
    ),
    Definition(
        "hard_swish",
        lambda x: x * clip(x + 3, mpf(0), mpf(6)) / 6,
        {"-3": "0", "-3/2": "-3/8", "1": "2/3", "3": "3", "1/3": "5/27"},
        HALF_LINE,
        SHIFTED,
        ("-3", "3"),
        ((-1.5,), False),
    ),
    Definition(
        "hard_tanh",
        lambda x: clip(x, mpf(-1), mpf(1)),
        {"-1": "-1", "1/3": "1/3", "4": "1"},
        (("0", "-1", 0), ("0", "1", 0)),
        ODD,
        ("-1", "1"),
    ),
    Definition(
        "leaky_relu",
        lambda x: above(0, x, x, x / 100),
        {"-1/3": "-1/300", "1/3": "1/3", "0": "0"},
        (("1/100", "0", 0), ("1", "0", 0)),
        (1, "-101/100", "0"),
        ("0",),
    ),
    Definition(
        "leaky_relu",
        lambda x: above(0, x, x, -x / 2),
        {"-1/3": "1/6", "1/3": "1/3", "0": "0"},
        (("-1/2", "0", 0), ("1", "0", 0)),
        (1, "-1/2", "0"),
        ("0",),
        ((0,), False),
        parameters={"alpha": "-1/2"},
    ),
    Definition(
        "log",
        mpmath.log,
        {"1": "0"},
        defined="positive",
        formats=("UQ4", "SQ4"),
        inputs=("1/16", None),
        scaling="adds",
    ),
    Definition(
        "log2",
        lambda x: mpmath.log(x, 2),
        {"1": "0", "8": "3", "1/16": "-4"},
        defined="positive",
        formats=("UQ4", "SQ4"),
        inputs=("1/16", None),
        scaling="adds",
    ),
    Definition("log_sigmoid", lambda x: mpmath.log(logistic(x)), {}, (("1", "0", -1), ("0", "0", -1)), SHIFTED),
    Definition(
        "logistic", logistic, {"0": "1/2"}, (("0", "0", 1), ("0", "1", -1)), RISING_POINT, formats=("SQ4", "UQ1")
    ),
    Definition(
        "logistic_derivative",
        lambda x: mpmath.sech(x / 2) ** 2 / 4,
        {"0": "1/4"},
        (("0", "0", 1), ("0", "0", 1)),
        EVEN,
        turns=((0,), True),
    ),
    Definition("mish", lambda x: x * mpmath.tanh(softplus(x)), {"0": "0"}, GATED, turns=((-1.1924312,), False)),
    Definition(
        "quick_gelu",
        lambda x: x * logistic(mpf("1.702") * x),
        {"0": "0"},
        GATED,
        SHIFTED,
        turns=((-0.7511543,), False),
    ),
    Definition(
        "reciprocal",
        lambda x: 1 / x,
        {"3": "1/3", "-2/7": "-7/2"},
        (("0", "0", -1), ("0", "0", 1)),
        ODD,
        turns=((), False),
        defined="not zero",
        slow=True,
        formats=("UQ4", "UQ3"),
        inputs=("1/4", None),
        scaling="-1",
    ),
    Definition("relu", lambda x: max(x, mpf(0)), {"-1/3": "0", "1/3": "1/3", "0": "0"}, HALF_LINE, SHIFTED, ("0",)),
    Definition(
        "relu6",
        lambda x: clip(x, mpf(0), mpf(6)),
        {"-1": "0", "1/3": "1/3", "6": "6", "25/4": "6"},
        (("0", "0", 0), ("0", "6", 0)),
        kinks=("0", "6"),
    ),
    Definition(
        "relu_squared",
        lambda x: max(x, mpf(0)) ** 2,
        {"-2": "0", "0": "0", "1/3": "1/9"},
        (("0", "0", 0), None),
        kinks=("0",),
        formats=("SQ3", "UQ4"),
    ),
    Definition(
        "rrelu",
        lambda x: above(0, x, x, over(11, 48) * x),
        {"-1": "-11/48", "0": "0", "2": "2"},
        (("11/48", "0", 0), ("1", "0", 0)),
        (1, "-59/48", "0"),
        ("0",),
    ),
    Definition(
        "rsqrt",
        lambda x: 1 / mpmath.sqrt(x),
        {"4": "1/2", "1/9": "3"},
        (None, ("0", "0", 1)),
        turns=((), False),
        defined="positive",
        slow=True,
        formats=("UQ4", "UQ2"),
        inputs=("1/4", None),
        scaling="-1/2",
    ),
    Definition(
        "selu",
        selu,
        {"0": "0", "1": "1.0507009873554804934193349852946"},
        (("0", None, 1), ("1.0507009873554804934193349852946", "0", 0)),
        kinks=("0",),
    ),
    Definition(
        "selu",
        lambda x: selu(x, "1.67326319217681884765625", "1.05070102214813232421875"),
        {"0": "0", "1": "1.05070102214813232421875"},
        (("0", None, 1), ("1.05070102214813232421875", "0", 0)),
        kinks=("0",),
        parameters={"alpha": "1.67326319217681884765625", "gamma": "1.05070102214813232421875"},
    ),
    Definition("silu", lambda x: x * logistic(x), {"0": "0"}, GATED, SHIFTED, turns=((-1.2784645,), False)),
    Definition(
        "silu",
        lambda x: x * logistic(x / 2),
        {"0": "0"},
        GATED,
        SHIFTED,
        turns=((-2.5569291,), False),
        parameters={"alpha": "1/2"},
    ),
    Definition(
        "sin",
        mpmath.sin,
        {"0": "0"},
        symmetry=ODD,
        turns=((-4.7123890, -1.5707963, 1.5707963, 4.7123890), True),
        step=(lambda: mpmath.pi, -1),
    ),
    Definition(
        "sin",
        lambda x: mpmath.sin(2 * mpmath.pi * x),
        {"0": "0", "1/4": "1", "1/2": "0", "3/4": "-1", "1/12": "1/2", "-5/12": "-1/2", "-7": "0"},
        symmetry=ODD,
        turns=(tuple(k / 2 + 0.25 for k in range(-12, 12)), True),
        parameters={"unit": "turns"},
        step=(lambda: mpf(1) / 2, -1),
    ),
    Definition(
        "soft_shrink",
        lambda x: x - over(1, 2) if x > over(1, 2) else x + over(1, 2) if x < over(-1, 2) else mpf(0),
        {"-1/2": "0", "1/2": "0", "1/3": "0", "2/3": "1/6", "-2/3": "-1/6"},
        (("1", "1/2", 0), ("1", "-1/2", 0)),
        ODD,
        ("-1/2", "1/2"),
    ),
    Definition("softplus", softplus, {}, (("0", "0", 1), ("1", "0", 1)), SHIFTED, formats=("SQ4", "UQ4")),
    Definition(
        "softplus",
        lambda x: softplus(x, 4),
        {},
        (("0", "0", 1), ("1", "0", 1)),
        SHIFTED,
        parameters={"beta": "4"},
        formats=("SQ4", "UQ4"),
    ),
    Definition(
        "softsign",
        lambda x: x / (1 + abs(x)),
        {"1": "1/2", "-1/3": "-1/4", "0": "0"},
        (("0", "-1", 1), ("0", "1", -1)),
        ODD,
        ("0",),
        slow=True,
    ),
    Definition(
        "sqrt",
        mpmath.sqrt,
        {"0": "0", "9/4": "3/2"},
        kinks=("0",),
        defined="not negative",
        formats=("UQ4", "UQ2"),
        scaling="1/2",
    ),
    Definition("square", lambda x: x**2, {"-1/3": "1/9"}, symmetry=EVEN, turns=((0,), False), formats=("SQ3", "UQ5")),
    Definition("tanh", mpmath.tanh, {"0": "0"}, (("0", "-1", 1), ("0", "1", -1)), ODD, formats=("SQ4", "SQ2")),
    Definition(
        "tanh_derivative",
        lambda x: mpmath.sech(x) ** 2,
        {"0": "1"},
        (("0", "0", 1), ("0", "0", 1)),
        EVEN,
        turns=((0,), True),
    ),
    Definition("tanhshrink", lambda x: x - mpmath.tanh(x), {"0": "0"}, (("1", "1", -1), ("1", "-1", 1)), ODD),
    Definition(
        "threshold",
        lambda x: above(0, x, x, mpf(0)),
        {"0": "0", "1/3": "1/3", "-1/3": "0"},
        HALF_LINE,
        SHIFTED,
        ("0",),
    ),
    Definition(
        "threshold",
        lambda x: above(mpf(3) / 4, x, x, mpf(5)),
        {"3/4": "5", "4/5": "4/5", "-100": "5"},
        (("0", "5", 0), ("1", "0", 0)),
        kinks=("3/4",),
        turns=((0.75,), False),
        parameters={"threshold": "0.75", "default_value": "5"},
    ),
]
