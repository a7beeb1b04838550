import tracemalloc
from dataclasses import replace
from time import perf_counter

import numpy as np
import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st
from one_step_plans import one_step
from strategies import evaluate, input_codes, plans

from softgate import design
from softgate.accuracy.error_measurement import measure_errors
from softgate.accuracy.specification import Specification
from softgate.functions import create_function
from softgate.methods import find_method
from softgate.plan import FixedFormat, Plan, PlanBuilder
from softgate.plan import operations as op
from softgate.plan.operations import Operation, Range
from softgate.plan.plan import Step
from softgate.plan.proofs import ProofError, verify_narrowings
from softgate.sim.golden.model import golden
from softgate.sim.golden.plan_evaluation import RangeError

parse = FixedFormat.parse


def test_blocks_of_inputs_meet():
    b = PlanBuilder()
    x = b.input("x", parse("UQ16.0"))
    model = golden(b.build(y=(b.let("more", op.Add(x, b.let("one", op.Constant(1)))), parse("UQ17.0"))))
    assert model(range(1 << 16)).tolist() == list(range(1, (1 << 16) + 1))


def test_results_beyond_64_bits_are_exact():
    b = PlanBuilder()
    x = b.input("x", parse("SQ64.0"))
    square = b.let("square", op.Multiply(x, x))
    model = golden(b.build(high=(b.let("upper", op.ShiftRight(square, 64, 0)), parse("UQ64.0")),
                           low=(b.let("lower", op.Bits(square, 0, 64)), parse("UQ64.0"))))  # fmt: skip
    high, low = model([-(1 << 63), (1 << 63) - 1, 3])
    assert high.dtype == low.dtype == np.uint64
    assert high.tolist() == [1 << 62, (1 << 62) - 1, 0]
    assert low.tolist() == [0, 1, 9]


@settings(max_examples=500)
@given(st.data())
def test_agrees_with_a_direct_evaluation_within_the_inferred_ranges(data):
    plan = data.draw(plans())
    codes = data.draw(input_codes(plan))
    model = golden(plan)
    results = model(*np.array(codes, dtype=object).T)
    columns = [results] if len(plan.outputs) == 1 else results
    for at, given_codes in enumerate(codes):
        expected = evaluate(plan, *given_codes)
        assert model.trace(*given_codes) == expected
        assert all(plan.ranges[name].low <= code <= plan.ranges[name].high for name, code in expected.items())
        for output, column in zip(plan.outputs, columns, strict=True):
            assert column.dtype == output.format.code_dtype
            assert int(column[at]) == expected[output.step]


@pytest.mark.parametrize("kind", sorted(Operation.kinds))
def test_random_plans_reach_every_operation(kind):
    def holds(plan):
        return any(step.operation.kind() == kind for step in plan.steps)

    find(plans(), holds, settings=settings(max_examples=2000, phases=[Phase.generate], derandomize=True, database=None))


@pytest.mark.parametrize("wide", [False, True])
def test_random_plans_reach_narrow_and_wide_ranges(wide):
    def holds(plan):
        return any(held.width > 64 for held in plan.ranges.values()) is wide

    find(plans(), holds, settings=settings(max_examples=2000, phases=[Phase.generate], derandomize=True, database=None))


def tanh_plan():
    specification = Specification(create_function("tanh"), parse("SQ3.5"), parse("SQ1.7"))
    method = find_method("taylor")
    (candidate,) = method.candidates(specification, {"degree": 2, "segments": 16})
    return specification, candidate.plan


def with_operation(plan, name, operation):
    steps = [Step(step.name, operation if step.name == name else step.operation, step.note) for step in plan.steps]
    return Plan(tuple(steps), plan.outputs)


def test_shapes_and_types():
    _, plan = tanh_plan()
    model = golden(plan)
    assert model(3).shape == ()
    assert model([]).shape == (0,)
    assert model([[1, 2, 3]]).shape == (1, 3)
    assert model(np.array([5], dtype=np.uint8)).dtype == np.int64
    assert int(model(3)) == model.trace(3)[plan.outputs[0].step]
    everything = np.arange(-128, 128)
    assert model(np.tile(everything, 300)).tolist() == model(everything).tolist() * 300  # longer than a block


def test_inputs_broadcast():
    b = PlanBuilder()
    x, z = b.input("x", parse("SQ4.0")), b.input("z", parse("SQ4.0"))
    model = golden(b.build(total=(b.let("sum", op.Add(x, z)), parse("SQ5.0")), same=(x, parse("SQ4.0"))))
    total, same = model([[1], [2]], [10 - 8, 3, 4])
    assert total.tolist() == [[3, 4, 5], [4, 5, 6]]
    assert same.tolist() == [[1, 1, 1], [2, 2, 2]]


def test_floats_are_quantised():
    model = one_step(op.Narrow("x", -128, 127, "partition 1"), "SQ4.4", "SQ8.0")
    assert model.floats([-100.0, 0.03125, 0.09375, 100.0]).tolist() == [-128.0, 0.0, 2.0, 127.0]


@pytest.mark.parametrize("masked", [False, True])
def test_a_table_gives_what_the_steps_do(masked):
    _, plan = tanh_plan()
    model, steps = golden(plan), golden(plan)
    steps._table = None
    codes = np.random.default_rng(5).integers(-128, 128, (20, 40))
    given = np.ma.MaskedArray(codes, codes % 7 == 0) if masked else codes
    for _ in range(2):  # before and after the table is made
        found = model(given)
        assert np.array_equal(found, steps(given))
        assert isinstance(found, np.ma.MaskedArray) is masked
        assert np.array_equal(model(3), steps(3))
    assert model._table.after(1) is model._table.after(1) is not None
    assert np.array_equal(model.table(), steps(np.arange(-128, 128)))
    with pytest.raises(ValueError, match=r"within \[-128, 127\], the codes of SQ3.5, but the one at \[1, 0\] is 128"):
        model([[5, 6], [128, 0]])


def test_a_table_of_a_plan_that_leaves_a_range():
    _, plan = tanh_plan()
    name, held = plan.outputs[0].step, plan.ranges[plan.outputs[0].step]
    narrower = replace(plan)
    narrower.ranges[name] = Range(held.low, held.high - 1)
    model = golden(narrower)
    for _ in range(300):
        assert model([0]).tolist() == [0]
    assert model._table.after(1) is None
    with pytest.raises(RangeError, match=r"is 127 for input x = "):
        model(np.arange(-128, 128))


def test_tables_that_cannot_be():
    b = PlanBuilder()
    x, z = b.input("x", parse("SQ4.0")), b.input("z", parse("SQ4.0"))
    with pytest.raises(ValueError, match="a table takes a plan of one input, not of 2"):
        golden(b.build(total=(b.let("sum", op.Add(x, z)), parse("SQ5.0")))).table()
    with pytest.raises(ValueError, match="a table has at most 16777216 entries, but x has 33554432 codes"):
        one_step(op.Narrow("x", -(1 << 24), (1 << 24) - 1, "partition 1"), "SQ25.0").table()


def test_a_table_of_the_inputs_that_occur():
    b = PlanBuilder()
    x = b.input("x", parse("SQ4.0"), within=Range(3, 5))
    model = golden(b.build(y=(b.let("twice", op.Add(x, x)), parse("SQ5.0")), z=(x, parse("SQ4.0"))))
    assert [column.tolist() for column in model.table()] == [[6, 8, 10], [3, 4, 5]]


@pytest.mark.parametrize(
    ("output", "dtype"),
    [("SQ8.0", np.int8), ("SQ9.0", np.int16), ("UQ8.0", np.uint8), ("SQ33.0", np.int64), ("UQ33.0", np.uint64)],
)
def test_narrow_codes(output, dtype):
    b = PlanBuilder()
    b.input("x", parse("SQ4.4"))
    model = golden(b.build(y=(b.let("one", op.Constant(1)), parse(output))))
    for _ in range(2):
        assert model([0] * 300, dtype="narrow").dtype == dtype
    assert model([0]).dtype == np.int64
    with pytest.raises(ValueError, match="dtype must be None or \"narrow\", not 'int8'"):
        model([0], dtype="int8")


@pytest.mark.parametrize(
    ("given", "width", "expected"),
    [
        (np.float16, 9, np.float32),
        (np.float32, 24, np.float32),
        (np.float32, 25, np.float64),
        (np.float64, 9, np.float64),
        (np.longdouble, 9, np.float64),
    ],
)
def test_types_of_floats(given, width, expected):
    model = one_step(op.Absolute("x"), "SQ8.0", f"SQ{width}.0")
    result = model.floats(np.array([-3, 2.5, np.inf], given))
    assert result.dtype == expected
    assert result.tolist() == [3.0, 2.0, 127.0]


@pytest.mark.parametrize("kind", ["codes", "narrow", "masked codes", "floats", "masked floats", "affine floats"])
@pytest.mark.parametrize("looked_up", [False, True])
def test_calls_take_little_memory(kind, looked_up):
    """Beside the output at most three times the input, whatever the type of either."""
    model = one_step(op.Absolute("x"), "int8:0.3:-3" if kind == "affine floats" else "SQ8.0", "SQ9.0")
    if not looked_up:
        model._table = None
    values = np.zeros(1 << 20, np.float32 if "floats" in kind else np.int8)
    given = np.ma.MaskedArray(values, np.arange(values.size) % 2 == 0) if "masked" in kind else values

    def call():
        if "floats" in kind:
            return model.floats(given)
        return model(given, dtype="narrow" if kind == "narrow" else None)

    call()
    tracemalloc.start()
    try:
        output = call()
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert (model._table is not None) == looked_up
    masks = values.size if "masked" in kind else 0  # a byte each
    assert peak < output.nbytes + masks + 3 * (values.nbytes + masks)


def test_masked_codes_are_looked_up_as_others_are():
    model = one_step(op.Absolute("x"), "SQ8.0", "SQ9.0")
    model(np.zeros(1 << 20, np.int8))
    assert model._table.after(1) is model._table.after(1) is not None
    for codes, mask, expected in (
        (np.array([5, 999, -3]), [False, True, False], [5, None, 3]),
        (np.array([[5], [-128]], np.int8), [[False], [True]], [[5], [None]]),
        (np.array([5, 2**64 - 1], np.uint64), [False, True], [5, None]),
        (np.array([5, 1 << 70, None], object), [False, True, True], [5, None, None]),
        (np.array([1, 2], np.int64), [True, True], [None, None]),
    ):
        result = model(np.ma.MaskedArray(codes, mask))
        assert result.tolist() == expected
        assert result.dtype == np.int64
    with pytest.raises(ValueError, match=r"the one at \[1\] is 999"):
        model(np.ma.MaskedArray([5, 999, -3], [True, False, False]))


def test_codes_are_looked_up_at_the_speed_of_a_gather():
    """Alone on a machine it is three quarters of that speed, and a fortieth if every step is evaluated."""
    model = design("tanh", "SQ4.12", "SQ1.15", method="taylor", degree=2, segments=16).golden
    codes = np.tile(np.arange(-(2**15), 2**15), 16)
    table, indices = model.table(), codes + 2**15
    shortest = {"gather": float("inf"), "model": float("inf")}
    for _ in range(12):  # by turns, so that whatever else runs slows both
        for name, run in (("gather", lambda: table[indices]), ("model", lambda: model(codes))):
            start = perf_counter()
            run()
            shortest[name] = min(shortest[name], perf_counter() - start)
    assert shortest["model"] < 8 * shortest["gather"]


def test_the_place_of_a_float_beyond_a_range_is_that_in_the_array():
    b = PlanBuilder()
    x = b.input("x", parse("SQ4.4"), within=Range(16, 32))
    model = golden(b.build(y=(x, parse("SQ4.4"))))
    values = np.full((3, 20000), 1.5)
    values[1, 19999] = 2.5
    with pytest.raises(ValueError, match=r"the one at \[1, 19999\] is 2.5 \(code 40\)"):
        model.floats(values)
    assert model.floats(np.ma.MaskedArray(values, values == 2.5)).compressed().tolist() == [1.5] * 59999


def test_the_model_in_a_line():
    assert repr(one_step(op.Absolute("x"))) == "<GoldenModel x SQ8.0 -> y SQ64.0>"


def test_floats_of_several_outputs():
    b = PlanBuilder()
    x = b.input("x", parse("SQ2.2"))
    model = golden(b.build(a=(x, parse("SQ2.2")), b=(b.let("moved", op.ShiftLeft(x, 0, 0)), parse("SQ4.0"))))
    a, moved = model.floats(0.75)
    assert (float(a), float(moved)) == (0.75, 3.0)


def test_a_plan_needs_an_input():
    b = PlanBuilder()
    three = b.let("three", op.Constant(3))
    with pytest.raises(ValueError, match="a plan needs at least one input"):
        b.build(y=(three, parse("UQ2.0")))


def test_unsigned_64_bit_codes_as_a_list():
    b = PlanBuilder()
    x = b.input("x", parse("UQ64.0"))
    model = golden(b.build(y=(x, parse("UQ64.0"))))
    codes = [0, 1 << 63, (1 << 64) - 1]
    assert model(np.array(codes, dtype=np.uint64)).tolist() == codes
    assert model(np.array(codes, dtype=object)).tolist() == codes
    assert model(codes).tolist() == codes


@pytest.mark.parametrize(
    ("codes", "error", "message"),
    [
        ([0.5], TypeError, "codes of x must be integers, but the one at [0] is 0.5; call floats() for values"),
        ([True], TypeError, "codes of x must be integers, but the one at [0] is True"),
        (["1"], TypeError, "codes of x must be integers, but the one at [0] is '1'"),
        ([128], ValueError, "codes of x must be within [-128, 127], the codes of SQ8.0, but the one at [0] is 128"),
        ([-129], ValueError, "codes of x must be within [-128, 127], the codes of SQ8.0, but the one at [0] is -129"),
        (
            [1 << 70],
            ValueError,
            "codes of x must be within [-128, 127], the codes of SQ8.0, but the one at [0] is 1180591620717411303424",
        ),
    ],
)
def test_bad_codes(codes, error, message):
    model = one_step(op.Absolute("x"))
    with pytest.raises(error) as raised:
        model(codes)
    assert str(raised.value) == message
    with pytest.raises(error) as raised:
        model.trace(codes[0])
    alone = (
        message.replace(", but the one at [0] is", ", not")
        if error is TypeError
        else message.replace("the one at [0]", "it")
    )
    assert str(raised.value) == alone


def test_fractions_in_an_array_of_objects_are_refused():
    model = one_step(op.Absolute("x"))
    with pytest.raises(TypeError, match="codes of x must be integers"):
        model(np.array([1.5], dtype=object))


@pytest.mark.parametrize("call", ["__call__", "trace", "floats"])
def test_as_many_arrays_as_inputs(call):
    model = one_step(op.Absolute("x"))
    with pytest.raises(TypeError, match=r"^the plan has 1 input, but 2 arrays were given$"):
        getattr(model, call)(1, 2)


def test_breaking_any_entry_of_a_table_is_measured():
    specification, plan = tanh_plan()
    good = measure_errors(golden(plan), specification.reference)
    assert good.max_ulp < 1
    tables = [step for step in plan.steps if isinstance(step.operation, op.Lookup)]
    assert len(tables) == 3
    for step in tables:
        table = step.operation.table
        unit = 2 << step.operation.fraction
        for at in range(len(table)):
            broken = (*table[:at], table[at] - unit, *table[at + 1 :])
            try:
                plan_broken = with_operation(plan, step.name, replace(step.operation, table=broken))
                verify_narrowings(plan_broken)
                figures = measure_errors(golden(plan_broken), specification.reference)
            except (ProofError, RangeError):
                continue
            assert figures.max_ulp > max(1, good.max_ulp), (step.name, at)


def test_breaking_the_rounding_constant_is_measured():
    specification = Specification(create_function("hard_logistic", variant="keras3"), parse("SQ4.4"), parse("UQ0.8"))
    candidate = next(find_method("hard").candidates(specification, {}))
    offset = candidate.plan.by_name["offset"].operation
    half = 1 << candidate.plan.by_name["rounded"].operation.bits - 1  # of an ulp
    broken = with_operation(candidate.plan, "offset", replace(offset, value=offset.value - half))
    good = measure_errors(golden(candidate.plan), specification.reference)
    bad = measure_errors(golden(broken), specification.reference)
    assert (good.largest <= 0.5, good.correctly_rounded) == (True, 1.0)
    assert bad.largest > 0.5
    assert bad.correctly_rounded < 0.9
    assert bad.bias < good.bias == 0


def within_a_range():
    b = PlanBuilder()
    x = b.input("x", parse("SQ4.4"), within=Range(-16, 24))
    z = b.input("z", parse("UQ0.64"), within=Range(0, 1 << 63))
    return golden(b.build(y=(b.let("size", op.Absolute(x)), parse("UQ4.4")), w=(z, parse("UQ0.64"))))


def test_codes_within_a_range():
    model = within_a_range()
    size, same = model([-16, 24, 0], [0, 1, 1 << 63])
    assert (size.tolist(), same.tolist()) == ([16, 24, 0], [0, 1, 1 << 63])
    assert model.trace(-16, 7)["size"] == 16


@pytest.mark.parametrize(
    ("codes", "message"),
    [
        (
            ([0, -17], [0, 0]),
            "x is promised to stay within -1 to 1.5 (codes -16 to 24), but the one at [1] is -1.0625 (code -17)",
        ),
        (
            ([25, 24], [0, 0]),
            "x is promised to stay within -1 to 1.5 (codes -16 to 24), but the one at [0] is 1.5625 (code 25)",
        ),
        (
            ([200, 0], [0, 0]),
            "x is promised to stay within -1 to 1.5 (codes -16 to 24), but the one at [0] is 12.5 (code 200)",
        ),
        (
            ([0, 0], [0, (1 << 63) + 1]),
            "z is promised to stay within 0 to 0.5 (codes 0 to 9223372036854775808), "
            "but the one at [1] is 0.5 (code 9223372036854775809)",
        ),
    ],
)
def test_codes_outside_a_range(codes, message):
    model = within_a_range()
    at = message.partition("at [")[2][0]
    with pytest.raises(ValueError) as raised:
        model(*codes)
    assert str(raised.value) == f"input {message}"
    with pytest.raises(ValueError) as raised:
        model.trace(*(column[int(at)] for column in codes))
    assert str(raised.value) == f"input {message}".replace(f"the one at [{at}]", "it")


@pytest.mark.parametrize("value", [1.6, -1.04, 1e9, -np.inf])
def test_floats_outside_a_range_are_not_limited(value):
    model = within_a_range()
    assert model.floats([1.5, 1.53], [0.0, 0.0])[0].tolist() == [1.5, 1.5]  # the nearest code is within
    with pytest.raises(ValueError, match=r"input x is promised to stay within -1 to 1\.5 .*, but the one at \[1\] is"):
        model.floats([0.0, value], [0.0, 0.0])
