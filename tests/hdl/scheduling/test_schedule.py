import re
from dataclasses import replace
from itertools import product

import pytest
from amaranth.back import rtlil
from amaranth.hdl import Module, Signal, signed, unsigned
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import plans

from softgate import design
from softgate.hdl.datapath import Datapath
from softgate.hdl.scheduling.schedule import MAX_STAGES, Schedule, even_schedule, register_after
from softgate.hdl.targets import Multiplier, target
from softgate.hdl.targets.delays import longest_step
from softgate.hdl.targets.placement import longest_stage
from softgate.plan import FixedFormat, PlanBuilder
from softgate.plan.operations import Absolute, Add, Bits, Clamp, Constant, Lookup, Multiply, Round, ShiftRight

TAYLOR = design("tanh", "SQ3.7", "SQ1.7", method="taylor", degree=2, segments=8).plan
HARD = design("hard_logistic", "SQ4.4", "UQ0.8", method="hard", variant="keras3").plan
GENERIC = target("generic")
PLANS = [pytest.param(TAYLOR, id="taylor"), pytest.param(HARD, id="hard")]


def chain():
    """Return y = round(|x| * x + 3): every step but the input reads `x` or the step before it."""
    b = PlanBuilder()
    x = b.input("x", FixedFormat.parse("SQ1.7"))
    size = b.let("size", Absolute(x))
    squared = b.let("squared", Multiply(size, x))
    three = b.let("three", Constant(3, 14))
    total = b.let("total", Add(squared, three))
    rounded = b.let("rounded", Round(total, 7, "half_up"))
    return b.build(y=(b.let("limited", Clamp(rounded, -128, 127)), FixedFormat.parse("SQ1.7")))


def path_lengths(plan, weight):
    """Return, for each output, the least and the greatest sum of ``weight(reader, operand)`` from any input to it."""
    sums = {}
    for step in plan.steps:
        before = [(sums[name], weight(step.name, name)) for name in step.operation.operands if sums[name]]
        here = {length + extra for lengths, extra in before for length in lengths}
        sums[step.name] = here or ({0} if step.name in dict(plan.inputs) else set())
        sums[step.name] = {min(sums[step.name]), max(sums[step.name])} if sums[step.name] else set()
    return {output.step: sums[output.step] for output in plan.outputs}


def longest(schedule):
    """Return the length of the longest stage in nanoseconds, on no target in particular."""
    return longest_stage(schedule.plan, schedule.stages, GENERIC)


@pytest.mark.parametrize("plan", PLANS)
@pytest.mark.parametrize("stages", [*range(13), MAX_STAGES])
def test_even_schedules_have_the_latency_asked_for(plan, stages):
    schedule = even_schedule(plan, stages)
    assert schedule.latency == stages
    assert set(schedule.stages) == set(plan.ranges)
    assert all(schedule.stages[name] == 0 for name, _ in plan.inputs)


@pytest.mark.parametrize("plan", PLANS)
def test_more_stages_are_shorter(plan):
    lengths = [longest(even_schedule(plan, stages)) for stages in range(1, 16)]
    assert lengths == sorted(lengths, reverse=True)
    assert lengths[0] == longest(even_schedule(plan, 0))
    assert lengths[-1] == longest_step(plan, GENERIC)


@pytest.mark.parametrize("stages", [1, 2, 3])
def test_no_schedule_is_more_even(stages):
    plan = chain()
    names = [step.name for step in plan.steps if step.name not in ("x", "three")]
    best = None
    for placed in product(range(stages), repeat=len(names)):
        if list(placed) == sorted(placed):
            length = longest(Schedule(plan, {"x": 0, "three": 0, **dict(zip(names, placed, strict=True))}, stages))
            best = length if best is None else min(best, length)
    assert longest(even_schedule(plan, stages)) == pytest.approx(best)


@pytest.mark.parametrize(("delay", "alone"), [(100.0, True), (0.1, False)])
def test_even_schedules_are_even_on_their_target(delay, alone):
    on = replace(GENERIC, multiplier=Multiplier("block", (18, 18), delay))
    stages = even_schedule(chain(), 3, on).stages
    assert (stages["size"] < stages["squared"] < stages["total"]) is alone


@given(plans(), st.integers(0, 9))
def test_every_path_passes_as_many_registers(plan, stages):
    schedule = even_schedule(plan, stages)
    passed = path_lengths(plan, lambda reader, operand: schedule.stages[reader] - schedule.stages[operand])
    for output, lengths in passed.items():
        assert {length + schedule.latency - schedule.stages[output] for length in lengths} <= {stages}


def test_registers_follow_the_named_steps():
    schedule = register_after(chain(), ["x", "squared", "limited"])
    assert schedule.latency == 3
    assert schedule.stages == {"x": 0, "size": 1, "squared": 1, "three": 0, "total": 2, "rounded": 2, "limited": 2}


def test_registers_after_one_branch_hold_up_the_other():
    assert register_after(chain(), ["size"]).stages["squared"] == 1


def test_no_names_are_no_registers():
    assert register_after(chain(), []) == even_schedule(chain(), 0)


@given(plans(), st.data())
def test_latency_is_the_most_named_steps_on_a_path(plan, data):
    names = [step.name for step in plan.steps]
    after = data.draw(st.sets(st.sampled_from(names)), label="after")
    schedule = register_after(plan, after)
    most = {}
    for step in plan.steps:
        most[step.name] = max((most[name] for name in step.operation.operands), default=0) + (step.name in after)
    assert schedule.latency == max(most[output.step] for output in plan.outputs)


def test_register_after_an_unknown_step_is_refused():
    with pytest.raises(ValueError, match=r"no step 'squard' to put a register after; did you mean squared\?"):
        register_after(chain(), ["squard"])


@pytest.mark.parametrize("stages", [-1, MAX_STAGES + 1])
def test_numbers_of_stages_out_of_range_are_refused(stages):
    with pytest.raises(ValueError, match=f"stages must be from 0 to 256, not {stages}"):
        even_schedule(chain(), stages)


@pytest.mark.parametrize("stages", [True, 2.0, "3", None])
def test_numbers_of_stages_that_are_no_integers_are_refused(stages):
    with pytest.raises(TypeError, match=f"stages must be an integer, not {stages!r}"):
        even_schedule(chain(), stages)


@st.composite
def stage_assignments(draw, plan):
    """Draw a legal stage for every step, and a latency."""
    stages = {}
    for step in plan.steps:
        earliest = max((stages[name] for name in step.operation.operands), default=0)
        is_input = step.name in dict(plan.inputs)
        stages[step.name] = 0 if is_input else earliest + draw(st.integers(0, 2))
    return stages, max(stages.values()) + draw(st.integers(0, 2))


@given(plans(), st.data())
def test_every_legal_assignment_is_accepted(plan, data):
    stages, latency = data.draw(stage_assignments(plan))
    assert Schedule(plan, stages, latency).latency == latency


@given(plans(), st.data())
def test_a_step_before_its_operand_is_refused(plan, data):
    stages, latency = data.draw(stage_assignments(plan))
    edges = [(step.name, name) for step in plan.steps for name in step.operation.operands]
    if edges:
        reader, operand = data.draw(st.sampled_from(edges))
        stages[operand] = stages[reader] + 1
        with pytest.raises(ValueError, match=r"step '\w+' in stage \d+ reads '\w+' of stage \d+|is in stage"):
            Schedule(plan, stages, latency)


@pytest.mark.parametrize("stage", [-1, 3])
def test_a_stage_outside_the_pipeline_is_refused(stage):
    stages = dict.fromkeys(chain().ranges, 2) | {"x": 0, "limited": stage}
    with pytest.raises(ValueError, match=f"step 'limited' is in stage {stage}, outside 0 to 2"):
        Schedule(chain(), stages, 2)


def test_an_input_arrives_in_stage_0():
    with pytest.raises(ValueError, match="input 'x'"):
        Schedule(chain(), dict.fromkeys(chain().ranges, 1), 1)


@pytest.mark.parametrize(("names", "match"), [(["limited"], "'limited'"), ([], "'y'")])
def test_stages_are_those_of_the_steps(names, match):
    stages = dict.fromkeys(chain().ranges, 0)
    wrong = {name: stage for name, stage in stages.items() if name not in names} if names else stages | {"y": 0}
    with pytest.raises(ValueError, match=match):
        Schedule(chain(), wrong, 0)


def test_constants_pass_no_registers():
    b = PlanBuilder()
    x = b.input("x", FixedFormat.parse("SQ1.7"))
    one = b.let("one", Constant(1, 7))
    two = b.let("two", Add(one, one))
    shifted = b.let("shifted", ShiftRight(b.let("sum", Add(x, two)), 1, 7))
    plan = b.build(y=(shifted, FixedFormat.parse("SQ1.7")))
    schedule = register_after(plan, ["x", "sum"])
    assert schedule.constants == {"one", "two"}
    assert schedule.register_bits == 8 + 9  # x, and the sum of -126 to 129


def test_every_register_is_counted():
    """By hand: from the stage that makes a value to the last that reads it, and to the end if it is an output."""
    plan = chain()
    widths = {name: held.width for name, held in plan.ranges.items()}
    stages = {"x": 0, "size": 1, "squared": 3, "three": 0, "total": 3, "rounded": 4, "limited": 4}
    last = {"x": 3, "size": 3, "squared": 3, "three": 0, "total": 4, "rounded": 4, "limited": 6}
    expected = sum((last[name] - stages[name]) * widths[name] for name in stages)
    assert Schedule(plan, stages, 6).register_bits == expected == 3 * 8 + 2 * 8 + 15 + 2 * 8


@settings(max_examples=40)
@given(plans(max_steps=6), st.integers(0, 4))
def test_registers_are_those_of_the_hardware(plan, stages):
    schedule = even_schedule(plan, stages)
    m = Module()
    signals = {name: Signal(port_shape, name=name) for name, port_shape in shapes(plan).items()}
    outputs = Datapath(m, schedule, signals, None).outputs
    made = {name: Signal(value.shape(), name=name) for name, value in outputs.items()}
    m.d.comb += [made[name].eq(value) for name, value in outputs.items()]
    text = rtlil.convert(m, ports=[*signals.values(), *made.values()])
    widths = re.findall(r"^ *wire (?:width (\d+) )?(?:signed )?\\\w+_r\d+$", text, re.MULTILINE)
    assert sum(int(width or 1) for width in widths) == schedule.register_bits


def shapes(plan):
    return {name: signed(fmt.width) if fmt.signed else unsigned(fmt.width) for name, fmt in plan.inputs}


def test_a_table_in_a_block_is_not_read_in_its_own_stage():
    b = PlanBuilder()
    x = b.input("x", FixedFormat.parse("UQ2.0"))
    entry = b.let("entry", Lookup(x, (3, 1, 4, 1)))
    plan = b.build(y=(b.let("total", Add(entry, x)), FixedFormat.parse("UQ3.0")))
    stages = {"x": 0, "entry": 0, "total": 0}
    assert Schedule(plan, stages, 1).stages == stages
    with pytest.raises(ValueError, match="step 'total' in stage 0 reads 'entry' of stage 0"):
        Schedule(plan, stages, 1, frozenset({"entry"}))
    assert Schedule(plan, stages | {"total": 1}, 1, frozenset({"entry"})).latency == 1


def test_registers_stand_where_values_are_narrow():
    """The two bits of an index are kept, and not the entry of sixteen, until the sum that needs it is made."""
    b = PlanBuilder()
    x = b.input("x", FixedFormat.parse("UQ8.0"))
    entry = b.let("entry", Lookup(b.let("index", Bits(x, 0, 2)), (1, 40000, 3, 65535)))
    power = x
    for number in range(4):
        power = b.let(f"power{number}", Multiply(power, x))
    plan = b.build(y=(b.let("total", Add(power, entry)), FixedFormat.parse("UQ41.0")))
    schedule = even_schedule(plan, 6)
    assert schedule.stages["entry"] == schedule.stages["total"] - 1 > 0
    early = Schedule(plan, {**schedule.stages, "entry": 0, "index": 0}, 6)
    assert schedule.register_bits < early.register_bits
