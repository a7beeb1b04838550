from fractions import Fraction

import numpy as np
import pytest

from softgate.accuracy.composites.softmax_bounds import log_offset, scale_of, softmax_bounds, whole_bits

WORDS = {
    "distance_bits": 8,
    "multiple": 23,
    "multiple_bits": 4,
    "shift": 4,
    "sum_bits": 12,
    "index_bits": 10,
    "farthest": 40,
}
NOTHING = (Fraction(0), Fraction(0), Fraction(0))


def softmax(x):
    powers = np.exp(x - x.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def bounds(count=10, errors=NOTHING, words=WORDS, base="e", limited=False):
    return softmax_bounds(base, count, 12, words, errors, log_offset(*errors, 30), limited=limited)


@pytest.mark.parametrize("count", [2, 3, 10, 100])
@pytest.mark.parametrize("factor", [0.9, 1.01])
def test_a_wrong_scale(count, factor):
    """The bound of the first lemma holds, and is nearly reached by vectors with one element above equal others."""
    random = np.random.default_rng(1)
    above = np.zeros((2000, count))
    above[:, 0] = np.linspace(-10, 20, 2000)
    limit = abs(np.log(factor)) * (0.224 + np.log(count - 1) / 4)
    for x, reaches in ((random.normal(0, 3, (2000, count)), 0), (above, 0.6)):
        moved = np.abs(softmax(factor * x) - softmax(x)).max()
        assert reaches * limit < moved <= limit


@pytest.mark.parametrize("bits", [1, 3, 6])
def test_distances_rounded_down(bits):
    random = np.random.default_rng(2)
    x = random.normal(0, 2, (20000, 4)) / np.log(2)
    rounded = x + random.uniform(0, 2.0**-bits, x.shape)
    p, moved = softmax(x * np.log(2)), softmax(rounded * np.log(2))
    assert (np.abs(moved - p) <= p * (1 - p) * (2**2.0**-bits - 1) + 1e-12).all()


def test_each_error_counts():
    least = bounds()
    for place in range(3):
        errors = [Fraction(0)] * 3
        errors[place] = Fraction(1, 1 << 12)
        found = bounds(errors=tuple(errors))
        assert found.error > least.error
        assert found.deficit > least.deficit
    assert bounds(count=11).error > least.error
    assert bounds(limited=True).error > least.error
    for name in ("distance_bits", "sum_bits", "index_bits"):
        assert bounds(words={**WORDS, name: WORDS[name] - 1}).error > least.error, name


def test_exact_distances_of_powers_of_two():
    words = {**WORDS, "multiple": 1, "multiple_bits": 0}
    assert bounds(base="2", words={**words, "shift": 0}).error < bounds(base="2", words={**words, "shift": 1}).error


def test_scales_and_bits():
    assert scale_of("e") == pytest.approx(1.4426950408889634)
    assert scale_of("2") == 1
    assert [whole_bits(value) for value in (0.5, 0.51, 2**-10, 2**-10 * 0.99)] == [1, 0, 10, 10]
    offset = log_offset(Fraction(1, 1 << 10), Fraction(1, 1 << 9), Fraction(1, 1 << 8), 20)
    assert offset >= Fraction(1, 1 << 9) + Fraction(np.log2((1 + 2**-7) / (1 - 2**-9)))
    assert offset.denominator <= 1 << 20
