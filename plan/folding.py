"""An input folded onto the places of a table, and what each place may hold: symmetry, saturation, bits kept constant.

The function of a *position* q is tabulated, and one entry k makes one output. For an input x with sign s (0 or 1) it is

=============  ====================================  =======================================================
`code`         q = x                                 no symmetry is made use of
`complement`   q = 2 u + s, u the ones' complement   -u - 1 lies beside u; every input has an entry of its own
               of a negative x, else x
`magnitude`    q = |x|                               one entry serves x and -x
`ripple`       q = |x|                               the same without a carry chain, which is smaller only if
                                                     a register follows
=============  ====================================  =======================================================

Where the function has f(x) + f(-x) = c, the output of a negative input is the ones' complement of the entry, within the
bits of c if that is not 0: there is no adder. The lowest `kept` bits of the output take no part in that. Where they are
10..0, as they can be almost anywhere if the budget admits as many codes as they have, the complement of the other bits
is the exact negative. Positions beyond a block, over which one code is admitted, have no place in the table.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from . import operations as op
from .admissible import admissible
from .budget import Budget
from .operation import Range
from .plan import PlanBuilder
from .specification import Specification

__all__ = ["FOLDINGS", "Folding", "foldings", "table_refusal"]

Codes = NDArray[np.int64]

FOLDINGS = ("code", "complement", "magnitude", "ripple")

_MOST_CODES = 1 << 20
"""Inputs whose entries are found within seconds."""

_MOST_BITS = 40
"""Bits of an output: those of which `admissible` knows what a budget admits."""

_MARGIN = Fraction(1, 1 << 40)
"""Ulp by which an error is to be below its limit where there is a choice."""

_MOST_KEPT = 4
"""The most low bits of the output that are kept constant."""

_LOWEST, _HIGHEST = -(1 << 48), 1 << 48
"""Limits of an entry where everything is admitted."""


@dataclass(frozen=True)
class Folding:
    """What a table is to hold.

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

    @property
    def bits(self) -> int:
        """Bits of the table's index."""
        return (len(self.low) - 1).bit_length()

    @property
    def size(self) -> int:
        """Bits of the table."""
        used = self.high < _HIGHEST
        return len(self.low) * Range(int(self.low[used].min()), int(self.low[used].max())).width

    @property
    def cost(self) -> int:
        """Look-up tables around the table, roughly."""
        width = self.specification.codes.width - 1
        return {"code": 0, "complement": 1, "magnitude": 2, "ripple": 2}[self.kind] * width

    @property
    def exceptional(self) -> bool:
        """Whether the kept bits are not the same everywhere."""
        return bool(((self.rests >= 0) & (self.rests != self.rest)).any())

    def position(self, b: PlanBuilder, x: str) -> str:
        """Add the steps from an input to its position."""
        if self.kind == "code":
            return x
        width = b.range(x).width
        sign = b.let("sign", op.ShiftRight(x, width - 1, b.point(x)), "all ones for a negative input")
        if self.kind == "magnitude":
            return b.let("magnitude", op.Absolute(x))
        if self.kind == "ripple":
            return _rippled(b, x, sign)
        flipped = b.let("flipped", op.Bitwise("xor", x, sign), "negative inputs as their ones' complement, -x - 1")
        negative = b.let("negative", op.Bits(x, width - 1, 1), "whether x < 0")
        below = b.let("folded", op.Bits(flipped, 0, width - 1))
        return b.let("position", op.Concatenate(below, negative, 1, 0), "with the sign as its lowest bit")

    def lookup(self, b: PlanBuilder, name: str, position: str, entries: Codes, note: str, *, kept: bool = False) -> str:
        """Add a table with an entry for each place; `kept` tells that it holds the kept bits."""
        point = 0 if kept else self.specification.output_format.fraction_bits - self.kept
        if len(entries) == 1:
            return b.let(name, op.Constant(int(entries[0]), point), note)
        place = position
        held = b.range(position)
        if held.low < 0 or held.high >= len(entries) or b.point(position):
            place = "place" if "place" in b else b.let("place", op.Bits(position, 0, self.bits), "place in the table")
        return b.let(name, op.Lookup(place, tuple(entries.tolist()), point), note)

    def output(self, b: PlanBuilder, x: str, position: str, entry: str, rest: str | None) -> str:
        """Add the steps from an entry, and the kept bits where they are not constant, to the output's code."""
        output = self.specification.output_format
        point = output.fraction_bits - self.kept
        value = entry
        for which, constant in zip(("below", "above"), self.beyond, strict=True):
            if constant is None:
                continue
            outside = self._outside(b, position, which)
            limit = b.let(f"limit_{which}", op.Constant(constant, point), "what is in the place of the table there")
            value = b.let(f"value_{which}", op.Select(outside, limit, value))
            if rest is not None:
                usual = b.let(f"usual_{which}", op.Constant(self.rest, 0))
                rest = b.let(f"rest_{which}", op.Select(outside, usual, rest))
        if self.total is not None:
            sign = b.let("sign_out", op.ShiftRight(x, b.range(x).width - 1, point), "all ones for a negative input")
            if self.total:
                bits = b.let("symmetry_bits", op.Constant(self.total - 1, point))
                sign = b.let("flips", op.Bitwise("and", sign, bits), "the bits that a negative input changes")
            value = b.let("mirrored", op.Bitwise("xor", value, sign), "for a negative input the ones' complement")
        if not self.kept:
            return value
        if rest is None:
            rest = b.let("rest", op.Constant(self.rest), "the lowest bits of every output")
        return b.let("result", op.Concatenate(value, rest, self.kept, output.fraction_bits))

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


def table_refusal(method: str, specification: Specification) -> str | None:
    """Return why no table can serve a specification, or None if one may."""
    codes, output = specification.codes, specification.output_format
    if codes.size > _MOST_CODES:
        inputs = f"{specification.domain} has {codes.size}"
        return f"method {method} looks at every input, at most {_MOST_CODES}; {inputs}"
    if output.width > _MOST_BITS:
        return f"method {method} makes outputs of at most {_MOST_BITS} bits; {output} has {output.width}"
    return None


def foldings(specification: Specification, kinds: Sequence[str] = FOLDINGS) -> Iterator[Folding]:
    """Yield what tables may hold that meet the budget of a specification, one ulp if it has none.

    Raises
    ------
    ValueError
        As `admissible` does.

    """
    low, high = _admitted(specification)
    if (low > high).any():
        return
    widest = int((high - low).max()) + 1
    for kind in kinds:
        kept = 0
        while kept <= _MOST_KEPT and 1 << kept <= widest:
            if (found := _folded(specification, kind, kept, low, high)) is not None:
                yield found
            kept += 1


def _admitted(specification: Specification) -> tuple[Codes, Codes]:
    """Return the codes within the budget, without those that miss it by so little that only many digits tell."""
    output = specification.output_format
    budget = specification.budget or Budget(Fraction(1), True)
    low, high = admissible(specification, budget)
    clear_low, clear_high = admissible(specification, Budget((budget.in_ulp(output) - _MARGIN) * output.ulp, False))
    clear = clear_low <= clear_high
    return np.where(clear, clear_low, low), np.where(clear, clear_high, high)


def _folded(specification: Specification, kind: str, kept: int, low: Codes, high: Codes) -> Folding | None:
    codes, output = specification.codes, specification.output_format
    total = None
    if kind != "code":
        symmetry = specification.function.symmetry
        if symmetry is None or not codes.low < 0 < codes.high:
            return None
        units = symmetry / output.ulp / (1 << kept)
        total = int(units)
        if units != total or total < 0 or total & (total - 1):
            return None
    # For every value of the kept bits the entries that are admitted, and how many places have none.
    options = [_entries(codes, kind, kept, rest, total, low, high) for rest in range(1 << kept)]
    empty = [int((lows > highs).sum()) for lows, highs in options]
    half = (1 << kept) >> 1
    rest = min(range(1 << kept), key=lambda rest: (empty[rest], rest != half))
    lows, highs = options[rest]
    rests = np.where(lows == _LOWEST, -1, rest)
    for other, (other_lows, other_highs) in enumerate(options):
        better = (lows > highs) & (other_lows <= other_highs)
        lows, highs = np.where(better, other_lows, lows), np.where(better, other_highs, highs)
        rests[better] = other
    if (lows > highs).any():
        return None
    return _trimmed(
        Folding(specification, kind, kept, total, rest, _positions(codes, kind), lows, highs, rests, (None, None))
    )


def _positions(codes: Range, kind: str) -> Range:
    if kind == "code":
        return codes
    if kind == "complement":
        return Range(0, 2 * max(-codes.low - 1, codes.high) + 1)
    return Range(0, max(-codes.low, codes.high))


def _entries(
    codes: Range, kind: str, kept: int, rest: int, total: int | None, low: Codes, high: Codes
) -> tuple[Codes, Codes]:
    """Return the lowest and highest entry at every position, if the kept bits are `rest`."""
    low, high = -((rest - low) >> kept), (high - rest) >> kept
    if total is None:
        return low, high
    held = _positions(codes, kind)
    lows, highs = np.full(held.size, _LOWEST), np.full(held.size, _HIGHEST)
    zero = -codes.low
    step = 2 if kind == "complement" else 1
    positive, negative = np.arange(codes.high + 1) * step, np.arange(zero) * step + 1  # of 0, 1 .. and of -1, -2 ..
    lows[positive], highs[positive] = low[zero:], high[zero:]
    # y = total - 1 - entry, from -1 downwards; within the bits of the total nothing else can be had.
    flipped_low, flipped_high = total - 1 - high[:zero][::-1], total - 1 - low[:zero][::-1]
    if total:
        flipped_low, flipped_high = np.maximum(flipped_low, 0), np.minimum(flipped_high, total - 1)
        if kind != "complement":  # one entry for both
            highs[: zero + 1] = np.minimum(highs[: zero + 1], total - 1)
    lows[negative] = np.maximum(lows[negative], flipped_low)
    highs[negative] = np.minimum(highs[negative], flipped_high)
    return lows, highs


def _trimmed(folding: Folding) -> Folding:
    """Leave out of the table what one entry serves, at either end, and fill up the block."""
    held, low, high = folding.block, folding.low, folding.high
    usual = (folding.rests == folding.rest) | (folding.rests < 0)
    low_run, high_run = np.where(usual, low, _HIGHEST), np.where(usual, high, _LOWEST)
    below = _run(low_run, high_run) if folding.kind == "code" else 0
    above = _run(low_run[::-1], high_run[::-1])
    above = min(above, held.size - 1)
    below = min(below, held.size - 1 - above)
    block = Range(held.low + below, held.high - above).block
    start, stop = max(block.low, held.low), min(block.high, held.high) + 1
    outside = slice(0, start - held.low), slice(stop - held.low, held.size)
    ends = tuple(_common(low[part], high[part]) if part.start < part.stop else None for part in outside)
    inside = slice(start - held.low, stop - held.low)
    places = np.arange(start, stop) % block.size
    lows, highs = np.full(block.size, _LOWEST), np.full(block.size, _HIGHEST)
    rests = np.full(block.size, -1)
    lows[places], highs[places], rests[places] = low[inside], high[inside], folding.rests[inside]
    return replace(folding, block=block, low=lows, high=highs, rests=rests, beyond=(ends[0], ends[1]))


def _run(low: Codes, high: Codes) -> int:
    """Return how many places from the first on admit one code."""
    alike = np.maximum.accumulate(low) <= np.minimum.accumulate(high)
    return len(low) if alike.all() else int(np.argmin(alike))


def _common(low: Codes, high: Codes) -> int:
    """Return a code that all places admit: the one of all ones if there is one, which takes no multiplexer."""
    lowest, highest = int(low.max()), int(high.min())
    ones = (1 << max(lowest, 0).bit_length()) - 1
    return ones if lowest <= ones <= highest else min(max(lowest, 0), highest)
