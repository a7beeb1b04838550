"""The true function as Taylor models: a polynomial over a stretch of the input, and an interval for all the rest."""

from __future__ import annotations

from fractions import Fraction

from flint import fmpq, fmpq_poly

from ..functions.number_types import to_ball, to_fraction
from ..functions.series import taylor_series
from .intervals import NOTHING, Interval, values
from .specification import Specification

__all__ = ["TERMS", "Truth", "ratio"]

TERMS = 12
"""Terms of the Taylor models."""

_SLACK = Fraction(1, 1 << 90)
"""More than the rounding of a true value, which is exact to 2**-100 ulp."""


class Truth:
    """The true function in ulp of the output, as Taylor models over stretches of the input."""

    def __init__(self, specification: Specification) -> None:
        self._specification = specification

    def model(self, low: int, high: int) -> tuple[fmpq_poly, Interval]:
        """Return polynomial and error over the codes ``low .. high``, clamped where that is certain."""
        polynomial, error = self.unclamped(low, high)
        inside = values(polynomial) + error
        fmt = self._specification.output_format
        # Where it is not certain it does no harm to leave the clamp out: the unit's output is within the format, so
        # the clamped value is no farther from it than the value itself.
        if inside.low >= fmt.max_code:
            return fmpq_poly([fmt.max_code]), NOTHING
        if inside.high <= fmt.min_code:
            return fmpq_poly([fmt.min_code]), NOTHING
        return polynomial, error

    def unclamped(self, low: int, high: int) -> tuple[fmpq_poly, Interval]:
        """Return polynomial and error over the codes ``low .. high``: powers of h within [-1, 1] about the middle."""
        source, ulp = self._specification.input_format, self._specification.output_format.ulp
        function = self._specification.function
        centre, half = source.value(low + high) / 2, source.value(high - low) / 2
        if (pieces := function.piecewise_linear) is not None:
            first, last = (pieces.piece(source.value(code)) for code in (low, high))
            if first == last:
                line = pieces.lines[first]
                return fmpq_poly([ratio(line(centre) / ulp), ratio(line.slope * half / ulp)]), NOTHING
            return self._hull(low, high)
        wide = taylor_series(function, centre, half, TERMS + 1, half)
        series = taylor_series(function, centre, half, TERMS, Fraction(0))
        if wide is None or series is None:
            return self._hull(low, high)
        scale = to_ball(1 / ulp)
        balls = [coefficient * scale for coefficient in series]
        lost = sum((ball.rad() for ball in balls), (wide[TERMS] * scale).abs_upper())
        swing = ratio(to_fraction(lost.abs_upper()))
        return fmpq_poly([ratio(to_fraction(ball.mid())) for ball in balls]), Interval(-swing, swing)

    def _hull(self, low: int, high: int) -> tuple[fmpq_poly, Interval]:
        """Return the hull of the values: they lie between those at the ends and at the critical points within."""
        slack = Fraction(0) if self._specification.function.piecewise_linear else _SLACK
        bottom, top = self._specification.extremes(low, high)
        return fmpq_poly([0]), Interval(ratio(bottom - slack), ratio(top + slack))


def ratio(value: Fraction) -> fmpq:
    """Return a fraction as flint has it."""
    return fmpq(value.numerator, value.denominator)
