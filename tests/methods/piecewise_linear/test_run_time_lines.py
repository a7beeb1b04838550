from dataclasses import replace
from fractions import Fraction
from math import floor

import pytest
from run_time_units import at_run_time, plans_of

from softgate.functions import relu
from softgate.functions.run_time import run_time_function
from softgate.methods import RefusalError
from softgate.methods.piecewise_linear.run_time_lines import run_time_candidates
from softgate.sim.golden.model import golden


@pytest.mark.parametrize(
    "formats",
    [
        ("SQ4.2", "SQ1.3", "SQ4.2"),
        ("SQ2.3", "UQ2.1", "SQ2.5"),
        ("SQ3.3", "SQ2.2", "UQ2.1"),
        ("SQ5.-1", "SQ4.-2", "SQ4.2"),
    ],
)
def test_candidates_round_the_exact_value_to_nearest_or_down(formats):
    specification = at_run_time(*formats)
    x, slope = specification.input_format, specification.parameter_format
    low, high = specification.outputs
    for plan in plans_of(specification):
        found = golden(plan)(x.codes()[:, None], slope.codes()).tolist()
        rounding = Fraction(0) if "down" in plan.listing() else Fraction(1, 2)
        for code, row in zip(x.codes().tolist(), found, strict=True):
            for factor, output in zip(slope.codes().tolist(), row, strict=True):
                value = x.value(code) * (slope.value(factor) if code < 0 else 1) / specification.output_format.ulp
                assert output == min(max(floor(value + rounding), low), high), (code, factor)


@pytest.mark.parametrize(
    ("formats", "budget", "count"),
    [
        (("SQ4.4", "SQ1.7", "SQ4.4"), "0.5ulp", 2),
        (("SQ4.4", "SQ1.7", "SQ4.4"), None, 2),
        (("SQ4.4", "SQ1.7", "SQ4.4"), "1ulp", 4),
        (("SQ4.4", "SQ1.7", "SQ4.4"), "2^-4", 4),
        (("SQ4.4", "SQ1.7", "SQ4.11"), "1ulp", 2),  # nothing is rounded
    ],
)
def test_rounding_down_is_tried_where_the_budget_admits_it(formats, budget, count):
    assert len(plans_of(at_run_time(*formats, budget))) == count


def test_the_smallest_comes_first():
    costs = [candidate.cost for candidate in run_time_candidates(at_run_time("SQ4.4", "SQ1.7", "SQ4.4"))]
    assert costs == sorted(costs)


def test_other_lines_are_refused():
    other = replace(run_time_function("prelu", "slope"), of=type("Other", (relu.Relu,), {}), fixed="unknown")
    object.__setattr__(other, "lines", ())
    object.__setattr__(other, "kinks", (Fraction(0),))
    specification = replace(at_run_time("SQ4.4", "SQ1.7", "SQ4.4"), function=other)
    with pytest.raises(
        RefusalError, match=r"^method hard makes x and x times a parameter, selected by sign, and prelu"
    ):
        list(run_time_candidates(specification))
