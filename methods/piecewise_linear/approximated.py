"""Pieces with the lines that approximate them within the budget, and the multiples that take few adders for these."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor

from ...accuracy.specification import Specification
from ...plan.constant_multiplier import adder_count
from ...plan.operations.base import Range
from ..base import RefusalError
from ..ramps.limits import MOST_BITS, Limits, line_within, multiples_within
from ..ramps.scaled_ramp import Line
from .admitted import Admitted, bounded_limits
from .pieces import Piece

__all__ = ["ApproximatedPiece", "multiples"]

_EXTRA_BITS = 4
"""Precisions tried beyond the lowest sufficient one: a longer multiple may have fewer non-zero digits."""


@dataclass(frozen=True)
class ApproximatedPiece:
    """A piece whose line does not fall, with the limits of the lines that approximate it.

    A piece that falls is `turned`: its codes and those of its limits are negatives.
    """

    piece: Piece
    limits: Limits
    turned: bool
    flat: bool
    width: int

    @classmethod
    def of(
        cls, specification: Specification, whole: Piece, held: Range, admitted: Admitted | None
    ) -> ApproximatedPiece:
        """Return a piece with the limits that the outputs in `held` set it, from what is admitted or by a bound."""
        piece = whole.clamped(held)
        limits = bounded_limits(specification, piece, held) if admitted is None else admitted.limits(piece, held)
        flat, turned = piece.codes == whole.codes, piece.slope < 0
        if turned:
            lower, upper = ([(-x, y) for x, y in points] for points in (limits.lower, limits.upper))
            limits = Limits(lower, upper, limits.unit)
        width = specification.output_format.width
        return cls(piece.mirrored if turned else piece, limits, turned, flat, width)

    def line(self, multiple: int, bits: int, *, before: bool) -> Line:
        """Return the line of a multiple within the limits; `before` lets its offset be added before the product."""
        first, last = self.piece.codes
        off = self.piece.value(first) + self.piece.value(last) - Fraction(multiple, 1 << bits) * (first + last)
        may = before and multiple > 0 and not self.turned
        line = line_within(self.limits, multiple, bits, off, self.width, before=may)
        return line._replace(multiple=-multiple) if self.turned else line

    def error(self, line: Line) -> Fraction:
        """Return a bound of the error of a line in ulp, which is largest at an end of the piece.

        The line is a multiple of a unit, and less than one by a unit is taken off when it is rounded down. Errors are
        multiples of ``1 / grid``.
        """
        piece = self.piece.mirrored if self.turned else self.piece
        unit = Fraction(1, 1 << max(line.bits + bool(line.before) * line.extension, 0))
        unit = min(unit, Fraction(1, line.after.denominator))
        sizes = []
        for code in piece.codes:
            off = line.value(code) - piece.value(code)
            sizes += [abs(off), abs(off - 1 + unit)]
        return Fraction(floor(max(sizes) * piece.grid), piece.grid)


def multiples(slope: Fraction, group: Sequence[ApproximatedPiece]) -> list[tuple[int, int]]:
    """Return a multiple and its precision for the smallest number of adders, and for the next larger one found."""
    limits = [each.limits for each in group]
    best: dict[int, tuple[int, int, int]] = {}
    if all(each.flat and _is_met(each.limits, 0, 0) for each in group):
        return [(0, 0)]
    bits, last = 0, MOST_BITS if slope else -1
    while bits <= last:
        for multiple in multiples_within(slope, limits, bits):
            key = (bits, abs(multiple - round(slope * (1 << bits))), multiple)
            adders = adder_count(multiple)
            best[adders] = min(best.get(adders, key), key)
            last = min(last, bits + _EXTRA_BITS)
        bits += 1
    if not best:
        rise = float(slope * max(max(map(abs, each.piece.codes)) for each in group))
        raise RefusalError(f"a slope is too small for these formats: it rises {rise:.3g} ulp in all")
    return [(best[adders][2], best[adders][0]) for adders in sorted(best)[:2]]


def _is_met(limits: Limits, multiple: int, bits: int) -> bool:
    """Return whether a whole number is an offset that limits admit."""
    low, beyond = limits.offsets(multiple, bits)
    return -floor(-low) < beyond
