"""The function as a table, whose entries are chosen for little logic among all that the budget admits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .. import operations as op
from ..entries import BLOCK, choose_entries, logic_cost, merge_neighbours
from ..folding import FOLDINGS, Folding
from ..foldings import FOLDING_PARAMETERS, foldings, table_refusal
from ..plan import PlanBuilder
from ..specification import Specification
from .base import Candidate, Method

__all__ = ["Table"]


class Table(Method):
    """One entry for each input, or for each pair of them where the function has a symmetry."""

    name = "table"
    summary = "a table, its entries chosen for little logic among all codes within the budget"
    parameters = FOLDING_PARAMETERS

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
            raise ValueError(
                f"a table of {specification.function} from {specification.domain} to {specification.output_format} "
                f"has {min(sizes)} bits, more than the {most} that table_bits allows"
            )
        yield from sorted(found, key=lambda candidate: candidate.cost)


def _candidate(folding: Folding) -> Candidate:
    specification = folding.specification
    b = PlanBuilder()
    x = b.input("x", specification.input_format, f"argument of {specification.function}", specification.codes)
    position = folding.position(b, x)
    entries, note = choose_entries(*merge_neighbours(folding.low, folding.high)), "what the output is made of"
    if len(entries) == 1:
        entry = b.let("entry", op.Constant(int(entries[0]), folding.point), note)
    else:
        place = folding.place(b, position)
        entry = b.let("entry", op.Lookup(place, tuple(entries.tolist()), folding.point), note)
    plan = b.build(y=(folding.output(b, x, position, entry), specification.output_format))
    cost = BLOCK * (logic_cost(entries) + folding.cost)
    return Candidate(plan, {"folding": folding.kind, "kept_bits": folding.kept}, cost, lambda: folding.bound)
