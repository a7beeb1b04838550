import numpy as np
import pytest

from softgate.functions.properties import EVEN, ODD, Symmetry
from softgate.methods.range_reduction.symmetry import fold, unfold
from softgate.plan import FixedFormat, PlanBuilder
from softgate.plan import operations as op
from softgate.plan.operations.base import Range
from softgate.sim.golden.model import golden

POINT = Symmetry(-1, 5)


def folded(symmetry, side, held):
    """Return a plan that takes f(|x|), or f(-|x|), for 3 |x| + 1."""
    b = PlanBuilder()
    x = b.input("x", FixedFormat.parse("SQ4.1"), within=Range(*held))
    three = b.let("three", op.Constant(3))
    one = b.let("one", op.Constant(1, 1))
    value = b.let("value", op.Add(b.let("tripled", op.Multiply(fold(b, x), three)), one))
    return b.build(y=(unfold(b, symmetry, x, value, side=side), FixedFormat.parse("SQ8.1")))


@pytest.mark.parametrize("held", [(-16, 15), (-16, 0), (-7, -2), (0, 15), (3, 9), (0, 0)])
@pytest.mark.parametrize("side", [1, -1])
@pytest.mark.parametrize("symmetry", [EVEN, ODD, POINT])
def test_both_sides_follow_from_one(symmetry, side, held):
    plan = folded(symmetry, side, held)
    codes = np.arange(held[0], held[1] + 1)
    value = 3 * np.abs(codes) + 1
    other = value if symmetry == EVEN else 2 * symmetry.total - value  # 2 codes are a unit
    expected = np.where((codes < 0) == (side == -1), value, other)
    assert golden(plan)(codes).tolist() == expected.tolist()


def test_an_even_function_needs_no_sign():
    kinds = [step.operation.kind() for step in folded(EVEN, 1, (-16, 15)).steps]
    assert kinds == ["input", "constant", "constant", "absolute", "multiply", "add"]


def test_an_input_of_one_sign_needs_no_selection():
    kinds = [step.operation.kind() for step in folded(ODD, 1, (-7, -2)).steps]
    assert "select" not in kinds and "compare" not in kinds
    assert [step.operation.kind() for step in folded(ODD, 1, (2, 7)).steps] == [
        *("input", "constant", "constant", "multiply", "add")
    ]
