"""The proof that a plan rounds its exact value once, and plans for which there is none."""

from fractions import Fraction

import pytest
from run_time_units import at_run_time, plans_of

from softgate.accuracy.rounded_once import rounding_error
from softgate.accuracy.run_time_truth import RunTimeTruth
from softgate.plan import FixedFormat, PlanBuilder
from softgate.plan import operations as op
from softgate.sim.plan_errors import plan_errors

FORMATS = [
    ("SQ4.2", "SQ1.3", "SQ4.2"),
    ("SQ2.3", "UQ2.1", "SQ2.5"),
    ("SQ3.3", "SQ2.2", "UQ2.1"),
    ("SQ3.1", "SQ-1.4", "SQ4.0"),
]


@pytest.mark.parametrize("formats", FORMATS)
def test_a_bound_is_one_of_the_error_over_all_combinations(formats):
    specification = at_run_time(*formats)
    for plan in plans_of(specification):
        assert plan_errors(plan, specification).largest <= rounding_error(plan, RunTimeTruth(specification)) < 1


def plan_with(below=lambda b, exact: op.Round(exact, 3, "half_up"), limits=(-32, 31), relation="lt", above=0):
    """Return the plan of PReLU of x in SQ4.2 and slope in SQ1.3 with parts that may be others."""
    b = PlanBuilder()
    x, slope = b.input("x", FixedFormat.parse("SQ4.2")), b.input("slope", FixedFormat.parse("SQ1.3"))
    exact = b.let("exact", op.Multiply(x, slope))
    rounded = b.let("rounded", below(b, exact))
    limited = b.let("limited", op.Clamp(rounded, *limits))
    negative = b.let("negative", op.Compare(relation, x, b.let("zero", op.Constant(0, 2))))
    if above:
        x = b.let("moved", op.Add(x, b.let("more", op.Constant(above, 2))))
    chosen = b.let("chosen", op.Select(negative, limited, x))
    return b.build(y=(b.let("kept", op.Clamp(chosen, -32, 31)), FixedFormat.parse("SQ4.2")))


def twice_rounded(b, exact):
    return op.Round(b.let("first", op.Round(exact, 1, "half_up")), 2, "half_up")


def doubled(b, exact):
    return op.ShiftRight(b.let("twice", op.ShiftLeft(exact, 1, 5)), 3)


def limited_first(b, exact):
    return op.Round(b.let("first", op.Clamp(exact, -200, 200)), 3, "half_up")


@pytest.mark.parametrize(
    ("changes", "bound"),
    [
        ({}, Fraction(1, 2)),
        ({"below": lambda b, exact: op.Round(exact, 3, "half_even")}, Fraction(1, 2)),
        ({"below": lambda b, exact: op.Round(exact, 3, "toward_zero")}, Fraction(7, 8)),
        ({"below": lambda b, exact: op.ShiftRight(exact, 3)}, Fraction(7, 8)),
        ({"limits": (-40, 40)}, Fraction(1, 2)),
        ({"below": twice_rounded}, None),
        ({"below": limited_first}, None),
        ({"below": doubled}, None),
        ({"limits": (-31, 31)}, None),
        ({"relation": "gt"}, None),
        ({"relation": "le"}, None),  # right, but that one comparison has two outcomes on a line is beyond this proof
        ({"relation": "ne"}, None),
        ({"above": 1}, None),
    ],
)
def test_what_is_not_rounded_once_has_no_proof(changes, bound):
    specification = at_run_time("SQ4.2", "SQ1.3", "SQ4.2")
    plan = plan_with(**changes)
    assert rounding_error(plan, RunTimeTruth(specification)) == bound
    if bound is not None:
        assert plan_errors(plan, specification).largest <= bound


def test_another_function_has_no_proof():
    plan = plan_with()
    assert rounding_error(plan, RunTimeTruth(at_run_time("SQ4.2", "SQ1.3", "SQ4.2"))) == Fraction(1, 2)
    assert rounding_error(plan, RunTimeTruth(at_run_time("SQ3.3", "SQ1.3", "SQ4.2"))) is None
