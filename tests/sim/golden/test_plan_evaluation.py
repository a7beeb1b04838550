import pytest

from softgate.plan import FixedFormat, PlanBuilder
from softgate.plan import operations as op
from softgate.plan.operations import Range
from softgate.plan.proofs import ProofError, verify_narrowings
from softgate.sim.golden.model import golden
from softgate.sim.golden.plan_evaluation import RangeError

parse = FixedFormat.parse


def test_a_wrong_narrow_is_caught_when_a_value_leaves_it():
    b = PlanBuilder()
    x = b.input("x", parse("SQ4.4"))
    square = b.let("square", op.Multiply(x, x))
    plan = b.build(y=(b.let("tight", op.Narrow(square, 0, 16000, "partition 16")), parse("UQ8.8")))
    with pytest.raises(ProofError, match=r"step 'tight' claims \[0, 16000\], but may be in"):
        verify_narrowings(plan)
    model = golden(plan)
    assert model([0, 126]).tolist() == [0, 15876]
    with pytest.raises(RangeError) as raised:
        model([0, 3, 127, -128])
    assert str(raised.value) == "step 'tight' is 16129 for input x = 127, outside its range [0, 16000]"


@pytest.mark.parametrize("limit", [100, 1 << 62, 1 << 70])
def test_a_wrong_narrow_of_a_wide_step_is_caught(limit):
    b = PlanBuilder()
    x = b.input("x", parse("SQ40.0"))
    square = b.let("square", op.Multiply(x, x))
    tight = b.let("tight", op.Narrow(square, 0, limit, "partition 1"))
    model = golden(b.build(y=(b.let("low", op.Bits(tight, 0, 7)), parse("UQ7.0"))))
    with pytest.raises(RangeError, match="step 'tight'"):
        model([0, 5, -(1 << 39)])


@pytest.mark.parametrize(("limits", "code"), [((-5, 7), -6), ((-5, 6), 7), ((-8, 6), 7), ((-7, 7), -8)])
@pytest.mark.parametrize("width", [4, 70])
def test_a_value_just_beyond_either_end_of_its_range_is_caught(limits, code, width):
    b = PlanBuilder()
    x = b.input("x", parse("SQ4.0"))
    wide = b.let("wide", op.ShiftLeft(x, width - 4, 0))
    low, high = (limit << width - 4 for limit in limits)
    tight = b.let("tight", op.Narrow(wide, low, high, "partition 1"))
    model = golden(b.build(y=(b.let("y_wide", op.ShiftRight(tight, width - 4, 0)), parse("SQ4.0"))))
    assert model(range(limits[0], limits[1] + 1)).tolist() == list(range(limits[0], limits[1] + 1))
    with pytest.raises(RangeError, match=f"step 'tight' is {code << width - 4} for input x = {code}, outside"):
        model([0, code])


def test_a_range_that_was_inferred_wrongly_is_caught(monkeypatch):
    monkeypatch.setattr(op.Add, "range", lambda self, *ranges: Range(0, 10))
    b = PlanBuilder()
    x = b.input("x", parse("UQ4.0"))
    square = b.let("square", op.Multiply(x, x))
    model = golden(b.build(y=(b.let("sum", op.Add(square, x)), parse("UQ4.0"))))
    assert model(2) == 6
    with pytest.raises(RangeError, match=r"step 'sum' is 12 for input x = 3, outside its range \[0, 10\]"):
        model(3)
