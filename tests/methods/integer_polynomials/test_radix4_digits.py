import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from softgate.methods.integer_polynomials.radix4_digits import (
    Digit,
    DigitField,
    digit_fields,
    digits_of,
    origin,
    origin_choices,
    row_sum,
)


@pytest.mark.parametrize("centred", [False, True], ids=["", "centred"])
@pytest.mark.parametrize("signs", [1, 2])
@pytest.mark.parametrize("bits", range(1, 11))
def test_digits_are_those_of_the_place_from_the_origin(bits, signs, centred):
    digits = digits_of(bits, signs, centred=centred)
    assert len(digits) == (bits + 1) // 2
    assert all(set(np.unique(digit.values)) <= {-2, -1, 0, 1, 2} for digit in digits)
    # One look-up table of four inputs for a bit of a row, but where the sign makes a third bit.
    assert all(len(np.unique(digit.values)) <= 4 for digit in digits[signs > 1 and bits % 2 == 0 :])
    start = origin(digit_fields(bits, signed=signs > 1, centred=centred))
    total = sum(digit.values.astype(int) << digit.weight for digit in digits)
    assert np.array_equal(total, np.arange(1 << bits) - start + np.arange(signs)[:, None])
    if centred:
        assert abs(start - (1 << bits >> 1)) <= (1 << bits) / 3


@pytest.mark.parametrize("bits", range(1, 8))
@pytest.mark.parametrize("signs", [1, 2])
def test_every_origin_is_counted_from(bits, signs):
    choices = origin_choices(bits, signed=signs > 1)
    origins = []
    for choice in choices:
        origins.append(origin(digit_fields(bits, signed=signs > 1, choice=choice)))
        total = sum(digit.values.astype(int) << digit.weight for digit in digits_of(bits, signs, choice=choice))
        assert np.array_equal(total, np.arange(1 << bits) - origins[-1] + np.arange(signs)[:, None])
    assert sorted(choices) == list(range(len(choices)))
    distances = [abs(2 * start - (1 << bits) + 1) for start in origins]
    assert distances == sorted(distances)


def test_origins_by_hand():
    # -1 or -2 from either digit: 5, 9, 6 or 10, of which 9 and 6 are nearest to 7.5
    origins = [origin(digit_fields(4, signed=False, choice=choice)) for choice in range(4)]
    assert origins == [5, 9, 6, 10]
    assert origin_choices(4, signed=False) == [1, 2, 0, 3]


def test_digits_by_hand():
    low, high = digits_of(4, 1)
    # 0 is 5 less than the origin: -1 and four times -1; 11 is 3 - 1 = 2 and four times 2 - 1 = 1
    assert [(int(digit.values[0, 0]), int(digit.values[0, 11])) for digit in (low, high)] == [(-1, 2), (-1, 1)]
    assert digit_fields(3, signed=True) == (
        DigitField(0, 1, True, (0, 1, 1, 2)),
        DigitField(1, 2, False, (-1, 0, 1, 2)),
    )
    assert digit_fields(2, signed=True) == (DigitField(0, 2, True, (-2, -1, -1, 0, 0, 1, 1, 2)),)
    # Origins within reach of 5 bits with a sign: 0 to 2 from the first bit, 2 or 4 and 8 or 16 from the others
    assert origin(digit_fields(5, signed=True, centred=True)) in (14, 18)


def test_rows_by_hand():
    digits = [Digit(0, np.array([-1, 1, 0])), Digit(2, np.array([1, 2, -2]))]
    # 13 times -1 and 4, the complements one short: (-14 >> 1) + (52 >> 1), (13 >> 1) + (104 >> 1), 0 + (-105 >> 1)
    assert row_sum(np.array([13]), digits, 0, 1).tolist() == [-7 + 26, 6 + 52, -53]
    assert row_sum(np.array([13]), digits, 1, 1).tolist() == [26, 52, -53]
    # Where bits are appended instead, a complement has ones there.
    assert row_sum(np.array([13]), digits, 1, 0).tolist() == [52, 104, -105]


@pytest.mark.parametrize("cut", [0, 1, 3, 6, 9])
def test_rows_add_up_to_the_product(cut):
    digits = digits_of(5, 2)
    t = sum(digit.values.astype(int) << digit.weight for digit in digits)
    for multiplicand in (0, 1, 77, 255, -100):
        exact = multiplicand * t / 2.0**cut
        off = row_sum(np.array(multiplicand), digits, 0, cut) - exact
        assert off.max() <= 0
        assert off.min() > -3.0 - (cut == 0)  # less than one a row, and the units that are left out


@given(st.lists(st.integers(-(1 << 45), 1 << 45), min_size=1, max_size=3), st.integers(0, 12))
@example([(1 << 31) - 1, -1 << 31], 4)
@example([1 << 24], 4)
def test_rows_of_any_length_are_those_of_whole_numbers(multiplicand_ranges, cut):
    digits = digits_of(9, 2)
    found = row_sum(np.array(multiplicand_ranges)[:, None, None], digits, 1, cut)
    for multiplicand, at in zip(multiplicand_ranges, found.reshape(len(multiplicand_ranges), -1), strict=True):
        for number, total in enumerate(at.tolist()):
            rows = [(int(digit.values.flat[number]), digit.weight - cut) for digit in digits[1:]]
            assert total == sum(
                (multiplicand * factor << max(left, 0)) - (factor < 0) >> max(-left, 0) for factor, left in rows
            )


@pytest.mark.parametrize("bits", range(20, 34))
def test_sums_are_never_too_long(bits):
    digits = [Digit(0, np.full(1, 2, np.int8)), Digit(2, np.full(1, 2, np.int8)), Digit(4, np.full(1, -2, np.int8))]
    for multiplicand in ((1 << bits) - 1, 1 << bits, 1 - (1 << bits), -1 << bits):
        assert row_sum(np.array([multiplicand]), digits, 0, 0).tolist() == [multiplicand * (2 + 8 - 32) - 1]
