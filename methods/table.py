"""The function as a table, whose entries are chosen for little logic among all that the budget admits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from ..accuracy.specification import Specification
from ..plan import operations as op
from ..plan.lut_estimate import logic_size
from ..plan.plan import Plan, PlanBuilder
from .base import Candidate, Method, RefusalError
from .tables.entries import choose_entries, merge_neighbours
from .tables.folded_tables import FOLDING_PARAMETERS, foldings, table_refusal
from .tables.folding import FOLDINGS, Folding

__all__ = ["Table"]

_SLICE_BITS = 6


class Table(Method):
    """One entry for each input, or for each pair of them where the function has a symmetry."""

    name = "table"
    summary = "a table, its entries chosen for little logic among all codes within the budget"
    parameters = FOLDING_PARAMETERS
    searched = range(13)  # of more bits, tables are larger than polynomials

    @classmethod
    def refusal(cls, specification: Specification) -> str | None:
        return table_refusal(cls.name, specification)

    @classmethod
    def candidates(cls, specification: Specification, given: Mapping[str, Any]) -> Iterator[Candidate]:
        cls.check(specification)
        kind, most = given.get("folding"), given["table_bits"]
        sizes, found = [], []
        for folding in foldings(specification, FOLDINGS if kind is None else (kind,), given.get("kept_bits")):
            sizes.append(folding.size)
            if folding.size <= most:
                found.append(_candidate(folding))
        if sizes and not found:
            raise RefusalError(
                f"a table of {specification.function} from {specification.domain} to {specification.output_format} "
                f"has {min(sizes)} bits, more than the {most} that table_bits allows"
            )
        yield from sorted(found, key=lambda candidate: candidate.cost)


def _candidate(folding: Folding) -> Candidate:
    plan = _plan(folding)
    if folding.kind == "ripple":
        # It counts as what it stands for. Synthesis makes less of it than of its steps, unless it is in one stage with
        # a table whose index has more bits than the look-up tables of a slice.
        size = logic_size(_plan(replace(folding, kind="magnitude"))) + (-1 if folding.bits <= _SLICE_BITS else 1)
    else:
        size = logic_size(plan)
    return Candidate(plan, {"folding": folding.kind, "kept_bits": folding.kept}, size, lambda: folding.bound)


def _plan(folding: Folding) -> Plan:
    specification = folding.specification
    b = PlanBuilder()
    x = b.input("x", specification.input_format, f"argument of {specification.function}", specification.codes)
    position = folding.position(b, x)
    entries = choose_entries(*merge_neighbours(folding.low, folding.high), folding.chains)
    note = "what the output is made of"
    if len(entries) == 1:
        entry = b.let("entry", op.Constant(int(entries[0]), folding.point), note)
    else:
        place = folding.place(b, position)
        entry = b.let("entry", op.Lookup(place, tuple(entries.tolist()), folding.point), note)
    return b.build(y=(folding.output(b, x, position, entry), specification.output_format))
