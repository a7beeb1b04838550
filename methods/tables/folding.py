"""An input folded onto the places of a table: symmetry, saturation, and low bits of the output that are kept constant.

The function of a *position* q is tabulated, and one entry makes one output. For an input x it is

=============  =============  ======================================================================================
`code`         x              no symmetry is made use of
`complement`   2 u + s        s is the sign, 0 or 1, and u the ones' complement of a negative x, otherwise x; every
                              input has an entry of its own, beside that of its ones' complement
`magnitude`    |x|            one entry serves x and -x
`ripple`       |x|            the same without a carry chain, which is smaller only if a register follows
`negation`     |x|            the same with an output that is negated exactly
=============  =============  ======================================================================================

Where the function has f(x) + f(-x) = c, the output of a negative input is the ones' complement of the entry, within the
bits of c if that is not 0; only `negation` has an adder there. The lowest `kept` bits of the output take no part in
that. Where they are 10..0, as they can be almost anywhere if the budget admits as many codes as they have, the
complement of the other bits is the exact negative. Positions beyond a block, over which one code is admitted, have no
place in the table.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ...accuracy.budget import Budget
from ...accuracy.specification import Specification
from ...plan import operations as op
from ...plan.operations.base import Range
from ...plan.plan import PlanBuilder
from .entries import choose_entries

__all__ = ["FOLDINGS", "HIGHEST", "LOWEST", "Folding", "budget_of", "neighbour_step"]

Codes = NDArray[np.int64]

FOLDINGS = ("code", "complement", "magnitude", "ripple", "negation")

LOWEST, HIGHEST = -(1 << 48), 1 << 48
"""Limits of an entry where everything is admitted."""


@dataclass(frozen=True)
class Folding:
    """The contents asked of a table.

    Attributes
    ----------
    specification
        What is asked for.
    kind
        One of `FOLDINGS`.
    kept
        Lowest bits of the output that no sign changes.
    total
        The function's symmetry in units of the bits above; None without.
    rest
        What the kept bits are at most places.
    block
        Positions with a place in the table: ``2**n`` of them, that of position q being ``q % 2**n``.
    low, high
        Lowest and highest entry admitted at each place.
    rests
        The kept bits at each place, -1 where they do not matter.
    beyond
        The entry below the block and that above it; None where there are no positions.
    chains
        Places along which entries must not fall, if the outputs are to be monotonic.

    """

    specification: Specification
    kind: str
    kept: int
    total: int | None
    rest: int
    block: Range
    low: Codes
    high: Codes
    rests: Codes
    beyond: tuple[int | None, int | None]
    chains: tuple[Codes, ...] = ()

    @property
    def bits(self) -> int:
        """Bits of the table's index."""
        return (len(self.low) - 1).bit_length()

    @property
    def entries(self) -> Range:
        """The entries of as few bits as will do: some of them is admitted at every place."""
        bottom, top = int(self.high.min()), int(self.low.max())
        if top <= bottom:  # the same one at all places
            bottom = top = min(max(0, top), bottom)
        half = 1 << max(top, -bottom - 1, 0).bit_length()
        return Range(-half if bottom < 0 else 0, half - 1)

    @property
    def size(self) -> int:
        """Bits of the table."""
        return len(self.low) * self.entries.width

    @property
    def bound(self) -> Fraction:
        """The largest error that was admitted, in ulp of the output."""
        return budget_of(self.specification).in_ulp(self.specification.output_format)

    @property
    def step(self) -> int:
        """How far apart the places of neighbouring inputs are."""
        return neighbour_step(self.kind)

    @property
    def point(self) -> int:
        """Fraction bits of an entry."""
        return self.specification.output_format.fraction_bits - self.kept

    def position(self, b: PlanBuilder, x: str) -> str:
        """Add the steps from an input to its position."""
        if self.kind == "code":
            return x
        width = b.range(x).width
        sign = b.let("sign", op.ShiftRight(x, width - 1, b.point(x)), "all ones for a negative input")
        if self.kind in ("magnitude", "negation"):
            return b.let("magnitude", op.Absolute(x))
        if self.kind == "ripple":
            return _rippled(b, x, sign)
        flipped = b.let("flipped", op.Bitwise("xor", x, sign), "negative inputs as their ones' complement, -x - 1")
        negative = b.let("negative", op.Bits(x, width - 1, 1), "whether x < 0")
        below = b.let("folded", op.Bits(flipped, 0, width - 1))
        return b.let("position", op.Concatenate(below, negative, 1, 0), "with the sign as its lowest bit")

    def place(self, b: PlanBuilder, position: str) -> str:
        """Add the place of a position, of the bits that it has."""
        held = b.range(position)
        if (held.low >= 0 and held.high < len(self.low) and not b.point(position)) or "place" in b:
            return "place" if "place" in b else position
        return b.let("place", op.Bits(position, 0, self.bits), "place in the table")

    def output(self, b: PlanBuilder, x: str, position: str, entry: str) -> str:
        """Add the steps from an entry to the output's code."""
        output, point = self.specification.output_format, self.point
        value, rest = entry, self._rest(b, position) if self.kept else None
        for which, constant in zip(("below", "above"), self.beyond, strict=True):
            if constant is None:
                continue
            outside = self._outside(b, position, which)
            limit = b.let(f"limit_{which}", op.Constant(constant, point), f"the entry {which} the table")
            value = b.let(f"value_{which}", op.Select(outside, limit, value))
            if rest not in (None, "rest"):
                rest = b.let(f"rest_{which}", op.Select(outside, "rest", rest))
        if self.total is not None:
            sign = b.let("mask", op.ShiftRight(x, b.range(x).width - 1, point), "all ones for a negative input")
            if self.total:
                bits = b.let("symmetry", op.Constant(self.total - 1, point))
                sign = b.let("flips", op.Bitwise("and", sign, bits), "the bits that a negative input changes")
            value = b.let("mirrored", op.Bitwise("xor", value, sign), "for a negative input the ones' complement")
            if self.kind == "negation":
                one = b.let("one", op.Bits(x, b.range(x).width - 1, 1, point), "makes it the negative")
                negated = b.let("negated", op.Add(value, one))
                field = op.Bits(negated, 0, output.width - self.kept, point, output.signed)
                value = b.let("wrapped", field, "without the carry out of it")
        if rest is None:
            return value
        return b.let("result", op.Concatenate(value, rest, self.kept, output.fraction_bits))

    def _rest(self, b: PlanBuilder, position: str) -> str:
        """Add the kept bits of a place."""
        rest = b.let("rest", op.Constant(self.rest), "the lowest bits of the output")
        others = np.flatnonzero((self.rests >= 0) & (self.rests != self.rest))
        if not len(others):
            return rest
        if len(others) == 1:
            other = b.let("other_rest", op.Constant(int(self.rests[others[0]])), "but at one place")
            if len(self.rests) == 1:
                return other
            place = self.place(b, position)
            exception = b.let("exception", op.Constant(int(others[0])))
            there = b.let("is_exception", op.Compare("eq", place, exception), "whether it is that place")
            return b.let("rest_there", op.Select(there, other, rest))
        place = self.place(b, position)
        return b.let("rest_entry", op.Lookup(place, tuple(self.rest_entries.tolist())), "the lowest bits of the output")

    @cached_property
    def rest_entries(self) -> Codes:
        """The kept bits at each place, chosen for little logic."""
        free = self.rests < 0
        return choose_entries(np.where(free, 0, self.rests), np.where(free, (1 << self.kept) - 1, self.rests))

    def _outside(self, b: PlanBuilder, position: str, which: str) -> str:
        """Add whether a position is beyond the block."""
        crossing = self.block.low < 0 <= self.block.high
        shift = self.bits - crossing
        top = b.let(f"top_{which}", op.ShiftRight(position, shift, 0), "the bits above the place")
        end = self.block.high if which == "above" else self.block.low
        number = b.let(f"end_{which}", op.Constant(end >> shift))
        relation = "ne" if b.range(top).low == end >> shift == 0 else "gt" if which == "above" else "lt"
        return b.let(f"is_{which}", op.Compare(relation, top, number), f"whether the position is {which} the table")


def _rippled(b: PlanBuilder, x: str, sign: str) -> str:
    """Add the magnitude without an adder: of a negative number all bits above the lowest one are flipped."""
    width = b.range(x).width
    ones = b.let("ones1", op.Bits(x, 0, width - 1, b.point(x)), "the bits that tell whether higher ones flip")
    reach = 1
    while reach < width - 1:
        moved = b.let(f"moved{reach}", op.ShiftLeft(ones, reach, b.point(x)))
        more = b.let(f"more{reach}", op.Bitwise("or", ones, moved))
        reach *= 2
        ones = b.let(f"ones{reach}", op.Bits(more, 0, width - 1, b.point(x)), f"with a one up to {reach - 1} below")
    above = b.let("above_one", op.ShiftLeft(ones, 1, b.point(x)), "the bits above the lowest one")
    flips = b.let("flips_in", op.Bitwise("and", above, sign))
    flipped = b.let("flipped", op.Bitwise("xor", x, flips))
    return b.let("magnitude", op.Bits(flipped, 0, width, b.point(x)))


def neighbour_step(kind: str) -> int:
    """Return how far apart the positions of neighbouring inputs are."""
    return 2 if kind == "complement" else 1


def budget_of(specification: Specification) -> Budget:
    """Return the budget of a specification, one ulp if it has none."""
    return specification.budget or Budget(Fraction(1), True)
