"""A softmax of whole vectors as one plan."""

from __future__ import annotations

from collections.abc import Mapping

from ...accuracy.composites.base import Words
from ...accuracy.composites.softmax import Softmax
from ...plan import operations as op
from ...plan.builder import PlanBuilder
from ...plan.plan import Plan
from .softmax_plans import logarithm_of, share_of, weight_of

__all__ = ["parallel_plan"]


def parallel_plan(asked: Softmax, words: Words, plans: Mapping[str, Plan]) -> Plan:
    """Return the plan with inputs ``x0`` to ``x<n-1>`` and outputs ``y0`` to ``y<n-1>``."""
    b = PlanBuilder()
    elements = [b.input(f"x{i}", asked.input_format) for i in range(asked.n)]
    maximum = _tree(b, "maximum", elements, _larger)
    weighed = [weight_of(b, asked, words, plans["weight"], x, maximum, f"{x}_") for x in elements]
    total = _tree(b, "total", [w for _, w in weighed], _sum)
    bits = words["sum_bits"] + asked.n.bit_length()
    kept = b.let("total_bits", op.Bits(total, 0, bits, words["sum_bits"]), "the sum of all weights, n at most")
    logarithm = logarithm_of(b, words, plans["logarithm"], kept)
    shares = [
        share_of(b, asked, words, plans["share"], t, logarithm, f"{x}_")
        for x, (t, _) in zip(elements, weighed, strict=True)
    ]
    return b.build(**{f"y{i}": (share, asked.output_format) for i, share in enumerate(shares)})


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
