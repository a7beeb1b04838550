"""The plan of the shares of a softmax, made of the plan of its part."""

from __future__ import annotations

from ...accuracy.composites.base import Words
from ...accuracy.composites.softmax import Softmax
from ...plan import operations as op
from ...plan.builder import PlanBuilder
from ...plan.formats import FixedFormat
from ...plan.plan import Plan
from .vector_plans import power_of

__all__ = ["share_of", "share_plan"]


def share_plan(asked: Softmax, words: Words, share: Plan, distance: FixedFormat, logarithm: FixedFormat) -> Plan:
    """Return the plan of the share ``y`` of an element at distance ``t``, 1 if it is ``single``."""
    b = PlanBuilder()
    t = b.input("t", distance, "the distance to the maximum, in octaves")
    found = b.input("l", logarithm, "the logarithm of the sum")
    single = b.input("single", FixedFormat(False, 1, 0), "whether the vector has but one element")
    y = share_of(b, asked, words, share, t, found)
    one = b.let("one", op.Constant(asked.largest, asked.output_format.fraction_bits), "the largest share")
    y = b.let("selected", op.Select(single, one, y), "one element has the largest share")
    return b.build(y=(y, asked.output_format))


def share_of(
    b: PlanBuilder, asked: Softmax, words: Words, share: Plan, t: str, logarithm: str, prefix: str = ""
) -> str:
    """Add the steps of the share of an element; returns its name."""
    bits, fraction = words["log_bits"], asked.output_format.fraction_bits
    raised = b.let(f"{prefix}t_raised", op.ShiftLeft(t, bits - words["distance_bits"]))
    v = b.let(f"{prefix}below_one", op.Add(raised, logarithm), "octaves below 1")
    power = power_of(b, share, v, bits, f"{prefix}share_")
    octaves = b.let(f"{prefix}v_octaves", op.ShiftRight(v, bits, 0))
    excess = words["share_bits"] - fraction
    if excess < 0:
        power = b.let(f"{prefix}share_raised", op.ShiftLeft(power, -excess))
    shifted = b.let(f"{prefix}shifted", op.ShiftBy("right", power, octaves))
    if excess > 0:
        shifted = b.let(f"{prefix}cut", op.ShiftRight(shifted, excess))
    return b.let(f"{prefix}share", op.Bits(shifted, 0, fraction, fraction), "below 1, by the contract")
