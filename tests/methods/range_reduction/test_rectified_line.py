"""The part of a function that is not even: literal codes, and the same by steps."""

from dataclasses import dataclass

import numpy as np
import pytest
from specified import outputs, specify

from softgate.functions.silu import Silu
from softgate.methods.range_reduction.rectified_line import RectifiedLine
from softgate.plan import operations as op
from softgate.plan.formats import FixedFormat
from softgate.plan.operations.base import Range
from softgate.plan.plan import PlanBuilder


@dataclass(frozen=True)
class Rising(Silu):
    """The same with the sign of the line turned: f(-x) = f(x) + x."""

    @property
    def symmetry(self):
        symmetry = super().symmetry
        return type(symmetry)(1, symmetry.total, -symmetry.slope)


@pytest.mark.parametrize(
    ("function", "source", "output", "options", "slope"),
    [
        ("silu", "SQ4.4", "SQ4.4", {}, 1),
        ("silu", "SQ4.4", "SQ4.7", {}, 8),
        (Rising(), "SQ4.4", "SQ4.5", {"saturate": True}, -2),
        ("silu", "SQ4.4", "SQ4.3", {}, None),  # half a code
        ("silu", "UQ4.4", "SQ5.4", {}, None),
        ("silu", "SQ4.4", "SQ4.4", {"input_range": Range(-16, 0)}, None),
        ("tanh_derivative", "SQ4.4", "SQ4.4", {}, None),
        ("exp", "SQ2.4", "SQ4.4", {}, None),
    ],
)
def test_slopes(function, source, output, options, slope):
    line = RectifiedLine.of(specify(function, source, output, **options))
    assert line == (None if slope is None else RectifiedLine(slope))


@pytest.mark.parametrize(
    ("slope", "values"), [(1, [0, 0, 0, 1, 2]), (4, [0, 0, 0, 4, 8]), (-1, [2, 1, 0, 0, 0]), (-3, [6, 3, 0, 0, 0])]
)
def test_values(slope, values):
    assert RectifiedLine(slope).at(np.arange(-2, 3)).tolist() == values


@pytest.mark.parametrize("given", [False, True])
@pytest.mark.parametrize("slope", [1, 2, -1, -4])
def test_the_steps_add_it(slope, given):
    specification = specify("silu", "SQ3.2", "SQ8.2")
    b = PlanBuilder()
    x = b.input("x", specification.input_format)
    negative = b.let("negative", op.Compare("lt", x, b.let("zero", op.Constant(0, 2)))) if given else ""
    value = b.let("value", op.Constant(-5, 2))
    plan = b.build(y=(RectifiedLine(slope).plus(b, x, value, negative), specification.output_format))
    codes = specification.input_format.codes()
    assert outputs(specification, plan).tolist() == [max(slope * code, 0) - 5 for code in codes.tolist()]
    assert sum(isinstance(step.operation, op.Compare) for step in plan.steps) == 1


def test_a_sum_that_is_an_output_loses_the_bits_above():
    specification = specify("silu", "SQ3.2", "SQ3.2")
    b = PlanBuilder()
    x = b.input("x", specification.input_format)
    value = b.let("value", op.ShiftRight(x, 5, 2))  # -1 where x is negative
    total = RectifiedLine(1).add(b, x, value, specification.output_format)
    plan = b.build(y=(total, specification.output_format))
    assert (b.range("with_line").width, b.range(total).width) == (6, 5)
    assert outputs(specification, plan).tolist() == [-1] * 16 + list(range(16))


def test_the_line_above_0():
    specification = specify("silu", "SQ4.4", "SQ4.7")
    line = RectifiedLine(8).above(specification)
    assert (line.slope, line.offset) == (1, 0)
    assert RectifiedLine(-8).above(specification).slope == 0
    assert FixedFormat.parse("SQ4.4").ulp * line.slope == 8 * FixedFormat.parse("SQ4.7").ulp
