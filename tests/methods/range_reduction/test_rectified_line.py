"""The part of a function that is not even: literal codes, and the same by steps."""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pytest
from specified import outputs, specify

from softgate.functions.properties import Asymptote
from softgate.functions.silu import Silu
from softgate.methods.range_reduction.rectified_line import RectifiedLine
from softgate.plan import operations as op
from softgate.plan.builder import PlanBuilder
from softgate.plan.formats import FixedFormat
from softgate.plan.operations.base import Range


@dataclass(frozen=True)
class Endless(Silu):
    """The same, of whose ends nothing is known."""

    ends = (None, None)


@dataclass(frozen=True)
class Bent(Silu):
    """A function with two asymptotes that slope, and differ."""

    ends = (Asymptote(Fraction(2), Fraction(0)), Asymptote(Fraction(3), Fraction(0)))


@pytest.mark.parametrize(
    ("function", "source", "output", "options", "slopes"),
    [
        ("silu", "SQ4.4", "SQ4.4", {}, (0, 1)),
        ("silu", "SQ4.4", "SQ4.7", {}, (0, 8)),
        ("elu", "SQ4.4", "SQ4.4", {}, (0, 1)),
        ("log_sigmoid", "SQ4.4", "SQ5.4", {}, (1, 0)),
        ("tanhshrink", "SQ4.4", "SQ4.5", {"saturate": True}, (2, 2)),
        (Endless(), "SQ4.4", "SQ4.5", {"saturate": True}, (0, 2)),
        (Bent(), "SQ4.4", "SQ4.4", {"saturate": True}, None),  # slopes of 2 and 3
        ("silu", "SQ4.4", "SQ4.3", {}, None),  # half a code
        ("silu", "UQ4.4", "SQ5.4", {}, (0, 1)),
        ("silu", "SQ4.4", "SQ4.4", {"input_range": Range(-16, 0)}, None),
        ("tanh_derivative", "SQ4.4", "SQ4.4", {}, None),
        ("exp", "SQ2.4", "SQ4.4", {"saturate": True}, None),
    ],
)
def test_slopes(function, source, output, options, slopes):
    line = RectifiedLine.of(specify(function, source, output, **options))
    assert line == (None if slopes is None else RectifiedLine(*slopes))


@pytest.mark.parametrize(
    ("function", "source", "rest"),
    [
        ("silu", "SQ4.4", (1, 0)),
        ("log_sigmoid", "SQ4.4", (1, 0)),
        ("tanhshrink", "SQ4.4", (-1, 0)),
        ("elu", "SQ4.4", None),
        (Endless(), "SQ4.4", (1, 0)),
    ],
)
def test_the_rest_is_symmetric(function, source, rest):
    specification = specify(function, source, "SQ5.4", saturate=True)
    found = RectifiedLine.of(specification).rest(specification)
    assert (found and (found.sign, found.total, found.slope)) == (rest and (*rest, 0))


@pytest.mark.parametrize(
    ("slopes", "values"),
    [
        ((0, 1), [0, 0, 0, 1, 2]),
        ((0, 4), [0, 0, 0, 4, 8]),
        ((-1, 0), [2, 1, 0, 0, 0]),
        ((3, 0), [-6, -3, 0, 0, 0]),
        ((2, 2), [-4, -2, 0, 2, 4]),
    ],
)
def test_values(slopes, values):
    assert RectifiedLine(*slopes).at(np.arange(-2, 3)).tolist() == values


@pytest.mark.parametrize("given", [False, True])
@pytest.mark.parametrize("slopes", [(0, 1), (0, 2), (-1, 0), (4, 0), (0, -2), (3, 3), (-1, -1)])
def test_the_steps_add_it(slopes, given):
    specification = specify("silu", "SQ3.2", "SQ8.2")
    b = PlanBuilder()
    x = b.input("x", specification.input_format)
    negative = b.let("negative", op.Compare("lt", x, b.let("zero", op.Constant(0, 2)))) if given else ""
    value = b.let("value", op.Constant(-5, 2))
    plan = b.build(y=(RectifiedLine(*slopes).plus(b, x, value, negative), specification.output_format))
    codes = specification.input_format.codes()
    assert outputs(specification, plan).tolist() == [slopes[code >= 0] * code - 5 for code in codes.tolist()]
    compared = sum(isinstance(step.operation, op.Compare) for step in plan.steps)
    assert compared == (slopes[0] != slopes[1])


def test_a_sum_that_is_an_output_loses_the_bits_above():
    specification = specify("silu", "SQ3.2", "SQ3.2")
    b = PlanBuilder()
    x = b.input("x", specification.input_format)
    value = b.let("value", op.ShiftRight(x, 5, 2))  # -1 where x is negative
    total = RectifiedLine(0, 1).add(b, x, value, specification.output_format)
    plan = b.build(y=(total, specification.output_format))
    assert (b.range("with_line").width, b.range(total).width) == (6, 5)
    assert outputs(specification, plan).tolist() == [-1] * 16 + list(range(16))


def test_the_line_above_0():
    specification = specify("silu", "SQ4.4", "SQ4.7")
    line = RectifiedLine(0, 8).line_above(specification)
    assert (line.slope, line.offset) == (1, 0)
    assert RectifiedLine(8, 0).line_above(specification).slope == 0
    assert FixedFormat.parse("SQ4.4").ulp * line.slope == 8 * FixedFormat.parse("SQ4.7").ulp
