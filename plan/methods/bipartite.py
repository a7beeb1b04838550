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

_ROUNDS = 40
"""Rounds after which a split that has found no entries is given up."""

_WORTH = 2
"""Splits of more bits than this many times the fewest found are not looked at."""


class Bipartite(Method):
    """An entry is the sum of an initial value, looked up by the high bits of a place, and an offset.

    The offset is looked up by the low bits and the highest of the high ones: over what these tell apart, the function
    is taken to be as steep everywhere (D. Das Sarma and D. Matula, Faithful Bipartite ROM Reciprocal Tables, 1995). The
    entries of both tables are found together, so that the sum without its guard bits is within the budget at every
    input.
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
            minimum=1,
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
        kind, steep, low, most = (given.get(name) for name in ("folding", "steep_bits", "offset_bits", "table_bits"))
        found: list[Candidate] = []
        for folding in foldings(specification, FOLDINGS if kind is None else (kind,)):
            found += _of_folding(folding, steep, low, most)
        yield from sorted(found, key=lambda candidate: candidate.cost)


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
        return sum(len(table) * _range(table).width for table in (self.initial, self.offset))


def _range(table: Codes) -> Range:
    return Range(int(table.min()), int(table.max()))


def _of_folding(folding: Folding, steep: int | None, low: int | None, most: int) -> Iterator[Candidate]:
    fewest = most
    for below in reversed(range(1, folding.bits)) if low is None else [low]:
        for guard in range(_MOST_GUARD_BITS + 1):
            initial_size = folding.entries.width + guard << folding.bits - below
            if below < folding.bits and initial_size <= min(most, _WORTH * fewest):
                split = _solved(folding, below, guard, folding.bits - below if steep is None else steep)
                if split is not None and split.size <= most:
                    fewest = min(fewest, split.size)
                    yield _candidate(split)


def _solved(folding: Folding, low: int, guard: int, most: int) -> _Split | None:
    """Return tables with at most so many steep bits, if there are any.

    Offsets are shared over as many stretches as they can be: first over all, then over the halves of those for which
    that is not possible, and so on. Where many share them, the steep bits make no difference to the table of offsets.
    """
    limits = folding.entries
    used = folding.high < HIGHEST
    lowest = np.where(used, np.maximum(folding.low, limits.low) << guard, LOWEST).reshape(-1, 1 << low)
    highest = np.where(used, (np.minimum(folding.high, limits.high) + 1 << guard) - 1, HIGHEST).reshape(-1, 1 << low)
    q = np.zeros_like(lowest)  # for every stretch of places
    left, steep = np.ones(1, dtype=bool), 0
    while True:
        blocks = (1 << steep, -1, 1 << low)
        found, offsets = _offsets(lowest.reshape(blocks)[left], highest.reshape(blocks)[left])
        done = np.flatnonzero(left)[found]
        q.reshape(blocks)[done] = offsets[found, None, :]
        left[done] = False
        if not left.any():
            break
        if steep == most or 1 << steep == len(lowest):
            return None
        left, steep = np.repeat(left, 2), steep + 1
    p_low, p_high = (lowest - q).max(axis=1), (highest - q).min(axis=1)
    initial = _chosen(p_low, p_high)
    blocks = (1 << steep, -1, 1 << low)
    rest = initial.reshape(1 << steep, -1, 1)
    offset = _chosen((lowest.reshape(blocks) - rest).max(axis=1), (highest.reshape(blocks) - rest).min(axis=1))
    return _Split(folding, steep, low, guard, initial, offset)


def _offsets(lowest: Codes, highest: Codes) -> tuple[NDArray[np.bool_], Codes]:
    """Return for each block whether offsets were found that all its stretches can share, and the offsets.

    That p[j] + q[k] lies within limits for all j and k is a system of constraints on differences, of p and -q. It is
    solved by relaxation, as shortest paths are found by Bellman and Ford: p falls to what the limits allow, q rises to
    what they need, and so on until neither moves.
    """
    # To begin with, offsets are the mean course over the stretches.
    middle = np.where(highest < HIGHEST >> 1, (lowest + highest) / 2, np.nan)
    course = np.nan_to_num(_mean(middle - _mean(middle, 2)[:, :, None], 1))
    q = np.floor(course - course.min(axis=1, keepdims=True)).astype(np.int64)
    found = np.zeros(len(q), dtype=bool)
    for _ in range(_ROUNDS):
        open_ = np.flatnonzero(~found)
        p = (highest[open_] - q[open_, None, :]).min(axis=2)
        need = (lowest[open_] - p[:, :, None]).max(axis=1)
        found[open_] = (need <= q[open_]).all(axis=1)
        if found.all():
            break
        q[open_] = np.maximum(q[open_], need)
    return found, q - q.min(axis=1, keepdims=True)


def _mean(values: NDArray[np.float64], axis: int) -> NDArray[np.float64]:
    """Return the mean of what is no NaN, NaN where nothing is."""
    count = (~np.isnan(values)).sum(axis=axis)
    total = np.nansum(values, axis=axis)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def _chosen(low: Codes, high: Codes) -> Codes:
    """Choose entries, none of them negative where that can be had."""
    low, high = low.ravel(), high.ravel()
    return choose_entries(*merge_neighbours(np.where(high >= 0, np.maximum(low, 0), low), high))


def _candidate(split: _Split) -> Candidate:
    folding, specification = split.folding, split.folding.specification
    b = PlanBuilder()
    x = b.input("x", specification.input_format, f"argument of {specification.function}", specification.codes)
    position = folding.position(b, x)
    point = folding.point + split.guard
    place = folding.place(b, position)
    high = b.let("stretch", op.Bits(place, split.low, folding.bits - split.low), "all but the lowest bits of the place")
    initial = b.let(
        "initial_value", op.Lookup(high, tuple(split.initial.tolist()), point), "value of a stretch of places"
    )
    index = b.let("low", op.Bits(place, 0, split.low), "place within the stretch")
    if split.steep:
        steep = b.let(
            "steep", op.Bits(place, folding.bits - split.steep, split.steep), "tells how steep the function is"
        )
        index = b.let("offset_place", op.Concatenate(steep, index, split.low, 0))
    offset = b.let("offset", op.Lookup(index, tuple(split.offset.tolist()), point), "what the place adds to it")
    entry = b.let("total", op.Add(initial, offset))
    held = folding.entries
    if split.guard or not held.covers(b.range(entry)):
        field = op.Bits(entry, split.guard, held.width, folding.point, held.signed)
        entry = b.let("entry", field, "the sum without guard bits")
    plan = b.build(y=(folding.output(b, x, position, entry), specification.output_format))
    adder = b.range("total").width
    cost = BLOCK * (logic_cost(split.initial) + logic_cost(split.offset) + adder + folding.cost)
    parameters = {"folding": folding.kind, "steep_bits": split.steep, "offset_bits": split.low}
    return Candidate(plan, parameters, cost, lambda: folding.bound)
