from decimal import Decimal, localcontext
from fractions import Fraction

import mpmath
import numpy as np
import pytest

from softgate.plan import FixedFormat
from softgate.sim.proofs.composites.decimal_errors import decimal_logistic, decimal_ramp, decimal_tanh, largest_error

SOURCE = FixedFormat.parse("SQ3.1")


@pytest.mark.parametrize("x", ["-4", "-0.5", "0", "0.25", "4000"])
def test_functions_to_fifty_digits(x):
    with mpmath.workdps(60), localcontext(prec=60):
        given, by = Decimal(x), mpmath.mpf(x)
        for found, expected in (
            (decimal_logistic(given), 1 / (1 + mpmath.exp(-by))),
            (decimal_tanh(given), mpmath.tanh(by)),
            (decimal_ramp(5, given), min(max(by / 5 + mpmath.mpf("0.5"), 0), 1)),
        ):
            assert abs(mpmath.mpf(str(found)) - expected) < mpmath.mpf(10) ** -50


@pytest.mark.parametrize(("above", "largest"), [("0.75", "3/8"), ("1.25", "9/16")])
def test_the_largest_error_is_at_an_end_of_a_run(above, largest):
    codes = np.arange(SOURCE.min_code, SOURCE.max_code + 1)
    outputs = np.where(codes < 3, 0.25, float(above))  # the ramp is 5/8 at code 2, and 11/16 at 3
    errors = np.abs(outputs - np.clip(codes / 2 / 8 + 0.5, 0, 1))
    found = largest_error(outputs, errors, SOURCE, lambda x: decimal_ramp(8, x))
    assert 0 < found - Fraction(largest) < Fraction(1, 10**49)


def test_errors_that_floats_cannot_tell():
    outputs = np.zeros(16)

    def nearly(x):  # steeper by 10^-30 above 0, in which the largest error is that of 3.5 and not of -4
        return x / 8 + (Decimal("0.0625") + Decimal(10) ** -30 if x > 0 else 0)

    found = largest_error(outputs, np.full(16, 0.5), SOURCE, nearly)
    assert 0 < found - (Fraction(1, 2) + Fraction(1, 10**30)) < Fraction(1, 10**49)
