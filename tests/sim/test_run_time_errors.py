"""Errors over all combinations, against those of each code of the parameter by itself, and planted faults."""

from dataclasses import replace
from fractions import Fraction
from math import fsum, sqrt

import numpy as np
import pytest
from run_time_units import at_run_time, plans_of

from softgate.accuracy.error_measurement import measure_errors
from softgate.accuracy.reference import Reference
from softgate.accuracy.run_time_truth import RunTimeTruth
from softgate.plan import FixedFormat, PlanBuilder
from softgate.plan import operations as op
from softgate.plan.plan import Plan
from softgate.sim import run_time_errors as module
from softgate.sim.golden.model import golden
from softgate.sim.plan_errors import plan_errors

FORMATS = [
    ("SQ4.2", "SQ1.3", "SQ4.2"),
    ("SQ2.3", "UQ2.1", "SQ2.5"),  # finer outputs, and limited ones
    ("SQ3.3", "SQ2.2", "UQ2.1"),  # coarser ones, and no negative ones
    ("SQ5.-1", "SQ-1.4", "SQ4.2"),  # binary points outside the word
]


def of_each_code(plan, specification):
    """Yield the metrics at every code of the parameter, as those of a function of x."""
    model = golden(plan)
    for code in specification.parameter_format.codes().tolist():
        function = specification.function.at(specification.parameter_format.value(code))
        reference = Reference(function, specification.input_format, specification.output_format)
        yield code, measure_errors(lambda codes, code=code: model(codes, code), reference)


def assert_joined(plan, specification):
    """Compare the metrics over all combinations with those at every code of the parameter; return them."""
    found = plan_errors(plan, specification)
    each = dict(of_each_code(plan, specification))
    metrics = list(each.values())
    count = len(metrics)
    assert found.points == count << specification.input_format.width == specification.combinations
    assert found.largest == max(one.largest for one in metrics)
    assert found.correctly_rounded == fsum(one.correctly_rounded for one in metrics) / count
    for name in ("mean_abs", "bias", "magnitude_bias"):
        mean = fsum(getattr(one, name) for one in metrics) / count
        assert getattr(found, name) == pytest.approx(mean, rel=1e-12, abs=1e-15)
    assert found.rms == pytest.approx(sqrt(fsum(one.rms**2 for one in metrics) / count), rel=1e-12)
    assert found.monotonic == all(one.monotonic for one in metrics)
    assert found.exact_ends or not all(one.exact_ends for one in metrics)
    code, value = found.worst_parameter
    assert value == float(specification.parameter_format.value(code))
    worst = min((one.worst_code, at) for at, one in each.items() if one.largest == found.largest)
    assert (found.worst_code, code) == worst
    assert found.worst_value == float(specification.input_format.value(found.worst_code))
    return found


@pytest.mark.parametrize("formats", FORMATS)
def test_metrics_are_those_of_every_code_joined(formats):
    specification = at_run_time(*formats)
    for plan in plans_of(specification):
        found = assert_joined(plan, specification)
        assert found.exact_ends
        assert found.proof == "exhaustive"
        assert found.largest < 1


def test_chunks_make_no_difference(monkeypatch):
    specification = at_run_time(*FORMATS[0])
    plan = plans_of(specification)[0]
    whole = plan_errors(plan, specification)
    monkeypatch.setattr(module, "_CHUNK", 48)
    parts = plan_errors(plan, specification)
    assert replace(parts, mean_abs=0, rms=0, bias=0, magnitude_bias=0) == replace(
        whole, mean_abs=0, rms=0, bias=0, magnitude_bias=0
    )


def test_a_fall_between_chunks_is_seen(monkeypatch):
    specification = at_run_time("SQ3.0", "SQ1.1", "SQ4.0")
    b = PlanBuilder()
    x, _ = (b.input(name, FixedFormat.parse(fmt)) for name, fmt in (("x", "SQ3.0"), ("slope", "SQ1.1")))
    far = b.let("far", op.Compare("ge", x, b.let("two", op.Constant(2, 0))))
    below = b.let("below", op.Select(far, b.let("zero", op.Constant(0, 0)), x))
    plan = b.build(y=(below, FixedFormat.parse("SQ4.0")))
    for rows in (1, 2, 3):
        monkeypatch.setattr(module, "_CHUNK", rows << slope_bits(plan))
        assert not plan_errors(plan, specification).monotonic


def slope_bits(plan):
    return dict(plan.inputs)["slope"].width


def changed(plan, step, operation):
    """Return a plan with another operation for a step."""
    steps = tuple(replace(each, operation=operation) if each.name == step else each for each in plan.steps)
    return Plan(steps, plan.outputs)


FAULTS = {
    "rounded towards zero": ("below_rounded", op.Round("scaled", 3, "toward_zero"), {"largest": Fraction(7, 8)}),
    "the sign of the wrong input": ("negative", op.Compare("lt", "slope_aligned", "zero"), {}),
    "limited too early": ("below_limited", op.Clamp("below_rounded", -20, 31), {}),
    "0 among the negative": ("negative", op.Compare("le", "x", "zero"), None),
    "1 among the negative": ("negative", op.Compare("lt", "x", "one"), {"exact_ends": False, "monotonic": False}),
    "always the product": ("selected", op.Select("one_bit", "below_limited", "x"), {"exact_ends": False}),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_planted_faults_are_measured(fault):
    specification = at_run_time("SQ4.2", "SQ1.3", "SQ4.2", "0.5ulp")
    b = PlanBuilder()
    x, slope = (b.input(name, FixedFormat.parse(fmt)) for name, fmt in (("x", "SQ4.2"), ("slope", "SQ1.3")))
    b.let("scaled", op.Multiply(x, slope))
    b.let("below_rounded", op.Round("scaled", 3, "half_up"))
    b.let("below_limited", op.Clamp("below_rounded", -32, 31))
    b.let("slope_aligned", op.ShiftRight(slope, 1))
    b.let("zero", op.Constant(0, 2))
    b.let("one", op.Constant(2, 2))
    b.let("one_bit", op.Compare("lt", "zero", "one"))
    b.let("negative", op.Compare("lt", x, "zero"))
    b.let("selected", op.Select("negative", "below_limited", x))
    sound = b.build(y=("selected", FixedFormat.parse("SQ4.2")))
    kept = Plan(tuple(b._steps.values()), sound.outputs)  # with the steps that faults read
    right = assert_joined(kept, specification)
    assert right.largest == Fraction(1, 2)
    step, operation, expected = FAULTS[fault]
    wrong = assert_joined(changed(kept, step, operation), specification)
    if expected is None:  # 0 times anything is 0
        assert wrong == right
        return
    assert wrong.largest > right.largest
    for name, value in expected.items():
        assert getattr(wrong, name) == value


def test_zero_that_is_not_zero_is_no_exact_end():
    specification = at_run_time("SQ4.2", "SQ1.3", "SQ4.1")
    sound = plans_of(specification)[0]
    b = PlanBuilder()
    x, slope = (b.input(name, fmt) for name, fmt in sound.inputs)
    half = b.let("half", op.Constant(1, 1))
    rounded = b.let("rounded", op.ShiftRight(x, 1))
    at_zero = b.let("at_zero", op.Compare("eq", x, b.let("zero", op.Constant(0, 2))))
    negative = b.let("negative", op.Compare("lt", x, "zero"))
    product = b.let("product", op.ShiftRight(b.let("exact", op.Multiply(x, slope)), 4))
    below = b.let("limited", op.Clamp(product, -16, 15))
    chosen = b.let("chosen", op.Select(negative, below, rounded))
    plan = b.build(y=(b.let("selected", op.Select(at_zero, half, chosen)), sound.outputs[0].format))
    assert not assert_joined(plan, specification).exact_ends
    assert plan_errors(sound, specification).exact_ends


@pytest.mark.parametrize(("budget", "largest"), [("0.5ulp", Fraction(1, 2)), ("1ulp", 1 - Fraction(1, 1 << 15))])
def test_of_more_combinations_the_bound_is_proved(budget, largest):
    specification = at_run_time("SQ4.12", "SQ1.15", "SQ4.12", budget)
    plan = next(plan for plan in plans_of(specification) if (budget == "1ulp") == ("Shift" in kinds(plan)))
    found = plan_errors(plan, specification)
    assert (found.proof, found.largest, found.exact_ends, found.monotonic) == ("bounded", largest, True, True)
    assert found.points < 20_000
    assert (found.correctly_rounded == 1) == (budget == "0.5ulp")
    assert found.worst_parameter is not None


def kinds(plan):
    """Return the kinds of rounding in a plan as text."""
    return " ".join(type(step.operation).__name__ for step in plan.steps if step.name.endswith("_rounded"))


def test_64_bits_of_both_are_possible():
    specification = at_run_time("SQ32.32", "UQ0.64", "SQ32.32", "0.5ulp")
    found = plan_errors(plans_of(specification)[0], specification)
    assert (found.largest, found.correctly_rounded, found.exact_ends) == (Fraction(1, 2), 1, True)


def test_a_bound_that_is_not_proved_is_refused():
    specification = at_run_time("SQ4.12", "SQ1.15", "SQ4.12", "0.5ulp")
    plan = next(plan for plan in plans_of(specification) if "below_rounded" in plan.by_name)
    wrong = changed(plan, "negative", op.Compare("lt", "below_limited", "zero"))
    with pytest.raises(
        ValueError, match=r"^no bound of the error is proved for 4294967296 combinations of inputs: the"
    ):
        plan_errors(wrong, specification)


@pytest.mark.parametrize(
    ("specification", "match"),
    [
        (
            ("SQ4.2", "SQ1.4", "SQ4.2"),
            r"^prelu\(x, slope\) needs a plan of x in SQ4.2 and slope in SQ1.4, with all codes",
        ),
        (("SQ4.3", "SQ1.3", "SQ4.2"), "needs a plan of x in SQ4.3 and slope in SQ1.3"),
    ],
)
def test_a_plan_of_other_inputs_is_refused(specification, match):
    plan = plans_of(at_run_time("SQ4.2", "SQ1.3", "SQ4.2"))[0]
    with pytest.raises(ValueError, match=match):
        plan_errors(plan, at_run_time(*specification))


@pytest.mark.parametrize(
    "formats", [("SQ3.1", "SQ-50.53", "SQ4.4"), ("SQ3.1", "SQ1.2", "SQ32.32"), ("SQ3.1", "UQ2.1", "UQ4.60")]
)
def test_values_beyond_floats_are_integers_of_any_size(formats):
    specification = at_run_time(*formats)
    assert not RunTimeTruth(specification).fits
    for plan in plans_of(specification):
        assert_joined(plan, specification)


@pytest.mark.slow
def test_24_bits_are_walked():
    specification = at_run_time("SQ4.8", "SQ1.11", "SQ4.8", "0.5ulp")
    found = plan_errors(plans_of(specification)[0], specification)
    assert (found.points, found.largest, found.correctly_rounded) == (1 << 24, Fraction(1, 2), 1)
    assert np.isclose(found.bias, 2.6226043701171875e-06)
