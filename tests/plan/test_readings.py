"""Every reading of plans has a case for every operation, and refuses one that it has no case for."""

from dataclasses import dataclass
from fractions import Fraction

import pytest
from specified import specify

from softgate.accuracy.bound import bound_error
from softgate.hdl.lowering import lower
from softgate.hdl.module_text import module_text
from softgate.hdl.scheduling import costs
from softgate.hdl.scheduling.costs import features
from softgate.hdl.scheduling.schedule import Schedule
from softgate.hdl.targets import delays, lut_packing, target
from softgate.hdl.targets.delays import step_delay
from softgate.hdl.targets.lut_packing import arrival_of, is_packed, unpacked, wiring_offset
from softgate.hdl.targets.placement import place
from softgate.plan import FixedFormat, PlanBuilder, ranges
from softgate.plan import operations as op
from softgate.plan.drawing.looks import operation_look
from softgate.plan.lut_estimate import logic_size
from softgate.plan.operations import Operation, Range
from softgate.plan.parts import parts_of
from softgate.plan.ranges import infer
from softgate.sim.golden import golden

ECP5 = target("ecp5")
INPUT = FixedFormat.parse("SQ6.0")

EXAMPLES = {
    "input": op.Input(INPUT),
    "constant": op.Constant(1),
    "lookup": op.Lookup("low", tuple(range(0, 80, 5))),
    "bits": op.Bits("x", 2, 3),
    "bitwise": op.Bitwise("xor", "x", "low"),
    "concatenate": op.Concatenate("x", "low", 4, 0),
    "shift_left": op.ShiftLeft("x", 1, 0),
    "shift_right": op.ShiftRight("x", 2, 0),
    "shift_by": op.ShiftBy("left", "x", "digit"),
    "leading_zeros": op.LeadingZeros("low", 4),
    "round": op.Round("x", 2, "half_even"),
    "add": op.Add("x", "low"),
    "add_complemented": op.AddComplemented("x", "low", "top", carry=1, kept=1),
    "subtract": op.Subtract("x", "low"),
    "multiply": op.Multiply("x", "low"),
    "partial_product": op.PartialProduct("x", "digit"),
    "absolute": op.Absolute("x"),
    "clamp": op.Clamp("x", -9, 12),
    "compare": op.Compare("lt", "x", "low"),
    "select": op.Select("top", "x", "low"),
    "narrow": op.Narrow("low", 0, 15, "it is four bits"),
}
"""An operation of each kind, on the steps of `planned`."""


def planned(operation):
    """Return a plan of an input, fields of it, an operation on them, and a table that reads that one."""
    b = PlanBuilder()
    b.input("x", INPUT)
    b.let("low", op.Bits("x", 0, 4))
    b.let("digit", op.Bits("x", 0, 2))
    b.let("top", op.Bits("x", 5, 1))
    step = "x" if isinstance(operation, op.Input) else b.let("made", operation)
    field = b.let("field", op.Bits(step, 0, 2))
    b.let("entry", op.Lookup(field, (3, 1, 2, 0)))
    return b.build(y=("entry", FixedFormat.parse("UQ8.0")))


def unregistered(plan):
    return Schedule(plan, {step.name: 0 for step in plan.steps}, 0)


READINGS = {
    "golden model": lambda plan: golden(plan)(5),
    "datapath": lambda plan: module_text(unregistered(plan), "comb", "unit"),
    "range inference": lambda plan: infer((step.name, step.operation) for step in plan.steps),
    "Taylor models": lambda plan: bound_error(plan, specify("tanh", "SQ6.0", "UQ8.0"), Fraction(0)),
    "estimate of look-up tables": logic_size,
    "cost model": lambda plan: features(unregistered(plan)),
    "delay model": lambda plan: place(plan, ECP5, 10.0),
    "lowering": lambda plan: lower(plan, ECP5, 1.5),
    "parts of plans": parts_of,
    "drawing": lambda plan: [operation_look(step.operation) for step in plan.steps],
}


def test_there_is_an_example_of_every_operation():
    assert set(EXAMPLES) == set(Operation.kinds)
    assert {kind: example.kind() for kind, example in EXAMPLES.items()} == {kind: kind for kind in EXAMPLES}


@pytest.mark.parametrize("kind", EXAMPLES)
@pytest.mark.parametrize("reading", READINGS)
def test_every_reading_knows_every_operation(reading, kind):
    READINGS[reading](planned(EXAMPLES[kind]))


@pytest.mark.parametrize("kind", EXAMPLES)
def test_every_delay_is_known(kind):
    """Also of what `place` asks of few operations alone."""
    plan = planned(EXAMPLES[kind])
    for step in plan.steps:
        wiring = delays.is_wiring(step, plan.ranges)
        assert (step_delay(plan, step, ECP5) == 0) is wiring
        if wiring:
            wiring_offset(step.operation)
        else:
            is_packed(step, plan.ranges, ECP5)


@pytest.fixture
def made_up(monkeypatch):
    """Return an operation that the plan's language takes and no reading knows."""
    monkeypatch.setattr(Operation, "kinds", dict(Operation.kinds))

    @dataclass(frozen=True)
    class MadeUp(Operation, operands=("source",)):
        source: str

        def range(self, *ranges):
            return Range(0, 3)

    monkeypatch.setattr(ranges, "_NOT_LINEAR", ranges._NOT_LINEAR | {MadeUp})
    return MadeUp("x")


@pytest.mark.parametrize("reading", READINGS)
def test_a_reading_refuses_an_operation_that_it_does_not_know(reading, made_up, monkeypatch):
    plan = planned(made_up)
    monkeypatch.undo()
    # The cost model asks the estimate first for what a plan takes.
    name = "estimate of look-up tables" if reading == "cost model" else reading
    with pytest.raises(TypeError, match=rf"^the {name} does not know operation 'made_up'$"):
        READINGS[reading](plan)


def test_logic_before_a_table_is_known_to_the_cost_model(made_up, monkeypatch):
    plan = planned(made_up)
    sizes = {"tables": 0, "sums": 0, "logic": 0, "products": 0}
    monkeypatch.setattr(costs, "logic_sizes", lambda *_, **__: sizes)
    monkeypatch.setattr(costs, "is_wiring", lambda step, _: isinstance(step.operation, op.Bits))
    with pytest.raises(TypeError, match=r"^the cost model does not know operation 'made_up'$"):
        features(unregistered(plan))


@pytest.mark.parametrize("match", ["is_packed", "step_delay", "arrival_of", "wiring_offset"])
def test_no_match_of_the_delay_model_has_a_default(match, made_up, monkeypatch):
    plan = planned(made_up)
    step = plan.by_name["made"]
    for module in (delays, lut_packing):
        monkeypatch.setattr(module, "is_wiring", lambda *_: match == "wiring_offset")
    calls = {
        "is_packed": lambda: is_packed(step, plan.ranges, ECP5),
        "step_delay": lambda: step_delay(plan, step, ECP5),
        "arrival_of": lambda: arrival_of(plan, step, [unpacked("x")], ECP5),
        "wiring_offset": lambda: wiring_offset(step.operation),
    }
    with pytest.raises(TypeError, match=r"^the delay model does not know operation 'made_up'$"):
        calls[match]()


def test_an_operation_without_a_range_is_refused(monkeypatch):
    monkeypatch.setattr(Operation, "kinds", dict(Operation.kinds))

    @dataclass(frozen=True)
    class Unbounded(Operation, operands=("source",)):
        source: str

    with pytest.raises(TypeError, match=r"^the range inference does not know operation 'unbounded'$"):
        planned(Unbounded("x"))
