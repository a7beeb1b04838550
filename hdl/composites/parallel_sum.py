"""The maximum of a whole vector and the logarithm of the sum of its powers in one plan."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ...accuracy.composites.base import Words
from ...accuracy.composites.exponential_sum import ExponentialSum
from ...plan import operations as op
from ...plan.builder import PlanBuilder
from ...plan.formats import FixedFormat
from ...plan.plan import Plan
from .vector_plans import Weighed, logarithm_of, weight_of

__all__ = ["Answer", "parallel_plan"]

Answer = Callable[[PlanBuilder, list[Weighed], str, str], Mapping[str, tuple[str, FixedFormat]]]
"""Adds the outputs, given the elements, the maximum and the logarithm; returns them by name, with their formats."""


def parallel_plan(asked: ExponentialSum, words: Words, plans: Mapping[str, Plan], base: str, answer: Answer) -> Plan:
    """Return the plan with inputs ``x0`` to ``x<n-1>`` and the outputs that `answer` adds."""
    b = PlanBuilder()
    elements = [b.input(f"x{i}", asked.input_format) for i in range(asked.n)]
    maximum = _tree(b, "maximum", elements, _larger)
    weighed = [weight_of(b, asked, words, plans["weight"], x, maximum, f"{x}_") for x in elements]
    total = _tree(b, "total", [each.weight for each in weighed], _sum)
    bits = words["sum_bits"] + asked.n.bit_length()
    kept = b.let("total_bits", op.Bits(total, 0, bits, words["sum_bits"]), "the sum of all weights, n at most")
    logarithm = logarithm_of(b, words, plans["logarithm"], kept, base)
    return b.build(**answer(b, weighed, maximum, logarithm))


def _tree(b: PlanBuilder, name: str, terms: list[str], join: object) -> str:
    """Join terms in pairs, and so on."""
    level = 0
    while len(terms) > 1:
        pairs = [terms[i : i + 2] for i in range(0, len(terms), 2)]
        terms = [
            pair[0] if len(pair) == 1 else join(b, f"{name}_{level}_{number}", *pair)  # type: ignore[operator]
            for number, pair in enumerate(pairs)
        ]
        level += 1
    return terms[0]


def _larger(b: PlanBuilder, name: str, left: str, right: str) -> str:
    is_larger = b.let(f"{name}_left", op.Compare("gt", left, right))
    return b.let(name, op.Select(is_larger, left, right), "the larger one")


def _sum(b: PlanBuilder, name: str, left: str, right: str) -> str:
    return b.let(name, op.Add(left, right))
