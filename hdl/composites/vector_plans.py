"""Plans of the weights of a vector's elements and of the logarithm of their sum, made of the plans of the parts."""

from __future__ import annotations

from math import log
from typing import NamedTuple

from ...accuracy.composites.base import Words
from ...accuracy.composites.exponential_sum import ExponentialSum
from ...methods.composition import inline
from ...plan import operations as op
from ...plan.builder import PlanBuilder
from ...plan.constant_multiplier import multiply_by_constant
from ...plan.formats import FixedFormat
from ...plan.plan import Plan

__all__ = [
    "Weighed",
    "logarithm_of",
    "logarithm_plan",
    "power_of",
    "rounded_sum",
    "total_of",
    "weigh_plan",
    "weight_of",
]


class Weighed(NamedTuple):
    """Steps of an element: its distance to the maximum, the same in octaves, and its weight."""

    distance: str
    octaves: str
    weight: str


def weigh_plan(asked: ExponentialSum, words: Words, weight: Plan, kept: str) -> Plan:
    """Return the plan with the weight ``w`` of an element ``x``, given the maximum, and with the value ``t`` to keep.

    That value is its ``distance``, the distance in ``octaves``, or the ``maximum``.
    """
    b = PlanBuilder()
    x = b.input("x", asked.input_format, "an element")
    maximum = b.input("maximum", asked.input_format, "the largest element of its vector")
    found = weight_of(b, asked, words, weight, x, maximum)
    steps = {**found._asdict(), "maximum": maximum}
    fmt = asked.input_format if kept == "maximum" else _format(b, steps[kept])
    return b.build(t=(steps[kept], fmt), w=(found.weight, _format(b, found.weight)))


def logarithm_plan(asked: ExponentialSum, words: Words, logarithm: Plan, base: str) -> Plan:
    """Return the plan of the logarithm ``l`` of a sum of weights, ``total``."""
    b = PlanBuilder()
    found = logarithm_of(b, words, logarithm, total_of(b, asked, words), base)
    return b.build(l=(found, _format(b, found)))


def total_of(b: PlanBuilder, asked: ExponentialSum, words: Words) -> str:
    """Add the input of a sum of weights; returns its name."""
    within = op.Range(1 << words["sum_bits"], asked.n << words["sum_bits"])
    fmt = FixedFormat(False, asked.n.bit_length(), words["sum_bits"])
    return b.input("total", fmt, "the sum of all weights", within)


def weight_of(
    b: PlanBuilder, asked: ExponentialSum, words: Words, weight: Plan, x: str, maximum: str, prefix: str = ""
) -> Weighed:
    """Add the steps of an element's distance to the maximum and of its weight."""
    width, reach, fraction = asked.input_format.width, words["reach_bits"], asked.input_format.fraction_bits
    below = b.let(f"{prefix}difference", op.Subtract(maximum, x))
    whole = distance = b.let(f"{prefix}distance", op.Bits(below, 0, width, fraction), "never negative")
    if reach < width:
        high = b.let(f"{prefix}far_bits", op.Bits(below, reach, width - reach))
        zero = b.let(f"{prefix}zero", op.Constant(0))
        is_far = b.let(f"{prefix}is_far", op.Compare("ne", high, zero))
        low = b.let(f"{prefix}near", op.Bits(below, 0, reach, fraction))
        farthest = b.let(f"{prefix}farthest", op.Constant((1 << reach) - 1, fraction))
        distance = b.let(f"{prefix}limited", op.Select(is_far, farthest, low), "at which the share is 0 anyway")
    bits = words["distance_bits"]
    scaled = multiply_by_constant(
        b, f"{prefix}scaled", distance, words["multiple"], fraction + words["multiple_bits"], "in octaves"
    )
    shift = words["shift"]
    if shift < 0:
        t = b.let(f"{prefix}scaled_distance", op.ShiftLeft(scaled, -shift, bits), "the distance in octaves")
    else:  # interval arithmetic does not see that a difference of multiples is not negative
        most = (((1 << reach) - 1) * words["multiple"]) >> shift
        t = b.let(
            f"{prefix}scaled_distance", op.Bits(scaled, shift, most.bit_length(), bits), "the distance in octaves"
        )
    power = power_of(b, weight, t, bits, f"{prefix}weight_")
    raised = b.let(f"{prefix}power_raised", op.ShiftLeft(power, words["sum_bits"] - words["weight_bits"]))
    octaves = b.let(f"{prefix}octaves", op.ShiftRight(t, bits, 0))
    return Weighed(whole, t, b.let(f"{prefix}cut_weight", op.ShiftBy("right", raised, octaves), "the weight"))


def logarithm_of(b: PlanBuilder, words: Words, logarithm: Plan, total: str, base: str) -> str:
    """Add the steps of the logarithm of a sum that is 1 or more, to base ``e`` or ``2``; returns its name."""
    fraction, index = words["sum_bits"], words["index_bits"]
    bits = b.range(total).high.bit_length() - fraction
    width = fraction + bits
    zero = b.let("no_octaves", op.Constant(0))
    normal, counted = total, ""
    for level in reversed(range((bits - 1).bit_length())):  # the sum is 1 or more, so its first bits are not all 0
        places = 1 << level
        high = b.let(f"first_{places}", op.Bits(normal, width - places, places))
        is_zero = b.let(f"first_{places}_zero", op.Compare("eq", high, zero))
        moved = b.let(f"moved_{places}", op.ShiftLeft(normal, places, fraction))
        kept = b.let(f"moved_{places}_bits", op.Bits(moved, 0, width, fraction))
        normal = b.let(f"normalised_{places}", op.Select(is_zero, kept, normal))
        counted = b.let(f"zeros_{places}", op.Concatenate(counted, is_zero, 1, 0)) if counted else is_zero
    low = width - 1 - index
    if low < 0:
        normal, low = b.let("normalised_raised", op.ShiftLeft(normal, -low)), 0
    place = b.let("index", op.Bits(normal, low, index, index), "what follows the first one")
    found = inline(b, logarithm, place, "logarithm_")
    most = b.let("most_octaves", op.Constant(bits - 1))
    octaves = b.let("total_octaves", op.Subtract(most, counted))
    octaves = b.let("total_octaves_bits", op.Bits(octaves, 0, (bits - 1).bit_length()), "never negative")
    point = words["log_bits"]
    if base == "2":
        octaves = b.let("octaves_raised", op.ShiftLeft(octaves, point, point))
    else:
        entries = [round(octave * log(2) * (1 << point)) for octave in range(bits)]
        entries += entries[-1:] * (b.range(octaves).high + 1 - bits)
        octaves = b.let("octaves_log", op.Lookup(octaves, tuple(entries), point), "times ln 2")
    return b.let("raised_logarithm", op.Add(octaves, found), "the logarithm of the sum")


def power_of(b: PlanBuilder, plan: Plan, exponent: str, bits: int, prefix: str) -> str:
    """Add the power of the fraction of an exponent; returns its name."""
    fraction = b.let(f"{prefix}fraction", op.Bits(exponent, 0, bits, bits))
    return inline(b, plan, fraction, prefix)


def rounded_sum(
    b: PlanBuilder, left: str, right: str, bits: int, limits: tuple[int, int], note: str, prefix: str = ""
) -> str:
    """Add the steps of a sum that is rounded half up to fraction bits and limited to codes; returns its name."""
    point = max(b.point(left), b.point(right))
    raised = [
        b.let(f"{prefix}{side}_raised", op.ShiftLeft(step, point - b.point(step))) if b.point(step) < point else step
        for side, step in (("left", left), ("right", right))
    ]
    found = b.let(f"{prefix}exact", op.Add(*raised), "the exact sum")
    if point > bits:
        found = b.let(f"{prefix}rounded", op.Round(found, point - bits, "half_up"))
    elif point < bits:
        found = b.let(f"{prefix}finer", op.ShiftLeft(found, bits - point))
    return b.let(f"{prefix}limited_sum", op.Clamp(found, *limits), note)


def _format(b: PlanBuilder, name: str) -> FixedFormat:
    """Return the smallest format of a step's codes, which are not negative."""
    return FixedFormat(False, b.range(name).width - b.point(name), b.point(name))
