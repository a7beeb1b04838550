from fractions import Fraction

import pytest
from specified import specify

from softgate.methods.range_reduction.reduced_input import ReducedInput
from softgate.methods.real_polynomials.segments import Segments, cut
from softgate.plan.operations.base import Range


@pytest.fixture(scope="module")
def domain():
    """Return magnitudes from 0 to 128, of which those from 50 on are saturated."""
    return ReducedInput.of(specify("tanh", "SQ4.4", "SQ1.7"))


@pytest.mark.parametrize(
    ("most", "shift", "count", "codes"),
    [
        (1, 6, 1, (0, 63)),
        (2, 5, 2, (0, 63)),
        (3, 5, 2, (0, 63)),
        (4, 4, 4, (0, 63)),
        (7, 3, 7, (0, 55)),
        (50, 0, 50, (0, 49)),
    ],
)
def test_segments_are_as_small_as_their_number_allows(domain, most, shift, count, codes):
    segments = cut(domain, most)
    assert (segments.shift, segments.count, segments.codes) == (shift, count, codes)
    assert segments.ends == (None, 128)
    covered = [segments.covered(segment) for segment in range(count)]
    assert [code for part in covered for code in range(part.low, part.high + 1)] == list(range(codes[1] + 1))


def test_centres_are_in_the_middle(domain):
    segments = cut(domain, 4)
    assert segments.reach == Fraction(1, 2)
    assert [segments.centre(segment) for segment in range(4)] == [
        Fraction(1, 2),
        Fraction(3, 2),
        Fraction(5, 2),
        Fraction(7, 2),
    ]
    single = cut(domain, 50)
    assert (single.reach, single.centre(3)) == (0, Fraction(3, 16))


def test_one_piece_about_a_code(domain):
    segments = Segments(domain, None, 10, Range(0, 49), ((),), ())
    assert (segments.reach, segments.centre(0), segments.covered(0)) == (Fraction(39, 16), Fraction(10, 16), (0, 49))


def test_a_domain_that_does_not_begin_at_a_piece():
    reduced = ReducedInput.of(specify("logistic", "UQ4.4", "UQ0.8", input_range=Range(21, 90)))
    segments = cut(reduced, 4)
    assert (segments.shift, segments.origin, segments.count) == (5, 0, 3)
    assert [segments.covered(segment) for segment in range(3)] == [(21, 31), (32, 63), (64, 90)]
    assert segments.ends == (None, None)
