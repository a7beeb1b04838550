"""Bounds where the truth is known: inputs of few bits, walked one by one as well."""

from dataclasses import replace
from fractions import Fraction

import pytest

from softgate import design
from softgate.accuracy import bound
from softgate.accuracy.bound import bound_error
from softgate.accuracy.specification import Specification
from softgate.functions import create_function
from softgate.plan import FixedFormat, Plan, PlanBuilder
from softgate.plan import operations as op
from softgate.sim.plan_errors import plan_errors

parse = FixedFormat.parse

ROUNDED = Fraction(1, 1 << 90)
"""The exhaustive figure is an enclosure's upper end. (Some tests fail: enclosures are rounded to 53 bits.)"""

UNITS = [
    ("tanh", "SQ3.5", "SQ1.7", {"method": "taylor", "degree": 2, "segments": 8}),
    ("tanh", "SQ3.7", "SQ1.9", {"method": "taylor", "degree": 1, "segments": 32}),
    ("tanh", "SQ3.5", "SQ1.7", {"method": "taylor", "degree": 0, "segments": 64}),
    ("tanh", "SQ2.6", "SQ1.12", {"method": "taylor", "degree": 5, "segments": 1}),
    ("tanh", "UQ2.6", "UQ0.8", {"method": "taylor", "degree": 3, "segments": 4}),
    ("logistic", "SQ4.4", "UQ0.8", {"method": "taylor", "degree": 2, "segments": 8}),
    ("logistic", "SQ4.4", "UQ0.8", {"method": "taylor", "degree": 5, "segments": 1}),
    ("logistic", "SQ5.3", "SQ2.12", {"method": "taylor", "degree": 3, "segments": 16}),
    ("logistic", "UQ3.5", "UQ0.16", {"method": "taylor", "degree": 2, "segments": 8}),
    ("logistic_derivative", "SQ4.4", "UQ0.10", {"method": "taylor", "degree": 2, "segments": 8}),
    ("tanh_derivative", "SQ3.5", "SQ2.8", {"method": "taylor", "degree": 3, "segments": 16}),
    ("tanh_derivative", "SQ2.5", "UQ0.9", {"method": "taylor", "degree": 6, "segments": 1}),
    ("hard_logistic", "SQ4.4", "UQ0.8", {"variant": "keras3", "method": "hard"}),
    ("hard_logistic", "SQ4.4", "UQ0.8", {"variant": "keras2", "offset": "1/3", "method": "hard"}),
    ("hard_tanh", "SQ3.7", "SQ1.4", {}),
]


@pytest.mark.parametrize(("function", "source", "output", "parameters"), UNITS)
def test_bound_is_above_the_error_and_near_it(function, source, output, parameters):
    unit = design(function, source, output, **parameters)
    largest = unit.errors.largest
    found = bound_error(unit.plan, unit.specification, Fraction(0))
    assert found >= largest - ROUNDED
    assert found <= Fraction(3, 2) * largest


@pytest.mark.parametrize(("function", "source", "output", "parameters"), UNITS)
def test_search_ends_near_an_error_that_occurs(function, source, output, parameters):
    unit = design(function, source, output, **parameters)
    largest = unit.errors.largest
    found = bound_error(unit.plan, unit.specification, largest)
    assert largest - ROUNDED <= found <= Fraction(3, 2) * largest


@pytest.mark.parametrize("source", ["SQ6.26", "SQ6.58"])
@pytest.mark.parametrize("variant", ["taylor", "keras2", "keras3", "qkeras"])
def test_ramps_of_any_width_are_proved_to_be_rounded(source, variant):
    unit = design("hard_logistic", source, "UQ0.16", variant=variant, max_error="0.5ulp", saturate=True)
    assert unit.errors.proof == "bounded"
    assert unit.errors.largest <= Fraction(1, 2)


@pytest.mark.parametrize(("source", "degree", "segments"), [("SQ4.28", 4, 256), ("SQ3.41", 6, 64)])
def test_few_stretches_are_looked_at_for_a_piece(monkeypatch, source, degree, segments):
    """Some ten: those of negative codes are cut where magnitudes are, and roundings that stay are left at that."""
    monkeypatch.setattr(bound, "_MAX_STRETCHES", 10 * segments)
    unit = design("tanh", source, "SQ1.19", method="taylor", degree=degree, segments=segments)
    assert unit.errors.proof == "bounded"
    assert unit.errors.largest < 1


def with_table(plan, name, entry, difference):
    """Return the plan with one entry of one table changed."""
    steps = []
    for step in plan.steps:
        if step.name == name:
            table = list(step.operation.table)
            table[entry] += difference
            step = replace(step, operation=replace(step.operation, table=tuple(table)))  # noqa: PLW2901
        steps.append(step)
    return Plan(tuple(steps), plan.outputs)


@pytest.mark.parametrize("source", ["SQ3.9", "SQ3.29", "SQ3.61"])
def test_a_wrong_coefficient_shows(source):
    unit = design("tanh", source, "SQ1.11", method="taylor", degree=2, segments=64)
    c0 = unit.plan.by_name["c0"]
    one_ulp = 1 << (unit.plan.points["c0"] - 11)
    wrong = with_table(unit.plan, "c0", len(c0.operation.table) // 4, 40 * one_ulp)
    assert bound_error(wrong, unit.specification, Fraction(0)) >= 39
    assert plan_errors(wrong, unit.specification).largest >= 39
    assert unit.errors.largest < 20


def test_one_code_among_millions_is_found():
    """Only the code -3 is wrong, by 100 ulp."""
    b = PlanBuilder()
    x = b.input("x", parse("SQ2.30"))
    special = b.let("special", op.Compare("eq", x, b.let("three", op.Constant(-3, 30))))
    wrong = b.let("wrong", op.Constant(97, 30))
    chosen = b.let("chosen", op.Select(special, wrong, x))
    plan = b.build(y=(b.let("limited", op.Clamp(chosen, -(1 << 30), (1 << 30) - 1)), parse("SQ1.30")))
    specification = Specification(create_function("hard_tanh"), parse("SQ2.30"), parse("SQ1.30"))
    assert bound_error(plan, specification, Fraction(0)) >= 100


# Each plan computes the identity, by way of one operation.
IDENTITIES = {
    "absolute": lambda b, x: b.let(
        "restored",
        op.Select(
            b.let("negative", op.Compare("lt", x, b.let("zero", op.Constant(0, 6)))),
            b.let("minus", op.Subtract("zero", b.let("size", op.Absolute(x)))),
            "size",
        ),
    ),
    "round": lambda b, x: b.let("rounded", op.Round(b.let("longer", op.ShiftLeft(x, 3)), 3, "half_even")),
    "multiply": lambda b, x: b.let(
        "same", op.ShiftRight(b.let("product", op.Multiply(x, b.let("eight", op.Constant(8)))), 3, 6)
    ),
    "bits": lambda b, x: b.let("field", op.Bits(x, 0, 8, 6, signed=True)),
    "flip_twice": lambda b, x: b.let(
        "again",
        op.Bits(
            b.let(
                "back",
                op.Bitwise("xor", b.let("once", op.Bitwise("xor", x, b.let("mask", op.Constant(16, 6)))), "mask"),
            ),
            0,
            8,
            6,
            signed=True,
        ),
    ),
    "shift_by": lambda b, x: b.let(
        "down", op.ShiftBy("right", b.let("up", op.ShiftBy("left", x, b.let("two", op.Constant(2)))), "two")
    ),
    "lookup": lambda b, x: b.let("entry", op.Lookup(b.let("index", op.Bits(x, 0, 8)), _IDENTITY_TABLE, 6)),
}
_IDENTITY_TABLE = (*range(128), *range(-128, 0))


@pytest.mark.parametrize("identity", IDENTITIES)
def test_operations_that_change_nothing_are_proved_to(identity):
    b = PlanBuilder()
    x = b.input("x", parse("SQ2.6"))
    limited = b.let("limited", op.Clamp(IDENTITIES[identity](b, x), -64, 63))
    plan = b.build(y=(limited, parse("SQ1.6")))
    specification = Specification(create_function("hard_tanh"), parse("SQ2.6"), parse("SQ1.6"))
    assert plan_errors(plan, specification).largest == 0
    assert bound_error(plan, specification, Fraction(0)) <= Fraction(1)


@pytest.mark.parametrize("limits", ["-1:1", "0:2", "-2:-0.5", "0.3:0.7", "2:3.9"])
@pytest.mark.parametrize(("function", "source", "output", "parameters"), [UNITS[0], UNITS[5], UNITS[9]])
def test_bounds_of_a_range_are_near_its_error(function, source, output, parameters, limits):
    unit = design(function, source, output, input_range=limits, **parameters)
    found = bound_error(unit.plan, unit.specification, Fraction(0))
    assert unit.errors.largest - ROUNDED <= found <= Fraction(3, 2) * unit.errors.largest + ROUNDED
