"""Taylor polynomials about the middle of each segment, or about 0 for one segment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Any

from ....accuracy.specification import Specification
from ....functions.base import Function
from ....functions.number_types import FLOATS, to_ball, to_fraction
from ....functions.number_types.working_precision import VALUE_BITS
from ....functions.series import taylor_series
from ....plan.operations.base import Range
from ...range_reduction.reduced_input import ReducedInput
from ..segments import Segments, cut
from .base import Fit

__all__ = ["TaylorFit", "expanded", "lagrange_remainder", "one_centre"]

_TAIL_TERMS = 8
"""Terms beyond the degree that are bounded one by one: the remainder after them is small even if bounded loosely."""

_FINE = Fraction(1, 1 << 40)
"""A remainder after the tail that is not worth a finer enclosure; functions here are of the order of 1."""

_USELESS = 1 << 10
"""A bound this many times the order of the function tells nothing."""

_GRID = 17
"""Points of a segment at which its error is estimated."""


class TaylorFit(Fit):
    """The Taylor polynomial: as good as can be at the centre, and worse towards the ends of a segment."""

    name = "taylor"

    def polynomials(
        self, domain: ReducedInput, most: int, degrees: Iterable[int], allowance: Fraction | None
    ) -> Iterator[tuple[Segments, int]]:
        degrees = tuple(degrees)
        if most == 1:
            yield from ((one_centre(domain, degree), degree) for degree in degrees)
            return
        segments = expanded(cut(domain, most), max(degrees))
        yield from ((segments, degree) for degree in degrees)

    def approximation_error(self, segments: Segments, degree: int) -> Fraction | None:
        if not segments.shift:  # one segment, or a segment for every code
            return None if segments.shift is None else Fraction(0)
        return lagrange_remainder(segments, degree)


def expanded(segments: Segments, degree: int) -> Segments:
    """Return segments with their Taylor polynomials, from which those of lower degree may be truncated."""
    specification = segments.domain.specification
    centres = map(segments.centre, range(segments.count))
    expansions = replace(segments, coefficients=tuple(_coefficients(specification, at, degree) for at in centres))
    return replace(expansions, estimates=_estimates(expansions, degree))


def lagrange_remainder(segments: Segments, degree: int) -> Fraction | None:
    """Return a rigorous bound of the polynomials' error at a degree, in ulp, or None if there is no useful one.

    It is that of J. L. Lagrange: the terms above the degree one by one, and beyond the last of them the next
    coefficient, enclosed over every centre within reach.
    """
    from flint import ctx

    function, output = segments.domain.specification.function, segments.domain.specification.output_format
    terms, reach = degree + 1 + _TAIL_TERMS, segments.reach
    worst = Fraction(0)
    with ctx.workprec(VALUE_BITS + output.width):
        scales = [to_ball(reach**power / output.ulp) for power in range(terms + 1)]
        for segment in range(segments.count):
            centre = segments.centre(segment)
            series = taylor_series(function, centre, Fraction(1), terms, Fraction(0))
            last = _enclosed_term(function, centre, reach, terms)
            if series is None or last is None:
                return None
            tail = (abs(series[power]) * scales[power] for power in range(degree + 1, terms))
            worst = max(worst, _upper(sum(tail, abs(last) * scales[terms])))
    return worst if worst < _USELESS / output.ulp else None


def _coefficients(specification: Specification, centre: Fraction, degree: int) -> tuple[Fraction, ...]:
    """Return the Taylor coefficients about a value, in ulp of the output."""
    from flint import ctx

    with ctx.workprec(VALUE_BITS + specification.output_format.width):
        series = taylor_series(specification.function, centre, Fraction(1), degree + 1, Fraction(0))
        if series is None:
            raise ValueError(f"{specification.function} has no power series about {float(centre):g}")
        scale = to_ball(1 / specification.output_format.ulp)
        return tuple(to_fraction((term * scale).mid()) for term in series)


def _estimates(segments: Segments, degree: int) -> tuple[float, ...]:
    """Evaluate the polynomials of every degree on a few points of each segment, its ends among them."""
    import numpy as np

    specification = segments.domain.specification
    centres = np.array([float(segments.centre(segment)) for segment in range(segments.count)])[:, None]
    low, high = (float(specification.input_format.value(code)) for code in segments.codes)
    x = np.clip(centres + np.linspace(-1.0, 1.0, _GRID) * float(segments.reach), low, high)
    h = x - centres
    truth = specification.function(x, FLOATS) / float(specification.output_format.ulp)
    total = np.zeros_like(truth)
    found = []
    for power in range(degree + 1):
        column = np.array([float(coefficients[power]) for coefficients in segments.coefficients])
        total += column[:, None] * h**power
        found.append(float(np.abs(total - truth).max()))
    return tuple(found)


def _enclosed_term(function: Function, centre: Fraction, reach: Fraction, power: int) -> Any:
    """Return a ball around the coefficient of a power for every centre within reach, or None.

    One ball as wide as the segment may be too much for ball arithmetic; narrower ones then cover it.
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


def one_centre(domain: ReducedInput, degree: int) -> Segments:
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
    return Segments(domain, None, centre, Range(*codes), (coefficients,), (float("inf"),) * degree + (max(estimates),))


def _followed(
    specification: Specification, polynomial: Any, centre: int, end: int, limit: int | None
) -> tuple[int, float]:
    """Follow a polynomial in the distance from a code towards `end`; return the last code covered, and its error."""
    import numpy as np

    length, sign = abs(end - centre), 1 if end > centre else -1
    distances = np.unique(np.append(np.arange(0, length, max((length + 1) >> 12, 1)), length))
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
