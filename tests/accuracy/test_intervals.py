from fractions import Fraction

from flint import fmpq, fmpq_poly
from hypothesis import given
from hypothesis import strategies as st

from softgate.accuracy.intervals import Interval, close_values, values

ratios = st.fractions(-100, 100, max_denominator=1000).map(lambda f: fmpq(f.numerator, f.denominator))
places = st.fractions(-1, 1, max_denominator=97).map(lambda f: fmpq(f.numerator, f.denominator))


@given(st.lists(ratios, max_size=14), st.lists(places, min_size=1, max_size=20))
def test_values_lie_within(coefficients, points):
    polynomial = fmpq_poly(coefficients)
    loose, close = values(polynomial), close_values(polynomial)
    assert loose.low <= close.low <= close.high <= loose.high
    for point in [*points, fmpq(-1), fmpq(1)]:
        assert close.low <= polynomial(point) <= close.high


def test_close_values_are_close():
    """The Chebyshev polynomial of degree 5 stays within 1, though its terms add up to 41."""
    polynomial = fmpq_poly([0, 5, 0, -20, 0, 16])
    assert values(polynomial).size == 41
    assert 1 <= close_values(polynomial).size < fmpq(11, 10)


def test_what_is_too_large_for_floats_is_bounded_as_well():
    huge = fmpq(1 << 2000)
    found = close_values(fmpq_poly([huge, huge, huge]))
    assert (found.low, found.high) == (-huge, 3 * huge)
    tiny = close_values(fmpq_poly([0, 0, 1 / huge]))
    assert tiny.low <= 0
    assert tiny.high >= 1 / huge


@given(*[st.tuples(ratios, ratios).map(sorted)] * 2)
def test_arithmetic(left, right):
    a, b = Interval(*left), Interval(*right)
    for x in left:
        assert (-a).low <= -x <= (-a).high
        assert a.scaled(fmpq(3, 2)).low <= x * fmpq(3, 2) <= a.scaled(fmpq(3, 2)).high
        assert abs(x) <= a.size
        for y in right:
            assert (a + b).low <= x + y <= (a + b).high
            assert (a * b).low <= x * y <= (a * b).high


def test_exact_ends():
    third = fmpq(1, 3)
    assert (Interval(third, third) + Interval(-third, third)).high == fmpq(2, 3)
    assert Fraction(int(third.p), int(third.q)) == Fraction(1, 3)


@given(st.lists(ratios, min_size=3, max_size=6))
def test_close_values_hold_all_values(coefficients):
    """Between the points of the grid as well, where a polynomial may turn."""
    polynomial = fmpq_poly(coefficients)
    close = close_values(polynomial)
    for part in range(-1280, 1281):
        assert close.low <= polynomial(fmpq(part, 1280)) <= close.high
