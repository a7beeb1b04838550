"""The outputs that are required, against values in 60 digits."""

import mpmath
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from softgate.accuracy.reference import Reference
from softgate.accuracy.required import Required, first_code, roundest
from softgate.functions import create_function
from softgate.plan import FixedFormat
from softgate.plan.operations.base import Range

TRUE = {
    "tanh": (mpmath.tanh, -1, 1),
    "logistic": (lambda x: 1 / (1 + mpmath.exp(-x)), 0, 1),
    "tanh_derivative": (lambda x: mpmath.sech(x) ** 2, 0, 0),
    "logistic_derivative": (lambda x: mpmath.sech(x / 2) ** 2 / 4, 0, 0),
    "hard_tanh": (lambda x: max(mpmath.mpf(-1), min(mpmath.mpf(1), x)), -1, 1),
}


def required(function, source, output, codes=None, outputs=None, **parameters):
    parse = FixedFormat.parse
    reference = Reference(create_function(function, **parameters), parse(source), parse(output), codes, outputs)
    return reference.required


def of_sixty_digits(function, source, output):
    """Return the required output of every code in a dictionary, from what the function is in 60 digits."""
    f, *limits = TRUE[function]
    source, output = FixedFormat.parse(source), FixedFormat.parse(output)
    with mpmath.workdps(60):
        ulp = mpmath.mpf(output.ulp.numerator) / output.ulp.denominator
        rounded = [int(mpmath.floor(limit / ulp + 0.5)) for limit in limits]
        values = {code: f(mpmath.ldexp(code, -source.fraction_bits)) / ulp for code in map(int, source.codes())}
        found = {}
        for limit, codes in zip(rounded, (sorted(values), sorted(values, reverse=True)), strict=True):
            for code in codes:  # inwards, as long as it is near the limit
                if abs(values[code] - limit) > 0.5 or (
                    code * (1 if codes[0] < 0 else -1) > 0 and limits[0] == limits[1]
                ):
                    break
                found[code] = min(max(limit, output.min_code), output.max_code)
        centre = values[0]
        if 0 not in found and centre == mpmath.floor(centre) and output.min_code <= centre <= output.max_code:
            found[0] = int(centre)
    return found


@settings(max_examples=40, deadline=None)
@given(
    function=st.sampled_from(sorted(TRUE)),
    source=st.sampled_from(["SQ4.4", "SQ5.5", "SQ3.6", "SQ6.2", "UQ4.4"]),
    output=st.sampled_from(["SQ1.7", "UQ0.8", "SQ2.6", "UQ1.3", "SQ1.2", "UQ0.5"]),
)
def test_saturated_codes_and_zero(function, source, output):
    found = {}
    for each in required(function, source, output):
        assert not found.keys() & set(range(each.codes.low, each.codes.high + 1))
        found |= dict.fromkeys(range(each.codes.low, each.codes.high + 1), each.output)
    assert found == of_sixty_digits(function, source, output)


def test_literally():
    assert required("logistic", "SQ4.0", "UQ0.8") == (
        Required(Range(-8, -7), 0),
        Required(Range(0, 0), 128),
        Required(Range(7, 7), 255),
    )
    assert required("tanh", "SQ4.0", "SQ2.6") == (
        Required(Range(-8, -3), -64),
        Required(Range(0, 0), 0),
        Required(Range(3, 7), 64),
    )


def test_of_a_range_only_what_occurs():
    assert required("tanh", "SQ4.0", "SQ2.6", Range(1, 5)) == (Required(Range(3, 5), 64),)
    assert required("tanh", "SQ4.0", "SQ2.6", Range(1, 2)) == ()


def test_limits_are_clamped_to_the_outputs():
    first, _, last = required("tanh", "SQ4.0", "SQ1.7", outputs=Range(-127, 127))
    assert (first.output, last.output) == (-127, 127)


def test_a_value_at_0_that_is_not_a_code():
    assert all(0 not in each.codes for each in required("tanh_derivative", "SQ4.4", "UQ0.8"))
    assert all(0 not in each.codes for each in required("hard_logistic", "SQ4.4", "UQ0.8", offset="1/3"))
    assert Required(Range(0, 0), 1) in required("logistic_derivative", "SQ2.4", "UQ0.2")


def test_between_two_limits_a_tie_goes_up():
    # One ulp is the whole of the logistic function: at 0 it is half an ulp from both limits.
    assert required("logistic", "SQ2.0", "UQ1.0") == (Required(Range(-2, -1), 0), Required(Range(0, 1), 1))


def test_limits_of_a_ramp():
    assert required("hard_tanh", "SQ3.1", "SQ3.2", min="-0.7", max="6/5") == (
        Required(Range(-8, -2), -3),
        Required(Range(0, 0), 0),
        Required(Range(3, 7), 5),
    )


@pytest.mark.parametrize("threshold", [-5, 0, 3, 9, 10])
def test_the_first_code(threshold):
    assert first_code(Range(-4, 9), lambda code: code >= threshold) == max(threshold, -4)


def test_the_roundest_number():
    assert [roundest(-7, 9), roundest(0, 5), roundest(-5, 0)] == [0, 0, 0]
    for low in [*range(-40, 0), *range(1, 70)]:
        for high in range(low, 0 if low < 0 else 70):
            most = max(number & -number for number in range(low, high + 1))
            assert low <= roundest(low, high) <= high
            assert roundest(low, high) & -roundest(low, high) == most


def test_nothing_is_as_round_as_0():
    assert [roundest(low, high) for low, high in ((0, 0), (-3, 5), (-1, 0), (0, 7))] == [0] * 4
