from fractions import Fraction

import mpmath
import pytest

from softgate.plan import Budget, FixedFormat, create_function
from softgate.plan.pieces import Domain, cut, one_centre
from softgate.plan.specification import Specification

FUNCTIONS = {"tanh": mpmath.tanh, "logistic": lambda x: 1 / (1 + mpmath.exp(-x))}


def specify(function, source, output, budget=None, **parameters):
    budget = budget and Budget.parse(budget)
    return Specification(
        create_function(function, **parameters), FixedFormat.parse(source), FixedFormat.parse(output), budget
    )


@pytest.mark.parametrize(
    ("function", "source", "output", "budget", "folded", "top", "codes", "saturated"),
    [
        # 256 s(x) is within 1/2 of 256 from ln(511) = 6.236... on, which is code 99.8 of 16 a unit
        ("logistic", "SQ4.4", "UQ0.8", None, True, 128, 100, 256),
        ("logistic", "SQ4.4", "UQ0.8", "1ulp", True, 128, 100, 256),
        # within 2: from ln(127) = 4.844... on, code 77.5
        ("logistic", "SQ4.4", "UQ0.8", "4ulp", True, 128, 78, 256),
        ("logistic", "UQ4.4", "UQ0.8", None, False, 255, 100, 256),
        # 128 tanh(x) is within 1/2 of 128 from ln(511) / 2 on, code 49.9
        ("tanh", "SQ4.4", "SQ1.7", None, True, 128, 50, 128),
        ("tanh", "SQ1.7", "SQ1.7", None, True, 128, 129, 128),  # it does not saturate
    ],
)
def test_domains(function, source, output, budget, folded, top, codes, saturated):
    domain = Domain.of(specify(function, source, output, budget))
    assert (domain.folded, domain.top, domain.codes, domain.saturated) == (folded, top, codes, saturated)


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
    pieces = cut(Domain.of(specify("logistic", "SQ4.4", "UQ0.8")), segments, 1)
    assert (pieces.shift, pieces.count, pieces.reach) == (shift, count, reach)
    assert pieces.codes == min(count << shift, 129)
    assert [len(coefficients) for coefficients in pieces.coefficients] == [2] * count
    assert len(pieces.estimates) == 2
    assert pieces.centre(0) == reach


@pytest.mark.parametrize(("function", "output"), [("tanh", "SQ1.15"), ("logistic", "UQ0.16")])
@pytest.mark.parametrize("segments", [2, 8, 32])
def test_remainders_bound_the_error_of_the_polynomials(function, output, segments):
    domain = Domain.of(specify(function, "SQ4.8", output))
    pieces = cut(domain, segments, 4)
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
            bound = pieces.remainder(degree)
            if segments > 2:
                assert largest <= mpmath.mpf(bound.numerator) / bound.denominator
            if segments == 32:
                assert bound < 2 * Fraction(float(largest))


def test_remainders_of_wide_pieces_are_of_use():
    pieces = cut(Domain.of(specify("tanh", "SQ3.5", "SQ1.7")), 4, 7)
    # The polynomials of degree 7 are within 0.04 ulp.
    assert pieces.remainder(7) < 1


def test_one_centre_gives_way_to_saturation():
    pieces = one_centre(Domain.of(specify("tanh", "SQ4.4", "SQ1.7")), 3)
    assert pieces.coefficients == ((0, 128, 0, pieces.coefficients[0][3]),)
    assert abs(pieces.coefficients[0][3] + Fraction(128, 3)) < Fraction(1, 1 << 100)
    assert (pieces.shift, pieces.count) == (None, 1)
    assert pieces.reach == Fraction(pieces.codes - 1, 16)
    x = Fraction(pieces.codes, 16)
    beyond, inside = (abs(128 - 128 * mpmath.tanh(float(v))) for v in (x, x - Fraction(1, 16)))
    assert abs(128 * (float(x) - float(x) ** 3 / 3 - mpmath.tanh(float(x)))) > beyond
    assert beyond < inside


@pytest.mark.parametrize("degree", range(8))
def test_one_centre_covers_a_narrow_input(degree):
    domain = Domain.of(specify("logistic", "SQ1.7", "UQ0.8"))
    pieces = one_centre(domain, degree)
    assert pieces.codes == domain.codes == 129
    assert len(pieces.estimates) == degree + 1
