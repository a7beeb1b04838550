"""The steps that common functions take, and hardware that does what they say."""

import pytest
from piecewise_functions import ABS, HARD_SHRINK, LEAKY, RELU, RELU6, SOFT_SHRINK, STEPS, TENT, THRESHOLD, lines
from specified import hardware_outputs, outputs, specify

from softgate.methods import find_method
from softgate.plan.operations import Absolute, Add, Bits, Clamp, Compare, Constant, Select, ShiftRight, Subtract

HARD = find_method("hard")


def plan_of(function, source="SQ4.4", output="SQ4.4", budget="1ulp", **options):
    specification = specify(function, source, output, budget, saturate=True, **options)
    return next(HARD.candidates(specification, {})).plan


def count(plan, *kinds):
    return sum(isinstance(step.operation, kinds) for step in plan.steps)


@pytest.mark.parametrize(
    ("function", "adders", "comparisons", "selections", "clamps"),
    [
        (RELU, 0, 1, 1, 0),
        (RELU6, 0, 0, 0, 1),
        (THRESHOLD, 0, 1, 1, 0),
        (HARD_SHRINK, 0, 2, 1, 0),
        (SOFT_SHRINK, 1, 2, 2, 0),  # one sum, of a selected offset
        (ABS, 1, 0, 0, 1),  # 8, the magnitude of -8, is no code
        (STEPS, 0, 3, 3, 0),
        (lines((1, 0)), 0, 0, 0, 0),
        (lines((0, "0.3")), 0, 0, 0, 0),
        (lines((-1, 0)), 1, 0, 0, 1),
    ],
)
def test_slopes_of_one_take_no_multiplier(function, adders, comparisons, selections, clamps):
    plan = plan_of(function)
    assert count(plan, Add, Subtract, Absolute) == adders
    assert [count(plan, kind) for kind in (Compare, Select, Clamp)] == [comparisons, selections, clamps]


def test_relu_is_the_input_where_its_sign_is_not_set():
    plan = plan_of(RELU)
    assert [step.operation for step in plan.steps[1:]] == [
        Constant(0, 4),
        Bits("x", 0, 7, 4),
        ShiftRight("x", 7, 0),
        Constant(0, 0),
        Compare("ge", "from_0_bits", "from_0_code"),
        Select("from_0", "line1", "line0"),
    ]


def test_lines_of_opposite_slopes_share_the_product():
    function = lines(("-1/3", 0), 0, ("1/3", "0.2"))
    products = [step for step in plan_of(function, "SQ4.8", "SQ4.8").steps if step.name.endswith("_scaled")]
    assert len(products) == 1


def test_lines_of_one_slope_share_the_sum():
    function = lines(("1/3", 0), -1, ("1/3", "0.2"), 1, ("1/3", "-0.4"))
    names = [step.name for step in plan_of(function, "SQ4.8", "SQ4.8").steps]
    assert sum(name.endswith("_scaled") for name in names) == sum(name.endswith("_shifted") for name in names) == 1


def test_the_constant_of_a_leaky_line_that_hardly_falls():
    # From -0.08 to 0: -1/16 is within an ulp, and at 0 itself the output is 0.
    plan = plan_of(LEAKY)
    assert count(plan, Add, Subtract) == 0
    assert Constant(-1, 4) in [step.operation for step in plan.steps]


@pytest.mark.parametrize(("source", "budget"), [("SQ4.8", "1ulp"), ("SQ4.8", "0.5ulp"), ("SQ4.12", "1ulp")])
@pytest.mark.parametrize(("rounded", "exact"), [("0.16666670143604279", "1/6"), ("0.009999999776482582", "0.01")])
def test_a_slope_in_float32_takes_no_more_adders(rounded, exact, source, budget):
    float32, fraction = (plan_of(lines((slope, 0), 0, (1, 0)), source, source, budget) for slope in (rounded, exact))
    # Of 0.01, and not of the number next to it, some values are half way between codes, which leaves either.
    assert count(float32, Add, Subtract) <= count(fraction, Add, Subtract) + 1 <= 5


@pytest.mark.tools
@pytest.mark.parametrize("function", [RELU, LEAKY, SOFT_SHRINK, HARD_SHRINK, ABS, TENT, STEPS])
@pytest.mark.parametrize("frequency", [None, 250])
def test_the_hardware_does_the_same(function, frequency):
    specification = specify(function, "SQ4.3", "SQ3.2", "1ulp", saturate=True)
    plan = next(HARD.candidates(specification, {})).plan
    assert (hardware_outputs(specification, plan, frequency) == outputs(specification, plan)).all()
