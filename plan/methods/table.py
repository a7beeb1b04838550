"""The function as a table, whose entries are chosen for little logic among all that the budget admits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

import numpy as np

from ..entries import BLOCK, choose_entries, logic_cost, merge_neighbours
from ..folding import FOLDINGS, Folding, foldings, table_refusal
from ..parameters import Parameter
from ..plan import PlanBuilder
from ..specification import Specification
from .base import Candidate, Method

__all__ = ["Table"]


class Table(Method):
    """One entry for each input, or for each pair of them where the function has a symmetry."""

    name = "table"
    summary = "a table, its entries chosen for little logic among all codes within the budget"
    parameters = (
        Parameter(
            "folding",
            str,
            "what a table is addressed by: the input's code, its ones' complement if negative, or its magnitude, "
            "made with an adder or by a ripple of logic; the smallest unless given",
            choices=dict.fromkeys(FOLDINGS, ()),
        ),
        Parameter("table_bits", int, "bits that tables may have at most", default=1 << 16, minimum=1),
    )

    @classmethod
    def refusal(cls, specification: Specification) -> str | None:
        return table_refusal(cls.name, specification)

    @classmethod
    def candidates(cls, specification: Specification, given: Mapping[str, Any]) -> Iterator[Candidate]:
        cls.check(specification)
        kind, most = given.get("folding"), given["table_bits"]
        sizes, found = [], []
        for folding in foldings(specification, FOLDINGS if kind is None else (kind,)):
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
    entries = choose_entries(*merge_neighbours(folding.low, folding.high))
    entry = folding.lookup(b, "entry", position, entries, "what the output is made of")
    rest, cost = None, logic_cost(entries)
    if folding.exceptional:
        free = folding.rests < 0
        rests = choose_entries(np.where(free, 0, folding.rests), np.where(free, (1 << folding.kept) - 1, folding.rests))
        rest = folding.lookup(b, "rest_entry", position, rests, "the lowest bits of the output", kept=True)
        cost += logic_cost(rests)
    plan = b.build(y=(folding.output(b, x, position, entry, rest), specification.output_format))
    limit = Fraction(1) if specification.budget is None else specification.budget.in_ulp(specification.output_format)
    return Candidate(plan, {"folding": folding.kind}, BLOCK * (cost + folding.cost), lambda: limit)
