"""The walk over every code of an input format, with rigorous bounds of the true values.

Walking millions of inputs in ball arithmetic would take a minute; so the walk is made in float64 around Taylor
polynomials whose coefficients and remainders come from Arb power series, with a proved bound on everything that floats
and truncation add (decision 003).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor, lcm
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..functions.base import Function
from ..functions.number_types import BALLS, to_ball, to_fraction
from ..functions.number_types.working_precision import VALUE_BITS
from ..functions.series import taylor_series
from ..plan.formats import FixedFormat
from ..plan.operations.base import Range
from .float_ratios import integer_ratios
from .limits import WALKED_OUTPUT_BITS
from .span import Span

__all__ = ["Walk"]

_TERMS = 12
"""Terms of the Taylor polynomials that carry the walk."""

_REMAINDER = 2.0**-26
"""The largest remainder accepted, in ulp of the output."""

_SPAN_CODES = 1 << 16
"""The longest span: its arrays stay in the processor's second-level cache."""


@dataclass(frozen=True)
class Walk:
    """A function between two formats, over input codes that occur, clamped to the codes that outputs may have.

    Parameters
    ----------
    function, input_format, output_format
        The function, and the formats of its argument and of its value.
    codes, outputs
        The input codes that occur, and the output codes that values are clamped to.

    """

    function: Function
    input_format: FixedFormat
    output_format: FixedFormat
    codes: Range
    outputs: Range

    def spans(self) -> Iterator[Span]:
        """Return the spans, in ascending order of their codes."""
        low, stop = self.codes.low, self.codes.high + 1
        samples = self.function.samples(self.input_format.value(low), self.input_format.ulp, self.codes.size)
        if samples is not None:
            return self._sampled_spans(samples)
        if self.function.piecewise_linear is not None:
            return self._linear_spans(low, stop)
        if stop - low <= 1 << 11 or self.output_format.width > WALKED_OUTPUT_BITS:
            return (self._exact_span(at, min(at + _SPAN_CODES, stop)) for at in range(low, stop, _SPAN_CODES))
        return self._series_spans(low, stop)

    def _balls(self, codes: Iterable[int]) -> Iterator[Any]:
        """Yield the clamped true values at input codes, in ulp, at the working precision."""
        from flint import arb

        ulp = to_ball(self.output_format.ulp)
        low, high = map(arb, self.outputs)
        for code in codes:
            value = self.function(to_ball(self.input_format.value(code)), BALLS) / ulp
            yield value.max(low).min(high)

    def _exact_span(self, start: int, stop: int) -> Span:
        from flint import ctx

        codes = self.input_format.codes(start, stop - 1)
        with ctx.workprec(64 + self.output_format.width):
            exact = tuple(self._balls(range(start, stop)))
        if self.output_format.width > WALKED_OUTPUT_BITS:
            return Span(codes, None, 2.0**-40, exact)
        # A conversion to float64 is off by at most one unit of its last place.
        bound = 2.0 ** (self.output_format.width - 51)
        return Span(codes, np.array([float(value) for value in exact]), bound)

    def _sampled_spans(self, values: NDArray[np.float64]) -> Iterator[Span]:
        """Yield spans of values that are known exactly, at all codes that occur."""
        numerators, denominator = integer_ratios(values, self.output_format.ulp)
        bottom, top = (end * denominator for end in self.outputs)
        # 52 bits: the quotient of errors is then rounded once.
        small = max(abs(int(numerators.min())), abs(int(numerators.max())), 2 * denominator << self.output_format.width)
        dtype: Any = np.int64 if small < 1 << 52 else object
        numerators = np.clip(numerators, bottom, top).astype(dtype)
        for start in range(0, len(values), _SPAN_CODES):
            part = numerators[start : start + _SPAN_CODES]
            codes = self.input_format.codes(self.codes.low + start, self.codes.low + start + len(part) - 1)
            yield Span(codes, None, 0.0 if dtype is np.int64 else 2.0**-50, (), part, denominator)

    def _linear_spans(self, low: int, stop: int) -> Iterator[Span]:
        function = self.function.piecewise_linear
        assert function is not None
        source, ulp = self.input_format, self.output_format.ulp
        # value / ulp == (factor * code + offset) / denominator, all integers, on each line
        lines = [(line.slope * source.ulp / ulp, line.offset / ulp) for line in function.lines]
        denominator = lcm(*(part.denominator for line in lines for part in line))
        factors, offsets = ([int(part * denominator) for part in parts] for parts in zip(*lines, strict=True))
        bottom, top = (end * denominator for end in self.outputs)
        # The first code of each line but the first.
        closed = function.closed or (False,) * len(function.kinks)
        starts = [
            ceil(kink / source.ulp) if above else floor(kink / source.ulp) + 1
            for kink, above in zip(function.kinks, closed, strict=True)
        ]
        reach = max(-low, stop)
        largest = max(
            2 * denominator << self.output_format.width,
            *(abs(factor) * reach + abs(offset) for factor, offset in zip(factors, offsets, strict=True)),
        )
        dtype: Any = np.int64 if largest < 1 << 52 else object  # 52 bits: the quotient below is then rounded once
        factor_of, offset_of = np.array(factors, dtype=dtype), np.array(offsets, dtype=dtype)
        for start in range(low, stop, _SPAN_CODES):
            codes = source.codes(start, min(start + _SPAN_CODES, stop) - 1)
            places = [0, *(min(max(first - start, 0), len(codes)) for first in starts), len(codes)]
            line = np.repeat(np.arange(len(lines)), np.diff(places))
            numerators = np.clip(codes.astype(dtype) * factor_of[line] + offset_of[line], bottom, top)
            yield Span(codes, None, 0.0 if dtype is np.int64 else 2.0**-50, (), numerators, denominator)

    def _series_spans(self, start: int, stop: int) -> Iterator[Span]:
        count = stop - start
        if count <= 16:
            yield self._exact_span(start, stop)
            return
        span = self._series_span(start, count) if count <= _SPAN_CODES else None
        if span is not None:
            yield span
            return
        middle = start + count // 2
        yield from self._series_spans(start, middle)
        yield from self._series_spans(middle, stop)

    def _line_span(self, start: int, count: int, wide: list[Any], series: list[Any]) -> Span | None:
        """Return a span of exact values where a power series shows that the function is a line, such as ELU above 0."""
        if not all(term.is_zero() for term in wide[2:]) or not all(term.is_exact() for term in series[:2]):
            return None
        half, ulp = count // 2, self.output_format.ulp
        middle, slope = to_fraction(series[0]) / ulp, to_fraction(series[1]) / half / ulp
        denominator = lcm(middle.denominator, slope.denominator)
        factor, offset = int(slope * denominator), int((middle - slope * (start + half)) * denominator)
        bottom, top = (end * denominator for end in self.outputs)
        reach = max(-start, start + count)
        if max(abs(factor) * reach + abs(offset), 2 * denominator << self.output_format.width) >= 1 << 52:
            return None  # 52 bits: the quotient of errors is then rounded once
        codes = self.input_format.codes(start, start + count - 1)
        return Span(codes, None, 0.0, (), np.clip(codes * factor + offset, bottom, top), denominator)

    def _series_span(self, start: int, count: int) -> Span | None:
        """Return a span of float64 values about its middle, or None where too many terms would be needed."""
        from flint import ctx

        half = count // 2
        centre, radius = self.input_format.value(start + half), half * self.input_format.ulp
        with ctx.workprec(VALUE_BITS):
            wide = taylor_series(self.function, centre, radius, _TERMS + 1, radius)
            scale = to_ball(1 / self.output_format.ulp)
            remainder = float((wide[_TERMS] * scale).abs_upper()) if wide else np.inf
            if remainder > _REMAINDER:
                return None
            series = taylor_series(self.function, centre, radius, _TERMS, Fraction(0))
            if series is None:
                return None
            if wide is not None and (line := self._line_span(start, count, wide, series)) is not None:
                return line
            coefficients = [float(coefficient * scale) for coefficient in series]
        # Horner in float64 for |h| <= 1: 2 n + 1 roundings, each of at most half a unit of the largest partial sum, and
        # as many for the coefficients' conversion and the rounding of h to the power n, which is exact in spans of a
        # power of two (N. Higham, Accuracy and Stability of Numerical Algorithms, 2002).
        bound = remainder + (4 * _TERMS + 2) * 2.0**-53 * sum(map(abs, coefficients))
        h = np.arange(-half, count - half, dtype=np.float64) / half
        values = np.full(count, coefficients[-1])
        for coefficient in reversed(coefficients[:-1]):
            values *= h
            values += coefficient
        low, high = self.outputs
        clamped = (values < low - 2 * bound) | (values > high + 2 * bound)  # twice: these sums are rounded
        np.clip(values, low, high, out=values)
        return Span(self.input_format.codes(start, start + count - 1), values, bound, clamped=clamped)
