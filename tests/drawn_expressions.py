"""Random expressions, drawn as trees, and their values by mpmath, which share nothing with those of softgate."""

from fractions import Fraction

import mpmath
from hypothesis import strategies as st

from softgate.functions import create_function, find_function
from softgate.functions.expressions.construction import add, divide, multiply, negate, power
from softgate.functions.expressions.nodes import (
    Apply,
    Call,
    Comparison,
    Constant,
    Input,
    Negative,
    Number,
    Power,
    Prime,
    Product,
    Quotient,
    Sum,
    Where,
)

FUNCTIONS = [
    create_function("tanh"),
    create_function("logistic"),
    create_function("silu", beta="3/2"),
    create_function("gelu"),
    create_function("hard_tanh", min="-1/2", max=1),
    create_function("hard_logistic"),
]

DEFINITIONS = {function.name: find_function(function.name) for function in FUNCTIONS}

NUMBERS = st.sampled_from([Fraction(text) for text in ("0", "1", "2", "-1", "-3", "1/2", "1/3", "-5/8", "3/2")])


def _divided(numerator, denominator):
    return numerator if denominator == Number(Fraction(0)) else divide(numerator, denominator)


def _raised(base, exponent):
    return base if base == Number(Fraction(0)) else power(base, exponent)


def _clipped(of, ends):
    low, high = sorted(ends)
    return Apply("clip", (of, Number(low), Number(high)))


LEAVES = st.one_of(
    *[st.just(Input())] * 5, *[NUMBERS.map(Number)] * 2, st.sampled_from([Constant("pi"), Constant("e")])
)


LINES = st.builds(lambda a, b: add(multiply(Number(a), Input()), Number(b)), NUMBERS, NUMBERS)
"""Straight lines, of which branches can be made whose kinks are found."""

SHAPES = st.sampled_from(["tanh", "expm1", "atan", "erf"]).map(
    lambda name: Apply(name, (Input(),)) if name != "tanh" else Call(FUNCTIONS[0], Input())
)


def _larger(inner):
    branched = st.one_of(LINES, LINES, SHAPES, inner)
    unary = st.sampled_from(["exp", "expm1", "log", "log1p", "sqrt", "sin", "cos", "atan", "erf", "erfc"])
    relations = st.sampled_from(["<", "<=", ">", ">="])
    return st.one_of(
        st.builds(add, inner, inner),
        st.builds(multiply, inner, inner),
        st.builds(_divided, inner, inner),
        st.builds(negate, inner),
        st.builds(_raised, inner, st.sampled_from([2, 3, -1, -2])),
        st.builds(lambda name, of: Apply(name, (of,)), unary, inner),
        st.builds(lambda of: Apply("abs", (of,)), branched),
        st.builds(lambda name, a, b: Apply(name, (a, b)), st.sampled_from(["min", "max"]), branched, LINES),
        st.builds(_clipped, branched, st.tuples(NUMBERS, NUMBERS)),
        st.builds(Call, st.sampled_from(FUNCTIONS), inner),
        st.builds(lambda a, r, b, c, d: Where(Comparison(a, r, b), c, d), branched, relations, LINES, inner, inner),
        st.builds(Prime, inner),
    )


EXPRESSIONS = st.recursive(LEAVES, _larger, max_leaves=6)


class BeyondError(ArithmeticError):
    """A value that mpmath would take for ever to compute, or that it is not sure of."""


class UndefinedError(BeyondError):
    """A value that there is not."""


def value(node, x):
    """Return the value of a tree at `x`, at the precision that mpmath works with."""
    match node:
        case Input():
            return x
        case Number(number):
            return mpmath.mpf(number.numerator) / number.denominator
        case Constant(name):
            return +getattr(mpmath, name)
        case Negative(of):
            return -value(of, x)
        case Sum(terms):
            return sum((value(term, x) for term in terms), mpmath.mpf(0))
        case Product(factors):
            return mpmath.fprod(value(factor, x) for factor in factors)
        case Quotient(numerator, denominator):
            return value(numerator, x) / _other_than_0(value(denominator, x))
        case Power(base, exponent):
            held = value(base, x)
            return held**exponent if exponent > 0 else _other_than_0(held) ** exponent
        case Apply(name, arguments):
            return _applied(name, [value(argument, x) for argument in arguments])
        case Call(function, argument):
            return _called(function, value(argument, x))
        case Where(condition, then, otherwise):
            left, right = value(condition.left, x), value(condition.right, x)
            holds = {"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right}
            return value(then if holds[condition.relation] else otherwise, x)
        case Prime(of):
            step = mpmath.mpf(10) ** (-mpmath.mp.dps // 4)
            return (value(of, x + step) - value(of, x - step)) / (2 * step)


TINY = mpmath.mpf(10) ** -20


def _other_than_0(held):
    if abs(held) < TINY:
        raise BeyondError if held else UndefinedError
    return held


def _applied(name, arguments):
    first = arguments[0]
    if abs(first) > 10**6:
        raise BeyondError
    if name in ("log", "log1p", "sqrt"):
        held = first + 1 if name == "log1p" else first
        if held < -TINY or (held == 0 and name != "sqrt"):
            raise UndefinedError
        if abs(held) < TINY and held:
            raise BeyondError
    own = {
        "abs": abs,
        "min": min,
        "max": max,
        "clip": lambda of, low, high: min(max(of, low), high),
    }
    return own.get(name, getattr(mpmath, name, None))(*arguments)


def _called(function, x):
    if abs(x) > 10**6:
        raise BeyondError
    half = mpmath.mpf(1) / 2
    match function.name:
        case "tanh":
            return mpmath.tanh(x)
        case "logistic":
            return 1 / (1 + mpmath.exp(-x))
        case "silu":
            return x / (1 + mpmath.exp(-3 * half * x))
        case "gelu":
            return x * mpmath.erfc(-x / mpmath.sqrt(2)) / 2
        case "hard_tanh":
            return min(max(x, -half), mpmath.mpf(1))
        case "hard_logistic":
            return min(max(x / 4 + half, mpmath.mpf(0)), mpmath.mpf(1))
