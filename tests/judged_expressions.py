"""Random expressions as text and, made beside it, as sympy's own: two writings that share no parser and no tree."""

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import mpmath
import sympy
from hypothesis import assume
from hypothesis import strategies as st

__all__ = ["WRITTEN", "Written"]

X = sympy.Symbol("x", real=True)

HALF = sympy.Rational(1, 2)


@dataclass(frozen=True)
class Written:
    """An expression as we read it, and as sympy holds it.

    Attributes
    ----------
    text, held
        The two.
    divisors, radicands
        What must not be 0 and what must not be negative within it, as sympy cancels some of that out.

    """

    text: str
    held: sympy.Expr
    divisors: frozenset[sympy.Expr] = frozenset()
    radicands: frozenset[sympy.Expr] = frozenset()

    @cached_property
    def _compiled(self):
        return sympy.lambdify(X, self.held, "mpmath")

    @cached_property
    def conditions(self):
        """Functions of mpmath numbers that are 0 where branches meet."""
        relations = self.held.atoms(sympy.core.relational.Relational)
        differences = sorted({each.lhs - each.rhs for each in relations}, key=str)
        return [sympy.lambdify(X, each, "mpmath") for each in differences]

    def __call__(self, x):
        """Return the value at an mpmath number, or None where there is none, or it is too large for mpmath."""
        try:
            value = mpmath.mpmathify(self._compiled(x))
        except (ZeroDivisionError, OverflowError, ValueError):
            return None
        return value if isinstance(value, mpmath.mpf) and mpmath.isfinite(value) else None

    @cached_property
    def derivative(self):
        return Written(f"prime({self.text})", sympy.diff(self.held, X))

    def has_value(self, x):
        """Return whether there is one at an mpmath number, or within rounding errors of it."""
        near = mpmath.mpf(10) ** -20
        # Where sympy finds a pole in a divisor, that pole's own divisor is among these.
        divisors = [Written("", each)(x) for each in self.divisors if not each.has(sympy.zoo)]
        radicands = [Written("", each)(x) for each in self.radicands]
        value = self(x)
        if value is None or None in divisors or None in radicands:
            return False
        return abs(value) < 1 / near and all(abs(each) > near for each in divisors) and all(r > near for r in radicands)


def made(text, held, *parts, divisors=(), radicands=()):
    """Return an expression of others."""
    return Written(
        text,
        held,
        frozenset(divisors).union(*(part.divisors for part in parts)),
        frozenset(radicands).union(*(part.radicands for part in parts)),
    )


def logistic(x):
    return 1 / (1 + sympy.exp(-x))


def defined(held):
    """Give an expression up in which sympy has found a pole, such as 1/0."""
    assume(not held.has(sympy.zoo, sympy.nan, sympy.oo, sympy.I))
    return held


def pieces(limit, x, above, otherwise):
    x = defined(x)
    return sympy.Piecewise((above, x > limit), (otherwise, True))


def clip(x, low, high):
    x = defined(x)
    return sympy.Piecewise((low, x < low), (high, x > high), (x, True))


SMOOTH = {
    "exp": sympy.exp,
    "sin": sympy.sin,
    "cos": sympy.cos,
    "atan": sympy.atan,
    "tanh": sympy.tanh,
    "erf": sympy.erf,
    "erfc": lambda x: 1 - sympy.erf(x),
    "logistic": logistic,
    "softplus": lambda x: sympy.log(1 + sympy.exp(x)),
    "log_sigmoid": lambda x: sympy.log(logistic(x)),
    "gelu": lambda x: x * (1 + sympy.erf(x / sympy.sqrt(2))) / 2,
    "silu": lambda x: x * logistic(x),
    "mish": lambda x: x * sympy.tanh(sympy.log(1 + sympy.exp(x))),
    "tanhshrink": lambda x: x - sympy.tanh(x),
    "square": lambda x: x**2,
    "log": sympy.log,
    "sqrt": sympy.sqrt,
    "rsqrt": lambda x: 1 / sympy.sqrt(x),
    "reciprocal": lambda x: 1 / x,
}

BRANCHED = {
    "abs": lambda x: pieces(0, x, x, -x),
    "relu": lambda x: pieces(0, x, x, 0),
    "leaky_relu": lambda x: pieces(0, x, x, x / 100),
    "relu6": lambda x: clip(x, sympy.Integer(0), sympy.Integer(6)),
    "hard_tanh": lambda x: clip(x, sympy.Integer(-1), sympy.Integer(1)),
    "hard_logistic": lambda x: clip(x / 4 + HALF, sympy.Integer(0), sympy.Integer(1)),
    "hard_swish": lambda x: x * clip(x / 6 + HALF, sympy.Integer(0), sympy.Integer(1)),
    "hard_shrink": lambda x: pieces(HALF, x, x, sympy.Piecewise((x, x < -HALF), (0, True))),
    "soft_shrink": lambda x: pieces(HALF, x, x - HALF, sympy.Piecewise((x + HALF, x < -HALF), (0, True))),
    "elu": lambda x: pieces(0, x, x, sympy.exp(x) - 1),
    "softsign": lambda x: x / (1 + pieces(0, x, x, -x)),
    "relu_squared": lambda x: pieces(0, x, x**2, 0),
}

NUMBERS = st.sampled_from([Fraction(text) for text in ("1", "2", "3", "-1", "-2", "1/2", "1/3", "-5/8", "3/2", "7/4")])


def number(value):
    return Written(f"({value})", sympy.Rational(value.numerator, value.denominator))


def line(slope, offset):
    a, b = number(slope), number(offset)
    return Written(f"({a.text}*x + {b.text})", a.held * X + b.held)


def binary(symbol):
    operate = {"+": lambda a, b: a + b, "-": lambda a, b: a - b, "*": lambda a, b: a * b, "/": lambda a, b: a / b}

    def build(a, b):
        divisors = [b.held] if symbol == "/" else []
        return made(f"({a.text} {symbol} {b.text})", operate[symbol](a.held, b.held), a, b, divisors=divisors)

    return build


def called(functions):
    def build(name, of):
        divisors = [of.held] if name in ("reciprocal", "rsqrt", "log") else []
        radicands = [of.held] if name in ("sqrt", "rsqrt", "log") else []
        return made(f"{name}({of.text})", functions[name](of.held), of, divisors=divisors, radicands=radicands)

    return build


def extreme(name, a, b):
    larger, smaller = (a, b) if name == "max" else (b, a)
    held = sympy.Piecewise((larger.held, defined(a.held) > defined(b.held)), (smaller.held, True))
    return made(f"{name}({a.text}, {b.text})", held, a, b)


def chosen(relation, tested, limit, then, otherwise):
    condition = {">": sympy.Gt, "<": sympy.Lt, ">=": sympy.Ge, "<=": sympy.Le}[relation](tested.held, limit.held)
    held = sympy.Piecewise((then.held, condition), (otherwise.held, True))
    return made(f"where({tested.text} {relation} {limit.text}, {then.text}, {otherwise.text})", held, then, otherwise)


VARIABLE = st.just(Written("x", X))
LINES = st.builds(line, NUMBERS, NUMBERS)
LEAVES = st.one_of(VARIABLE, VARIABLE, LINES, NUMBERS.map(number))
CONSTANTS = NUMBERS.map(number)


def larger(inner):
    plain = st.one_of(VARIABLE, LINES, inner)
    return st.one_of(
        *(st.builds(binary(symbol), inner, inner) for symbol in "+-*/"),
        st.builds(called(SMOOTH), st.sampled_from(sorted(SMOOTH)), inner),
        st.builds(called(SMOOTH), st.sampled_from(sorted(SMOOTH)), inner),
        st.builds(called(BRANCHED), st.sampled_from(sorted(BRANCHED)), plain),
        st.builds(lambda of, k: made(f"({of.text})^{k}", of.held**k, of), inner, st.sampled_from([2, 3])),
        st.builds(extreme, st.sampled_from(["min", "max"]), plain, LINES),
        st.builds(chosen, st.sampled_from(["<", "<=", ">", ">="]), VARIABLE, CONSTANTS, inner, inner),
    )


WRITTEN = st.recursive(LEAVES, larger, max_leaves=5).filter(lambda written: defined(written.held).has(X))
"""Expressions of which sympy still has an x: what it makes a constant of is no function to judge."""
