"""The datapath against the golden model: through the emitted Verilog, compiled, and in Amaranth's own simulator."""

import pytest
from amaranth.hdl import Module, Signal, signed
from amaranth.lib import stream, wiring
from amaranth.lib.wiring import In, Out
from amaranth_benches import simulate, stalled_transfer
from hardware import EXAMPLES, corner_columns, renamed, run_golden, run_hardware, side_by_side
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import plans

from softgate import design
from softgate.hdl import Unit
from softgate.hdl.scheduling.schedule import Schedule, even_schedule
from softgate.plan import FixedFormat, Plan, PlanBuilder
from softgate.plan import operations as op

pytestmark = pytest.mark.tools

parse = FixedFormat.parse


def test_a_constant_output():
    b = PlanBuilder()
    b.input("x", parse("SQ4.0"))
    plan = b.build(y=(b.let("five", op.Constant(5)), parse("UQ4.0")))
    assert run_hardware(even_schedule(plan, 2), "pipeline", [[1, 2, 3]]) == [[5, 5, 5]]


def test_an_input_that_is_an_output_is_read_at_once():
    b = PlanBuilder()
    plan = b.build(y=(b.input("x", parse("UQ4.0")), parse("UQ4.0")))
    assert run_hardware(even_schedule(plan, 0), "comb", [[1, 15]]) == [[1, 15]]


def test_an_input_that_is_a_registered_output():
    b = PlanBuilder()
    plan = b.build(y=(b.input("x", parse("SQ4.0")), parse("SQ6.0")))
    assert run_hardware(even_schedule(plan, 1), "stream", [[-8, 0, 7]]) == [[-8, 0, 7]]


def test_a_stream_without_registers_may_stall():
    b = PlanBuilder()
    plan = b.build(y=(b.let("twice", op.Add(b.input("x", parse("SQ4.0")), "x")), parse("SQ5.0")))
    codes = list(range(-8, 8))
    assert run_hardware(even_schedule(plan, 0), "stream", [codes], stalls=1) == [[2 * code for code in codes]]


@st.composite
def schedules(draw, plan):
    """Draw a legal schedule: idle ranks, bunched steps and all."""
    stages = {}
    for step in plan.steps:
        earliest = max((stages[name] for name in step.operation.operands), default=0)
        late = 0 if isinstance(step.operation, op.Input) else draw(st.sampled_from([0, 0, 0, 1, 2]))
        stages[step.name] = earliest + late
    return Schedule(plan, stages, max(stages.values()) + draw(st.integers(0, 1)))


def check_random_plans(data, interface):
    """Draw several plans, put them side by side and run them all in one compiled unit."""
    plan = side_by_side(data.draw(st.lists(plans(max_steps=8), min_size=5, max_size=5)))
    schedule = even_schedule(plan, 0) if interface == "comb" else data.draw(schedules(plan))
    columns = corner_columns(plan, data.draw(st.integers(0, 1 << 32)))
    stalls = None if interface == "comb" else data.draw(st.sampled_from([None, 1]))
    assert run_hardware(schedule, interface, columns, stalls) == run_golden(plan, columns)


def check_random_streams(data):
    drawn = data.draw(plans(max_inputs=1))
    ports = {"x0": "x", drawn.outputs[0].name: "y"}
    plan = renamed(Plan(drawn.steps, drawn.outputs[:1]), lambda name: ports.get(name, name))
    columns = corner_columns(plan, data.draw(st.integers(0, 1 << 32)))
    schedule = data.draw(schedules(plan))
    stalls = data.draw(st.sampled_from([None, 1])) if schedule.latency else None
    assert run_hardware(schedule, "stream", columns, stalls) == run_golden(plan, columns)


@pytest.mark.parametrize("interface", ["comb", "pipeline"])
@settings(max_examples=5, **EXAMPLES)
@given(data=st.data())
def test_random_plans(data, interface):
    check_random_plans(data, interface)


@settings(max_examples=6, **EXAMPLES)
@given(data=st.data())
def test_random_streams(data):
    check_random_streams(data)


@pytest.mark.slow
@pytest.mark.parametrize("interface", ["comb", "pipeline"])
@settings(max_examples=100, **EXAMPLES)
@given(data=st.data())
def test_many_random_plans(data, interface):
    check_random_plans(data, interface)


@pytest.mark.slow
@settings(max_examples=100, **EXAMPLES)
@given(data=st.data())
def test_many_random_streams(data):
    check_random_streams(data)


SMALL = design("tanh", "SQ3.4", "SQ1.6", method="taylor", degree=1, segments=4)


@pytest.mark.parametrize("stages", [1, 3])
def test_pipeline_in_amaranths_simulator(stages):
    unit = SMALL.unit(interface="pipeline", stages=stages)
    codes = SMALL.specification.input_format.codes()
    received = []

    async def bench(ctx):
        for code in [*codes.tolist(), *[0] * (stages - 1)]:
            ctx.set(unit.en, 1)
            ctx.set(unit.x, code)
            await ctx.tick()
            received.append(ctx.get(unit.y))
            # While en is low nothing moves, whatever x is.
            ctx.set(unit.en, 0)
            ctx.set(unit.x, -1)
            await ctx.tick()
            assert ctx.get(unit.y) == received[-1]

    simulate(unit, bench)
    assert received[stages - 1 :] == SMALL.golden(codes).tolist()


class Surroundings(wiring.Component):
    """A unit between other logic: its input is negated, and its output doubled, on the way."""

    source: In(stream.Signature(signed(7)))
    sink: Out(stream.Signature(signed(8)))

    def __init__(self, unit):
        super().__init__()
        self.unit = unit

    def elaborate(self, platform):
        m = Module()
        m.submodules.unit = unit = self.unit
        waiting = Signal()  # a buffer of one transfer before the unit
        held = Signal(signed(7))
        m.d.comb += [
            self.source.ready.eq(~waiting | unit.x.ready),
            unit.x.valid.eq(waiting),
            unit.x.payload.eq(-held),
            self.sink.valid.eq(unit.y.valid),
            self.sink.payload.eq(unit.y.payload << 1),
            unit.y.ready.eq(self.sink.ready),
        ]
        with m.If(self.source.ready):
            m.d.sync += [waiting.eq(self.source.valid), held.eq(self.source.payload)]
        return m


@pytest.mark.parametrize("stages", [0, 1, 4])
def test_stream_inside_an_amaranth_design(stages):
    codes = list(range(-63, 64))
    dut = Surroundings(Unit(SMALL.plan, interface="stream", stages=stages))
    source, sink = ((end.valid, end.ready) for end in (dut.source, dut.sink))
    received = stalled_transfer(
        dut,
        len(codes),
        lambda ctx, number: ctx.set(dut.source.payload, codes[number]),
        source,
        sink,
        [dut.sink.payload],
        seed=stages,
    )
    expected = 2 * SMALL.golden([-code for code in codes])
    assert received == [(result,) for result in expected.tolist()]


@pytest.mark.parametrize(
    ("function", "source", "output", "limits", "parameters"),
    [
        ("tanh", "SQ4.6", "SQ1.9", "-1:1", {}),
        ("tanh", "SQ4.6", "SQ1.9", "-3:2", {"method": "taylor", "degree": 2, "segments": 8}),
        ("logistic", "SQ4.6", "UQ0.8", "-8:-1", {}),
        ("tanh_derivative", "SQ4.6", "UQ0.8", "-3:2", {}),
        ("logistic_derivative", "SQ4.6", "UQ0.8", "-8:-1", {"method": "taylor", "degree": 2, "segments": 8}),
        ("logistic", "SQ4.6", "UQ0.6", "6:7", {}),
        ("hard_logistic", "SQ4.6", "UQ0.8", "-1:5", {"variant": "keras3"}),
        ("hard_logistic", "SQ4.6", "UQ0.8", "1.5:1.5", {"variant": "keras3"}),
        *(
            pytest.param(*unit, marks=pytest.mark.slow)
            for unit in [
                ("tanh", "SQ4.6", "SQ1.9", "0:4", {}),
                ("tanh", "SQ4.6", "SQ1.9", "-4:0", {}),
                ("tanh", "SQ4.6", "SQ1.9", "1:2", {"method": "taylor", "degree": 3, "segments": 1}),
                ("tanh", "SQ4.6", "SQ1.9", "-2:-1", {"method": "taylor", "degree": 1, "segments": 16}),
                ("tanh_derivative", "SQ4.6", "UQ1.8", "-1:1", {"method": "taylor", "degree": 4, "segments": 1}),
                ("logistic", "UQ4.6", "UQ0.8", "2:13", {}),
                ("hard_tanh", "UQ4.6", "SQ2.9", "0.1:0.9", {}),
            ]
        ),
    ],
)
def test_units_of_a_range_on_every_code_within(function, source, output, limits, parameters):
    unit = design(function, source, output, input_range=limits, **parameters)
    codes = unit.specification.input_format.codes(*unit.specification.codes)
    (expected,) = run_golden(unit.plan, [codes])
    for interface, stages, stalls in (
        ("comb", 0, None),
        ("pipeline", 3, None),
        ("pipeline", 3, 7),
        ("stream", 3, None),
        ("stream", 3, 7),
    ):
        assert run_hardware(even_schedule(unit.plan, stages), interface, [codes], stalls) == [expected]
