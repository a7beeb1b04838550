"""Admissible output codes: literal intervals, and agreement with ball arithmetic at every input."""

from fractions import Fraction
from math import ceil, floor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rough_values import rough_spans

from softgate.accuracy.admissible import admissible
from softgate.accuracy.budget import Budget
from softgate.accuracy.reference import Reference
from softgate.accuracy.specification import Specification
from softgate.functions import find_function
from softgate.functions.tanh import Tanh
from softgate.plan import FixedFormat
from softgate.plan.operations.base import Range


def specification(function, source, output, budget=None, codes=None, **parameters):
    chosen = find_function(function).create(parameters)
    formats = FixedFormat.parse(source), FixedFormat.parse(output)
    return Specification(chosen, *formats, Budget.parse(budget) if budget else None, True, codes, ends="free")


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


class Unknown(Tanh):
    """A function that comes close to what nobody knows it not to be."""

    def strict_limits(self, x):
        return None, None


@pytest.mark.parametrize(("budget", "known", "unknown"), [("1ulp", -511, -512), ("2ulp", -510, -510)])
def test_a_limit_that_no_digits_are_told_from(budget, known, unknown):
    """The value is above -512 by less than 4,096 bits tell: where a budget is strict, that it is -512 is assumed."""
    codes = Range(-(1 << 31), -(1 << 30))
    codes = Range(codes.low, codes.low + 1000)
    for function, highest in ((Tanh(), known), (Unknown(), unknown)):
        asked = Specification(
            function,
            FixedFormat.parse("SQ32.0"),
            FixedFormat.parse("SQ1.9"),
            Budget.parse(budget),
            True,
            codes,
            ends="free",
        )
        low, high = admissible(asked)
        assert set(low.tolist()) == {-512}
        assert set(high.tolist()) == {highest}


def test_what_is_too_large():
    with pytest.raises(ValueError, match="33554432 codes; at most 16777216 are walked"):
        admissible(specification("tanh", "SQ4.21", "SQ1.7"))
    with pytest.raises(ValueError, match=r"output SQ1\.47 has 48 bits"):
        admissible(specification("tanh", "SQ4.4", "SQ1.47"))


@pytest.mark.parametrize("budget", ["1.9ulp", "1.7ulp", "59/30ulp", "12/7ulp", "1ulp", "0.7ulp", "1/15"])
@pytest.mark.parametrize("slope", ["1/10", "1/7", "1/6"])
def test_values_at_a_limit_of_fractions(slope, budget):
    """Many a value of a ramp is a limit away from a code, on either side, which floats do not always hit."""
    asked = specification("hard_logistic", "SQ4.3", "UQ0.3", budget, slope=slope, offset="0.1")
    low, high = admissible(asked)
    limit, strict = asked.budget.in_ulp(asked.output_format), asked.budget.strict
    for place, code in enumerate(range(asked.codes.low, asked.codes.high + 1)):
        value = min(max(Fraction(slope) * asked.input_format.value(code) + Fraction(1, 10), 0), 1) * 8
        value = min(value, 7)
        within = [y for y in range(8) if abs(y - value) < limit or (abs(y - value) == limit and not strict)]
        assert list(range(low[place], high[place] + 1)) == within


@pytest.mark.parametrize("sign", [-1, 1])
def test_no_code_beyond_the_limit_that_the_function_nears(sign):
    """Some ten thousand bits would tell tanh(4000) from 1: the code above that is farther than an ulp."""
    codes = sorted([4000 * sign, 4010 * sign])
    low, high = admissible(specification("tanh", "SQ14.0", "SQ2.4", "1ulp", Range(*codes)))
    inner, outer = (low, high) if sign > 0 else (high, low)
    assert set((outer * sign).tolist()) == {16}
    assert set((inner * sign).tolist()) <= {15, 16}


@pytest.mark.parametrize("budget", ["1ulp", "0.5ulp", "1.25ulp"])
@pytest.mark.parametrize("source", ["SQ3.5", "SQ3.10"])
def test_intervals_do_not_depend_on_the_floats(monkeypatch, source, budget):
    asked = specification("tanh", source, "SQ1.6", budget)
    exact = [ends.tolist() for ends in admissible(asked)]
    monkeypatch.setattr(Reference, "spans", rough_spans(0.01))
    assert [ends.tolist() for ends in admissible(asked)] == exact


@pytest.mark.parametrize("budget", ["9ulp", "16ulp", "18446744073709551616", "1e400ulp"])
@pytest.mark.parametrize("source", ["SQ3.3", "SQ4.9"])
def test_budgets_beyond_the_output_admit_every_code(source, budget):
    low, high = admissible(specification("tanh", source, "SQ1.2", budget))
    assert (set(low.tolist()), set(high.tolist())) == ({-4}, {3})
