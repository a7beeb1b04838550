"""Admissible output codes: literal intervals, and agreement with ball arithmetic at every input."""

from fractions import Fraction
from math import ceil, floor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from softgate.plan import FixedFormat
from softgate.plan.admissible import admissible
from softgate.plan.budget import Budget
from softgate.plan.functions import find_function
from softgate.plan.operation import Range
from softgate.plan.specification import Specification


def specification(function, source, output, budget=None, codes=None, **parameters):
    chosen = find_function(function).create(parameters)
    formats = FixedFormat.parse(source), FixedFormat.parse(output)
    return Specification(chosen, *formats, Budget.parse(budget) if budget else None, True, codes)


def test_literal_intervals():
    # tanh(-1, -1/2, 0, 1/2) = -12.18, -7.39, 0, 7.39 sixteenths
    asked = specification("tanh", "SQ2.1", "SQ1.4", "1ulp")
    low, high = admissible(asked)
    assert low.tolist() == [-16, -15, -13, -8, 0, 7, 12, 14]
    assert high.tolist() == [-15, -14, -12, -7, 0, 8, 13, 15]


def test_the_limit_itself():
    # A ramp of slope 1/4: at every other input the value lies half way between two codes.
    asked = specification("hard_logistic", "SQ2.2", "UQ0.3", "0.5ulp")
    low, high = admissible(asked)
    assert (high - low).tolist() == [0, 1] * 7 + [0, 0]  # the last value is limited to 7
    low, high = admissible(asked, Budget.parse("1ulp"))  # strict: no code at a distance of one
    assert (high - low).tolist() == [0, 1] * 7 + [0, 0]  # the last value is limited to 7


def test_nothing_is_admissible():
    low, high = admissible(specification("tanh", "SQ3.5", "SQ1.4", "2^-9"))
    assert (low > high).any()
    assert (low <= high).any()


def test_values_beyond_the_output_are_limited_to_it():
    low, high = admissible(specification("tanh", "SQ4.2", "UQ0.4"))
    assert low.min() == 0
    assert high[: len(high) // 2].max() == 0
    assert high.max() == 15


@settings(max_examples=40, deadline=None)
@given(
    function=st.sampled_from(["tanh", "logistic", "hard_logistic"]),
    source=st.sampled_from(["SQ3.3", "SQ2.9", "UQ3.4", "SQ4.8"]),
    output=st.sampled_from(["SQ1.7", "SQ2.3", "SQ1.12"]),
    budget=st.sampled_from(["1ulp", "0.5ulp", "2ulp", "0.01", "2^-9"]),
    limited=st.booleans(),
)
def test_intervals_are_those_of_ball_arithmetic(function, source, output, budget, limited):
    codes = Range(3, 29) if limited else None
    asked = specification(function, source, output, budget, codes)
    low, high = admissible(asked)
    assert len(low) == len(high) == asked.codes.size
    limit = asked.budget.in_ulp(asked.output_format)
    for place in np.linspace(0, len(low) - 1, 23).astype(int).tolist():
        code = asked.codes.low + place
        (value, upper) = asked.reference.enclosure(code, 600)
        assert upper - value < Fraction(1, 1 << 500)
        strict = asked.budget.strict
        bottom = floor(value - limit) + 1 if strict else ceil(value - limit)
        top = ceil(value + limit) - 1 if strict else floor(value + limit)
        bottom, top = max(bottom, asked.output_format.min_code), min(top, asked.output_format.max_code)
        assert (low[place], high[place]) == (bottom, top)


def test_what_is_too_large():
    with pytest.raises(ValueError, match="33554432 codes; at most 16777216 are walked"):
        admissible(specification("tanh", "SQ4.21", "SQ1.7"))
    with pytest.raises(ValueError, match=r"output SQ1\.47 has 48 bits"):
        admissible(specification("tanh", "SQ4.4", "SQ1.47"))
