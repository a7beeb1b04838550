from fractions import Fraction

import mpmath
import pytest
from made_up import Tall
from piecewise_functions import DROPPING

from softgate.accuracy.reference import make_reference
from softgate.accuracy.specification import Specification
from softgate.functions import create_function
from softgate.plan import FixedFormat
from softgate.plan.operations.base import Range

parse = FixedFormat.parse


def specify(function, source, output, **parameters):
    return Specification(create_function(function, **parameters), parse(source), parse(output))


@pytest.mark.parametrize(
    ("function", "source", "output"),
    [
        ("logistic", "SQ4.4", "UQ0.8"),  # its supremum is one ulp beyond the largest code
        ("tanh", "SQ4.4", "SQ1.7"),
        ("tanh", "UQ4.4", "UQ0.8"),
        ("hard_logistic", "SQ4.4", "UQ0.8"),
        ("hard_tanh", "SQ2.6", "SQ1.7"),
        ("logistic", "SQ1.0", "UQ0.1"),
    ],
)
def test_outputs_that_hold_the_function(function, source, output):
    specify(function, source, output)


@pytest.mark.parametrize(
    ("function", "source", "output", "message"),
    [
        (
            "tanh",
            "SQ4.4",
            "UQ0.8",
            "output format UQ0.8 holds 0 to 0.996094, but tanh of SQ4.4 goes from -1 to 1; "
            "choose a format that holds them, or accept the loss with --saturate (saturate=True)",
        ),
        (
            "hard_tanh",
            "SQ4.4",
            "SQ1.7",
            "output format SQ1.7 holds -1 to 0.992188, but hard_tanh(min=-1, max=4) of SQ4.4 goes from -1 to 4; "
            "choose a format that holds them, or accept the loss with --saturate (saturate=True)",
        ),
    ],
)
def test_outputs_that_do_not(function, source, output, message):
    parameters = {"max": 4} if function == "hard_tanh" else {}
    with pytest.raises(ValueError) as raised:
        specify(function, source, output, **parameters)
    assert str(raised.value) == message
    Specification(create_function(function, **parameters), parse(source), parse(output), saturate=True)


@pytest.mark.parametrize(
    ("low", "high", "least", "greatest"), [(-4, 4, 1, 0), (-4, 8, 2, 0), (-8, -4, 2, 1), (4, 8, 2, 1), (0, 4, 1, 0)]
)
def test_extremes_of_a_function_that_turns(low, high, least, greatest):
    specification = specify("tanh_derivative", "SQ2.2", "UQ0.8")
    values = [specification.true_value(Fraction(at)) for at in range(3)]
    assert specification.extremes(low, high) == (values[least], values[greatest])


def test_the_greatest_value_may_lie_at_a_turn():
    with pytest.raises(ValueError, match=r"holds 0 to 1\.9375, but tall of SQ4.4 goes from .* to 3; choose"):
        Specification(Tall(), parse("SQ4.4"), parse("UQ1.4"))
    Specification(Tall(), parse("SQ4.4"), parse("UQ1.4"), input_range=Range(16, 127))


@pytest.mark.parametrize("x", [Fraction(0), Fraction(1, 16), Fraction(-5, 2), Fraction(8), Fraction(-20)])
def test_true_values(x):
    with mpmath.workdps(60):
        exact = mpmath.tanh(mpmath.mpf(x.numerator) / x.denominator) * 2**7
        value = specify("tanh", "SQ6.4", "SQ1.7").true_value(x)
        assert abs(mpmath.mpf(value.numerator) / value.denominator - exact) < mpmath.mpf(2) ** -100


def test_true_values_of_a_ramp_are_exact():
    specification = specify("hard_logistic", "SQ4.4", "UQ0.8", variant="keras3")
    assert specification.true_value(Fraction(1, 16)) == (Fraction(1, 96) + Fraction(1, 2)) * 256


def test_the_reference_is_shared():
    specification = specify("tanh", "SQ4.4", "SQ1.7")
    assert specification.reference is specify("tanh", "SQ4.4", "SQ1.7").reference
    assert specification.reference is make_reference(
        create_function("tanh"), parse("SQ4.4"), parse("SQ1.7"), None, None
    )


def test_values_next_to_zero_are_small_numbers():
    value = specify("logistic", "SQ4.4", "UQ0.8").true_value(Fraction(-(1 << 24)))
    assert 0 <= value < Fraction(1, 1 << 100)
    assert value.denominator < 1 << 1000


@pytest.mark.parametrize("bits", [4, 7, 10, 20, 40, 60])
def test_outputs_that_end_where_the_function_tends_to(bits):
    """However close the function comes to one ulp beyond the last code, it stays below."""
    for function, output in (("tanh", "SQ1.9"), ("logistic", "UQ0.8"), ("logistic", "UQ0.64")):
        specification = specify(function, f"SQ{bits}.4", output)
        fmt = specification.output_format
        end = specification.input_format.value(specification.codes.high)
        assert not specification.is_near(end, fmt.max_code + 3, Fraction(1))


def test_nearness_to_a_constant():
    specification = specify("hard_tanh", "SQ4.4", "SQ1.7")
    assert specification.is_near(Fraction(1, 2), 65, Fraction(1))
    assert specification.is_near(Fraction(1, 2), 63, Fraction(1))
    assert not specification.is_near(Fraction(1, 2), 66, Fraction(3, 2))


@pytest.mark.parametrize(
    ("function", "source", "message"),
    [
        ("log", "SQ4.4", "log is defined for x > 0, and 0 is an input of SQ4.4; "),
        ("rsqrt", "UQ4.4", "rsqrt is defined for x > 0, and 0 is an input of UQ4.4; "),
        ("sqrt", "SQ4.4", "sqrt is defined for x >= 0, and -8 is an input of SQ4.4; "),
        ("reciprocal", "SQ4.4", "reciprocal is defined for x != 0, and 0 is an input of SQ4.4; "),
    ],
)
def test_inputs_without_a_value_are_refused(function, source, message):
    with pytest.raises(ValueError) as raised:
        specify(function, source, "SQ8.4")
    advice = "give an input format or a range that leaves such inputs out (--range, input_range)"
    assert str(raised.value) == message + advice


@pytest.mark.parametrize("function", ["log", "log2", "rsqrt", "reciprocal"])
def test_a_range_may_leave_out_what_has_no_value(function):
    Specification(create_function(function), parse("SQ4.4"), parse("SQ6.4"), input_range=Range(1, 127))


def test_extremes_beside_a_jump():
    # 3 up to 1/2, then 1/2 and up: next to the jump the value is just above 8 ulp, and at no code lower.
    low, high = Specification(DROPPING, parse("SQ4.4"), parse("SQ5.4")).extremes(-128, 127)
    assert 8 < low < 9
    assert high == 127
