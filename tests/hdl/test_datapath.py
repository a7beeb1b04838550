"""The datapath against the golden model: through the emitted Verilog, compiled, and in Amaranth's own simulator."""

import pytest
from amaranth.hdl import Module, Signal, signed
from amaranth.lib import stream, wiring
from amaranth.lib.wiring import In, Out
from amaranth_benches import simulate, stalled_transfer
from hardware import EXAMPLES, corner_columns, renamed, run_golden, run_hardware, side_by_side
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import MODES, RELATIONS, plans

from softgate import design
from softgate.hdl import Unit
from softgate.hdl.scheduling.schedule import Schedule, even_schedule
from softgate.plan import FixedFormat, Plan, PlanBuilder
from softgate.plan import operations as op

pytestmark = pytest.mark.tools

parse = FixedFormat.parse


# One case a line: the operation on x (and the input w, where it is read), codes, results written by hand.
SIGNED_CASES = [
    (op.Constant(-7), [0, 1], [-7, -7]),
    (op.Bits("x", 0, 4), [-1, -128, 0x35], [15, 0, 5]),
    (op.Bits("x", 4, 4, signed=True), [-1, -128, 0x35], [-1, -8, 3]),
    (op.Bits("x", 6, 8), [-1, -128, 127], [255, 254, 1]),
    (op.Bits("x", 200, 3), [-1, 1], [7, 0]),
    (op.Add("x", "x"), [-128, 127], [-256, 254]),
    (op.Subtract("x", "x"), [-128, 3], [0, 0]),
    (op.Multiply("x", "x"), [-128, 3], [16384, 9]),
    (op.Absolute("x"), [-128, -1, 0, 127], [128, 1, 0, 127]),
    (op.Bitwise("and", "x", "w"), [(-1, 0x55), (0x0F, 0xFF)], [0x55, 0x0F]),
    (op.Bitwise("or", "x", "w"), [(-128, 0x55), (0x0F, 0xF0)], [-43, 0xFF]),
    (op.Bitwise("xor", "x", "w"), [(-1, 0x55), (0x0F, 0xFF)], [-86, 0xF0]),
    (op.ShiftLeft("x", 0), [-128, 127], [-128, 127]),
    (op.ShiftLeft("x", 3), [-128, 5], [-1024, 40]),
    (op.ShiftRight("x", 3), [-128, -1, 7, 8], [-16, -1, 0, 1]),
    (op.ShiftRight("x", 200), [-128, -1, 127], [-1, -1, 0]),
    (op.Round("x", 1, "half_up"), [-3, -2, -1, 0, 1, 2, 3], [-1, -1, 0, 0, 1, 1, 2]),
    (op.Round("x", 1, "half_even"), [-3, -2, -1, 0, 1, 2, 3], [-2, -1, 0, 0, 0, 1, 2]),
    (op.Round("x", 1, "toward_zero"), [-3, -2, -1, 0, 1, 2, 3], [-1, -1, 0, 0, 0, 1, 1]),
    (op.Round("x", 2, "half_up"), [-7, -6, -5, -2, -1, 1, 2, 3, 6], [-2, -1, -1, 0, 0, 0, 1, 1, 2]),
    (op.Round("x", 2, "half_even"), [-7, -6, -5, -2, -1, 1, 2, 3, 6], [-2, -2, -1, 0, 0, 0, 0, 1, 2]),
    (op.Round("x", 2, "toward_zero"), [-7, -4, -3, -1, 0, 3, 4, 7], [-1, -1, 0, 0, 0, 0, 1, 1]),
    (op.Round("x", 100, "half_up"), [-128, 127], [0, 0]),
    (op.Round("x", 100, "toward_zero"), [-128, 127], [0, 0]),
    (op.Clamp("x", -3, 4), [-128, -4, -3, 0, 4, 5], [-3, -3, -3, 0, 4, 4]),
    (op.Clamp("x", -128, 4), [-128, 4, 5], [-128, 4, 4]),
    (op.Clamp("x", -3, 127), [-128, -3, 127], [-3, -3, 127]),
    (op.Clamp("x", -(1 << 80), 1 << 80), [-128, 127], [-128, 127]),
    (op.Clamp("x", 200, 300), [-128, 127], [200, 200]),
    (op.Clamp("x", -127, 126), [-128, -127, 126, 127], [-127, -127, 126, 126]),  # by one at either end
    (op.Compare("lt", "x", "w"), [(-1, 0), (0, 0), (1, 0), (-128, 255)], [1, 0, 0, 1]),
    (op.Compare("le", "x", "w"), [(-1, 0), (0, 0), (1, 0), (-128, 255)], [1, 1, 0, 1]),
    (op.Compare("eq", "x", "w"), [(-1, 255), (5, 5)], [0, 1]),
    (op.Compare("ne", "x", "w"), [(-1, 255), (5, 5)], [1, 0]),
    (op.Compare("ge", "x", "w"), [(-1, 0), (0, 0), (1, 0), (-128, 255)], [0, 1, 1, 0]),
    (op.Compare("gt", "x", "w"), [(-1, 0), (0, 0), (1, 0), (-128, 255)], [0, 0, 1, 0]),
    (op.Narrow("x", -128, 127, "partition 1"), [-128, 127], [-128, 127]),
    (op.Concatenate("x", "w", 8, 0), [(-128, 0), (-1, 255), (127, 3)], [-(1 << 15), -1, 127 * 256 + 3]),
    (op.Concatenate("x", "w", 11, 0), [(-1, 255), (2, 1)], [-2048 + 255, 4097]),
    (op.PartialProduct("x", "w2"), [(-128, 0), (-128, 1), (-128, 2), (-128, 3)], [0, -128, -256, 127]),
    (op.PartialProduct("x", "w2"), [(127, 0), (127, 1), (127, 2), (127, 3)], [0, 127, 254, -128]),
    (op.PartialProduct("x", "digit"), [(127, 3), (127, 4), (-128, 4), (-1, 4), (0, 4)], [-128, -255, 255, 1, -1]),
    (op.PartialProduct("x", "w1"), [(-128, 0), (-128, 1)], [0, -128]),
    (op.PartialProduct("x", "w2", (-1, 0, 1, 2)), [(5, 0), (5, 1), (5, 2), (-5, 3), (-5, 0)], [-6, 0, 5, -10, 4]),
    (op.PartialProduct("x", "w2", (0, 1, 1, 2)), [(5, 0), (5, 1), (5, 2), (-5, 3)], [0, 5, 5, -10]),
    (
        op.PartialProduct("x", "w3", (-2, -1, -1, 0, 0, 1, 1, 2)),
        [(5, code) for code in range(8)],
        [-11, -6, -6, 0, 0, 5, 5, 10],
    ),
]
UNSIGNED_CASES = [
    (op.Lookup("x", tuple(range(-256, 0))), [0, 255], [-256, -1]),
    (op.Lookup("x", tuple(range(200, 456))), [0, 255], [200, 455]),
    (op.LeadingZeros("x", 8), [0, 1, 2, 127, 128, 255], [8, 7, 6, 1, 0, 0]),
    (op.LeadingZeros("x", 10), [0, 1, 255], [10, 9, 2]),
    (op.Absolute("x"), [0, 255], [0, 255]),
    (op.ShiftRight("x", 7), [127, 255], [0, 1]),
    (op.Round("x", 8, "half_up"), [127, 128, 255], [0, 1, 1]),
    (op.Round("x", 8, "half_even"), [127, 128, 129], [0, 0, 1]),
    (op.Round("x", 8, "toward_zero"), [255], [0]),
    (op.Bits("x", 0, 8, signed=True), [127, 128, 255], [127, -128, -1]),
    (op.ShiftBy("left", "w", "x3"), [(0, 255), (7, 255)], [255, 255 << 7]),
    (op.ShiftBy("right", "w", "x3"), [(0, 255), (7, 255)], [255, 1]),
    (op.Select("x1", "x", "w"), [(2, 7), (3, 7)], [7, 3]),
    (op.Concatenate("x", "w", 8, 0), [(255, 0), (0, 255), (128, 1)], [255 << 8, 255, (1 << 15) + 1]),
    (op.PartialProduct("x", "w2"), [(255, 0), (255, 1), (255, 2), (255, 3), (0, 3)], [0, 255, 510, -256, -1]),
    (op.PartialProduct("x", "digit"), [(255, 2), (255, 3), (255, 4), (0, 4)], [510, -256, -511, -1]),
    (op.PartialProduct("x", "w1"), [(255, 0), (255, 1)], [0, 255]),
]


def case_plan(operation, x_format):
    """Return ``y = operation`` at binary point 0, over inputs x and w of 8 bits."""
    b = PlanBuilder()
    b.input("x", parse(x_format))
    b.input("w", parse("UQ8.0"))
    b.let("x1", op.Bits("x", 0, 1))
    b.let("x3", op.Bits("x", 0, 3))
    b.let("w1", op.Bits("w", 0, 1))
    b.let("w2", op.Bits("w", 0, 2))
    b.let("w3", op.Bits("w", 0, 3))
    b.let("digit", op.Clamp("w", 0, 4))
    step = b.let("step", operation)
    return b.build(y=(b.let("moved", op.ShiftLeft(step, 0, 0)), parse("SQ64.0")))


@pytest.mark.parametrize(
    ("cases", "x_format"),
    [pytest.param(SIGNED_CASES, "SQ8.0", id="signed"), pytest.param(UNSIGNED_CASES, "UQ8.0", id="unsigned")],
)
def test_literal_results(cases, x_format):
    rows = max(len(codes) for _, codes, _ in cases)
    plan = side_by_side([case_plan(operation, x_format) for operation, _, _ in cases])
    columns = []
    for _, codes, _ in cases:
        pairs = [code if isinstance(code, tuple) else (code, 0) for code in codes]
        columns += zip(*(pairs + pairs[-1:] * (rows - len(pairs))), strict=True)
    results = run_hardware(even_schedule(plan, 0), "comb", columns)
    for (operation, codes, expected), result in zip(cases, results, strict=True):
        assert result[: len(codes)] == expected, operation


def test_literal_cases_are_of_every_operation():
    covered = {type(operation) for operation, _, _ in SIGNED_CASES + UNSIGNED_CASES}
    assert covered | {op.Input} == set(op.Operation.kinds.values())
    assert {o.mode for o, _, _ in SIGNED_CASES if isinstance(o, op.Round)} == set(MODES)
    assert {o.relation for o, _, _ in SIGNED_CASES if isinstance(o, op.Compare)} == set(RELATIONS)


@pytest.mark.parametrize("width", [1, 2, 3, 7, 63, 64])
def test_one_bit_to_64_bits(width):
    """Every operation that minds the sign bit, at its ends."""
    fmt = FixedFormat(True, width, 0)
    b = PlanBuilder()
    x = b.input("x", fmt)
    steps = [
        b.let("size", op.Absolute(x)),
        b.let("halved", op.Round(x, 1, "toward_zero")),
        b.let("nothing", op.Round(x, width, "half_even")),
        b.let("square", op.Multiply(x, x)),
        b.let("zeros", op.LeadingZeros("size", width)),
    ]
    outputs = {f"y{n}": (b.let(f"low{n}", op.Bits(step, 0, 64)), parse("UQ64.0")) for n, step in enumerate(steps)}
    plan = b.build(**outputs)
    codes = sorted({fmt.min_code, fmt.min_code + 1, -1, 0, min(1, fmt.max_code), fmt.max_code} - {fmt.min_code - 1})
    assert run_hardware(even_schedule(plan, 0), "comb", [codes]) == run_golden(plan, [codes])


@pytest.mark.parametrize("entries", [4, 5, 9])
def test_a_table_longer_than_its_index(entries):
    b = PlanBuilder()
    index = b.input("x", parse("UQ2.0"))
    plan = b.build(y=(b.let("entry", op.Lookup(index, tuple(range(-3, entries - 3)))), parse("SQ5.0")))
    assert run_hardware(even_schedule(plan, 0), "comb", [[0, 1, 3]]) == [[-3, -2, 0]]


def test_a_table_with_wider_entries_before_the_lowest_index():
    b = PlanBuilder()
    index = b.let("index", op.Clamp(b.input("x", parse("UQ2.0")), 2, 3))
    plan = b.build(y=(b.let("entry", op.Lookup(index, (-100, 90, 1, 2))), parse("UQ2.0")))
    assert run_hardware(even_schedule(plan, 0), "comb", [[0, 1, 2, 3]]) == [[1, 1, 1, 2]]


def test_a_constant_output():
    b = PlanBuilder()
    b.input("x", parse("SQ4.0"))
    plan = b.build(y=(b.let("five", op.Constant(5)), parse("UQ4.0")))
    assert run_hardware(even_schedule(plan, 2), "pipeline", [[1, 2, 3]]) == [[5, 5, 5]]


def test_leading_zeros_of_a_code_without_bits():
    b = PlanBuilder()
    b.input("x", parse("SQ4.0"))
    zeros = b.let("zeros", op.LeadingZeros(b.let("none", op.Constant(0)), 0))
    plan = b.build(y=(zeros, parse("UQ1.0")))
    assert run_hardware(even_schedule(plan, 0), "comb", [[1]]) == [[0]]


def test_a_comparison_of_codes_without_bits():
    b = PlanBuilder()
    none = b.let("none", op.Bits(b.input("x", parse("UQ0.3")), 3, 5))
    plan = b.build(y=(b.let("equal", op.Compare("le", none, none)), parse("UQ1.0")))
    assert run_hardware(even_schedule(plan, 0), "comb", [[0, 7]]) == [[1, 1]]


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
