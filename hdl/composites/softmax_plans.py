"""The straight-line pieces of a softmax as plans, made of the plans of its parts."""

from __future__ import annotations

from ...accuracy.composites.base import Words
from ...accuracy.composites.softmax import Softmax
from ...methods.composition import inline
from ...plan import operations as op
from ...plan.builder import PlanBuilder
from ...plan.constant_multiplier import multiply_by_constant
from ...plan.formats import FixedFormat
from ...plan.plan import Plan

__all__ = ["logarithm_of", "logarithm_plan", "share_of", "share_plan", "weigh_plan", "weight_of"]


def weigh_plan(asked: Softmax, words: Words, weight: Plan) -> Plan:
    """Return the plan with the scaled distance ``t`` and the weight ``w`` of an element ``x``, given the maximum."""
    b = PlanBuilder()
    x = b.input("x", asked.input_format, "an element")
    maximum = b.input("maximum", asked.input_format, "the largest element of its vector")
    t, w = weight_of(b, asked, words, weight, x, maximum)
    return b.build(t=(t, _format(b, t)), w=(w, _format(b, w)))


def logarithm_plan(asked: Softmax, words: Words, logarithm: Plan) -> Plan:
    """Return the plan of the logarithm ``l`` of a sum of weights, ``total``."""
    b = PlanBuilder()
    bits = asked.n.bit_length()
    within = op.Range(1 << words["sum_bits"], asked.n << words["sum_bits"])
    total = b.input("total", FixedFormat(False, bits, words["sum_bits"]), "the sum of all weights", within)
    found = logarithm_of(b, words, logarithm, total)
    return b.build(l=(found, _format(b, found)))


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


def weight_of(
    b: PlanBuilder, asked: Softmax, words: Words, weight: Plan, x: str, maximum: str, prefix: str = ""
) -> tuple[str, str]:
    """Add the steps of an element's scaled distance and of its weight; returns their names."""
    width, reach, fraction = asked.input_format.width, words["reach_bits"], asked.input_format.fraction_bits
    below = b.let(f"{prefix}difference", op.Subtract(maximum, x))
    distance = b.let(f"{prefix}distance", op.Bits(below, 0, width, fraction), "never negative")
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
    power = _power(b, weight, t, bits, f"{prefix}weight_")
    raised = b.let(f"{prefix}power_raised", op.ShiftLeft(power, words["sum_bits"] - words["weight_bits"]))
    octaves = b.let(f"{prefix}octaves", op.ShiftRight(t, bits, 0))
    return t, b.let(f"{prefix}cut_weight", op.ShiftBy("right", raised, octaves), "the weight")


def logarithm_of(b: PlanBuilder, words: Words, logarithm: Plan, total: str) -> str:
    """Add the steps of the logarithm of a sum that is 1 or more; returns its name."""
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
    octaves = b.let("octaves_raised", op.ShiftLeft(octaves, words["log_bits"], words["log_bits"]))
    return b.let("raised_logarithm", op.Add(octaves, found), "the logarithm, rounded upwards")


def share_of(
    b: PlanBuilder, asked: Softmax, words: Words, share: Plan, t: str, logarithm: str, prefix: str = ""
) -> str:
    """Add the steps of the share of an element; returns its name."""
    bits, fraction = words["log_bits"], asked.output_format.fraction_bits
    raised = b.let(f"{prefix}t_raised", op.ShiftLeft(t, bits - words["distance_bits"]))
    v = b.let(f"{prefix}below_one", op.Add(raised, logarithm), "octaves below 1")
    power = _power(b, share, v, bits, f"{prefix}share_")
    octaves = b.let(f"{prefix}v_octaves", op.ShiftRight(v, bits, 0))
    excess = words["share_bits"] - fraction
    if excess < 0:
        power = b.let(f"{prefix}share_raised", op.ShiftLeft(power, -excess))
    shifted = b.let(f"{prefix}shifted", op.ShiftBy("right", power, octaves))
    if excess > 0:
        shifted = b.let(f"{prefix}cut", op.ShiftRight(shifted, excess))
    return b.let(f"{prefix}share", op.Bits(shifted, 0, fraction, fraction), "below 1, by the contract")


def _power(b: PlanBuilder, plan: Plan, exponent: str, bits: int, prefix: str) -> str:
    """Add the power of the fraction of an exponent; returns its name."""
    fraction = b.let(f"{prefix}fraction", op.Bits(exponent, 0, bits, bits))
    return inline(b, plan, fraction, prefix)


def _format(b: PlanBuilder, name: str) -> FixedFormat:
    """Return the smallest format of a step's codes, which are not negative."""
    return FixedFormat(False, b.range(name).width - b.point(name), b.point(name))
