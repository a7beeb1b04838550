"""The properties that a function may have, and that methods make use of: symmetry, ends, lines, identities."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from typing import Any

from .number_types import FRACTIONS, Arithmetic, IrrationalError

__all__ = [
    "EVEN",
    "ODD",
    "Asymptote",
    "Domain",
    "Identity",
    "Line",
    "Monotonicity",
    "PiecewiseLinear",
    "Ramp",
    "Scaling",
    "Sign",
    "Symmetry",
    "Translation",
]


@dataclass(frozen=True)
class Symmetry:
    """The relation between the values at x and -x: ``f(-x) = sign * f(x) + slope * x + total`` for every x.

    The sign is 1 for an even function, and -1 for one whose graph is symmetric about the point ``(0, total / 2)``. The
    slope is 0 for both; softplus, SiLU and GELU have sign 1 and slope -1: ``f(-x) = f(x) - x``.
    """

    sign: int
    total: Fraction
    slope: Fraction = Fraction(0)


EVEN, ODD = Symmetry(1, Fraction(0)), Symmetry(-1, Fraction(0))


@dataclass(frozen=True)
class Scaling:
    """The change of the value when an input above 0 is scaled by a power of two.

    ``f(2**k x) = 2**(power k) f(x)`` for every integer k and x > 0; or, of a function that `adds`,
    ``f(2**k x) = f(x) + k (f(2) - f(1))``, as logarithms do.

    Parameters
    ----------
    power
        The power of x that f is a multiple of within a factor of two; 0 where the function adds.
    adds
        Whether scaling the input adds to the value, in place of scaling it.

    """

    power: Fraction = Fraction(0)
    adds: bool = False

    @property
    def octaves(self) -> int:
        """The least k other than 0 for which the value is scaled by a power of two, or for which something is added."""
        return self.power.denominator


@dataclass(frozen=True)
class Translation:
    """The change of the value when a constant is added to the input: ``f(x + step) = factor f(x)`` for every x.

    Parameters
    ----------
    step
        Returns the constant, above 0, in an arithmetic: half a turn of a sine, the octave of an exponential function.
    factor
        -1 for a function whose sign alternates, 2 for one that doubles.

    """

    step: Callable[[Arithmetic], Any]
    factor: int

    @property
    def rational_step(self) -> Fraction | None:
        """The constant where it is known to be rational."""
        try:
            value = self.step(FRACTIONS)
        except IrrationalError:
            return None
        return Fraction(value) if isinstance(value, int | Fraction) else None


class Domain(Enum):
    """The inputs at which a function is defined, as a condition for people to read."""

    EVERYWHERE = "every x"
    POSITIVE = "x > 0"
    NOT_NEGATIVE = "x >= 0"
    NOT_ZERO = "x != 0"

    def outside(self, low: Fraction, high: Fraction) -> Fraction | None:
        """Return an input from `low` to `high`, both included, outside the domain; None if all lie within it."""
        match self:
            case Domain.EVERYWHERE:
                return None
            case Domain.POSITIVE:
                return min(high, Fraction(0)) if low <= 0 else None
            case Domain.NOT_NEGATIVE:
                return low if low < 0 else None
            case Domain.NOT_ZERO:
                return Fraction(0) if low <= 0 <= high else None


class Sign(Enum):
    """The sign of a function wherever it is defined, as far as it is known."""

    UNKNOWN = "unknown"
    POSITIVE = "above 0"
    OF_ARGUMENT = "that of x, and 0 at 0 alone"


@dataclass(frozen=True)
class Line:
    """The straight line ``slope * x + offset``."""

    slope: Fraction
    offset: Fraction

    def __call__(self, x: Fraction) -> Fraction:
        """Return the value at `x`."""
        return self.slope * x + self.offset


@dataclass(frozen=True)
class Asymptote(Line):
    """The line that a function tends to at minus or at plus infinity; a limit where its slope is 0.

    Attributes
    ----------
    side
        1 if the function stays strictly above the line all over that half of the inputs (x < 0 or x > 0), -1 if it
        stays strictly below, and 0 where neither is known.

    """

    side: int = 0

    @classmethod
    def limit(cls, value: int | Fraction, side: int = 0) -> Asymptote:
        """Return the asymptote of a function that tends to a value."""
        return cls(Fraction(0), Fraction(value), side)


@dataclass(frozen=True)
class PiecewiseLinear:
    """A function that is a straight line between its kinks.

    Attributes
    ----------
    lines
        The lines in ascending order of inputs, one more than there are kinks.
    kinks
        The inputs at which one line ends and the next begins, ascending. At a kink the function is on the lower line,
        unless `closed` says otherwise; that matters only where it jumps.
    closed
        For each kink whether it belongs to the line above it; empty if none does.

    """

    lines: tuple[Line, ...]
    kinks: tuple[Fraction, ...]
    closed: tuple[bool, ...] = ()

    def piece(self, x: Fraction) -> int:
        """Return the index of the line that the function is on at `x`."""
        closed = self.closed or (False,) * len(self.kinks)
        return sum(x > kink or (above and x == kink) for kink, above in zip(self.kinks, closed, strict=True))


@dataclass(frozen=True)
class Ramp:
    """The piecewise linear function ``clip(slope * x + offset, low, high)`` with ``slope > 0``."""

    slope: Fraction
    offset: Fraction
    low: Fraction
    high: Fraction

    @property
    def piecewise_linear(self) -> PiecewiseLinear:
        """The same function by its lines."""
        flat = Fraction(0)
        return PiecewiseLinear(
            (Line(flat, self.low), Line(self.slope, self.offset), Line(flat, self.high)),
            tuple((end - self.offset) / self.slope for end in (self.low, self.high)),
        )


@dataclass(frozen=True)
class Identity:
    """The relation of a function to another: ``f(x) = p(g(2**scale * x))`` with a polynomial p of degree 1 or 2.

    Parameters
    ----------
    of
        Name of g, which has no parameters, and limits between which all its values lie.
    scale
        Power of two that g's argument is multiplied by.
    coefficients
        Those of p, of power 0 first: multiples of powers of two, the last one plus or minus a power of two.

    """

    of: str
    scale: int
    coefficients: tuple[Fraction, ...]

    @property
    def linear(self) -> bool:
        """Whether f is a multiple of g plus a constant."""
        return len(self.coefficients) == 2


@dataclass(frozen=True)
class Monotonicity:
    """Where a function rises and where it falls.

    Attributes
    ----------
    points
        The critical points at which it turns from rising to falling or back, ascending. An irrational one stands for
        itself as a fraction within 2**-100 of it, on the same side of every input code.
    rises
        Whether the function does not decrease up to the first of them. From there to the next it then does not
        increase, and so on; if False, the other way round.

    """

    points: tuple[Fraction, ...] = ()
    rises: bool = True

    def in_units(self, ulp: Fraction) -> Monotonicity:
        """Return the same with the points in units of `ulp`, such as input codes."""
        return Monotonicity(tuple(point / ulp for point in self.points), self.rises)

    def within(self, low: Fraction, high: Fraction) -> Sequence[Fraction]:
        """Return the points from `low` to `high`, both included."""
        return [point for point in self.points if low <= point <= high]
