import numpy as np
import pytest
from made_up import Lopsided
from specified import specify

from softgate.accuracy.admissible import admissible
from softgate.methods.integer_polynomials.folded_function import ANY, MOST_STEPS, FoldedFunction
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
