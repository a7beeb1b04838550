"""Expressions of one variable in a normal form, in which different spellings of a function are the same."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

__all__ = ["Atom", "Polynomial", "TooManyTermsError", "X", "apply", "clip", "constant", "power"]

_NEAR = 1e-3
"""The relative difference within which two coefficients count as equal: constants may have come from float16."""

_MOST_TERMS = 16
"""Terms of an expression that is still compared: the activations in use have at most four."""


class TooManyTermsError(ValueError):
    """An expression has more terms than any activation."""


@dataclass(frozen=True)
class Atom:
    """An atom, which is not taken apart: the variable, or a function of expressions.

    Parameters
    ----------
    name
        ``x``, or the function's name.
    argument
        The function's argument; None for the variable.
    limits
        The lower and the upper limit of ``clip``.

    """

    name: str
    argument: Polynomial | None = None
    limits: tuple[float, float] = (0.0, 0.0)

    def same(self, other: Atom) -> bool:
        """Whether both are equal but for rounded coefficients."""
        if self.name != other.name or not all(map(_near, self.limits, other.limits)):
            return False
        if self.argument is None or other.argument is None:
            return self.argument is other.argument
        return self.argument.same(other.argument)


Monomial = tuple[tuple[Atom, float], ...]
"""A product of powers: atoms with their exponents."""


@dataclass(frozen=True)
class Polynomial:
    """A sum of products, fully multiplied out: the normal form.

    Parameters
    ----------
    terms
        Monomials with their coefficients, none of which is 0. The constant's monomial is empty.

    """

    terms: tuple[tuple[Monomial, float], ...]

    @property
    def value(self) -> float | None:
        """The value, if it is a constant."""
        if not self.terms:
            return 0.0
        ((monomial, coefficient), *others) = self.terms
        return None if others or monomial else coefficient

    def same(self, other: Polynomial) -> bool:
        """Whether both are equal but for rounded coefficients."""
        if len(self.terms) != len(other.terms):
            return False
        left = list(other.terms)
        for monomial, coefficient in self.terms:
            for place, (theirs, factor) in enumerate(left):
                if _near(coefficient, factor) and _same_monomial(monomial, theirs):
                    del left[place]
                    break
            else:
                return False
        return True

    def __add__(self, other: Polynomial | float) -> Polynomial:
        return _collected([*self.terms, *_read(other).terms])

    def __sub__(self, other: Polynomial | float) -> Polynomial:
        return self + -1.0 * _read(other)

    def __neg__(self) -> Polynomial:
        return -1.0 * self

    def __mul__(self, other: Polynomial | float) -> Polynomial:
        products = [(_product(m, n), a * b) for m, a in self.terms for n, b in _read(other).terms]
        return _collected(products)

    def __truediv__(self, other: Polynomial | float) -> Polynomial:
        return self * power(_read(other), -1.0)

    def __rtruediv__(self, other: float) -> Polynomial:
        return _read(other) / self

    def __rsub__(self, other: float) -> Polynomial:
        return _read(other) - self

    __radd__ = __add__
    __rmul__ = __mul__

    def __pow__(self, exponent: float) -> Polynomial:
        return power(self, exponent)


def constant(value: float) -> Polynomial:
    """Return a number as an expression."""
    return Polynomial((((), float(value)),) if value else ())


X = Polynomial(((((Atom("x"), 1.0),), 1.0),))
"""The variable."""


def apply(name: str) -> Callable[[Polynomial], Polynomial]:
    """Return a function, by its name, as one of expressions."""

    def applied(argument: Polynomial) -> Polynomial:
        return Polynomial(((((Atom(name, argument), 1.0),), 1.0),))

    return applied


def power(base: Polynomial, exponent: float) -> Polynomial:
    """Return an expression raised to a constant power."""
    if exponent == int(exponent) and 0 <= exponent <= 4:
        result = constant(1.0)
        for _ in range(int(exponent)):
            result = result * base
        return result
    value = base.value
    if value is not None:
        if value < 0 and exponent != int(exponent):
            raise ValueError("a negative number has no such power")
        return constant(value**exponent if value else math.inf)
    if len(base.terms) == 1 and base.terms[0][1] > 0:
        ((monomial, coefficient),) = base.terms
        raised = tuple((atom, each * exponent) for atom, each in monomial)
        return Polynomial(((raised, coefficient**exponent),))
    return Polynomial(((((Atom("sum", base), exponent),), 1.0),))


def clip(argument: Polynomial, low: float, high: float) -> Polynomial:
    """Return an expression limited to a range, infinite at either end or finite.

    A factor and a summand are moved out of it, so that ``clip(x + 3, 0, 6) / 6`` and ``clip(x / 6 + 1 / 2, 0, 1)`` are
    the same.
    """
    offset = sum(coefficient for monomial, coefficient in argument.terms if not monomial)
    rest = [(monomial, coefficient) for monomial, coefficient in argument.terms if monomial]
    if not rest:
        return constant(min(max(offset, low), high))
    factor = rest[0][1]
    limits = sorted(((low - offset) / factor, (high - offset) / factor))
    inner = Polynomial(tuple((monomial, coefficient / factor) for monomial, coefficient in rest))
    atom = Atom("clip", inner, (limits[0], limits[1]))
    if len(rest) == 1 and len(rest[0][0]) == 1:
        ((within, exponent),) = rest[0][0]
        if within.name == "clip" and exponent == 1:  # what is limited already
            low, high = (min(max(each, limits[0]), limits[1]) for each in within.limits)
            atom = Atom("clip", within.argument, (low, high))
    return factor * Polynomial(((((atom, 1.0),), 1.0),)) + offset


def _near(ours: float, theirs: float) -> bool:
    if math.isinf(ours) or math.isinf(theirs):
        return ours == theirs
    return abs(ours - theirs) <= _NEAR * max(abs(ours), abs(theirs))


def _read(value: Polynomial | float) -> Polynomial:
    return value if isinstance(value, Polynomial) else constant(value)


def _product(ours: Monomial, theirs: Monomial) -> Monomial:
    powers: list[tuple[Atom, float]] = list(ours)
    for atom, exponent in theirs:
        for place, (known, former) in enumerate(powers):
            if known.same(atom):
                powers[place] = known, former + exponent
                break
        else:
            powers.append((atom, exponent))
    return tuple((atom, exponent) for atom, exponent in powers if exponent)


def _same_monomial(ours: Monomial, theirs: Monomial) -> bool:
    return len(ours) == len(theirs) and all(
        any(exponent == other and atom.same(another) for another, other in theirs) for atom, exponent in ours
    )


def _collected(terms: list[tuple[Monomial, float]]) -> Polynomial:
    """Return the sum of terms, those of the same monomial as one."""
    found: list[tuple[Monomial, float]] = []
    for monomial, coefficient in terms:
        for place, (known, former) in enumerate(found):
            if _same_monomial(known, monomial):
                found[place] = known, former + coefficient
                break
        else:
            found.append((monomial, coefficient))
    if len(found) > _MOST_TERMS:
        raise TooManyTermsError(f"an expression has more than {_MOST_TERMS} terms")
    return Polynomial(tuple((monomial, coefficient) for monomial, coefficient in found if coefficient))
