"""The pieces of a piecewise linear function between integer codes: a line, and the input codes that are on it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor, lcm

from ...accuracy.required import roundest
from ...accuracy.specification import Specification
from ...plan.operations.base import Range

__all__ = ["Piece", "pieces_of"]


@dataclass(frozen=True)
class Piece:
    """The line ``slope * code + offset`` in ulp of the output, and the consecutive input codes that are on it."""

    slope: Fraction
    offset: Fraction
    codes: Range

    def value(self, code: int) -> Fraction:
        """Return the line at a code."""
        return self.slope * code + self.offset

    @property
    def mirrored(self) -> Piece:
        """The same line for the negatives of the codes."""
        return Piece(-self.slope, self.offset, Range(-self.codes.high, -self.codes.low))

    @property
    def grid(self) -> int:
        """A common denominator of the values at all codes."""
        return lcm(self.slope.denominator, self.offset.denominator)

    def clamped(self, held: Range) -> Piece:
        """Return the piece with no more codes than one that is a whole ulp past either end of the output's range.

        Beyond, a line that does not turn stays past the end. A piece that is past one end at all codes is that end.
        """
        first, last = self.codes
        values = self.value(first), self.value(last)
        for end, past in ((held.low, max(values) <= held.low), (held.high, min(values) >= held.high)):
            if past:
                return replace(self, slope=Fraction(0), offset=Fraction(end))
        if not self.slope:
            return self
        reached = sorted((end - self.offset) / self.slope for end in (held.low - 1, held.high + 1))
        return replace(self, codes=Range(max(first, floor(reached[0])), min(last, ceil(reached[1]))))


def pieces_of(specification: Specification, codes: Range) -> list[Piece]:
    """Return the pieces of a specification's piecewise linear function over a range of input codes, ascending.

    Where two lines meet at an input code, that code is on the line that makes the comparison with the kink shorter.
    """
    function = specification.function.piecewise_linear
    if function is None:
        raise ValueError(f"{specification.function} is not piecewise linear")
    source, ulp = specification.input_format, specification.output_format.ulp
    closed = function.closed or (False,) * len(function.kinks)
    starts = [codes.low]
    for kink, above, lines in zip(function.kinks, closed, pairwise(function.lines), strict=True):
        at = kink / source.ulp
        start = ceil(at) if above else floor(at) + 1
        if at.denominator == 1 and lines[0](kink) == lines[1](kink):
            start = roundest(int(at), int(at) + 1)
        starts.append(min(max(start, codes.low), codes.high + 1))
    found: list[Piece] = []
    for line, first, stop in zip(function.lines, starts, [*starts[1:], codes.high + 1], strict=True):
        piece = Piece(line.slope * source.ulp / ulp, line.offset / ulp, Range(first, stop - 1))
        if first < stop:
            _append(found, piece)
    return found


def _append(pieces: list[Piece], piece: Piece) -> None:
    """Append a piece, or extend the last one if it is on the same line."""
    if pieces and (pieces[-1].slope, pieces[-1].offset) == (piece.slope, piece.offset):
        pieces[-1] = replace(piece, codes=Range(pieces[-1].codes.low, piece.codes.high))
    else:
        pieces.append(piece)
