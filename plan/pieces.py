"""A domain cut for piecewise approximation: pieces of equal size, and the Taylor polynomials on them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from .arithmetic import FLOATS, to_ball, to_fraction
from .domain import Domain
from .functions.base import Function
from .operation import Range
from .series import taylor_series
from .specification import Specification

__all__ = ["Pieces", "cut", "one_centre"]

_PRECISION = 128

_TAIL_TERMS = 8
"""Terms beyond the degree that are bounded one by one: the remainder after them is small even if bounded loosely."""

_FINE = Fraction(1, 1 << 40)
"""A remainder after the tail that is not worth a finer enclosure; functions here are of the order of 1."""

_USELESS = 1 << 10
"""A bound this many times the order of the function tells nothing."""

_GRID = 17
"""Points of a piece at which its error is estimated."""


@dataclass(frozen=True)
class Pieces:
    """Taylor coefficients for pieces of a domain, in ulp of the output and powers of the input's value.

    Parameters
    ----------
    domain
        What is cut.
    shift
        Pieces hold ``2**shift`` codes each and are expanded about their middle; None for one piece about any code.
    origin
        The first code of the first piece, a multiple of its size; for one piece about a code, that code.
    codes
        Codes covered; beyond is saturation.
    coefficients
        For each piece, one coefficient for each power.
    estimates
        For each degree, the largest error of the polynomials in ulp, as found by floats on a grid.

    """

    domain: Domain
    shift: int | None
    origin: int
    codes: Range
    coefficients: tuple[tuple[Fraction, ...], ...]
    estimates: tuple[float, ...]

    @property
    def count(self) -> int:
        """Number of pieces."""
        return len(self.coefficients)

    @property
    def ends(self) -> tuple[int | None, int | None]:
        """What stands for the function below and above the codes covered, in ulp; None where there are no more."""
        (low, high), (below, above) = self.domain.codes, self.domain.saturated
        return below if low < self.codes.low else None, above if self.codes.high < high else None

    @property
    def reach(self) -> Fraction:
        """The largest distance from a centre."""
        ulp = self.domain.specification.input_format.ulp
        if self.shift is None:
            return max(self.origin - self.codes.low, self.codes.high - self.origin) * ulp
        return Fraction(1 << self.shift, 2) * ulp if self.shift else Fraction(0)

    def centre(self, piece: int) -> Fraction:
        """Return the value that a piece is expanded about."""
        ulp = self.domain.specification.input_format.ulp
        if self.shift is None:
            return self.origin * ulp
        return (self.origin + (piece << self.shift)) * ulp + self.reach

    def remainder(self, degree: int) -> Fraction | None:
        """Return a rigorous bound of the polynomials' error at a degree, in ulp, or None if there is no useful one.

        It is that of J. L. Lagrange: the terms above the degree one by one, and beyond the last of them the next
        coefficient, enclosed over every centre within reach.
        """
        from flint import ctx

        function, output = self.domain.specification.function, self.domain.specification.output_format
        terms = degree + 1 + _TAIL_TERMS
        worst = Fraction(0)
        with ctx.workprec(_PRECISION + output.width):
            scale = to_ball(1 / output.ulp)
            for piece in range(self.count):
                centre = self.centre(piece)
                series = taylor_series(function, centre, Fraction(1), terms, Fraction(0))
                last = _enclosed_term(function, centre, self.reach, terms)
                if series is None or last is None:
                    return None
                tail = _upper(last * scale) * self.reach**terms
                for k in range(degree + 1, terms):
                    tail += _upper(series[k] * scale) * self.reach**k
                worst = max(worst, tail)
        return worst if worst < _USELESS / output.ulp else None


def cut(domain: Domain, segments: int, degree: int) -> Pieces:
    """Cut a domain into at most `segments` pieces, two or more, of equal power-of-two width, expanded to `degree`."""
    low, high = domain.inside
    shift = 0
    while (high >> shift) - (low >> shift) >= segments:
        shift += 1
    origin, count = low >> shift << shift, (high >> shift) - (low >> shift) + 1
    codes = Range(max(origin, domain.codes.low), min(origin + (count << shift) - 1, domain.codes.high))
    blank = Pieces(domain, shift, origin, codes, ((),) * count, ())
    coefficients = tuple(_coefficients(domain.specification, blank.centre(piece), degree) for piece in range(count))
    pieces = replace(blank, coefficients=coefficients)
    return replace(pieces, estimates=_estimates(pieces, degree))


def _coefficients(specification: Specification, centre: Fraction, degree: int) -> tuple[Fraction, ...]:
    """Return the Taylor coefficients about a value, in ulp of the output."""
    from flint import ctx

    with ctx.workprec(_PRECISION + specification.output_format.width):
        series = taylor_series(specification.function, centre, Fraction(1), degree + 1, Fraction(0))
        if series is None:
            raise ValueError(f"{specification.function} has no power series about {float(centre):g}")
        scale = to_ball(1 / specification.output_format.ulp)
        return tuple(to_fraction((term * scale).mid()) for term in series)


def _estimates(pieces: Pieces, degree: int) -> tuple[float, ...]:
    """Evaluate the polynomials of every degree on a few points of each piece, its ends among them."""
    import numpy as np

    specification = pieces.domain.specification
    centres = np.array([float(pieces.centre(piece)) for piece in range(pieces.count)])[:, None]
    low, high = (float(specification.input_format.value(code)) for code in pieces.codes)
    x = np.clip(centres + np.linspace(-1.0, 1.0, _GRID) * float(pieces.reach), low, high)
    h = x - centres
    truth = specification.function(x, FLOATS) / float(specification.output_format.ulp)
    total = np.zeros_like(truth)
    found = []
    for power in range(degree + 1):
        column = np.array([float(coefficients[power]) for coefficients in pieces.coefficients])
        total += column[:, None] * h**power
        found.append(float(np.abs(total - truth).max()))
    return tuple(found)


def _enclosed_term(function: Function, centre: Fraction, reach: Fraction, power: int) -> Any:
    """Return a ball around the coefficient of a power for every centre within reach, or None.

    One ball as wide as the piece may be too much for ball arithmetic; narrower ones then cover it.
    """
    for parts in (1, 4, 16):
        radius = reach / parts
        balls = [
            taylor_series(function, centre - reach + (2 * part + 1) * radius, Fraction(1), power + 1, radius)
            for part in range(parts)
        ]
        if all(ball is not None for ball in balls):
            widest = max((ball[power] for ball in balls if ball), key=_upper)
            if parts == 16 or _upper(widest) * reach**power < _FINE:
                return widest
    return None


def _upper(ball: Any) -> Fraction:
    return to_fraction(ball.abs_upper())


def one_centre(domain: Domain, degree: int) -> Pieces:
    """Expand about 0, or the middle if 0 is not inside, and saturate where the polynomial is worse than the limit.

    The series of the logistic function converges for ``|x| < pi`` only, that of tanh for ``|x| < pi/2``; so the
    polynomial is followed up to the code where saturation is as good, and its error there is estimated by floats.
    """
    import numpy as np

    specification, inside = domain.specification, domain.inside
    centre = 0 if 0 in inside else (inside.low + inside.high) // 2
    coefficients = _coefficients(specification, specification.input_format.value(centre), degree)
    polynomial = np.polynomial.Polynomial([float(c) for c in coefficients])
    codes, estimates = [], []
    for end, limit in zip(inside, domain.saturated, strict=True):
        code, estimate = _followed(specification, polynomial, centre, end, limit)
        codes.append(code)
        estimates.append(estimate)
    # Lower degrees would cover other codes: they are not estimated.
    return Pieces(domain, None, centre, Range(*codes), (coefficients,), (float("inf"),) * degree + (max(estimates),))


def _followed(
    specification: Specification, polynomial: Any, centre: int, end: int, limit: int | None
) -> tuple[int, float]:
    """Follow a polynomial in the distance from a code towards `end`; return the last code covered, and its error."""
    import numpy as np

    span, sign = abs(end - centre), 1 if end > centre else -1
    distances = np.unique(np.append(np.arange(0, span, max((span + 1) >> 12, 1)), span))
    ulp = float(specification.input_format.ulp)
    h = sign * distances * ulp
    truth = specification.function(centre * ulp + h, FLOATS) / float(specification.output_format.ulp)
    errors = np.maximum.accumulate(np.abs(polynomial(h) - truth))
    if limit is not None:
        better = np.flatnonzero(np.abs(truth - limit) < errors)
        if len(better) and better[0] > 0:
            first = better[0]
            code = centre + sign * (int(distances[first]) - 1)
            return code, max(float(errors[first - 1]), abs(float(truth[first]) - limit))
    return end, float(errors[-1])
