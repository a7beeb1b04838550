"""Two tables and an adder: an initial value for each segment of a table, and offsets within the segments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from ..accuracy.specification import Specification
from ..plan import operations as op
from ..plan.builder import PlanBuilder
from ..plan.lut_estimate import logic_size
from ..support.parameters import Parameter
from .base import Candidate, Method
from .reduced import REDUCTION
from .tables.bipartite_tables import BipartiteTables, find_tables
from .tables.feasible_tables import TABLE_PARAMETERS, feasible_tables, table_refusal
from .tables.folded_table import FoldedTable

__all__ = ["Bipartite"]

_MOST_GUARD_BITS = 4

_FOLDINGS = ("complement", "negation", "even", "line")
"""The foldings of tables to split; without a symmetry it is the input's code."""

_WORTH = 1.5
"""Pairs of tables with more bits than this many times the fewest found are left out."""


class Bipartite(Method):
    """Entries as sums of an initial value, looked up by the high bits of the index, and an offset.

    The high bits of the index select a segment. The offset is looked up by the low bits and by the highest of the high
    ones: where those agree, the function is taken to have one slope (D. Das Sarma and D. Matula, Faithful Bipartite ROM
    Reciprocal Tables, 1995). The table holds the offsets of the upper half of a segment; those of the lower half are
    their complements (M. Schulte and J. Stine, Approximating Elementary Functions with Symmetric Bipartite Tables,
    1999). The entries of both tables are found together, so that the sum without its guard bits is within the budget at
    every input.
    """

    name = "bipartite"
    summary = "a table of initial values, a table of offsets and an adder"
    parameters = (
        *TABLE_PARAMETERS,
        REDUCTION,
        Parameter(
            "steep_bits",
            int,
            "highest bits of the index that offsets may depend on; found unless given",
            minimum=0,
            maximum=16,
        ),
        Parameter(
            "offset_bits",
            int,
            "lowest bits of the index, which offsets depend on; found unless given",
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
        if specification.monotonic:  # tables found without the demand are often smaller, and may meet it
            asked.append(replace(specification, monotonic=False))
        pairs = [pair for each in asked for table in _tables(each, given) for pair in _pairs(table, given)]
        fewest = min((pair.size for pair in pairs), default=0)
        built = [_candidate(pair) for pair in pairs if pair.size <= _WORTH * fewest]
        yield from sorted(built, key=lambda candidate: candidate.cost)


def _tables(specification: Specification, given: Mapping[str, Any]) -> list[FoldedTable]:
    """Return the tables to split in two: folded ones or, if there are none, one that is not."""
    name, kept_bits = given.get("folding"), given.get("kept_bits")
    found = list(feasible_tables(specification, _FOLDINGS if name is None else (name,), kept_bits))
    return found or (list(feasible_tables(specification, ("code",), kept_bits)) if name is None else [])


def _pairs(table: FoldedTable, given: Mapping[str, Any]) -> Iterator[BipartiteTables]:
    """Yield the pairs of tables that are found for the numbers of bits given, or for all numbers."""
    steep, offset, guard = (given.get(name) for name in ("steep_bits", "offset_bits", "guard_bits"))
    most = given["table_bits"] - table.kept.size
    fewest = float(most)
    for offset_bits in reversed(range(2, table.index_bits)) if offset is None else [offset]:
        found, initial_bits = 0, table.index_bits - offset_bits
        for guard_bits in range(_MOST_GUARD_BITS + 1) if guard is None else [guard]:
            if found == 2:  # one guard bit more than needed may save offsets; a second one hardly does
                break
            if initial_bits > 0 and table.entries.width + guard_bits << initial_bits <= _WORTH * fewest:
                most_steep_bits = initial_bits if steep is None else steep
                pair = find_tables(table, offset_bits, guard_bits, most_steep_bits=most_steep_bits)
                if pair is not None and pair.size <= most:
                    found, fewest = found + 1, min(fewest, pair.size)
                    yield pair


def _candidate(pair: BipartiteTables) -> Candidate:
    table, specification = pair.table, pair.table.specification
    b = PlanBuilder()
    x = b.input("x", specification.input_format, f"argument of {specification.function}", specification.codes)
    address = table.folding.address(b, x)
    index = table.index(b, address)
    point = table.point + pair.guard_bits
    high = op.Bits(index, pair.offset_bits, table.index_bits - pair.offset_bits)
    segment = b.let("stretch", high, "all but the place's lowest bits")
    initial = b.let("initial_value", op.Lookup(segment, tuple(pair.initial.tolist()), point), "of a stretch of places")
    entry = b.let("total", op.Add(initial, _offset_step(b, pair, index, point)))
    held = table.entries
    if held.size == 1:  # a field of no bits cannot be cut out
        entry = b.let("only", op.Constant(held.low, table.point), "the same at every place")
    elif pair.guard_bits or not held.covers(b.range(entry)):
        field = op.Bits(entry, pair.guard_bits, held.width, table.point, held.signed)
        entry = b.let("entry", field, "the sum without guard bits")
    plan = b.build(y=(table.output(b, x, address, index, entry), specification.output_format))
    parameters = {
        "folding": table.folding.name,
        "kept_bits": table.kept.count,
        "steep_bits": pair.steep_bits,
        "offset_bits": pair.offset_bits,
        "guard_bits": pair.guard_bits,
    }
    return Candidate(plan, parameters, logic_size(plan), lambda: table.bound)


def _offset_step(b: PlanBuilder, pair: BipartiteTables, index: str, point: int) -> str:
    """Add the offset of an index from the initial value of its segment; returns the name of the step."""
    bits = pair.offset_bits - 1
    low = b.let("low_place", op.Bits(index, 0, pair.offset_bits), "place within the stretch")
    upper = b.let("upper", op.Bits(index, bits, 1, 0, signed=True), "all ones in the upper half of the stretch")
    lower = b.let("lower", op.Bitwise("xor", upper, b.let("ones", op.Constant(-1))), "all ones in the lower half")
    turned = b.let("turned", op.Bitwise("xor", low, lower))
    distance = b.let("distance", op.Bits(turned, 0, bits), "from the middle of the stretch")
    if pair.steep_bits:
        high = op.Bits(index, pair.table.index_bits - pair.steep_bits, pair.steep_bits)
        steep = b.let("steep", high, "tells how steep the function is")
        distance = b.let("offset_place", op.Concatenate(steep, distance, bits, 0))
    offset = b.let("offset", op.Lookup(distance, tuple(pair.offset.tolist()), point), "what the place adds")
    falls = b.let("falls", op.ShiftRight(lower, 0, point))
    return b.let("signed_offset", op.Bitwise("xor", offset, falls), "in the lower half its ones' complement")
