import numpy as np
import pytest
from made_up import Lopsided
from specified import specify

from softgate.accuracy.admissible import admissible
from softgate.methods.integer_polynomials.folded_function import ANY, MOST_STEPS, FoldedFunction
from softgate.methods.integer_polynomials.saturation import Saturation, find_saturations
from softgate.plan.operations.base import Range


@pytest.mark.parametrize(
    ("function", "source", "output", "mirror"),
    [("tanh", "SQ4.4", "SQ1.7", -1), ("logistic", "SQ4.4", "UQ0.8", 255), ("logistic", "SQ3.5", "SQ2.6", 63)],
)
def test_a_folded_core_asks_for_what_the_function_does(function, source, output, mirror):
    specification = specify(function, source, output, "1ulp")
    function = FoldedFunction.of(specification)
    low, high = admissible(specification)
    codes = specification.codes
    assert (function.mirror, function.signs, function.size) == (mirror, 2, 128)
    for place in range(function.size):
        for sign, code in enumerate((place, -place - 1)):
            wanted = [low[code - codes.low], high[code - codes.low]]
            if sign:
                wanted = [mirror - wanted[1], mirror - wanted[0]]
            assert [function.low[sign, place], function.high[sign, place]] == wanted


def test_an_even_function_is_not_mirrored():
    specification = specify("tanh_derivative", "SQ4.4", "UQ0.8", "1ulp", saturate=True)
    function = FoldedFunction.of(specification)
    low, _ = admissible(specification)
    assert (function.folded, function.mirror, function.signs) == (True, None, 2)
    assert np.array_equal(function.low[0], low[128:])
    assert np.array_equal(function.low[1], low[:128][::-1])


@pytest.mark.parametrize(
    ("source", "output", "slope", "results"),
    [("SQ4.4", "SQ4.4", 1, Range(-4, 3)), ("SQ3.4", "SQ3.6", 4, Range(-32, 31))],
)
def test_a_function_that_is_even_but_for_a_line(source, output, slope, results):
    specification = specify("silu", source, output, "1ulp")
    function = FoldedFunction.of(specification)
    low, high = admissible(specification)
    assert (function.folded, function.mirror, function.line.above) == (True, None, slope)
    zero = -specification.codes.low
    above = slope * np.arange(zero)
    assert np.array_equal(function.low[0], low[zero:] - above)
    assert np.array_equal(function.high[0], high[zero:] - above)
    assert np.array_equal(function.low[1], low[:zero][::-1])
    assert function.results == results


def test_what_is_monotonic_keeps_its_line():
    assert FoldedFunction.of(specify("silu", "SQ4.4", "SQ4.4", "1ulp", monotonic=True)).line is None


def test_what_the_output_cannot_hold_is_not_mirrored():
    function = FoldedFunction.of(specify("tanh", "SQ4.4", "UQ0.8", "1ulp", saturate=True))
    assert (function.folded, function.signs) == (False, 1)


def test_results_are_cut_to_the_bits_that_they_need():
    assert FoldedFunction.of(specify("tanh", "SQ4.4", "SQ1.7", "1ulp")).results == Range(0, 127)
    assert FoldedFunction.of(specify("logistic", "SQ4.4", "UQ0.8", "1ulp")).results == Range(128, 255)
    assert FoldedFunction.of(
        specify("logistic", "SQ4.4", "UQ0.8", "1ulp", input_range=Range(-64, -5))
    ).results == Range(0, 127)


def test_inputs_that_do_not_occur_may_give_anything():
    function = FoldedFunction.of(specify("tanh", "SQ4.4", "SQ1.7", "1ulp", input_range=Range(-20, 10)))
    assert (function.signs, function.size) == (2, 32)
    assert (function.high[0, 11:] == ANY).all()
    assert (function.high[0, :11] < ANY).all()
    assert (function.high[1, 20:] == ANY).all()
    assert (function.high[1, :20] < ANY).all()


def test_a_function_that_cannot_be_folded_is_not():
    specification = specify(Lopsided(), "SQ3.4", "SQ3.5", "1ulp")
    function = FoldedFunction.of(specification)
    low, _ = admissible(specification)
    assert (function.folded, function.mirror, function.signs, function.origin, function.size) == (
        False,
        None,
        1,
        -64,
        128,
    )
    assert np.array_equal(function.low[0], low)


def test_ends():
    function = FoldedFunction.of(specify("tanh", "SQ4.4", "SQ1.7", "1ulp"))
    below, above = function.ends
    low, high = function.bounds
    assert below == ()
    for sign, end in enumerate(above):
        last = slice(function.size - end.count, None)
        assert low[sign, last].max() <= end.low <= end.high <= high[sign, last].min()
        before = function.size - end.count - 1
        assert low[sign, before:].max() > high[sign, before:].min()


def test_no_result_is_within_a_budget_that_is_too_small():
    assert not FoldedFunction.of(specify("tanh", "SQ4.4", "SQ1.7", "2^-12")).feasible
    assert FoldedFunction.of(specify("tanh", "SQ4.4", "SQ1.7", "0.5ulp")).feasible


@pytest.mark.parametrize(
    ("source", "output", "budget", "steps"),
    [
        ("UQ4.4", "UQ1.1", "0.5ulp", 3),  # 0, 0.5 and 1
        ("UQ4.4", "UQ1.0", "0.5ulp", 2),
        ("UQ4.4", "UQ1.0", "0.6ulp", 2),
        ("UQ4.4", "SQ1.2", "2ulp", 2),
        ("UQ4.4", "UQ1.4", "0.5ulp", MOST_STEPS),
    ],
)
def test_constants_that_a_unit_takes(source, output, budget, steps):
    asked = specify("tanh", source, output, budget, saturate=True)
    function = FoldedFunction.of(asked)
    assert function.steps == steps
    # By hand: each constant as far as it goes.
    low, high = admissible(asked)
    count, ends = 1, (low[0], high[0])
    for pair in zip(low[1:], high[1:], strict=True):
        ends = max(ends[0], pair[0]), min(ends[1], pair[1])
        if ends[0] > ends[1]:
            count, ends = count + 1, pair
    assert min(count, MOST_STEPS) == steps


def test_constants_of_both_signs_are_counted():
    function = FoldedFunction.of(specify("tanh", "SQ4.4", "SQ2.0", "0.5ulp"))
    assert (function.folded, function.steps) == (True, 4)


@pytest.mark.parametrize(("low", "high"), [(-64, 0), (-50, 0), (-40, -3), (-1, 0)])
def test_counted_downwards(low, high):
    specification = specify("exp", "SQ4.3", "UQ1.7", "1ulp", input_range=Range(low, high))
    function = FoldedFunction.counted_down(specification)
    lows, highs = admissible(specification)
    places = {~code % function.size: code - low for code in range(low, high + 1)}
    for place in range(function.size):
        if place in places:
            at = places[place]
            assert (function.low[0, place], function.high[0, place]) == (lows[at], highs[at])
        else:
            assert (function.low[0, place], function.high[0, place]) == (-ANY, ANY)
    assert function.stop == (function.size // 2 if high == 0 else function.size)
    assert all(place < function.stop for place, at in places.items() if at != -low)


def test_only_inputs_up_to_0_are_counted_downwards():
    assert FoldedFunction.counted_down(specify("exp", "SQ2.4", "UQ4.4", "1ulp")) is None
    assert FoldedFunction.counted_down(specify("exp", "UQ1.4", "UQ4.4", "1ulp")) is None


def test_directions_turn_with_the_count():
    specification = specify("exp", "SQ4.3", "UQ1.7", "1ulp", input_range=Range(-64, 0), monotonic=True)
    function = FoldedFunction.counted_down(specification)
    assert function.directions[0, :63].tolist() == [-1] * 63
    assert not function.directions[0, 63:].any()


def test_the_input_0_is_saturated_on_its_own():
    specification = specify("exp", "SQ5.8", "UQ1.11", "1ulp", input_range=Range(-4096, 0))
    saturations, covered = find_saturations(FoldedFunction.counted_down(specification), 5)
    # 2048 e^x is below 1 from -7.62 on, 1951 codes below 0, and 2048 is exact at 0 alone
    assert saturations == (Saturation(2048, (0,)), Saturation(4096, (2048,)))
    assert covered == range(2048)


def test_no_constant_stands_for_inputs_that_do_not_occur():
    function = FoldedFunction.of(specify("sqrt", "UQ4.4", "UQ2.6", "1ulp", input_range=Range(64, 207)))
    assert (function.size, function.low[0, 63], function.high[0, 208]) == (256, -ANY, ANY)
    assert find_saturations(function, 5) == ((), range(0, 208))
