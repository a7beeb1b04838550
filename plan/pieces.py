"""The input of a function cut for piecewise approximation: folded by symmetry, saturated, split into equal pieces."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from math import floor
from typing import Any

from .arithmetic import FLOATS, to_ball, to_fraction
from .functions.base import Function
from .series import taylor_series
from .specification import Specification

__all__ = ["Domain", "Pieces", "cut", "one_centre"]

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
class Domain:
    """What is left of the input to be approximated: magnitude codes ``0 .. codes - 1``.

    A folded input is replaced by its magnitude, up to and including that of the most negative code. From `codes` on,
    up to `top`, the function stays so close to its limit that `saturated`, in ulp of the output, stands for it.
    """

    specification: Specification
    folded: bool
    top: int
    codes: int
    saturated: int

    @classmethod
    @lru_cache(maxsize=16)
    def of(cls, specification: Specification) -> Domain:
        """Fold and saturate the input of a specification; the last few are kept.

        The constant may be off by half an ulp, or by half the budget where that is more.
        """
        source, output, function = specification.input_format, specification.output_format, specification.function
        folded = source.signed and function.symmetry is not None
        top = -source.min_code if folded else source.max_code
        if function.limits is None:
            return cls(specification, folded, top, top + 1, 0)
        saturated = floor(function.limits[1] / output.ulp + Fraction(1, 2))
        tolerance = Fraction(1, 2)
        if specification.budget is not None:
            tolerance = max(tolerance, specification.budget.in_ulp(output) / 2)
        inside, outside = -1, top + 1  # a function with limits does not decrease: bisect
        while outside - inside > 1:
            middle = (inside + outside) // 2
            if abs(specification.true_value(source.value(middle)) - saturated) <= tolerance:
                outside = middle
            else:
                inside = middle
        return cls(specification, folded, top, max(outside, 1), saturated)


@dataclass(frozen=True)
class Pieces:
    """Taylor coefficients for pieces of a domain, in ulp of the output and powers of the input's value.

    Parameters
    ----------
    domain
        What is cut.
    shift
        Pieces hold ``2**shift`` codes each and are expanded about their middle; None for one centre at 0.
    codes
        Codes covered; beyond is saturation.
    coefficients
        For each piece, one coefficient for each power.
    estimates
        For each degree, the largest error of the polynomials in ulp, as found by floats on a grid.

    """

    domain: Domain
    shift: int | None
    codes: int
    coefficients: tuple[tuple[Fraction, ...], ...]
    estimates: tuple[float, ...]

    @property
    def count(self) -> int:
        """Number of pieces."""
        return len(self.coefficients)

    @property
    def reach(self) -> Fraction:
        """The largest distance from a centre."""
        ulp = self.domain.specification.input_format.ulp
        if self.shift is None:
            return (self.codes - 1) * ulp
        return Fraction(1 << self.shift, 2) * ulp if self.shift else Fraction(0)

    def centre(self, piece: int) -> Fraction:
        """Return the value that a piece is expanded about."""
        if self.shift is None:
            return Fraction(0)
        return (piece << self.shift) * self.domain.specification.input_format.ulp + self.reach

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
    """Cut a domain into at most `segments` pieces of equal power-of-two width, expanded up to `degree`."""
    from flint import ctx

    specification = domain.specification
    shift = max((-(-domain.codes // segments) - 1).bit_length(), 0)
    count = -(-domain.codes >> shift)
    blank = Pieces(domain, shift, min(count << shift, domain.top + 1), ((),) * count, ())
    coefficients = []
    with ctx.workprec(_PRECISION + specification.output_format.width):
        scale = to_ball(1 / specification.output_format.ulp)
        for piece in range(count):
            series = taylor_series(specification.function, blank.centre(piece), Fraction(1), degree + 1, Fraction(0))
            if series is None:
                raise ValueError(f"{specification.function} has no power series about {float(blank.centre(piece)):g}")
            coefficients.append(tuple(to_fraction((term * scale).mid()) for term in series))
    pieces = replace(blank, coefficients=tuple(coefficients))
    return replace(pieces, estimates=_estimates(pieces, degree))


def _estimates(pieces: Pieces, degree: int) -> tuple[float, ...]:
    """Evaluate the polynomials of every degree on a few points of each piece, its ends among them."""
    import numpy as np

    specification = pieces.domain.specification
    h = np.linspace(-1.0, 1.0, _GRID) * float(pieces.reach)
    centres = np.array([float(pieces.centre(piece)) for piece in range(pieces.count)])
    truth = specification.function(centres[:, None] + h, FLOATS) / float(specification.output_format.ulp)
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
    """Expand about 0 and saturate where the polynomial has become worse than the limit.

    The series of the logistic function converges for ``|x| < pi`` only, that of tanh for ``|x| < pi/2``; so the
    polynomial is followed up to the code where saturation is as good, and its error there is estimated by floats.
    """
    import numpy as np
    from flint import ctx

    specification = domain.specification
    with ctx.workprec(_PRECISION + specification.output_format.width):
        series = taylor_series(specification.function, Fraction(0), Fraction(1), degree + 1, Fraction(0))
        if series is None:
            raise ValueError(f"{specification.function} has no power series about 0")
        scale = to_ball(1 / specification.output_format.ulp)
        coefficients = tuple(to_fraction((term * scale).mid()) for term in series)
    step = max(domain.codes >> 12, 1)
    codes = np.unique(np.append(np.arange(0, domain.codes, step), domain.codes - 1))
    x = codes * float(specification.input_format.ulp)
    truth = specification.function(x, FLOATS) / float(specification.output_format.ulp)
    polynomial = np.polynomial.polynomial.polyval(x, [float(c) for c in coefficients])
    errors = np.maximum.accumulate(np.abs(polynomial - truth))
    covered, estimate = domain.codes, float(errors[-1])
    if specification.function.limits is not None:
        better = np.flatnonzero(np.abs(truth - domain.saturated) < errors)
        if len(better) and better[0] > 0:
            covered = int(codes[better[0]])
            estimate = max(float(errors[better[0] - 1]), abs(float(truth[better[0]]) - domain.saturated))
    # Lower degrees would cover other codes: they are not estimated.
    return Pieces(domain, None, covered, (coefficients,), (float("inf"),) * degree + (estimate,))
