import numpy as np
import pytest

from softgate.plan import FixedFormat, PlanBuilder
from softgate.plan.logic_multiplier import holds_half, multiply_in_logic
from softgate.plan.operations import PartialProduct, Select
from softgate.sim.golden.model import golden


def product(multiplier, multiplicand, half=None):
    b = PlanBuilder()
    m, x = b.input("m", FixedFormat.parse(multiplier)), b.input("x", FixedFormat.parse(multiplicand))
    y = multiply_in_logic(b, "p", m, x, half=half)
    held = b.range(y)
    return b.build(y=(y, FixedFormat(held.signed, held.width - b.point(y), b.point(y))))


def places(multiplier):
    b = PlanBuilder()
    m = b.input("m", FixedFormat.parse(multiplier))
    return [place for place in range(32) if holds_half(b, m, place)]


@pytest.mark.parametrize("multiplier", ["UQ0.1", "UQ0.2", "UQ0.4", "UQ1.4", "UQ2.5", "UQ0.8"])
@pytest.mark.parametrize("multiplicand", ["SQ1.1", "SQ2.3", "UQ0.3"])
def test_all_products(multiplier, multiplicand):
    m, x = np.meshgrid(FixedFormat.parse(multiplier).codes(), FixedFormat.parse(multiplicand).codes())
    for half in (None, *places(multiplier)):
        found = golden(product(multiplier, multiplicand, half))(m.ravel(), x.ravel())
        np.testing.assert_array_equal(found, m.ravel() * x.ravel() + (0 if half is None else 1 << half))


def test_where_a_half_has_room():
    assert places("UQ0.12") == [1, 3, 5, 7, 9, 11]
    assert places("UQ0.5") == [1, 3]


def test_rows_have_four_inputs_a_bit():
    steps = [step.operation for step in product("UQ0.12", "SQ4.8").steps]
    assert [row.factors for row in steps if isinstance(row, PartialProduct)] == [(-1, 0, 1, 2)] * 6
    assert [row.when_true for row in steps if isinstance(row, Select)] == ["x"]


def test_a_multiplier_that_may_be_negative():
    with pytest.raises(ValueError, match=r"the multiplier m must not be negative, but is in \[-4, 3\]"):
        product("SQ1.2", "SQ1.2")
