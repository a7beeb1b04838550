import re
from fractions import Fraction

import numpy as np
import pytest
from hardware import run_golden, run_hardware
from hypothesis import given as drawing
from hypothesis import settings
from hypothesis import strategies as st
from specified import specify

from softgate import design
from softgate.accuracy.budget import Budget
from softgate.accuracy.error_measurement import measure_errors
from softgate.explore.design import BudgetError
from softgate.hdl.unit import choose_schedule
from softgate.methods import find_method
from softgate.methods.base import plan_cost
from softgate.plan import FixedFormat
from softgate.plan.lut_estimate import logic_size
from softgate.plan.operations import Absolute, Compare, Multiply, Select
from softgate.plan.proofs import verify_narrowings
from softgate.sim.golden.model import golden

IDENTITY = find_method("identity")
FUNCTIONS = ["logistic", "tanh", "logistic_derivative", "tanh_derivative"]
OUTPUTS = {"logistic": "UQ0.8", "tanh": "SQ1.7", "logistic_derivative": "UQ0.10", "tanh_derivative": "UQ0.8"}


@pytest.mark.parametrize(
    ("source", "budget"),
    [("SQ4.4", "1ulp"), ("UQ3.5", "0.5ulp"), ("SQ4.4", "3ulp"), ("SQ3.6", "0.5ulp"), ("UQ3.5", "2^-6")],
)
@pytest.mark.parametrize("function", FUNCTIONS)
def test_budgets_are_met(function, source, budget):
    unit = design(function, source, OUTPUTS[function], method="identity", max_error=budget)
    assert Budget.parse(budget).admits(unit.errors.largest, unit.specification.output_format)
    verify_narrowings(unit.plan)
    assert unit.parameters["base"] == "taylor"
    if "derivative" in function:
        assert unit.errors.symmetric is (None if source.startswith("U") else True)


@pytest.mark.parametrize("budget", [None, "1ulp", "2ulp"])
@pytest.mark.parametrize("function", FUNCTIONS)
def test_bounds_hold(function, budget):
    specification = specify(function, "SQ3.4", OUTPUTS[function], budget)
    bounded = 0
    for candidate in IDENTITY.candidates(specification, IDENTITY.read({})):
        assert (candidate.cost, candidate.sort_key) == (logic_size(candidate.plan), plan_cost(candidate.plan))
        verify_narrowings(candidate.plan)
        largest = measure_errors(golden(candidate.plan), specification.reference).largest
        if candidate.proved_error is not None:
            bounded += 1
            assert largest <= candidate.proved_error
    assert bounded > 10


@pytest.mark.parametrize("function", FUNCTIONS)
def test_the_base_method_is_the_one_that_the_parameter_announces(function):
    (base,) = (parameter for parameter in IDENTITY.parameters if parameter.name == "base")
    (announced,) = re.findall(r"; (\w+) unless given$", base.help)
    specification = specify(function, "SQ3.4", OUTPUTS[function], "1ulp")
    found = list(IDENTITY.candidates(specification, IDENTITY.read({})))
    named = list(IDENTITY.candidates(specification, IDENTITY.read({"base": announced})))
    assert {candidate.parameters["base"] for candidate in found} == {announced}
    assert [candidate.plan for candidate in found] == [candidate.plan for candidate in named]


def test_without_a_budget_what_is_proved_comes_first():
    specification = specify("tanh_derivative", "SQ4.4", "UQ0.8")
    candidates = list(IDENTITY.candidates(specification, IDENTITY.read({"base": "taylor"})))
    proved = [candidate.proved_error is not None and candidate.proved_error < 1 for candidate in candidates]
    assert proved == sorted(proved, reverse=True)
    assert True in proved and False in proved
    assert design("tanh_derivative", "SQ4.4", "UQ0.8", method="identity", base="taylor").errors.max_ulp < 1


def test_a_linear_identity_is_its_base_function_with_other_points():
    tanh = design("tanh", "SQ3.5", "SQ2.7", method="taylor", degree=3, segments=8)
    unit = next(
        candidate
        for candidate in IDENTITY.candidates(specify("logistic", "SQ4.4", "UQ1.8"), IDENTITY.read({}))
        if candidate.parameters == {"base": "taylor", "guard_bits": 0}
    )
    codes = np.arange(-128, 128)
    # s(x) = (1 + tanh(x/2)) / 2: of the same codes, and one unit is 128 units of the last place of tanh
    assert np.abs(golden(unit.plan)(codes) - (128 + tanh.golden(codes))).max() <= 2
    assert not [step for step in unit.plan.steps if step.name in ("rounded", "aligned", "product")]


def test_a_derivative_is_made_of_values_at_the_magnitude():
    unit = design("logistic_derivative", "SQ4.4", "UQ0.8", method="identity", base="classic")
    kinds = [type(step.operation) for step in unit.plan.steps]
    assert kinds.count(Absolute) == 1
    assert kinds.count(Multiply) == 1
    assert Select in kinds and Compare in kinds  # of the lines
    # At 2, PLAN is 7/8; s (1 - s) is 7/64.
    assert unit.golden([32, -32, 0]).tolist() == [28, 28, 64]


@pytest.mark.parametrize("guard_bits", range(6))
def test_guard_bits(guard_bits):
    unit = design("tanh_derivative", "SQ4.4", "UQ0.8", method="identity", guard_bits=guard_bits)
    assert unit.parameters == {"base": "taylor", "guard_bits": guard_bits}
    inner = {step.name: unit.plan.points[step.name] for step in unit.plan.steps}
    assert inner["product"] == 2 * (8 + guard_bits)
    # An error of one ulp of tanh is at most 2**(1 - guard_bits) ulp of its derivative's, before the rounding.
    assert unit.errors.max_ulp <= 0.5 + 2.0 ** (1 - guard_bits) * max(1, 2.0 ** (guard_bits - 2)) + 0.01


@settings(derandomize=True, deadline=None, max_examples=30)
@drawing(
    function=st.sampled_from(FUNCTIONS),
    signed=st.booleans(),
    integer=st.integers(1, 4),
    fraction=st.integers(0, 4),
    output=st.integers(0, 8),
)
def test_any_formats_are_faithful(function, signed, integer, fraction, output):
    source, target = FixedFormat(signed, integer, fraction), FixedFormat(True, 2, output)
    unit = design(function, source, target, method="identity")
    assert unit.errors.largest < 1
    verify_narrowings(unit.plan)


@pytest.mark.tools
@pytest.mark.parametrize(
    ("function", "source", "output", "options"),
    [
        ("logistic", "SQ4.4", "UQ0.8", {}),
        ("tanh", "SQ6.0", "SQ2.7", {}),
        ("logistic_derivative", "SQ4.5", "UQ0.10", {}),
        ("tanh_derivative", "SQ4.4", "UQ0.8", {"max_error": "0.5ulp"}),
        ("tanh_derivative", "SQ4.4", "UQ0.8", {"base": "identity"}),
        ("tanh_derivative", "SQ4.4", "SQ2.8", {"input_range": "-3:-1"}),
    ],
)
@pytest.mark.parametrize("interface", ["comb", "stream"])
def test_hardware_is_the_golden_model(function, source, output, options, interface):
    unit = design(function, source, output, method="identity", **options)
    codes = unit.specification.input_format.codes(*unit.specification.codes)
    schedule = choose_schedule(unit.plan, interface)
    assert run_hardware(schedule, interface, [codes]) == run_golden(unit.plan, [codes])


@pytest.mark.parametrize(
    ("function", "source", "output"),
    [("tanh", "SQ5.30", "SQ2.8"), ("logistic_derivative", "SQ4.24", "SQ2.6"), ("tanh", "SQ64.0", "SQ2.8")],
)
def test_wide_inputs(function, source, output):
    unit = design(function, source, output, method="identity")
    assert unit.errors.proof == "bounded"
    assert unit.errors.largest < 1


@pytest.mark.parametrize(
    ("function", "source", "options", "message"),
    [
        (
            "hard_tanh",
            "SQ4.4",
            {},
            "method identity makes functions that follow from another; hard_tanh(min=-1, max=1) does not",
        ),
        (
            "logistic",
            "SQ1.63",
            {},
            "method identity cannot make tanh for it: format SQ1.64 has 65 bits; 1 to 64 are possible",
        ),
        (
            "tanh",
            "SQ4.4",
            {"base": "hard"},
            "method hard makes piecewise linear functions, and logistic is not one",
        ),
        ("tanh", "SQ4.4", {"base": "tailor"}, "there is no base 'tailor'; did you mean taylor?"),
        ("tanh", "SQ4.4", {"guard_bits": 33}, "guard_bits must be a whole number from 0 to 32, not 33"),
    ],
)
def test_refusals(function, source, options, message):
    with pytest.raises(ValueError) as raised:
        design(function, source, "SQ2.7", method="identity", **options)
    assert str(raised.value) == message


def test_a_budget_that_the_base_function_does_not_meet():
    with pytest.raises(BudgetError, match=r"no identity unit of tanh_derivative.* the best of 12 tried has .* ulp"):
        design("tanh_derivative", "SQ4.4", "UQ0.8", method="identity", base="classic", max_error="1ulp")


def test_budgets_below_half_an_ulp_of_one_that_is_exact():
    # 256 tanh(1) is 194.97.
    unit = design("tanh", "SQ2.0", "SQ1.8", method="identity", max_error="0.001", input_range="-1:1")
    assert unit.errors.largest <= Fraction(256, 1000)
