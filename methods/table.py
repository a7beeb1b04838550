"""A function as a table, with entries chosen for little logic among all that the budget admits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from ..accuracy.specification import Specification
from ..plan import operations as op
from ..plan.lut_estimate import logic_size
from ..plan.plan import Plan, PlanBuilder
from .base import Candidate, Method, RefusalError
from .tables import FOLDINGS
from .tables.entries import choose_entries, merge_neighbours
from .tables.feasible_tables import TABLE_PARAMETERS, feasible_tables, table_refusal
from .tables.folded_table import FoldedTable

__all__ = ["Table"]


class Table(Method):
    """One entry for each input, or for each pair of them where the function has a symmetry."""

    name = "table"
    summary = "a table, its entries chosen for little logic among all codes within the budget"
    parameters = TABLE_PARAMETERS
    searched = range(13)  # of more bits, tables are larger than polynomials

    @classmethod
    def refusal(cls, specification: Specification) -> str | None:
        return table_refusal(cls.name, specification)

    @classmethod
    def candidates(cls, specification: Specification, given: Mapping[str, Any]) -> Iterator[Candidate]:
        cls.check(specification)
        name, most = given.get("folding"), given["table_bits"]
        sizes, found = [], []
        for table in feasible_tables(specification, FOLDINGS if name is None else (name,), given.get("kept_bits")):
            sizes.append(table.size)
            if table.size <= most:
                found.append(_candidate(table))
        if sizes and not found:
            raise RefusalError(
                f"a table of {specification.function} from {specification.domain} to {specification.output_format} "
                f"has {min(sizes)} bits, more than the {most} that table_bits allows"
            )
        yield from sorted(found, key=lambda candidate: candidate.cost)


def _candidate(table: FoldedTable) -> Candidate:
    plan, folding = _plan(table), table.folding
    counted = plan if folding.estimated_as is folding else _plan(replace(table, folding=folding.estimated_as))
    size = logic_size(counted) + folding.estimate_correction(table.index_bits)
    return Candidate(plan, {"folding": folding.name, "kept_bits": table.kept.count}, size, lambda: table.bound)


def _plan(table: FoldedTable) -> Plan:
    specification = table.specification
    b = PlanBuilder()
    x = b.input("x", specification.input_format, f"argument of {specification.function}", specification.codes)
    address = table.folding.address(b, x)
    index = table.index(b, address)
    entries = choose_entries(*merge_neighbours(table.low, table.high), table.chains)
    note = "what the output is made of"
    if len(entries) == 1:
        entry = b.let("entry", op.Constant(int(entries[0]), table.point), note)
    else:
        entry = b.let("entry", op.Lookup(index, tuple(entries.tolist()), table.point), note)
    return b.build(y=(table.output(b, x, address, index, entry), specification.output_format))
