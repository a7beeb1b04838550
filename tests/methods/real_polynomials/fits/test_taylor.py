from fractions import Fraction

import mpmath
import pytest
from made_up import Lopsided
from specified import specify

from softgate.accuracy.specification import Specification
from softgate.methods.range_reduction.reduced_input import ReducedInput
from softgate.methods.real_polynomials.fits.taylor import TaylorFit, expanded, one_centre
from softgate.methods.real_polynomials.segments import cut
from softgate.plan import FixedFormat
from softgate.plan.operations.base import Range

FUNCTIONS = {"tanh": mpmath.tanh, "logistic": lambda x: 1 / (1 + mpmath.exp(-x))}


@pytest.mark.parametrize(
    ("most", "shift", "count", "reach"),
    [
        (1, 7, 1, Fraction(64, 16)),
        (2, 6, 2, Fraction(32, 16)),
        (3, 6, 2, Fraction(32, 16)),
        (4, 5, 4, Fraction(16, 16)),
        (16, 3, 13, Fraction(4, 16)),
        (100, 0, 100, Fraction(0)),
        (4096, 0, 100, Fraction(0)),
    ],
)
def test_cuts(most, shift, count, reach):
    segments = expanded(cut(ReducedInput.of(specify("logistic", "SQ4.4", "UQ0.8")), most), 1)
    assert (segments.shift, segments.count, segments.reach) == (shift, count, reach)
    assert (segments.origin, segments.codes) == (0, (0, min((count << shift) - 1, 128)))
    assert segments.ends == (None, 256 if segments.codes.high < 128 else None)
    assert [len(coefficients) for coefficients in segments.coefficients] == [2] * count
    assert len(segments.estimates) == 2
    assert segments.centre(0) == reach


@pytest.mark.parametrize(("function", "output"), [("tanh", "SQ1.15"), ("logistic", "UQ0.16")])
@pytest.mark.parametrize("count", [2, 8, 32])
def test_remainders_bound_the_error_of_the_polynomials(function, output, count):
    domain = ReducedInput.of(specify(function, "SQ4.8", output))
    segments = expanded(cut(domain, count), 4)
    with mpmath.workdps(60):
        scale = mpmath.mpf(2) ** domain.specification.output_format.fraction_bits
        for degree in range(5):
            largest = 0
            for segment, coefficients in enumerate(segments.coefficients):
                polynomial = [mpmath.mpf(c.numerator) / c.denominator for c in coefficients[: degree + 1]]
                centre = (2 * segment + 1) * mpmath.mpf(float(segments.reach))
                for place in range(-8, 9):
                    h = mpmath.mpf(float(segments.reach)) * place / 8
                    truth = FUNCTIONS[function](centre + h) * scale
                    largest = max(largest, abs(sum(c * h**k for k, c in enumerate(polynomial)) - truth))
            assert segments.estimates[degree] == pytest.approx(float(largest), rel=1e-6, abs=1e-9)
            bound = TaylorFit().approximation_error(segments, degree)
            if count > 2:
                assert largest <= mpmath.mpf(bound.numerator) / bound.denominator
            if count == 32:
                assert bound < 2 * Fraction(float(largest))


def test_remainders_of_wide_pieces_are_of_use():
    segments = expanded(cut(ReducedInput.of(specify("tanh", "SQ3.5", "SQ1.7")), 4), 7)
    # The polynomials of degree 7 are within 0.04 ulp.
    assert TaylorFit().approximation_error(segments, 7) < 1


def test_one_centre_gives_way_to_saturation():
    segments = one_centre(ReducedInput.of(specify("tanh", "SQ4.4", "SQ1.7")), 3)
    assert segments.coefficients == ((0, 128, 0, segments.coefficients[0][3]),)
    assert abs(segments.coefficients[0][3] + Fraction(128, 3)) < Fraction(1, 1 << 100)
    assert (segments.shift, segments.count) == (None, 1)
    assert segments.reach == Fraction(segments.codes.high, 16)
    x = Fraction(segments.codes.high + 1, 16)
    beyond, inside = (abs(128 - 128 * mpmath.tanh(float(v))) for v in (x, x - Fraction(1, 16)))
    assert abs(128 * (float(x) - float(x) ** 3 / 3 - mpmath.tanh(float(x)))) > beyond
    assert beyond < inside


@pytest.mark.parametrize("degree", range(8))
def test_one_centre_covers_a_narrow_input(degree):
    domain = ReducedInput.of(specify("logistic", "SQ1.7", "UQ0.8"))
    segments = one_centre(domain, degree)
    assert segments.codes == domain.codes == (0, 128)
    assert len(segments.estimates) == degree + 1


@pytest.mark.parametrize(
    ("codes", "most", "origin", "shift", "count"),
    [
        ((16, 32), 2, 16, 4, 2),  # the last code is a piece of its own
        ((16, 31), 2, 16, 3, 2),
        ((16, 31), 4, 16, 2, 4),
        ((-32, -17), 4, -32, 2, 4),
        ((-31, -17), 4, -32, 2, 4),  # pieces are aligned
        ((29, 44), 2, 16, 4, 2),
        ((29, 34), 3, 28, 2, 2),
        ((29, 34), 4, 28, 1, 4),
        ((29, 34), 6, 29, 0, 6),
    ],
)
def test_cuts_of_ranges(codes, most, origin, shift, count):
    segments = expanded(cut(ReducedInput.of(specify("tanh", "SQ4.4", "SQ1.7", input_range=Range(*codes))), most), 1)
    assert (segments.origin, segments.shift, segments.count) == (origin, shift, count)
    assert segments.codes == codes
    assert segments.ends == (None, None)
    half = Fraction(1 << shift, 2) if shift else 0
    assert segments.centre(0) == (origin + half) / Fraction(16)


def test_a_cut_saturated_at_both_ends():
    fmt = FixedFormat.parse
    segments = expanded(cut(ReducedInput.of(Specification(Lopsided(), fmt("SQ4.4"), fmt("SQ1.7"))), 8), 2)
    assert (segments.origin, segments.count, segments.shift, segments.codes) == (-64, 8, 4, (-64, 63))
    assert segments.ends == (-128, 128)


def test_estimates_are_those_of_codes_that_occur():
    some, more = (
        expanded(cut(ReducedInput.of(specify("logistic", "SQ4.4", "SQ2.7", input_range=Range(low, 47))), 2), 1)
        for low in (31, 16)
    )
    assert (some.origin, some.shift, some.count) == (more.origin, more.shift, more.count) == (16, 4, 2)
    # The worst code is 16; of its piece only the last code is left.
    assert some.coefficients == more.coefficients
    c0, c1 = map(float, more.coefficients[0])
    assert more.estimates[1] == pytest.approx(abs(c0 - c1 / 2 - 128 / (1 + float(mpmath.exp(-1)))))
    assert some.estimates[1] < more.estimates[1]


@pytest.mark.parametrize(
    ("codes", "centre"),
    [((-16, 16), 0), ((0, 20), 0), ((-20, 0), 0), ((16, 32), 24), ((-33, -16), -25), ((40, 60), 44)],
)
def test_one_centre_is_0_or_the_middle(codes, centre):
    segments = one_centre(ReducedInput.of(specify("tanh", "SQ4.4", "SQ1.7", input_range=Range(*codes))), 3)
    assert (segments.shift, segments.origin, segments.centre(0)) == (None, centre, Fraction(centre, 16))
    assert segments.coefficients[0][0] == pytest.approx(128 * float(mpmath.tanh(centre / 16)))
    assert segments.reach == Fraction(max(centre - segments.codes.low, segments.codes.high - centre), 16)


def test_one_centre_saturates_at_both_ends():
    segments = one_centre(
        ReducedInput.of(Specification(Lopsided(), FixedFormat.parse("SQ4.4"), FixedFormat.parse("SQ1.7"))), 3
    )
    assert segments.codes.low == -segments.codes.high
    assert segments.ends == (-128, 128)
    assert segments.reach == Fraction(segments.codes.high, 16)
