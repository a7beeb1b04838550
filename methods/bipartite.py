"""Two tables and an adder: initial values for stretches of places, and offsets within them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from ..accuracy.specification import Specification
from ..plan import operations as op
from ..plan.lut_estimate import logic_size
from ..plan.plan import PlanBuilder
from ..support.parameters import Parameter
from .base import Candidate, Method
from .tables.bipartite_tables import BipartiteTables, find_tables
from .tables.folded_tables import FOLDING_PARAMETERS, foldings, table_refusal
from .tables.folding import Folding

__all__ = ["Bipartite"]

_MOST_GUARD_BITS = 4

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
        *FOLDING_PARAMETERS,
        Parameter(
            "steep_bits",
            int,
            "highest bits of the place that offsets may depend on; found unless given",
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
        Parameter(
            "guard_bits",
            int,
            "bits of both tables below the lowest of the output's; found unless given",
            minimum=0,
            maximum=_MOST_GUARD_BITS,
        ),
    )
    searched = range(13)  # of more bits, tables are larger than polynomials and take long to find

    @classmethod
    def refusal(cls, specification: Specification) -> str | None:
        return table_refusal(cls.name, specification)

    @classmethod
    def candidates(cls, specification: Specification, given: Mapping[str, Any]) -> Iterator[Candidate]:
        cls.check(specification)
        asked = [specification]
        if specification.monotonic:  # what need not be so may be, and is smaller then
            asked.append(replace(specification, monotonic=False))
        splits = [split for each in asked for folding in _foldings(each, given) for split in _splits(folding, given)]
        fewest = min((split.size for split in splits), default=0)
        built = [_candidate(split) for split in splits if split.size <= _WORTH * fewest]
        yield from sorted(built, key=lambda candidate: candidate.cost)


def _foldings(specification: Specification, given: Mapping[str, Any]) -> list[Folding]:
    """Return what there may be tables for; without symmetry only where there is nothing else."""
    kind, kept = given.get("folding"), given.get("kept_bits")
    found = list(foldings(specification, ("complement", "negation") if kind is None else (kind,), kept))
    return found or (list(foldings(specification, ("code",), kept)) if kind is None else [])


def _splits(folding: Folding, given: Mapping[str, Any]) -> Iterator[BipartiteTables]:
    """Yield the tables that are found, for the bits that are given or all there are."""
    steep, low, guard = (given.get(name) for name in ("steep_bits", "offset_bits", "guard_bits"))
    most = given["table_bits"]
    fewest = float(most)
    for below in reversed(range(2, folding.bits)) if low is None else [low]:
        found = 0
        for guard_bits in range(_MOST_GUARD_BITS + 1) if guard is None else [guard]:
            if found == 2:  # one guard bit more than needed may save offsets, another hardly
                break
            if below < folding.bits and folding.entries.width + guard_bits << folding.bits - below <= _WORTH * fewest:
                split = find_tables(folding, below, guard_bits, folding.bits - below if steep is None else steep)
                if split is not None and split.size <= most:
                    found, fewest = found + 1, min(fewest, split.size)
                    yield split


def _candidate(split: BipartiteTables) -> Candidate:
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
    if held.size == 1:  # no field is as narrow
        entry = b.let("only", op.Constant(held.low, folding.point), "the same at every place")
    elif split.guard or not held.covers(b.range(entry)):
        field = op.Bits(entry, split.guard, held.width, folding.point, held.signed)
        entry = b.let("entry", field, "the sum without guard bits")
    plan = b.build(y=(folding.output(b, x, position, entry), specification.output_format))
    parameters = {
        "folding": folding.kind,
        "kept_bits": folding.kept,
        "steep_bits": split.steep,
        "offset_bits": split.low,
        "guard_bits": split.guard,
    }
    return Candidate(plan, parameters, logic_size(plan), lambda: folding.bound)


def _offset_step(b: PlanBuilder, split: BipartiteTables, place: str, point: int) -> str:
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
