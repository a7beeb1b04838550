import mpmath
import numpy as np
import pytest

from softgate import rounded
from softgate.functions import from_thresholds


def nearest(value, ulp):
    """Return the code nearest to a value, ties to even, in mpmath alone."""
    return int(mpmath.nint(value / ulp))


@pytest.mark.parametrize("codes", [[-32768, -20001, -4097, -1, 0, 1, 2, 3000, 32767]])
def test_values(codes):
    with mpmath.workdps(60):
        expected = [min(nearest(mpmath.tanh(mpmath.mpf(code) / 4096), mpmath.mpf(2) ** -15), 32767) for code in codes]
    assert rounded("tanh", "SQ4.12", "SQ1.15")(codes).tolist() == expected


def test_ties_go_to_even():
    # x / 2 lies half-way between two codes at every odd input.
    model = rounded("0.5*x", "SQ4.0", "SQ4.0")
    assert model([-7, -5, -3, -1, 1, 3, 5, 7]).tolist() == [-4, -2, -2, 0, 0, 2, 2, 4]


def test_ties_go_to_even_units_from_an_odd_zero_point():
    assert rounded("0.5*x", "SQ4.0", "int5:1:1")([-3, -1, 1, 3, 5]).tolist() == [-1, 1, 1, 3, 3]


def test_callables_are_functions_too():
    assert rounded(lambda x: 0.5 * x, "SQ4.0", "SQ4.0")([-7, 5]).tolist() == [-4, 2]


def test_what_is_limited():
    model = rounded("leaky_relu", "SQ4.4", "SQ4.4", clip="-1:2", negative_slope="0.5")
    assert model.floats([-4.0, -0.5, 1.5, 7.0]).tolist() == [-0.5, -0.25, 1.5, 2.0]
    model = rounded("exp", "SQ4.4", "UQ1.7", input_range="-4:0", saturate=False)
    assert model.table()[[0, -1]].tolist() == [2, 128]
    with pytest.raises(ValueError, match="promised to stay within -4 to 0"):
        model.floats([0.5])


def test_its_codes_are_those_of_a_unit_of_half_an_ulp():
    from softgate import design

    unit = design("gelu", "SQ4.4", "SQ4.4", max_error="0.5ulp", method="table")
    assert np.array_equal(unit.golden.table(), rounded("gelu", "SQ4.4", "SQ4.4").table())


def test_every_form_of_a_function():
    """A callable is an expression, an array the values at all codes, and thresholds have an output of their own."""
    by_name = rounded("x*tanh(x)", "SQ3.2", "SQ5.4").table()
    assert np.array_equal(rounded(lambda x: x * np.tanh(x), "SQ3.2", "SQ5.4").table(), by_name)
    array = np.array([0.25, 0.3125, -0.375, 1.0])
    assert rounded(array, (True, 1, 1), "SQ2.2").table().tolist() == [1, 1, -2, 4]  # 1.25, and -1.5, a tie
    steps = rounded(from_thresholds(np.array([-1.0, 0.5, 0.5])), "SQ2.1")
    assert steps.floats([-2.0, -1.0, 0.0, 0.5]).tolist() == [0, 1, 1, 3]


@pytest.mark.parametrize(
    ("arguments", "keywords", "message"),
    [
        (("tahn", "SQ4.4", "SQ1.7"), {}, "tanh"),
        (("tanh", "Q4.4", "SQ1.7"), {}, "input format 'Q4.4' is ambiguous"),
        (("tanh", "SQ4.4", "SQ1.7"), {"degree": 3}, "degree"),
        (("exp", "SQ4.4", "SQ1.7"), {}, "output format SQ1.7 holds -1 to 0.992188"),
        (("tanh", "SQ4.17", "SQ1.7"), {}, "input_format SQ4.17 has 2097152 codes, and a rounded function is tabled"),
    ],
)
def test_refusals(arguments, keywords, message):
    with pytest.raises(ValueError) as raised:
        rounded(*arguments, **keywords)
    assert message in str(raised.value)
