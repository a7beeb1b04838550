"""Each term of the bound holds on its own, for vectors where it is nearly reached."""

from fractions import Fraction
from math import inf, log

import numpy as np
import pytest

from softgate.accuracy.composites.log_sum_bounds import _mean_distance, centre, log_sum_bound

# Words so long that nothing but what a test shortens counts.
WORDS = {
    "distance_bits": 40,
    "multiple": 1,
    "multiple_bits": 0,
    "shift": 4,
    "sum_bits": 60,
    "index_bits": 50,
    "log_bits": 50,
    "farthest": 60,
}
NOTHING = (Fraction(0), Fraction(0))


def bound(count=10, errors=NOTHING, base="2", limited=False, **words):
    return log_sum_bound(base, count, {**WORDS, **words}, errors, limited=limited)


@pytest.mark.parametrize("count", [2, 3, 10, 1024])
@pytest.mark.parametrize("factor", [0.9, 1.01])
def test_a_wrong_scale(count, factor):
    """The bound holds, and is nearly reached by equal elements at one distance below the maximum."""
    multiple = round(factor / log(2) * 2**20)
    d = np.linspace(0, 12, 20_000)
    moved = np.abs(np.log1p((count - 1) * np.exp(-d)) - np.log1p((count - 1) * np.exp(-d * multiple * log(2) / 2**20)))
    limit = bound(count, base="e", multiple=multiple, multiple_bits=20)
    assert 0.8 * limit < moved.max() <= limit


@pytest.mark.parametrize("others", [1, 2, 9, 1023])
def test_the_mean_distance(others):
    """The largest mean distance is that of the bound, up to a step of 1/64."""
    w = _mean_distance(others)
    d = np.linspace(0, 12, 20_000)
    means = others * np.exp(-d) * d / (1 + others * np.exp(-d))
    assert means.max() <= w
    assert w < means.max() + 0.02


def test_distances_rounded_down():
    limit = bound(distance_bits=3)
    assert limit == pytest.approx(1 / 8, rel=1e-6)
    assert bound(distance_bits=3, base="e", multiple=1512775, multiple_bits=20) == pytest.approx(log(2) / 8, rel=1e-4)
    assert bound(distance_bits=3, shift=0) < 1e-9  # powers of two, of distances that are not rounded


def test_errors_of_the_parts():
    assert bound(errors=(Fraction(1, 64), Fraction(0))) == pytest.approx(-np.log2(1 - 1 / 32), rel=1e-6)
    assert bound(errors=(Fraction(0), Fraction(1, 64))) == pytest.approx(1 / 64, rel=1e-6)
    assert bound(errors=(Fraction(1, 2), Fraction(0))) == inf


def test_what_is_cut():
    assert centre(10, {"index_bits": 3, "sum_bits": 6}) == Fraction(1, 16) + Fraction(9, 128)
    assert bound(index_bits=3, sum_bits=6) == pytest.approx(np.log2(1 + 1 / 16 + 9 / 128), rel=1e-6)


def test_limited_distances_and_rounded_octaves():
    assert bound(limited=True, farthest=8) == pytest.approx(9 / 256 / log(2), rel=1e-6)
    close = bound(base="e", multiple=round(2**30 / log(2)), multiple_bits=30)
    coarse = bound(base="e", multiple=round(2**30 / log(2)), multiple_bits=30, log_bits=4)
    assert coarse - close == pytest.approx(1 / 32, rel=1e-6)
