"""Two tables and an adder: initial values for stretches of places, and offsets within them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import operations as op
from ..entries import BLOCK, choose_entries, logic_cost, merge_neighbours
from ..folding import FOLDINGS, HIGHEST, LOWEST, Folding
from ..foldings import foldings, table_refusal
from ..operation import Range
from ..parameters import Parameter
from ..plan import PlanBuilder
from ..specification import Specification
from .base import Candidate, Method

__all__ = ["Bipartite"]

Codes = NDArray[np.int64]

_MOST_GUARD_BITS = 4

_ROUNDS = 8
"""Rounds after which offsets that do not fit are given up."""

_WORTH = 1.5
"""Splits of more bits than this many times the fewest found are left out."""


class Bipartite(Method):
    """An entry is the sum of an initial value, looked up by the high bits of a place, and an offset.

    The offset is looked up by the low bits and the highest of the high ones: over what these tell apart, the function
    is taken to be as steep everywhere (D. Das Sarma and D. Matula, Faithful Bipartite ROM Reciprocal Tables, 1995). The
    table holds those of the upper half of a stretch; in the lower half they are complemented (M. Schulte and J. Stine,
    Approximating Elementary Functions with Symmetric Bipartite Tables, 1999). The entries of both tables are found
    together, so that the sum without its guard bits is within the budget at every input.
    """

    name = "bipartite"
    summary = "a table of initial values, a table of offsets and an adder"
    parameters = (
        Parameter(
            "folding",
            str,
            "what the tables are addressed by (see method table); the smallest unless given",
            choices=dict.fromkeys(FOLDINGS, ()),
        ),
        Parameter(
            "steep_bits",
            int,
            "highest bits of the place that offsets depend on; found unless given",
            minimum=0,
            maximum=16,
        ),
        Parameter(
            "offset_bits",
            int,
            "lowest bits of the place, which offsets depend on; found unless given",
            minimum=2,
            maximum=16,
        ),
        Parameter("table_bits", int, "bits that tables may have at most", default=1 << 16, minimum=1),
    )

    @classmethod
    def refusal(cls, specification: Specification) -> str | None:
        return table_refusal(cls.name, specification)

    @classmethod
    def candidates(cls, specification: Specification, given: Mapping[str, Any]) -> Iterator[Candidate]:
        cls.check(specification)
        kind, steep, low = (given.get(name) for name in ("folding", "steep_bits", "offset_bits"))
        kinds = ("complement", "negation") if kind is None else (kind,)
        found = list(foldings(specification, kinds))
        if not found and kind is None:
            found = list(foldings(specification, ("code",)))
        splits = [split for folding in found for split in _splits(folding, steep, low, given["table_bits"])]
        fewest = min((split.size for split in splits), default=0)
        built = [_candidate(split) for split in splits if split.size <= _WORTH * fewest]
        yield from sorted(built, key=lambda candidate: candidate.cost)


@dataclass(frozen=True)
class _Split:
    """How the bits of a place are shared out, and what the tables hold.

    `steep` bits are the highest, `low` the lowest, and `guard` bits of both tables are below an entry's.
    """

    folding: Folding
    steep: int
    low: int
    guard: int
    initial: Codes
    offset: Codes

    @property
    def size(self) -> int:
        """Bits of both tables."""
        return sum(
            len(table) * Range(int(table.min()), int(table.max())).width for table in (self.initial, self.offset)
        )


def _splits(folding: Folding, steep: int | None, low: int | None, most: int) -> Iterator[_Split]:
    """Yield tables that are found, of at most so many bits, for the steep and low bits given or all there are."""
    fewest = float(most)
    for below in reversed(range(2, folding.bits)) if low is None else [low]:
        found = 0
        for guard in range(_MOST_GUARD_BITS + 1):
            if found == 2:  # one guard bit more than needed may save offsets, another hardly
                break
            if below < folding.bits and folding.entries.width + guard << folding.bits - below <= _WORTH * fewest:
                split = _solved(folding, below, guard, folding.bits - below if steep is None else steep)
                if split is not None and split.size <= most:
                    found, fewest = found + 1, min(fewest, split.size)
                    yield split


def _solved(folding: Folding, low: int, guard: int, most: int) -> _Split | None:
    """Return tables with at most so many steep bits, if they are found.

    Offsets are shared over as many stretches as they can be: first over all, then over the halves of those for which
    that is not possible, and so on. Where many share them, the steep bits make no difference to the table of offsets.
    """
    held, used, half = folding.entries, folding.high < HIGHEST, 1 << low - 1
    lowest = np.where(used, np.maximum(folding.low, held.low) << guard, LOWEST).reshape(-1, 2 * half)
    highest = np.where(used, (np.minimum(folding.high, held.high) + 1 << guard) - 1, HIGHEST).reshape(-1, 2 * half)
    # The limits of p + q in the upper half of a stretch, and of p - q in the lower, where p + ~q is p - q - 1.
    limits = np.stack(
        [lowest[:, half:], lowest[:, half - 1 :: -1] + 1, highest[:, half:], highest[:, half - 1 :: -1] + 1]
    )
    stretches = len(lowest)
    q = np.zeros((stretches, half), dtype=np.int64)
    left, steep = np.ones(1, dtype=bool), 0
    while True:
        blocks = limits.reshape(4, 1 << steep, -1, half)[:, left]
        found, offsets = _offsets(blocks)
        done = np.flatnonzero(left)[found]
        q.reshape(1 << steep, -1, half)[done] = offsets[found, None, :]
        left[done] = False
        if not left.any():
            break
        if steep == most or 1 << steep == stretches:
            return None
        left, steep = np.repeat(left, 2), steep + 1
    initial = _chosen(*_initial_limits(limits[:, :, None, :], q))
    blocks = limits.reshape(4, 1 << steep, -1, half)
    offset = _chosen(*_offset_limits(blocks, initial.reshape(1 << steep, -1)))
    return _Split(folding, steep, low, guard, initial, offset)


def _initial_limits(limits: Codes, q: Codes) -> tuple[Codes, Codes]:
    """Return what offsets q[i, k] leave of initial values p[i, j] (see `_offsets`)."""
    offsets = q[:, None, :]
    low = np.maximum(limits[0] - offsets, limits[1] + offsets).max(axis=2)
    high = np.minimum(limits[2] - offsets, limits[3] + offsets).min(axis=2)
    return low, high


def _offset_limits(limits: Codes, p: Codes) -> tuple[Codes, Codes]:
    """Return what initial values p[i, j] leave of offsets q[i, k]."""
    values = p[:, :, None]
    low = np.maximum(limits[0] - values, values - limits[3]).max(axis=1)
    high = np.minimum(limits[2] - values, values - limits[1]).min(axis=1)
    return low, high


def _offsets(limits: Codes) -> tuple[NDArray[np.bool_], Codes]:
    """Return for each block i whether offsets were found that all its stretches j can share, and the offsets.

    By turns, initial values p and offsets q go to the middle of what the others leave them.

    Parameters
    ----------
    limits
        For each i, j and k, the least of p[i, j] + q[i, k] and of p[i, j] - q[i, k], and the most of both.

    """
    upper, lower = ((low + high) / 2 for low, high in (limits[::2], limits[1::2]))
    known = (limits[2:] < HIGHEST >> 1).all(axis=0)
    rise = np.where(known, upper - lower, 0).sum(axis=1) / np.maximum(known.sum(axis=1), 1)
    q = np.floor(rise / 2).astype(np.int64)
    found = np.zeros(len(q), dtype=bool)
    for _ in range(_ROUNDS):
        open_ = np.flatnonzero(~found)
        low, high = _initial_limits(limits[:, open_], q[open_])
        found[open_] = (low <= high).all(axis=1)
        if found.all():
            break
        low, high = _offset_limits(limits[:, open_], low + high >> 1)
        q[open_] = np.where(high < HIGHEST >> 1, low + high + 1 >> 1, q[open_])
    return found, q


def _chosen(low: Codes, high: Codes) -> Codes:
    """Choose entries, none of them negative where that can be had."""
    low, high = low.ravel(), high.ravel()
    return choose_entries(*merge_neighbours(np.where(high >= 0, np.maximum(low, 0), low), high))


def _candidate(split: _Split) -> Candidate:
    folding, specification = split.folding, split.folding.specification
    b = PlanBuilder()
    x = b.input("x", specification.input_format, f"argument of {specification.function}", specification.codes)
    position = folding.position(b, x)
    place = folding.place(b, position)
    point = folding.point + split.guard
    stretch = b.let("stretch", op.Bits(place, split.low, folding.bits - split.low), "all but the place's lowest bits")
    value = op.Lookup(stretch, tuple(split.initial.tolist()), point)
    initial = b.let("initial_value", value, "of a stretch of places")
    offset = _offset_step(b, split, place, point)
    entry = b.let("total", op.Add(initial, offset))
    held = folding.entries
    if split.guard or not held.covers(b.range(entry)):
        field = op.Bits(entry, split.guard, held.width, folding.point, held.signed)
        entry = b.let("entry", field, "the sum without guard bits")
    plan = b.build(y=(folding.output(b, x, position, entry), specification.output_format))
    around = b.range("total").width + folding.cost + split.low + b.range(offset).width
    cost = BLOCK * (logic_cost(split.initial) + logic_cost(split.offset) + around)
    parameters = {"folding": folding.kind, "steep_bits": split.steep, "offset_bits": split.low}
    return Candidate(plan, parameters, cost, lambda: folding.bound)


def _offset_step(b: PlanBuilder, split: _Split, place: str, point: int) -> str:
    """Add what a place adds to the initial value of its stretch."""
    bits = split.low - 1
    low = b.let("low_place", op.Bits(place, 0, split.low), "place within the stretch")
    upper = b.let("upper", op.Bits(place, bits, 1, 0, signed=True), "all ones in the upper half of the stretch")
    lower = b.let("lower", op.Bitwise("xor", upper, b.let("ones", op.Constant(-1))), "all ones in the lower half")
    turned = b.let("turned", op.Bitwise("xor", low, lower))
    index = b.let("distance", op.Bits(turned, 0, bits), "from the middle of the stretch")
    if split.steep:
        high = op.Bits(place, split.folding.bits - split.steep, split.steep)
        steep = b.let("steep", high, "tells how steep the function is")
        index = b.let("offset_place", op.Concatenate(steep, index, bits, 0))
    offset = b.let("offset", op.Lookup(index, tuple(split.offset.tolist()), point), "what the place adds")
    falls = b.let("falls", op.ShiftRight(lower, 0, point))
    return b.let("signed_offset", op.Bitwise("xor", offset, falls), "in the lower half its ones' complement")
