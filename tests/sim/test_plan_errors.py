from dataclasses import replace
from fractions import Fraction

import pytest

from softgate import design
from softgate.accuracy.specification import Specification
from softgate.functions import create_function
from softgate.plan import FixedFormat, PlanBuilder
from softgate.plan import operations as op
from softgate.plan.input_range import read_input_range
from softgate.sim.golden.model import golden
from softgate.sim.golden.plan_evaluation import RangeError
from softgate.sim.plan_errors import plan_errors

parse = FixedFormat.parse


def test_narrow_inputs_are_walked():
    unit = design("tanh", "SQ3.5", "SQ1.7", method="taylor", degree=2, segments=8)
    figures = plan_errors(unit.plan, unit.specification)
    codes = unit.specification.input_format.codes()
    errors = []
    for code, output in zip(codes.tolist(), unit.golden(codes).tolist(), strict=True):
        low, high = unit.specification.reference.enclosure(code)
        errors.append(output - (low + high) / 2)
    sizes = [abs(error) for error in errors]
    assert (figures.proof, figures.points) == ("exhaustive", 256)
    assert figures.max_ulp == pytest.approx(float(max(sizes)))
    assert figures.max_abs == pytest.approx(float(max(sizes)) / 128)
    assert figures.mean_abs == pytest.approx(float(sum(sizes) / 256) / 128)
    assert figures.rms == pytest.approx(float(sum(size * size for size in sizes) / 256) ** 0.5 / 128)
    assert figures.bias == pytest.approx(float(sum(errors) / 256) / 128)
    assert figures.correctly_rounded == sum(size <= Fraction(1, 2) for size in sizes) / 256
    assert sizes[figures.worst_code + 128] == pytest.approx(max(sizes))
    assert figures.worst_value == figures.worst_code / 32


@pytest.mark.parametrize(
    ("function", "source", "output", "parameters"),
    [
        ("hard_logistic", "SQ4.28", "UQ0.16", {"variant": "keras3"}),
        ("hard_tanh", "SQ4.60", "SQ1.63", {}),
        ("tanh", "SQ4.28", "SQ1.15", {"method": "taylor", "degree": 3, "segments": 16}),
        ("logistic", "SQ4.60", "UQ0.64", {"method": "taylor", "degree": 3, "segments": 16}),
        ("logistic", "UQ4.60", "UQ0.64", {"method": "taylor", "degree": 2, "segments": 8}),
    ],
)
def test_wide_inputs_have_a_bound(function, source, output, parameters):
    unit = design(function, source, output, **parameters)
    figures = unit.errors
    assert figures.proof == "bounded"
    low, high = unit.specification.reference.enclosure(figures.worst_code)
    occurring = abs(unit.golden([figures.worst_code]).tolist()[0] - (low + high) / 2)
    assert occurring <= figures.largest <= Fraction(3, 2) * occurring + Fraction(1, 1000)
    assert figures.max_ulp == pytest.approx(float(figures.largest))
    assert figures.max_abs == pytest.approx(float(figures.largest * unit.specification.output_format.ulp))
    assert 0 <= figures.mean_abs <= figures.rms <= figures.max_abs
    assert abs(figures.bias) <= figures.mean_abs


def test_ramps_are_correctly_rounded_at_any_width():
    for source, output in [("SQ4.8", "UQ0.8"), ("SQ6.26", "UQ0.31"), ("SQ4.60", "UQ0.64")]:
        figures = design("hard_logistic", source, output, variant="keras3", max_error="0.5ulp").errors
        assert figures.largest <= Fraction(1, 2)
        assert figures.correctly_rounded >= 1 - 2.0**-16  # saturation's end may be an ulp short of 1


def test_a_value_out_of_its_range_is_an_error():
    b = PlanBuilder()
    x = b.input("x", parse("SQ2.6"))
    claimed = b.let("claimed", op.Narrow(x, -64, 63, "because"))
    plan = b.build(y=(claimed, parse("SQ1.6")))
    specification = Specification(create_function("hard_tanh"), parse("SQ2.6"), parse("SQ1.6"))
    with pytest.raises(RangeError, match="step 'claimed' is -128 for input x = -128, outside its range"):
        plan_errors(plan, specification)


def test_figures_are_those_of_the_plan_and_not_of_the_method():
    unit = design("hard_tanh", "SQ2.6", "SQ1.6")
    b = PlanBuilder()
    limited = b.let("limited", op.Clamp(b.input("x", parse("SQ2.6")), -60, 63))
    plan = b.build(y=(limited, parse("SQ1.6")))
    assert golden(plan)([-128]).tolist() == [-60]
    assert plan_errors(plan, unit.specification).largest == 4


@pytest.mark.parametrize(
    ("function", "source", "output", "limits", "points"),
    [
        ("tanh", "SQ4.28", "SQ1.15", "1:1.00001", 2685),
        ("logistic", "SQ6.58", "UQ0.16", (Fraction(-1, 1 << 50), 0), 257),
        ("hard_logistic", "UQ4.60", "UQ0.16", ("2", Fraction(2) + Fraction(1000, 1 << 60)), 1001),
        ("logistic", "UQ4.60", "UQ1.15", (Fraction(16) - Fraction(1000, 1 << 60), 16), 1000),
    ],
)
def test_a_small_range_of_a_wide_input_is_walked(function, source, output, limits, points):
    unit = design(function, source, output, input_range=limits)
    assert (unit.errors.proof, unit.errors.points) == ("exhaustive", points)
    assert unit.errors.largest < 1
    low, high = unit.specification.codes
    for code in (low, (low + high) // 2, high):
        bottom, top = unit.specification.reference.enclosure(code)
        assert max(bottom - unit.golden(code), unit.golden(code) - top) <= unit.errors.largest
    assert unit.errors.worst_code in unit.specification.codes


@pytest.mark.parametrize("limits", ["-1:1", "2:3.5", "-15.9:-0.001"])
def test_a_large_range_of_a_wide_input_has_a_bound(limits):
    unit = design("tanh", "SQ5.35", "SQ1.15", input_range=limits, method="taylor", degree=3, segments=16)
    figures = unit.errors
    assert figures.proof == "bounded"
    low, high = unit.specification.reference.enclosure(figures.worst_code)
    occurring = abs(unit.golden([figures.worst_code]).tolist()[0] - (low + high) / 2)
    assert occurring <= figures.largest <= Fraction(3, 2) * occurring + Fraction(1, 1000)
    assert figures.worst_code in unit.specification.codes


@pytest.mark.parametrize("source", ["SQ4.4", "SQ4.40"])
def test_a_plan_of_a_smaller_range_has_no_figures(source):
    unit = design("tanh", source, "SQ1.7", input_range="-1:2", method="taylor", degree=1, segments=4)
    for wider in ("-1.5:2", "-1:3"):
        asked = replace(unit.specification, input_range=read_input_range(wider, parse(source)))
        with pytest.raises(ValueError, match=r"the plan is made for inputs from -1 to 2 .*, not for all of"):
            plan_errors(unit.plan, asked)
    part = replace(unit.specification, input_range=read_input_range("0:1", parse(source)))
    assert plan_errors(unit.plan, part).max_ulp <= unit.errors.max_ulp
