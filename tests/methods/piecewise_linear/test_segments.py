"""Lines of piecewise linear functions, held by what units of method hard do to the functions' own definition."""

from bisect import bisect_left, bisect_right
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from piecewise_functions import ABS, HARD_SHRINK, LEAKY, NAMED, RELU, SOFT_SHRINK, lines
from specified import outputs, specify
from strategies import code_ranges, formats

from softgate.functions.properties import EVEN, ODD, Symmetry
from softgate.methods import find_method
from softgate.sim.golden.model import golden
from softgate.sim.plan_errors import plan_errors

HARD = find_method("hard")


def true_values(specification, codes):
    """Return the values in ulp, from the lines as they are stated, clamped to the output's codes."""
    function, output = specification.function.pieces, specification.output_format
    low, high = specification.outputs
    found = []
    for code in codes:
        x = specification.input_format.value(code)
        at = bisect_left(function.kinks, x)
        if x in function.kinks:
            at = bisect_right(function.kinks, x) if function.closed and function.closed[at] else at
        line = function.lines[at]
        value = (line.slope * x + line.offset) / output.ulp
        found.append(min(max(value, low), high))
    return found


def check(specification):
    """Hold every candidate to the budget and to all that is asked beside it, at every input."""
    codes = range(specification.codes.low, specification.codes.high + 1)
    values = true_values(specification, codes)
    candidates = list(HARD.candidates(specification, {}))
    for candidate in candidates:
        errors = [
            abs(y - value) for y, value in zip(outputs(specification, candidate.plan).tolist(), values, strict=True)
        ]
        worst = max(errors)
        # Half an ulp may be more than an absolute budget allows; then it is correctly rounded.
        admitted = specification.budget.admits(worst, specification.output_format)
        assert admitted or worst <= Fraction(1, 2)
        assert candidate.proved_error is None or worst <= candidate.proved_error
        if admitted:
            lacking = [
                each.name for each in specification.demands(plan_errors(candidate.plan, specification)) if not each.met
            ]
            assert not lacking
    return candidates


slopes = st.one_of(st.sampled_from([0, 1, -1, Fraction(1, 2), 2]), st.fractions(-5, 5, max_denominator=300))
budgets = st.sampled_from(["1ulp", "0.5ulp", "0.6ulp", "2ulp", "5ulp", "1/50"])


@st.composite
def functions(draw, first=None):
    """Draw a function of 1 to 4 lines, which meet at their kinks or jump there."""
    count = draw(st.integers(1, 4))
    kinks = sorted(
        {Fraction(draw(st.integers(-40, 40)), draw(st.sampled_from([1, 2, 3, 8]))) for _ in range(count - 1)}
    )
    slope, offset = draw(slopes), draw(st.fractions(-3, 3, max_denominator=8))
    parts = [(slope, offset)]
    for kink in kinks:
        following = draw(slopes)
        # That meets the line before, or not.
        offset = (
            offset + (slope - following) * kink if draw(st.booleans()) else draw(st.fractions(-3, 3, max_denominator=8))
        )
        slope = following
        parts += [kink, (slope, offset)]
    return lines(*parts, closed=tuple(draw(st.booleans()) for _ in kinks))


@st.composite
def symmetric_functions(draw):
    """Draw an even or an odd function by its upper half."""
    drawn, symmetry = draw(functions()).pieces, draw(st.sampled_from([EVEN, ODD]))
    shift = 1 - (drawn.kinks[0] if drawn.kinks else 0)  # all kinks at 1 and above
    kinks = [kink + shift for kink in drawn.kinks]
    slope = drawn.lines[0].slope
    upper = [(slope, 0), *((line.slope, line.offset) for line in drawn.lines[1:])]
    sign = symmetry.sign
    lower = [(-sign * slope, sign * offset) for slope, offset in reversed(upper)]
    joint = [] if lower[-1] == upper[0] else [0]
    if not joint:
        lower.pop()
    parts = [*lower, *upper]
    points = [*(-kink for kink in reversed(kinks)), *joint, *kinks]
    above = [draw(st.booleans()) for _ in kinks]
    closed = (*(not each for each in reversed(above)), *(False for _ in joint), *above)
    made = [part for pair in zip(parts, [*points, None], strict=True) for part in pair][:-1]
    return lines(*made, closed=closed, symmetry=symmetry)


@settings(max_examples=150)
@given(functions(), formats(st.integers(1, 9)), formats(st.integers(1, 12)), budgets, st.booleans(), st.data())
def test_any_function_is_within_any_budget(function, source, output, budget, monotonic, data):
    within = data.draw(st.none() | code_ranges(source))
    options = {"saturate": True, "input_range": within, "monotonic": monotonic}
    check(specify(function, str(source), str(output), budget, **options))


@settings(max_examples=100)
@given(symmetric_functions(), st.integers(2, 9), formats(st.integers(2, 10)), budgets, st.booleans(), st.data())
def test_symmetric_functions_stay_symmetric(function, width, output, budget, monotonic, data):
    source = f"SQ{data.draw(st.integers(2, width))}.0" if width < 4 else f"SQ4.{width - 4}"
    check(specify(function, source, str(output), budget, saturate=True, symmetric=True, monotonic=monotonic))


@pytest.mark.parametrize("name", NAMED)
@pytest.mark.parametrize("budget", ["1ulp", "0.5ulp"])
@pytest.mark.parametrize(("source", "output"), [("SQ4.4", "SQ4.4"), ("SQ4.6", "SQ2.3"), ("SQ3.5", "SQ4.9")])
def test_named_functions(name, budget, source, output):
    check(specify(NAMED[name], source, output, budget, saturate=True))


@pytest.mark.parametrize("name", NAMED)
@pytest.mark.parametrize(("source", "output", "budget"), [("SQ4.21", "SQ4.12", "1ulp"), ("SQ4.60", "SQ4.50", "0.5ulp")])
def test_beyond_what_is_walked_the_error_is_bounded(name, budget, source, output):
    specification = specify(NAMED[name], source, output, budget, saturate=True)
    candidate = next(HARD.candidates(specification, {}))
    low, high = specification.codes
    codes = sorted({low, -1, 0, 1, high, *(low + (specification.codes.size * part >> 8) for part in range(256))})
    codes += [
        int(kink / specification.input_format.ulp) + step
        for kink in specification.function.kinks
        for step in (-1, 0, 1)
    ]
    found = golden(candidate.plan)(np.array(codes, dtype=object)).tolist()
    worst = max(abs(y - value) for y, value in zip(found, true_values(specification, codes), strict=True))
    bound = plan_errors(candidate.plan, specification).largest
    assert worst <= min(bound, candidate.proved_error)
    assert specification.budget.admits(bound, specification.output_format)


@pytest.mark.parametrize("function", [ABS, SOFT_SHRINK, HARD_SHRINK, lines((2, 0), symmetry=ODD)])
def test_rounded_outputs_are_symmetric_when_asked(function):
    specification = specify(function, "SQ4.6", "SQ3.3", "0.5ulp", symmetric=True, saturate=True)
    check(specification)
    sign = specification.function.symmetry.sign
    for candidate in HARD.candidates(specification, {}):
        found = outputs(specification, candidate.plan)[1:]  # without -8, which has no negative
        assert (found[::-1] == sign * found).all()


@pytest.mark.parametrize("function", [RELU, LEAKY])
def test_a_symmetry_with_a_linear_term(function):
    slope = function.pieces.lines[0].slope
    stated = lines((Fraction(slope.numerator, 4), 0), 0, (1, 0), symmetry=Symmetry(1, Fraction(0), Fraction(-5, 4)))
    check(specify(function if function is RELU else stated, "SQ4.4", "SQ4.6", "1ulp", symmetric=True, saturate=True))


def test_lines_that_happen_to_have_one_multiple_have_one_product():
    parts = ("3/4", "3/4"), "-5/3", ("1/2", "1/3"), "11/3", ("-128/77", "347/42")
    check(specify(lines(*parts, closed=(True, True)), "SQ5.0", "SQ5.0", "1ulp", saturate=True))


def test_a_required_end_of_a_line_that_no_input_is_on():
    function = lines(("3/2", 1), -20, (0, "7/4"), -14, ("7/4", "3/2"))
    check(specify(function, "SQ1.0", "SQ8.1", "1ulp", saturate=True, monotonic=True))
