"""Plans made exact where they miss what is required."""

from fractions import Fraction

import numpy as np
import pytest
from specified import hardware_outputs, outputs, specify

from softgate.accuracy.bound import is_constant
from softgate.accuracy.error_measurement import misses
from softgate.functions.properties import Asymptote
from softgate.functions.silu import Silu
from softgate.methods.exact_ends import with_exact_ends
from softgate.methods.range_reduction.symmetry import unfold
from softgate.plan import PlanBuilder
from softgate.plan import operations as op
from softgate.plan.operations.base import Range


class Falling(Silu):
    """The same less 2 x, with an asymptote that falls and one that does so by twice as much."""

    ends = (Asymptote(Fraction(-2), Fraction(0)), Asymptote(Fraction(-1), Fraction(0)))
    symmetry = None

    def __call__(self, x, m):
        return super().__call__(x, m) - 2 * x


def wrong_by_one(specification):
    """Return a plan of a table that is one off at every input, in whichever direction there is room."""
    low, high = specification.outputs
    codes = range(specification.codes.low, specification.codes.high + 1)
    truth = [round(float(specification.reference.enclosure(code)[0])) for code in codes]
    entries = [value - 1 if value > low else value + 1 for value in truth]
    assert all(low <= entry <= high for entry in entries)
    b = PlanBuilder()
    x = b.input("x", specification.input_format, "", specification.codes)
    place = b.let("place", op.Bits(x, 0, specification.input_format.width))
    table = dict(zip([code % (1 << specification.input_format.width) for code in codes], entries, strict=True))
    size = 1 << specification.input_format.width
    lookup = op.Lookup(place, tuple(table.get(at, 0) for at in range(size)), specification.output_format.fraction_bits)
    return b.build(y=(b.let("entry", lookup), specification.output_format))


@pytest.mark.tools
@pytest.mark.parametrize(
    ("function", "source", "output", "options"),
    [
        ("tanh", "SQ4.4", "SQ1.7", {}),
        ("logistic", "SQ5.3", "UQ0.8", {}),
        ("tanh_derivative", "SQ4.4", "UQ1.7", {}),
        ("tanh", "SQ4.4", "SQ2.6", {"input_range": Range(-100, 90)}),
        ("logistic", "UQ4.4", "UQ1.7", {}),
        ("hard_tanh", "SQ4.4", "SQ2.6", {}),
        ("silu", "SQ5.3", "SQ5.3", {}),
        ("gelu", "SQ4.4", "SQ4.6", {}),
        (Falling(), "SQ5.3", "SQ6.3", {}),
    ],
)
def test_what_is_missed_is_put_right_and_no_more_than_the_budget_admits(function, source, output, options):
    specification = specify(function, source, output, "2ulp", **options)
    plan, reference = wrong_by_one(specification), specification.reference
    codes, before = (
        specification.input_format.codes(*specification.codes),
        outputs(specification, wrong_by_one(specification)),
    )
    assert misses(reference, codes, before).any()
    exact = with_exact_ends(plan, specification, reference.required)
    after = outputs(specification, exact)
    assert not misses(reference, codes, after).any()
    for code, old, new in zip(codes.tolist(), before.tolist(), after.tolist(), strict=True):
        low, high = reference.enclosure(code)
        assert new == old or abs(new - (low + high) / 2) <= 2
    np.testing.assert_array_equal(hardware_outputs(specification, exact), after)
    for required in reference.required:
        assert required.slope or is_constant(exact, required.codes, required.output)
        assert not is_constant(plan, required.codes, required.output)


def test_saturation_begins_where_a_short_comparison_tells():
    specification = specify("tanh", "SQ4.12", "SQ1.15", "1ulp")
    last = specification.reference.required[-1]
    plan = wrong_by_one(specification)
    exact = with_exact_ends(plan, specification, [last])
    # From 5.2 on the clamped limit is within an ulp, from 5.89 on it is required: 5.5 is 11 halves.
    assert (exact.by_name["exact_above_start"].operation.value, last.codes.low) == (11, 24133)


def test_only_what_is_missed_is_changed():
    specification = specify("logistic", "SQ4.4", "UQ0.8", "2ulp")
    _, centre, _ = specification.reference.required
    plan = wrong_by_one(specification)
    exact = with_exact_ends(plan, specification, [centre])
    differs = np.flatnonzero(outputs(specification, exact) != outputs(specification, plan))
    assert specification.codes.low + differs == [0]


def test_symmetric_plans_stay_symmetric():
    specification = specify("tanh", "SQ4.4", "SQ2.6", "2ulp")
    zero = specification.reference.required[1]
    exact = with_exact_ends(symmetric_by_one_off(specification), specification, specification.reference.required)
    found = outputs(specification, exact)[1:]  # -8 has no partner
    assert (found == -found[::-1]).all()
    assert found[len(found) // 2] == zero.output
    assert is_constant(exact, specification.reference.required[0].codes, -64)


def symmetric_by_one_off(specification):
    """Return a plan of an odd function that is one too low at magnitudes, 0 among them."""
    fmt = specification.output_format
    b = PlanBuilder()
    x = b.input("x", specification.input_format)
    magnitude = b.let("magnitude", op.Absolute(x))
    codes = range(b.range(magnitude).high + 1)
    values = [round(float(specification.reference.enclosure(min(code, 127))[0])) - 1 for code in codes]
    table = op.Lookup(magnitude, (*values, *[0] * (256 - len(values))), fmt.fraction_bits)
    value = unfold(b, specification.function.symmetry, x, b.let("entry", table))
    return b.build(y=(value, fmt))
