from fractions import Fraction
from itertools import pairwise
from math import floor

import numpy as np
import pytest
from hardware import run_golden, run_hardware
from hypothesis import given as drawing
from hypothesis import settings
from hypothesis import strategies as st

from softgate import design
from softgate.accuracy.specification import Specification
from softgate.explore.design import BudgetError
from softgate.functions import create_function
from softgate.functions.number_types import FLOATS
from softgate.hdl.unit import choose_schedule
from softgate.methods import find_method
from softgate.plan import FixedFormat
from softgate.plan.operations import Multiply
from softgate.plan.operations.base import Range
from softgate.plan.proofs import verify_narrowings
from softgate.sim.golden.model import golden

CLASSIC = find_method("classic")
SCHEMES = ["plan", "alippi", "a_law", "zhang"]


# The definitions, for a number that is not negative: s(u) of the first two, s(-u) of the others.


def plan_of_amin(u):
    if u < 1:
        return u / 4 + Fraction(1, 2)
    if u < 2.375:
        return u / 8 + Fraction(5, 8)
    return u / 32 + Fraction(27, 32) if u < 5 else u * 0 + 1


def a_law(u):
    corners = [(0, 8), (1, 12), (2, 14), (4, 15), (8, 16)]
    for (left, low), (right, high) in pairwise(corners):
        if u < right:
            return (low + (u - left) * (high - low) / (right - left)) / 16
    return u * 0 + 1


def alippi(u):
    return (Fraction(1, 2) - u % 1 / 4) / 2 ** int(u // 1)


def zhang(u):
    return (1 - u / 4) ** 2 / 2 if u < 4 else u * 0


DEFINITIONS = {"plan": (plan_of_amin, 1), "a_law": (a_law, 1), "alippi": (alippi, -1), "zhang": (zhang, -1)}


@pytest.mark.parametrize(
    ("scheme", "largest", "mean"),
    [
        ("plan", 0.018941, 0.005874),
        ("alippi", 0.018941, 0.008731),
        ("a_law", 0.048955, 0.024724),
        ("zhang", 0.021607, 0.007744),
    ],
)
def test_published_errors_in_real_arithmetic(scheme, largest, mean):
    definition, side = DEFINITIONS[scheme]
    u = np.linspace(0, 8, 200_001)
    approximation = np.array([float(definition(at)) for at in u.tolist()])
    errors = np.abs(approximation - create_function("logistic")(side * u, FLOATS))  # those of -u are the same
    assert round(float(errors.max()), 6) == largest
    assert round(float(np.trapezoid(errors, u)) / 8, 6) == mean


def logistic_code(scheme, x, fraction):
    """Return the exact approximation of s(x), rounded to fraction bits: half up on the side that it is made for."""
    definition, side = DEFINITIONS[scheme]
    code = floor(definition(abs(x)) * 2**fraction + Fraction(1, 2))
    return code if (x < 0) == (side == -1) else 2**fraction - code


def expected(scheme, specification):
    """Return the output for every code that occurs."""
    output, out = specification.output_format, []
    for code in range(specification.codes.low, specification.codes.high + 1):
        x = specification.input_format.value(code)
        if specification.function.name == "tanh":
            exact = logistic_code(scheme, 2 * x, output.fraction_bits + 1) - 2**output.fraction_bits
        else:
            exact = logistic_code(scheme, x, output.fraction_bits)
        out.append(min(max(exact, output.min_code), output.max_code))
    return out


def only_candidate(specification, scheme):
    (candidate,) = CLASSIC.candidates(specification, CLASSIC.read({"scheme": scheme}))
    assert candidate.parameters == {"scheme": scheme}
    return candidate


def check(specification, scheme):
    plan = only_candidate(specification, scheme).plan
    verify_narrowings(plan)
    codes = specification.input_format.codes(*specification.codes)
    assert golden(plan)(codes).tolist() == expected(scheme, specification)


def specify(function, source, output, held=None):
    formats = FixedFormat.parse(source), FixedFormat.parse(output)
    return Specification(create_function(function), *formats, saturate=True, input_range=held and Range(*held))


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(
    ("function", "source", "output"),
    [
        ("logistic", "SQ4.4", "UQ0.8"),
        ("logistic", "SQ4.8", "UQ0.12"),
        ("logistic", "SQ4.12", "UQ0.16"),
        ("logistic", "SQ4.8", "UQ1.3"),  # coarser than the offsets of the lines
        ("logistic", "SQ4.8", "SQ2.0"),
        ("logistic", "UQ4.6", "SQ2.9"),
        ("logistic", "SQ1.7", "UQ0.8"),  # within the first piece
        ("logistic", "SQ8.0", "UQ0.8"),
        ("logistic", "SQ2.2", "UQ0.60"),
        ("tanh", "SQ4.4", "SQ1.7"),
        ("tanh", "SQ4.8", "SQ1.11"),
        ("tanh", "SQ3.5", "SQ2.0"),
        ("tanh", "UQ3.5", "UQ0.8"),
        ("tanh", "SQ8.0", "SQ2.9"),
    ],
)
def test_every_code_is_the_definition_rounded_once(scheme, function, source, output):
    check(specify(function, source, output), scheme)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("held", [(-128, -70), (-30, -5), (-128, 0), (0, 20), (17, 90), (81, 127), (127, 127), (-3, 2)])
@pytest.mark.parametrize(("function", "output"), [("logistic", "UQ0.8"), ("tanh", "SQ1.7")])
def test_ranges(scheme, held, function, output):
    check(specify(function, "SQ4.4", output, held), scheme)


@settings(derandomize=True, deadline=None, max_examples=100)
@drawing(
    scheme=st.sampled_from(SCHEMES),
    function=st.sampled_from(["logistic", "tanh"]),
    signed=st.booleans(),
    integer=st.integers(1, 5),
    fraction=st.integers(0, 5),
    output=st.integers(0, 20),
)
def test_any_formats(scheme, function, signed, integer, fraction, output):
    source = FixedFormat(signed, integer, fraction)
    check(Specification(create_function(function), source, FixedFormat(True, 2, output)), scheme)


@pytest.mark.parametrize(
    ("scheme", "x", "code"),
    [
        ("plan", 0, 128),
        ("plan", 0.5, 160),
        ("plan", 1, 192),
        ("plan", -1, 64),
        ("plan", 2.3125, 234),  # 0.9140625
        ("plan", 2.375, 235),  # 0.91796875, less than x/8 + 0.625 = 0.921875, which is 236
        ("plan", -2.375, 21),
        ("plan", 4.9375, 256 - 1),  # 0.998046875 is 255.5, rounded up, and limited
        ("plan", -4.9375, 0),
        ("plan", 7, 255),
        ("plan", -8, 0),
        ("alippi", 0, 128),
        ("alippi", -1.5, 48),  # (1/2 - 1/8) / 2
        ("alippi", 1.5, 208),
        ("alippi", -2, 32),
        ("alippi", -8, 1),  # 1/512 is 1/2 ulp, rounded up
        ("alippi", 7.9375, 255),
        ("a_law", 1.5, 208),
        ("a_law", 3, 232),
        ("a_law", -3, 24),
        ("a_law", 6, 248),
        ("a_law", -8, 0),
        ("zhang", 0, 128),
        ("zhang", 1, 184),
        ("zhang", 2, 224),
        ("zhang", -2, 32),
        ("zhang", -4, 0),
        ("zhang", 6, 255),
    ],
)
def test_values_by_hand(scheme, x, code):
    unit = design("logistic", "SQ4.4", "UQ0.8", method="classic", scheme=scheme)
    assert unit.golden([int(16 * x)]).tolist() == [code]


@pytest.mark.parametrize("scheme", SCHEMES)
def test_what_they_multiply(scheme):
    plan = only_candidate(specify("tanh", "SQ4.12", "SQ1.15"), scheme).plan
    products = [step for step in plan.steps if isinstance(step.operation, Multiply)]
    assert len(products) == (scheme == "zhang")


@pytest.mark.parametrize("scheme", SCHEMES)
def test_symmetry_is_exact(scheme):
    assert design("logistic", "SQ4.4", "SQ2.8", method="classic", scheme=scheme).errors.symmetric
    assert design("tanh", "SQ4.4", "SQ1.3", method="classic", scheme=scheme).errors.symmetric


@pytest.mark.tools
@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(
    ("function", "source", "output", "interface"),
    [
        ("logistic", "SQ4.6", "UQ0.9", "pipeline"),
        ("tanh", "SQ4.4", "SQ1.7", "comb"),
        ("logistic", "SQ8.0", "SQ2.9", "stream"),
    ],
)
def test_hardware_is_the_golden_model(scheme, function, source, output, interface):
    plan = only_candidate(specify(function, source, output), scheme).plan
    codes = FixedFormat.parse(source).codes()
    assert run_hardware(choose_schedule(plan, interface), interface, [codes]) == run_golden(plan, [codes])


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(("function", "source"), [("logistic", "SQ4.28"), ("tanh", "SQ64.0"), ("logistic", "UQ1.63")])
def test_wide_inputs_have_a_bound_near_the_error_that_occurs(scheme, function, source):
    unit = design(function, source, "SQ2.12", method="classic", scheme=scheme)
    assert unit.errors.proof == "bounded"
    low, high = unit.specification.reference.enclosure(unit.errors.worst_code)
    occurring = abs(unit.golden([unit.errors.worst_code]).tolist()[0] - (low + high) / 2)
    assert occurring <= unit.errors.largest <= occurring * Fraction(11, 10)


def test_a_named_scheme_has_no_budget_and_the_most_accurate_is_taken():
    named = design("logistic", "SQ4.4", "UQ0.8", method="classic", scheme="myers")
    assert named.specification.budget is None
    assert named.parameters == {"scheme": "a_law"}
    for budget, scheme in (("0.02", "plan"), ("0.3ulp", None)):
        if scheme:
            unit = design("logistic", "SQ4.4", "UQ0.8", method="classic", max_error=budget)
            assert unit.parameters == {"scheme": scheme}
    # At whole numbers the parabola is better than any line.
    unit = design("logistic", "SQ6.0", "UQ1.8", method="classic", max_error="0.018")
    assert (unit.parameters, unit.tried) == ({"scheme": "zhang"}, 3)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (
            {},
            "no classic unit of logistic, SQ4.4 to UQ0.8, meets an error of 1ulp: "
            "the best of 4 tried has 4.849 ulp (scheme=plan)",
        ),
        (
            {"scheme": "a_law", "max_error": "0.02"},
            "no classic unit of logistic, SQ4.4 to UQ0.8, meets an error of 0.02: "
            "the best of 1 tried has 12.53 ulp (scheme=a_law)",
        ),
    ],
)
def test_budgets_that_are_not_met(given, message):
    with pytest.raises(BudgetError) as raised:
        design("logistic", "SQ4.4", "UQ0.8", method="classic", **given)
    assert str(raised.value) == message


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (
            "hard_tanh",
            "method classic makes the logistic function and multiples of it, and hard_tanh(min=-1, max=1) is neither",
        ),
        (
            "tanh_derivative",
            "method classic makes the logistic function and multiples of it, and tanh_derivative is neither",
        ),
        (
            "logistic_derivative",
            "method classic makes the logistic function and multiples of it, and logistic_derivative is neither",
        ),
    ],
)
def test_other_functions_are_refused(function, message):
    with pytest.raises(ValueError) as raised:
        design(function, "SQ4.4", "SQ1.7", method="classic", scheme="plan")
    assert str(raised.value) == message


def test_unknown_schemes():
    with pytest.raises(ValueError, match="there is no scheme 'alipi'; did you mean alippi"):
        design("tanh", "SQ4.4", "SQ1.7", method="classic", scheme="alipi")
