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
    ("segments", "shift", "count", "reach"),
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
def test_cuts(segments, shift, count, reach):
    pieces = expanded(cut(ReducedInput.of(specify("logistic", "SQ4.4", "UQ0.8")), segments), 1)
    assert (pieces.shift, pieces.count, pieces.reach) == (shift, count, reach)
    assert (pieces.origin, pieces.codes) == (0, (0, min((count << shift) - 1, 128)))
    assert pieces.ends == (None, 256 if pieces.codes.high < 128 else None)
    assert [len(coefficients) for coefficients in pieces.coefficients] == [2] * count
    assert len(pieces.estimates) == 2
    assert pieces.centre(0) == reach


@pytest.mark.parametrize(("function", "output"), [("tanh", "SQ1.15"), ("logistic", "UQ0.16")])
@pytest.mark.parametrize("segments", [2, 8, 32])
def test_remainders_bound_the_error_of_the_polynomials(function, output, segments):
    domain = ReducedInput.of(specify(function, "SQ4.8", output))
    pieces = expanded(cut(domain, segments), 4)
    with mpmath.workdps(60):
        scale = mpmath.mpf(2) ** domain.specification.output_format.fraction_bits
        for degree in range(5):
            largest = 0
            for piece, coefficients in enumerate(pieces.coefficients):
                polynomial = [mpmath.mpf(c.numerator) / c.denominator for c in coefficients[: degree + 1]]
                centre = (2 * piece + 1) * mpmath.mpf(float(pieces.reach))
                for place in range(-8, 9):
                    h = mpmath.mpf(float(pieces.reach)) * place / 8
                    truth = FUNCTIONS[function](centre + h) * scale
                    largest = max(largest, abs(sum(c * h**k for k, c in enumerate(polynomial)) - truth))
            assert pieces.estimates[degree] == pytest.approx(float(largest), rel=1e-6, abs=1e-9)
            bound = TaylorFit().remainder(pieces, degree)
            if segments > 2:
                assert largest <= mpmath.mpf(bound.numerator) / bound.denominator
            if segments == 32:
                assert bound < 2 * Fraction(float(largest))


def test_remainders_of_wide_pieces_are_of_use():
    pieces = expanded(cut(ReducedInput.of(specify("tanh", "SQ3.5", "SQ1.7")), 4), 7)
    # The polynomials of degree 7 are within 0.04 ulp.
    assert TaylorFit().remainder(pieces, 7) < 1


def test_one_centre_gives_way_to_saturation():
    pieces = one_centre(ReducedInput.of(specify("tanh", "SQ4.4", "SQ1.7")), 3)
    assert pieces.coefficients == ((0, 128, 0, pieces.coefficients[0][3]),)
    assert abs(pieces.coefficients[0][3] + Fraction(128, 3)) < Fraction(1, 1 << 100)
    assert (pieces.shift, pieces.count) == (None, 1)
    assert pieces.reach == Fraction(pieces.codes.high, 16)
    x = Fraction(pieces.codes.high + 1, 16)
    beyond, inside = (abs(128 - 128 * mpmath.tanh(float(v))) for v in (x, x - Fraction(1, 16)))
    assert abs(128 * (float(x) - float(x) ** 3 / 3 - mpmath.tanh(float(x)))) > beyond
    assert beyond < inside


@pytest.mark.parametrize("degree", range(8))
def test_one_centre_covers_a_narrow_input(degree):
    domain = ReducedInput.of(specify("logistic", "SQ1.7", "UQ0.8"))
    pieces = one_centre(domain, degree)
    assert pieces.codes == domain.codes == (0, 128)
    assert len(pieces.estimates) == degree + 1


@pytest.mark.parametrize(
    ("codes", "segments", "origin", "shift", "count"),
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
def test_cuts_of_ranges(codes, segments, origin, shift, count):
    pieces = expanded(cut(ReducedInput.of(specify("tanh", "SQ4.4", "SQ1.7", input_range=Range(*codes))), segments), 1)
    assert (pieces.origin, pieces.shift, pieces.count) == (origin, shift, count)
    assert pieces.codes == codes
    assert pieces.ends == (None, None)
    half = Fraction(1 << shift, 2) if shift else 0
    assert pieces.centre(0) == (origin + half) / Fraction(16)


def test_a_cut_saturated_at_both_ends():
    fmt = FixedFormat.parse
    pieces = expanded(cut(ReducedInput.of(Specification(Lopsided(), fmt("SQ4.4"), fmt("SQ1.7"))), 8), 2)
    assert (pieces.origin, pieces.count, pieces.shift, pieces.codes) == (-64, 8, 4, (-64, 63))
    assert pieces.ends == (-128, 128)


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
    pieces = one_centre(ReducedInput.of(specify("tanh", "SQ4.4", "SQ1.7", input_range=Range(*codes))), 3)
    assert (pieces.shift, pieces.origin, pieces.centre(0)) == (None, centre, Fraction(centre, 16))
    assert pieces.coefficients[0][0] == pytest.approx(128 * float(mpmath.tanh(centre / 16)))
    assert pieces.reach == Fraction(max(centre - pieces.codes.low, pieces.codes.high - centre), 16)


def test_one_centre_saturates_at_both_ends():
    pieces = one_centre(
        ReducedInput.of(Specification(Lopsided(), FixedFormat.parse("SQ4.4"), FixedFormat.parse("SQ1.7"))), 3
    )
    assert pieces.codes.low == -pieces.codes.high
    assert pieces.ends == (-128, 128)
    assert pieces.reach == Fraction(pieces.codes.high, 16)
