"""Additions and subtractions in segments."""

from dataclasses import replace
from itertools import product

import pytest
from lowered import lowered, plan_of
from plain_target import PLAIN

from softgate.hdl.lowering import lower
from softgate.hdl.targets.delays import longest_step
from softgate.plan import operations as op

KINDS = [op.Add, op.Subtract]
SHORTEST = PLAIN.delays.add(4)
"""The shortest stage in which a segment gains anything: two bits, and the carry in and out."""


def borders(plan):
    """Return all pairs of codes about powers of two: with some a carry or a borrow runs far, with others not at all."""
    codes = []
    for _, fmt in plan.inputs:
        powers = [1 << place for place in {*range(0, fmt.width, 1 + fmt.width // 12), fmt.width - 1}]
        about = {sign * power + more for power in powers for sign in (1, -1) for more in (-1, 0)}
        stripes = {int("01" * 32, 2) >> shift & fmt.max_code for shift in (0, 1)}
        codes.append(sorted(code for code in about | stripes if fmt.min_code <= code <= fmt.max_code))
    return [list(column) for column in zip(*product(*codes), strict=True)]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("left", "right"), list(product(["SQ6.0", "UQ6.0", "UQ2.0", "SQ1.0"], ["SQ6.0", "UQ6.0"])))
def test_every_pair_of_codes(kind, left, right):
    found = lowered(plan_of(kind("a", "b"), a=left, b=right), PLAIN, SHORTEST)
    assert longest_step(found, PLAIN) == SHORTEST


@pytest.mark.parametrize("bits", [4, 5, 7, 16])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("left", "right"), [("SQ64.0", "SQ64.0"), ("UQ64.0", "UQ64.0"), ("UQ64.0", "SQ9.0"), ("SQ17.0", "UQ20.0")]
)
def test_carries_run_through_all_segments(kind, bits, left, right):
    plan = plan_of(kind("a", "b"), a=left, b=right)
    stage = PLAIN.delays.add(bits)
    found = lowered(plan, PLAIN, stage, borders(plan))
    assert longest_step(found, PLAIN) <= stage


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("width", range(3, 20))
def test_no_segment_where_none_is_needed(kind, width):
    """A sum of n bits that fits stays one; one bit more, and there are two."""
    plan = plan_of(kind("a", "b"), a=f"SQ{width - 1}.0", b=f"SQ{width - 1}.0")
    for stage, whole in ((PLAIN.delays.add(width), True), (PLAIN.delays.add(width) - 0.01, False)):
        found = lowered(plan, PLAIN, stage, borders(plan))
        segments = [step for step in found.steps if isinstance(step.operation, kind)]
        assert (len(segments) == 1) is (whole or width <= 4)


def test_a_stage_too_short_for_any_segment_leaves_the_sum_whole():
    plan = plan_of(op.Add("a", "b"), a="SQ6.0", b="SQ6.0")
    assert lowered(plan, PLAIN, SHORTEST - 0.01) == plan


def test_binary_points_are_kept():
    plan = plan_of(op.Subtract("a", "b"), a="SQ2.6", b="UQ1.6")
    found = lowered(plan, PLAIN, SHORTEST)
    assert found.points["step0"] == 6
    assert longest_step(found, PLAIN) == SHORTEST


def test_the_sum_of_a_step_and_itself():
    lowered(plan_of(op.Add("a", "a"), a="SQ8.0"), PLAIN, SHORTEST)
    lowered(plan_of(op.Subtract("a", "a"), a="SQ8.0"), PLAIN, SHORTEST)


def test_notes_say_what_segments_are():
    found = lowered(plan_of(op.Add("a", "b"), a="SQ6.0", b="SQ6.0"), PLAIN, SHORTEST)
    assert found.by_name["step0_low"].note == "the lowest 2 bits, and the carry"
    assert found.by_name["step0_high"].note == "the bits above, after the carry"
    found = lowered(plan_of(op.Subtract("a", "b"), a="SQ6.0", b="SQ6.0"), PLAIN, SHORTEST)
    assert found.by_name["step0_low"].note == "the lowest 2 bits, and the borrow"


@pytest.mark.parametrize("kind", KINDS)
def test_names_do_not_grow_with_the_segments(kind):
    names = lower(plan_of(kind("a", "b"), a="SQ64.0", b="SQ64.0"), PLAIN, SHORTEST).by_name
    assert {"step0_low", "step0_low1", "step0_low60"} <= set(names)
    assert max(map(len, names)) == len("step0_right_high60")


def test_borders_are_the_codes_meant():
    (codes,) = borders(plan_of(op.Absolute("a"), a="SQ4.0"))
    assert codes == [-8, -5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 7]


COMPLEMENTED = list(product([0, 1], [0, 2, 3, 9], [False, True]))
"""Carries, kept bits, and whether the left operand is complemented."""


@pytest.mark.parametrize("on", [PLAIN, replace(PLAIN, complements_addends=True)], ids=["text", "adder"])
@pytest.mark.parametrize(("left", "right"), [("SQ5.0", "UQ4.0"), ("UQ4.0", "SQ5.0")])
@pytest.mark.parametrize(("carry", "kept", "inverted"), COMPLEMENTED)
def test_every_pair_of_codes_with_one_complemented(on, left, right, carry, kept, inverted):
    plan = plan_of(op.AddComplemented("a", "b", "s", carry, kept, inverted), a=left, b=right, s="UQ1.0")
    stage = PLAIN.delays.add(5) + (0 if on.complements_addends else PLAIN.delays.level)
    found = lowered(plan, on, stage)
    assert len([step for step in found.steps if isinstance(step.operation, op.AddComplemented)]) > 1
    assert longest_step(found, on) <= stage


@pytest.mark.parametrize(("carry", "kept", "inverted"), COMPLEMENTED)
def test_carries_of_complements_run_through_all_segments(carry, kept, inverted):
    operation = op.AddComplemented("a", "b", "s", carry, kept, inverted)
    plan = plan_of(operation, a="SQ30.0", b="UQ40.0", s="UQ1.0")
    on = replace(PLAIN, complements_addends=True)
    stage = PLAIN.delays.add(9)
    found = lowered(plan, on, stage, borders(plan))
    assert longest_step(found, on) <= stage
