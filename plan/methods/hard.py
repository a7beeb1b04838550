"""Ramps: a constant multiplier, one addition, a shift and a clamp, correctly rounded whatever the formats."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor, lcm
from typing import Any

from ..constant_multiplier import adder_count, multiply_by_constant
from ..operations import Add, Clamp, Constant, ShiftRight
from ..plan import PlanBuilder
from ..specification import Specification
from .base import Candidate, Method

__all__ = ["Hard"]

_MULTIPLES_TRIED = 256
"""At each precision, so many multiples are compared by their adders."""

_MOST_BITS = 200
"""Precisions tried: beyond, the products would be too wide to shift."""

_EXTRA_BITS = 4
"""Precisions tried beyond the lowest that will do: a longer multiple may have fewer non-zero digits."""


class Hard(Method):
    """A clamped linear function, evaluated exactly enough that the rounding is that of the exact value."""

    name = "hard"
    aliases = ("ramp",)
    summary = "a clamped linear function with an exact constant multiplier, correctly rounded"

    @classmethod
    def refusal(cls, specification: Specification) -> str | None:
        if specification.function.ramp is None:
            return f"method hard makes clamped linear functions, and {specification.function} is not one"
        return None

    @classmethod
    def candidates(cls, specification: Specification, given: Mapping[str, Any]) -> Iterator[Candidate]:
        cls.check(specification)
        scaled, output = _Scaled.of(specification), specification.output_format
        b = PlanBuilder()
        x = b.input("x", specification.input_format, f"argument of {specification.function}", specification.codes)
        first, last = (scaled.rounded(code) for code in specification.codes)
        if first == last:  # a ramp does not decrease
            value = b.let("constant", Constant(first, output.fraction_bits), "the same for every input")
            yield Candidate(b.build(y=(value, output)), {}, 0, lambda: Fraction(1, 2))
            return
        multiple, bits = scaled.cheapest_multiple()
        point = output.fraction_bits + bits
        note = f"slope * x, {bits} bits below the output's last place" if bits else "slope * x"
        value = multiply_by_constant(b, "scaled", x, multiple, point, note)
        half = 1 << (bits - 1) if bits else 0
        offset = round(scaled.offset * (1 << bits)) + half
        if offset:
            what = "offset plus half an output ulp, for rounding" if half else "offset"
            value = b.let("shifted", Add(value, b.let("offset", Constant(offset, point), what)), "slope * x + offset")
        if bits:
            value = b.let("rounded", ShiftRight(value, bits), "rounded to the output's last place")
        if not (scaled.low <= b.range(value).low and b.range(value).high <= scaled.high):
            value = b.let("limited", Clamp(value, scaled.low, scaled.high), "limited to the ramp's ends")
        yield Candidate(b.build(y=(value, output)), {}, adder_count(multiple), lambda: Fraction(1, 2))


@dataclass(frozen=True)
class _Scaled:
    """A ramp between integer codes: ``clip(slope * code + offset)`` in ulp of the output, and its rounded ends.

    `reach` is the largest magnitude of a code at which the ramp has not yet run into either end for good.
    """

    slope: Fraction
    offset: Fraction
    low: int
    high: int
    reach: int

    @classmethod
    def of(cls, specification: Specification) -> _Scaled:
        ramp = specification.function.ramp
        assert ramp is not None
        source, output = specification.input_format, specification.output_format
        slope = ramp.slope * source.ulp / output.ulp
        offset = ramp.offset / output.ulp
        low, high = (
            min(max(floor(end / output.ulp + Fraction(1, 2)), output.min_code), output.max_code)
            for end in (ramp.low, ramp.high)
        )
        # Beyond the first code that is a whole ulp past an end, the sum stays past it, because it never decreases.
        first = max(floor((low - 1 - offset) / slope), specification.codes.low)
        last = min(ceil((high + 1 - offset) / slope), specification.codes.high)
        return cls(slope, offset, low, high, max(abs(first), abs(last)))

    def rounded(self, code: int) -> int:
        """Return the ramp at a code, rounded half up."""
        return min(max(floor(self.slope * code + self.offset + Fraction(1, 2)), self.low), self.high)

    def cheapest_multiple(self) -> tuple[int, int]:
        """Return the multiple m and the bits k for which ``m * code / 2**k`` is close enough to ``slope * code``.

        The exact value is a multiple of 1/D, so unless it is a tie, which may go either way, it is at least 1/(2 D)
        from the nearest point where rounding changes: an error below that changes no rounding.
        """
        margin = Fraction(1, 2 * lcm(self.slope.denominator, self.offset.denominator))
        rise = self.slope * self.reach
        if rise < Fraction(1, 1 << _MOST_BITS):
            raise ValueError(f"the slope is too small for these formats: it rises {float(rise):.3g} ulp in all")
        best: tuple[int, int, int, int] | None = None
        bits, last = 0, None
        while last is None or bits <= last:
            lost = abs(Fraction(round(self.offset * (1 << bits)), 1 << bits) - self.offset)
            if lost < margin:
                slack = (margin - lost) / max(self.reach, 1)
                exact = self.slope * (1 << bits)
                lowest = max(floor((self.slope - slack) * (1 << bits)) + 1, 1)
                highest = ceil((self.slope + slack) * (1 << bits)) - 1
                if lowest <= highest:
                    last = bits + _EXTRA_BITS if last is None and exact.denominator != 1 else (last or bits)
                    nearest = min(max(round(exact), lowest), highest)
                    start = max(lowest, nearest - _MULTIPLES_TRIED // 2)
                    for multiple in range(start, min(highest, start + _MULTIPLES_TRIED) + 1):
                        key = (adder_count(multiple), bits, abs(multiple - nearest), multiple)
                        best = min(best, key) if best else key
            bits += 1
        assert best is not None  # the loop ends only once there is one
        return best[3], best[1]
