"""Names, notes and places of signals, of a plan of three steps in two stages."""

import pytest
from amaranth.hdl import Const, Fragment, Module, signed, unsigned

from softgate.hdl.scheduling.schedule import Schedule
from softgate.hdl.step_signals import StepSignals, range_shape
from softgate.plan import FixedFormat, PlanBuilder
from softgate.plan import operations as op
from softgate.plan.operations import Range


@pytest.fixture
def signals():
    """Yield the signals of x and three in stage 0 and y in stage 1, before one last rank of registers."""
    b = PlanBuilder()
    x = b.input("x", FixedFormat.parse("SQ4.0"))
    three = b.let("three", op.Constant(3))
    plan = b.build(sum=(b.let("y", op.Add(x, three)), FixedFormat.parse("SQ6.0")))
    module = Module()
    yield StepSignals(module, Schedule(plan, {"x": 0, "three": 0, "y": 1}, 2))
    Fragment.get(module, None)  # Amaranth warns of modules that nothing uses


@pytest.mark.parametrize(
    ("low", "high", "shape"),
    [(0, 0, unsigned(1)), (0, 8, unsigned(4)), (-8, 7, signed(4)), (-8, 8, signed(5)), (-1, -1, signed(1))],
)
def test_a_shape_has_just_the_bits_of_its_range(low, high, shape):
    assert range_shape(Range(low, high)) == shape


def test_the_first_signal_of_a_stage_bears_its_heading(signals):
    first = signals.wire("y", "_carry", unsigned(1), "a carry")
    second = signals.wire("y", "", signed(5), "x + 3")
    assert (first.name, first.shape()) == ("y_carry", unsigned(1))
    assert first.attrs == {"order": "8", "note": "---- stage 1 of 2 ----\na carry"}
    assert (second.name, second.shape()) == ("y", signed(5))
    assert second.attrs == {"order": "8", "note": "x + 3"}


def test_a_constant_belongs_to_no_stage(signals):
    assert signals.wire("three", "", unsigned(2)).attrs == {"order": "1"}
    assert signals.wire("x", "_used", unsigned(2)).attrs == {"order": "0", "note": "---- stage 0 of 2 ----"}


def test_without_registers_there_are_no_headings(signals):
    plan = signals.schedule.plan
    combinational = StepSignals(signals.module, Schedule(plan, {"x": 0, "three": 0, "y": 0}, 0))
    assert combinational.wire("y", "", signed(5)).attrs == {"order": "2"}


def test_a_driven_signal_has_the_shape_of_its_value_or_that_given(signals):
    assert signals.let("y", "_part", Const(5, 7)).shape() == unsigned(7)
    assert signals.let("y", "", Const(5, 7), "", signed(5)).shape() == signed(5)


def test_registers_are_declared_after_the_wires_of_the_stage_before_them(signals):
    register = signals.register("x", 1, signed(4), initial=None)
    assert (register.name, register.shape(), register.reset_less) == ("x_r1", signed(4), True)
    assert register.attrs == {"order": "3"}
    assert signals.register("y", 2, signed(5), initial=0).attrs == {"order": "11", "initial": "0"}
    assert [signals.order_after_rank(rank) for rank in (1, 2)] == [5, 11]
