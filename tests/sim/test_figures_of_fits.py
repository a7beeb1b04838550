"""Bounds beside the error at every input, where both can be computed."""

from fractions import Fraction

import pytest
from fitted import benchmarks

from softgate import design
from softgate.methods import find_method
from softgate.sim.plan_errors import bounded_errors

POLYNOMIAL = find_method("polynomial")

ROUNDED = Fraction(1, 1 << 90)
"""The error at every input is an enclosure's upper end."""

FITS = [
    {"fit": "taylor"},
    {"fit": "least_squares", "weight": "legendre"},
    {"fit": "least_squares", "weight": "chebyshev"},
    {"fit": "minimax"},
    {"fit": "continuous"},
]


def check_bound(function, source, output, given):
    unit = design(function, source, output, method="polynomial", max_error="1ulp", **given)
    assert unit.errors.proof == "exhaustive"
    figures = bounded_errors(unit.plan, unit.specification)
    assert figures.proof == "bounded"
    assert unit.errors.largest - ROUNDED <= figures.largest <= Fraction(3, 2) * unit.errors.largest
    found = POLYNOMIAL.candidates(unit.specification, POLYNOMIAL.read(given))
    bounds = [candidate.proved_error for candidate in found if candidate.plan == unit.plan]
    assert all(bound is None or bound >= unit.errors.largest - ROUNDED for bound in bounds)
    return figures.largest / unit.errors.largest, bounds[0] and bounds[0] / unit.errors.largest


@pytest.mark.parametrize("given", FITS, ids=lambda given: "-".join(given.values()))
@pytest.mark.parametrize(("function", "source", "output"), benchmarks(8))
def test_bounds_are_above_the_error_and_near_it(function, source, output, given):
    check_bound(function, source, output, {**given, "degree": 2, "segments": 16})


@pytest.mark.slow
@pytest.mark.parametrize("given", FITS, ids=lambda given: "-".join(given.values()))
@pytest.mark.parametrize(("function", "source", "output"), benchmarks(8, 10, 12, 14, 16, 20, 24))
def test_bounds_are_above_the_error_and_near_it_for_any_width(function, source, output, given):
    check_bound(function, source, output, given)
