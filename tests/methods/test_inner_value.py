from fractions import Fraction

import numpy as np
import pytest
from specified import specify

from softgate.accuracy.error_measurement import measure_errors
from softgate.functions import create_function, derivative_of
from softgate.methods import find_method
from softgate.methods.inner_value import inner_values
from softgate.plan import FixedFormat
from softgate.sim.golden.model import golden


def pair(function, output, derivative, budget="1ulp", source="SQ3.4"):
    value = specify(function, source, output, budget)
    return value, value.of_another(derivative_of(create_function(function)), FixedFormat.parse(derivative))


@pytest.mark.parametrize(
    ("asked", "places"),
    [
        (("logistic", "UQ0.8", "UQ0.8"), [9, 10]),
        (("tanh", "SQ1.7", "UQ1.7"), [9, 10]),
        (("tanh", "SQ1.7", "SQ2.4"), [7, 8]),  # the output itself is fine enough
        (("logistic", "UQ0.8", "UQ0.4", "2ulp"), [8, 9]),
    ],
)
def test_the_inner_value_is_as_fine_as_both_need(asked, places):
    value, derivative = pair(*asked)
    found = list(inner_values(value, derivative))
    assert [inner.specification.output_format.fraction_bits for inner in found] == places
    assert [inner.guard_bits for inner in found] == [p - derivative.output_format.fraction_bits for p in places]
    assert all(inner.specification.budget.in_ulp(inner.specification.output_format) >= 1 for inner in found)


@pytest.mark.parametrize(
    "asked", [("logistic", "UQ0.8", "UQ0.8"), ("tanh", "SQ1.7", "UQ1.7"), ("tanh", "SQ1.7", "SQ2.4")]
)
def test_both_plans_meet_the_budget_where_the_inner_value_does(asked):
    value, derivative = pair(*asked)
    table = find_method("table")
    for inner in inner_values(value, derivative):
        plan = next(iter(table.candidates(inner.specification, table.read({})))).plan
        assert measure_errors(golden(plan), inner.specification.reference).largest <= inner.specification.budget.limit
        for made, specification in ((inner.value_plan(plan), value), (inner.derivative_plan(plan), derivative)):
            assert measure_errors(golden(made), specification.reference).largest <= 1


def test_a_value_is_rounded_half_up_and_limited():
    value, derivative = pair("logistic", "UQ0.4", "UQ0.8")
    inner = next(iter(inner_values(value, derivative)))
    places = inner.specification.output_format.fraction_bits
    table = find_method("table")
    plan = next(iter(table.candidates(inner.specification, table.read({})))).plan
    codes = np.arange(-64, 64)
    fine = [Fraction(code, 1 << places) for code in golden(plan)(codes).tolist()]
    assert golden(inner.value_plan(plan))(codes).tolist() == [min(int(16 * each + Fraction(1, 2)), 15) for each in fine]


@pytest.mark.parametrize(
    "asked",
    [
        ("gelu", "SQ3.4", "SQ2.4"),  # no polynomial of its value
        ("logistic", "UQ0.8", "UQ0.8", "0.5ulp"),  # rounding twice is not correct rounding
    ],
)
def test_there_is_none(asked):
    assert list(inner_values(*pair(*asked))) == []


def test_another_function_of_the_same_identity_is_none():
    value, _ = pair("logistic", "UQ0.8", "UQ0.8")
    other = value.of_another(create_function("tanh_derivative"), FixedFormat.parse("UQ1.7"))
    assert list(inner_values(value, other)) == []
