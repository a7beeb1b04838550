from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from softgate.methods.integer_polynomials.datapath_shape import DatapathShape, Factor
from softgate.methods.integer_polynomials.feasibility import feasible_set, nearest_is_feasible
from softgate.methods.integer_polynomials.output_window import OutputWindow
from softgate.methods.integer_polynomials.segment_bounds import SegmentBounds, SegmentsBounds

LINE = DatapathShape(3, (2, 4), lowest=(0,), minus=(False,), signed=(True,), widths=(None,))
SQUARE = DatapathShape(3, (2, 4, 5), lowest=(0, 0), minus=(False, True), signed=(True, False), widths=(None, None))
CONSTANT = DatapathShape(3, (2,))


def windows(low, high):
    """Return for segments of eight places what each may give alone, and what all of them together."""
    none = np.zeros((1, 1), dtype=np.int64)
    still = np.zeros((1, low.shape[1]), dtype=np.int8)
    alone = [OutputWindow(lows[None], highs[None], none, still) for lows, highs in zip(low, high, strict=True)]
    return alone, OutputWindow(low[:, None], high[:, None], none, np.zeros((len(low), 1, low.shape[1]), dtype=np.int8))


def around_curves(curvatures, slopes, room):
    """Return windows of `room` values about curves, one for each curvature and slope."""
    t = np.arange(8)
    middle = np.array([slope * t - curvature * t * t for curvature, slope in zip(curvatures, slopes, strict=True)])
    low = np.floor(middle - room / 2).astype(np.int64)
    return low, low + room


def near(shape, together):
    return nearest_is_feasible(shape, SegmentsBounds.of(shape, Factor.of(shape, 1), together))


@pytest.mark.parametrize("shape", [LINE, SQUARE, CONSTANT, replace(LINE, stored=1), replace(LINE, whole=1)])
def test_curves_within_reach_and_out_of_it(shape):
    low, high = around_curves([0.0, 0.0, 0.25, 3.0, 0.0], [0.0, 1.5, 2.0, 1.0, -0.75], 2)
    low[4], high[4] = low[4] + 9 * (np.arange(8) > 3), high[4] + 9 * (np.arange(8) > 3)  # a jump
    found = near(shape, windows(low, high)[1]).tolist()
    assert found == [True, shape.degree > 0, shape.degree > 1, shape.degree > 1, False]


@pytest.mark.parametrize(("width", "does"), [(None, True), (6, True), (5, False)])
def test_multiplicands_have_the_bits_they_may(width, does):
    low, high = around_curves([0.0], [2.5], 1)  # 40 sixteenths
    shape = replace(LINE, signed=(False,), widths=(width,))
    assert near(shape, windows(low, high)[1]).tolist() == [does]


def test_coefficients_have_the_signs_they_may():
    low, high = around_curves([0.0, 0.0], [2.5, -2.5], 1)
    for signed in (True, False):
        shape = replace(LINE, signed=(signed,))
        assert near(shape, windows(low, high)[1]).tolist() == [True, signed]


@given(
    st.sampled_from([LINE, SQUARE, CONSTANT]),
    st.lists(st.tuples(st.floats(-2, 2), st.floats(-8, 8)), min_size=1, max_size=6),
    st.integers(0, 6),
    st.integers(0, 2),
)
def test_what_is_next_to_a_fit_is_found_one_by_one_too(shape, curves, room, stored):
    shape = replace(shape, stored=stored)
    low, high = around_curves(*zip(*curves, strict=True), room)
    alone, together = windows(low, high)
    factor = Factor.of(shape, 1)
    for window, does in zip(alone, near(shape, together), strict=True):
        middle = (window.low + window.high)[0] / 2 + 0.5
        fitted = np.polynomial.polynomial.polyfit(factor.t, middle, shape.degree)
        bounds = SegmentBounds.of(shape.guard, factor, window)
        found = feasible_set(shape, bounds, fitted, room + 1.0)
        some = feasible_set(shape, bounds, fitted, room + 1.0, first=True)
        assert found is not None or not does
        assert (found is None) == (some is None)


def test_what_may_not_be_monotonic_is_left_to_others():
    low, high = around_curves([0.0, 0.0, 0.5], [1.5, -1.5, 4.0], 4)
    _, free = windows(low, high)
    rising = free._replace(directions=np.ones_like(free.directions))
    shape = replace(SQUARE, signed=(True, True))
    assert near(shape, free).tolist() == [True] * 3
    assert near(shape, rising).tolist() == [True, False, False]
