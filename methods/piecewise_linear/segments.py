"""Segments of the input, each with a line of few adders that is within the budget there (decision 035)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import islice, product
from math import floor

import numpy as np
from numpy.typing import NDArray

from ...accuracy.required import roundest
from ...accuracy.specification import Specification
from ...functions.properties import Symmetry
from ...plan.operations.base import Range
from ..ramps.scaled_ramp import Line
from .admitted import Admitted
from .approximated import ApproximatedPiece, multiples
from .pieces import pieces_of

__all__ = ["Segment", "Segments", "segmentations"]

_MOST_SETS = 8
"""The most sets of multiples that are built."""

_FAR = 1 << 56
"""Beyond the outputs that are walked."""

_MOST_MOVED = 1 << 12
"""The most codes by which the start of a segment is moved."""


@dataclass(frozen=True)
class Segment:
    """Consecutive input codes, and the line that is rounded down and clamped for them; its multiple may have a sign."""

    codes: Range
    line: Line

    def outputs(self, codes: NDArray[np.int64], held: Range) -> NDArray[np.int64]:
        """Return the output at some codes, which need not be those of the segment."""
        line = self.line
        scale = 1 << line.bits + line.extension
        factor, offset = int(line.multiple << line.extension), int(line.value(0) * scale)
        found: NDArray[np.int64] = np.clip((codes.astype(object) * factor + offset) // scale, *held).astype(np.int64)
        return found

    def mirrored(self, symmetry: Symmetry, slope: int, total: int) -> Segment:
        """Return the segment of the negative codes whose outputs are exactly those that a symmetry asks for.

        `slope` and `total` are those of the symmetry in ulp of the output.
        """
        line = self.line
        if symmetry.sign > 0:
            multiple, after = -line.multiple - (slope << line.bits), line.after + total
        else:  # total - floor(v) = floor(total - v + 1 - unit)
            unit = Fraction(1, 1 << max(line.bits, line.extension))
            multiple, after = line.multiple - (slope << line.bits), total - line.after + 1 - unit
        extension = max(line.extension, after.denominator.bit_length() - 1)
        codes = Range(-self.codes.high, -self.codes.low)
        return Segment(codes, Line(multiple, line.bits, after=after, extension=extension))


@dataclass(frozen=True)
class Segments:
    """Segments in ascending order that hold every input code, or its magnitude if the input is `folded`.

    `bound` is a bound of their error in ulp; None where that is not known beyond that the budget is met.
    """

    segments: tuple[Segment, ...]
    folded: bool
    bound: Fraction | None


def segmentations(specification: Specification) -> Iterator[Segments]:
    """Yield segments whose lines are within the budget of a piecewise linear function (correctly rounded if none).

    An even function is also yielded as one of the magnitude of the input. Outputs that are to be symmetric are made so.

    Raises
    ------
    RefusalError
        If a slope is too small for any multiple.

    """
    symmetry, (low, high) = specification.function.symmetry, specification.codes
    even = symmetry is not None and symmetry.sign > 0 and not symmetry.slope and not symmetry.total and low < 0 < high
    if even:
        yield from _segmentations(specification, folded=True)
    if not (even and specification.symmetric):
        yield from _segmentations(specification, folded=False)


def _segmentations(specification: Specification, *, folded: bool) -> Iterator[Segments]:
    halved = folded or specification.symmetric
    low, high = specification.codes
    held = specification.outputs
    reached = _reached(specification) if halved else held
    pieces = pieces_of(specification, Range(0, max(-low, high)) if halved else specification.codes)
    admitted = Admitted.of(specification, halved=halved)
    if admitted is not None:
        admitted = admitted.joined(specification, pieces, reached)
    approximated = [ApproximatedPiece.of(specification, piece, reached, admitted) for piece in pieces]
    groups: dict[Fraction, list[int]] = {}
    for index, each in enumerate(approximated):
        groups.setdefault(each.piece.slope, []).append(index)
    choices = [
        [(multiple, bits, members) for multiple, bits in multiples(slope, [approximated[at] for at in members])]
        for slope, members in groups.items()
    ]
    for chosen in islice(product(*choices), _MOST_SETS):
        segments: dict[int, Segment] = {}
        users = Counter((multiple, bits) for multiple, bits, members in chosen for _ in members)
        for multiple, bits, members in chosen:
            # Lines of one multiple share the product, of the input as it is.
            early = users[multiple, bits] == 1 and not specification.symmetric
            for at in members:
                segments[at] = Segment(pieces[at].codes, approximated[at].line(multiple, bits, before=early))
        found = [segments[at] for at in range(len(pieces))]
        errors = [each.error(segment.line) for each, segment in zip(approximated, found, strict=True)]
        if admitted is not None and not specification.monotonic:
            found = _moved(found, admitted, reached)
        if halved and not folded:
            found = _both_sides(found, specification)
        yield Segments(tuple(found), folded, max(errors) if admitted is None else None)


def _reached(specification: Specification) -> Range:
    """Return the lines' values at codes from 0 on beyond which the outputs are clamped there and at their negatives."""
    symmetry, held = specification.function.symmetry, specification.outputs
    assert symmetry is not None
    total = floor(symmetry.total / specification.output_format.ulp)
    if symmetry.slope:
        return Range(-_FAR, _FAR)
    return held if symmetry.sign > 0 else held.union(Range(total - held.high, total - held.low))


def _moved(segments: list[Segment], admitted: Admitted, held: Range) -> list[Segment]:
    """Return segments that begin where the comparison is shorter, and none that its neighbour may stand for."""

    def count(segment: Segment, codes: NDArray[np.int64]) -> int:
        """Return how many codes, from the first on, a segment's line is admitted at."""
        outputs, at = segment.outputs(codes, held), codes - admitted.first
        wrong = (outputs < admitted.low[at]) | (outputs > admitted.high[at])
        return int(wrong.argmax()) if wrong.any() else len(codes)

    found = segments[:1]
    for upper in segments[1:]:
        lower = found.pop()
        (first, start), stop = (lower.codes.low, upper.codes.low), upper.codes.high + 1
        latest = start + count(lower, np.arange(start, min(stop, start + _MOST_MOVED)))
        earliest = start - count(upper, np.arange(start - 1, max(first - 1, start - 1 - _MOST_MOVED), -1))
        if latest == stop:
            found.append(replace(lower, codes=Range(first, stop - 1)))
        elif earliest == first:
            found.append(replace(upper, codes=Range(first, stop - 1)))
        else:
            start = roundest(earliest, latest)
            found.append(replace(lower, codes=Range(first, start - 1)))
            found.append(replace(upper, codes=Range(start, stop - 1)))
    return found


def _both_sides(segments: list[Segment], specification: Specification) -> list[Segment]:
    """Return segments of codes from 0 on with those that follow for the negative codes."""
    symmetry, ulp = specification.function.symmetry, specification.output_format.ulp
    assert symmetry is not None
    slope, total = int(symmetry.slope * specification.input_format.ulp / ulp), int(symmetry.total / ulp)
    mirrored = [each.mirrored(symmetry, slope, total) for each in reversed(segments)]
    mirrored[-1] = replace(mirrored[-1], codes=Range(mirrored[-1].codes.low, -1))
    found: list[Segment] = []
    low, high = specification.codes
    for segment in (*mirrored, *segments):
        codes = Range(max(segment.codes.low, low), min(segment.codes.high, high))
        if codes.low > codes.high:
            continue
        if found and found[-1].line == segment.line:
            found[-1] = replace(segment, codes=Range(found[-1].codes.low, codes.high))
        else:
            found.append(replace(segment, codes=codes))
    return found
