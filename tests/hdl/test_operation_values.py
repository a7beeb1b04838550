"""The value of every operation, in the emitted Verilog, compiled: literal results, and those of the golden model."""

import pytest
from amaranth.hdl import Fragment, Module
from hardware import run_golden, run_hardware, side_by_side
from strategies import MODES, RELATIONS

from softgate.hdl.operation_values import operation_value
from softgate.hdl.scheduling.schedule import Schedule, even_schedule
from softgate.hdl.step_signals import StepSignals
from softgate.plan import FixedFormat, PlanBuilder
from softgate.plan import operations as op
from softgate.plan.operations.base import Range

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
    (op.AddComplemented("x", "w", "w1"), [(-128, 4), (-128, 5)], [-124, -134]),
    (op.AddComplemented("x", "w", "w1", carry=1, kept=3), [(1, 12), (1, 13)], [14, -9]),
    (op.AddComplemented("x", "w", "w1", carry=1, left_complemented=True), [(9, 4), (9, 5)], [-5, -15]),
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


@pytest.mark.tools
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


PROMISED_CASES = [
    (op.ShiftBy("left", "w", "x"), [(0, 255), (3, 255)], [255, 255 << 3]),
    (op.ShiftBy("right", "w", "x"), [(0, 255), (3, 255)], [255, 31]),
    (op.ShiftBy("left", "w", "zero"), [(0, 255)], [255]),
    (op.Lookup("x", (9, 8, 7, 6)), [0, 3], [9, 6]),
    (op.LeadingZeros("x", 2), [0, 1, 3], [2, 1, 0]),
    (op.PartialProduct("w", "x", (-1, 0, 1, 2)), [(0, 5), (3, 5)], [-6, 10]),
    (op.Select("zero", "x", "w"), [(3, 5)], [5]),
    (op.Concatenate("w", "x", 3, 0), [(3, 255)], [(255 << 3) + 3]),
]


@pytest.mark.tools
def test_inputs_of_signed_formats_that_are_promised_not_to_be_negative():
    def plan(operation):
        b = PlanBuilder()
        b.input("x", parse("SQ3.0"), within=Range(0, 3))
        b.input("w", parse("UQ8.0"))
        b.input("zero", parse("SQ1.0"), within=Range(0, 0))
        step = b.let("step", operation)
        return b.build(y=(b.let("moved", op.ShiftLeft(step, 0, 0)), parse("SQ64.0")))

    for operation, codes, expected in PROMISED_CASES:
        pairs = [code if isinstance(code, tuple) else (code, 0) for code in codes]
        columns = [*zip(*pairs, strict=True), (0,) * len(pairs)]
        (result,) = run_hardware(even_schedule(plan(operation), 0), "comb", columns)
        assert result == expected, operation


def test_literal_cases_are_of_every_operation():
    covered = {type(operation) for operation, _, _ in SIGNED_CASES + UNSIGNED_CASES}
    assert covered | {op.Input} == set(op.Operation.kinds.values())
    assert {o.mode for o, _, _ in SIGNED_CASES if isinstance(o, op.Round)} == set(MODES)
    assert {o.relation for o, _, _ in SIGNED_CASES if isinstance(o, op.Compare)} == set(RELATIONS)


@pytest.mark.tools
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


@pytest.mark.tools
def test_leading_zeros_of_a_code_without_bits():
    b = PlanBuilder()
    b.input("x", parse("SQ4.0"))
    zeros = b.let("zeros", op.LeadingZeros(b.let("none", op.Constant(0)), 0))
    plan = b.build(y=(zeros, parse("UQ1.0")))
    assert run_hardware(even_schedule(plan, 0), "comb", [[1]]) == [[0]]


@pytest.mark.tools
def test_a_comparison_of_codes_without_bits():
    b = PlanBuilder()
    none = b.let("none", op.Bits(b.input("x", parse("UQ0.3")), 3, 5))
    plan = b.build(y=(b.let("equal", op.Compare("le", none, none)), parse("UQ1.0")))
    assert run_hardware(even_schedule(plan, 0), "comb", [[0, 7]]) == [[1, 1]]


def test_an_input_is_no_operation_to_make_a_value_of():
    b = PlanBuilder()
    plan = b.build(y=(b.input("x", parse("SQ4.0")), parse("SQ4.0")))
    module = Module()
    Fragment.get(module, None)  # Amaranth warns of modules that nothing uses
    signals = StepSignals(module, Schedule(plan, {"x": 0}, 0))
    with pytest.raises(TypeError, match=r"^the datapath does not know operation 'input'$"):
        operation_value(plan.by_name["x"].operation, "x", signals)
