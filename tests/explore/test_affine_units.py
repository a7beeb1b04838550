"""Units between affine formats, judged by quantising and dequantising in mpmath."""

from fractions import Fraction

import mpmath
import numpy as np
import pytest

from softgate import design, load, rounded
from softgate.plan import parse_format
from softgate.sim.check import check_manifest

TRUTHS = {
    "logistic": lambda x: 1 / (1 + mpmath.exp(-x)),
    "tanh": mpmath.tanh,
    "gelu": lambda x: x * mpmath.ncdf(x),
    "relu": lambda x: max(x, mpmath.mpf(0)),
}
CASES = [
    ("logistic", "int8:0.047:-3", "int8:1/256:-128"),
    ("tanh", "uint8:0.03:128", "int8:1/128:0"),
    ("gelu", "int8:0.05:10", "uint8:0.03:7"),
    ("relu", "int8:0.05:10", "int8:0.03:-128"),
]


def dequantised(fmt, code):
    value = (code - fmt.zero_point) * fmt.scale
    return mpmath.mpf(value.numerator) / value.denominator


def truths(function, source, target):
    """Return the true values in codes of the output, limited to these, in ascending order of the input's code."""
    source, target = parse_format(source), parse_format(target)
    zero, scale = getattr(target, "zero_point", 0), target.ulp
    found = []
    with mpmath.workdps(60):
        for code in range(source.min_code, source.max_code + 1):
            value = TRUTHS[function](dequantised(source, code))
            units = value * scale.denominator / scale.numerator + zero
            found.append(min(max(units, mpmath.mpf(target.min_code)), mpmath.mpf(target.max_code)))
    return found


@pytest.mark.parametrize(("function", "source", "target"), CASES)
@pytest.mark.parametrize(("budget", "most"), [("0.5ulp", 0.5), ("1ulp", 1)])
def test_errors_are_those_against_quantised_values(function, source, target, budget, most):
    unit = design(function, source, target, max_error=budget, saturate=True)
    outputs = unit.golden.table().tolist()
    with mpmath.workdps(60):
        errors = [abs(output - truth) for output, truth in zip(outputs, truths(function, source, target), strict=True)]
        assert max(errors) <= most
        assert unit.errors.max_ulp == pytest.approx(float(max(errors)), rel=1e-9)
        scale = parse_format(target).ulp
        assert unit.errors.max_abs == pytest.approx(float(max(errors)) * float(scale), rel=1e-9)


def test_rounded_values_are_those_of_onnx():
    """QuantizeLinear of the function of DequantizeLinear: ties to an even number of units from the zero point."""
    source, target = parse_format("int8:0.05:10"), parse_format("uint8:0.03:7")
    expected = [min(max(int(mpmath.nint(t - 7)) + 7, 0), 255) for t in truths("gelu", str(source), str(target))]
    assert rounded("gelu", source, target, saturate=True).table().tolist() == expected


def test_values_go_through_the_formats():
    unit = design("logistic", "int8:0.047:-3", "uint8:1/250:3", max_error="0.5ulp")
    values = np.array([[-9.0, 0.0], [0.1, 1e9]])
    codes = parse_format("int8:0.047:-3").quantize(values)
    assert np.array_equal(unit.golden.floats(values), parse_format("uint8:1/250:3").to_float(unit.golden(codes)))
    assert abs(unit.golden.floats(0.0) - 0.5) <= 1 / 500


@pytest.mark.tools
def test_the_pair_is_checked_and_loaded(tmp_path):
    unit = design("tanh", "int8:0.05:-3", "SQ1.7", input_range="-2:2", interface="axis", max_error="1e-2")
    manifest = unit.emit(tmp_path)
    assert all(result.passed for result in check_manifest(tmp_path / "tanh.json"))
    again = load(tmp_path / "tanh.json")
    assert (again.plan, again.errors, again.specification) == (unit.plan, unit.errors, unit.specification)
    data = manifest.as_dict()
    assert data["input"]["format"] == "int8:0.05:-3"
    assert data["output"]["format"] == "SQ1.7"
    assert data["range"] == {"low": -43, "high": 37, "low_value": -2.0, "high_value": 2.0}
    assert data["budget"] == "0.01"
    assert (
        "// input    x in int8:0.05:-3 from -2 to 2 (codes -43 to 37), output y in SQ1.7"
        in (tmp_path / "tanh.v").read_text()
    )


def test_a_derivative_is_that_of_values():
    unit = design("tanh", "int8:0.05:-3", "SQ1.7", with_derivative="uint8:1/200:0", method="table")
    _, slope = unit.golden.floats(np.array([0.0, 1.0]))
    assert slope.tolist() == pytest.approx([1.0, 1 - np.tanh(1.0) ** 2], abs=1 / 200)
    assert unit.specification.of_values.name == "tanh"
    assert unit.further["dy"].specification.of_values.name == "tanh_derivative"


def test_the_scale_takes_no_multiplier():
    fixed, affine = (
        design("logistic", each, "UQ0.8", max_error="0.5ulp", method="table") for each in ("SQ4.4", "int8:0.0627:0")
    )
    assert {step.operation.kind() for step in affine.plan.steps} <= {
        *(step.operation.kind() for step in fixed.plan.steps)
    }


def test_absolute_budgets_are_in_values():
    unit = design("logistic", "int8:0.047:-3", "uint8:0.01:3", max_error="0.0075")
    assert unit.errors.max_abs <= Fraction(75, 10000) < unit.errors.max_abs + 0.0075


def test_what_is_told_is_in_values(tmp_path):
    unit = design("gelu", "int8:0.047:-3", "int8:0.05:-120", method="table")
    unit.emit(tmp_path)
    assert "on either side of -0.7517" in (tmp_path / "gelu.v").read_text()
    with pytest.raises(ValueError) as raised:
        design("tanh", "int8:0.047:-3", "int8:0.0079:0", symmetric=True)
    assert str(raised.value) == "symmetric needs an input whose zero point is 0, not -3, as that of int8:0.047:-3"
