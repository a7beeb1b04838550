from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from softgate.accuracy.budget import Budget
from softgate.plan import FixedFormat

OUTPUT = FixedFormat.parse("SQ1.7")


@pytest.mark.parametrize(
    ("text", "limit", "ulp", "shown"),
    [
        ("1ulp", Fraction(1), True, "1ulp"),
        (" 2 ULP ", Fraction(2), True, "2ulp"),
        ("0.5ulps", Fraction(1, 2), True, "0.5ulp"),
        ("2/3 ulp", Fraction(2, 3), True, "2/3ulp"),
        ("1e-4", Fraction(1, 10000), False, "0.0001"),
        ("2^-12", Fraction(1, 4096), False, "2^-12"),
        ("0.125", Fraction(1, 8), False, "0.125"),
        ("1e399", Fraction(10**399), False, "1e+399"),
        ("1000", Fraction(1000), False, "1000"),
        ("10ulp", Fraction(10), True, "10ulp"),
        ("1e-9", Fraction(1, 10**9), False, "1e-9"),
        ("1e-390", Fraction(1, 10**390), False, "1e-390"),
    ],
)
def test_parse(text, limit, ulp, shown):
    budget = Budget.parse(text)
    assert (budget.limit, budget.ulp, str(budget)) == (limit, ulp, shown)
    assert Budget.parse(budget) is budget


@given(st.fractions(Fraction(1, 2), 1 << 20), st.booleans())
def test_text_round_trip(limit, ulp):
    assert Budget.parse(str(Budget(limit, ulp))) == Budget(limit, ulp)


@given(st.integers(0, 1000))
def test_powers_of_two_round_trip(bits):
    budget = Budget(Fraction(1, 1 << bits), ulp=False)
    assert Budget.parse(str(budget)) == budget


@pytest.mark.parametrize(
    ("text", "error", "inclusive"),
    [
        ("1ulp", Fraction(1), False),
        ("0.5ulp", Fraction(1, 2), True),
        ("2ulp", Fraction(2), True),
        ("2^-7", Fraction(1), True),  # an absolute limit may be reached, one ulp or not
        ("2^-9", Fraction(1, 4), True),
    ],
)
def test_admits(text, error, inclusive):
    budget = Budget.parse(text)
    hair = Fraction(1, 1 << 200)
    assert budget.in_ulp(OUTPUT) == error
    assert budget.admits(error - hair, OUTPUT)
    assert budget.admits(error, OUTPUT) is inclusive
    assert not budget.admits(error + hair, OUTPUT)
    assert budget.strict is not inclusive


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("small", "invalid error budget 'small': write 1ulp, 0.5ulp, 1e-4 or 2^-12"),
        ("ulp", "invalid error budget 'ulp': write 1ulp, 0.5ulp, 1e-4 or 2^-12"),
        ("1lsb", "invalid error budget '1lsb': write 1ulp, 0.5ulp, 1e-4 or 2^-12"),
        ("0", "an error budget must be above 0, not 0"),
        ("3^1000", "error budget '3^1000' has too many digits: write 1ulp, 0.5ulp, 1e-4 or 2^-12"),
        ("-1ulp", "an error budget must be above 0, not -1ulp"),
        ("0.25ulp", "error budget 0.25ulp is below 0.5ulp, which rounding alone takes; write 0.5ulp or more"),
    ],
)
def test_text_that_is_refused(text, message):
    with pytest.raises(ValueError) as raised:
        Budget.parse(text)
    assert str(raised.value) == message


def test_a_budget_is_written_as_text():
    with pytest.raises(TypeError) as raised:
        Budget.parse(1)
    assert str(raised.value) == "an error budget is written as text such as 1ulp, 0.5ulp, 1e-4 or 2^-12, not 1"
