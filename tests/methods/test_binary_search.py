from fractions import Fraction

import numpy as np
import pytest
from specified import hardware_outputs, outputs, specify

from softgate.accuracy.bound import bound_error
from softgate.functions import from_table, from_thresholds
from softgate.methods import find_method
from softgate.plan.operations import Compare, Lookup
from softgate.plan.operations.base import Range
from softgate.sim.golden.model import golden

METHOD = find_method("binary_search")


def plan_of(specification):
    (candidate,) = METHOD.candidates(specification, METHOD.read({}))
    return candidate.plan


def kinds(plan, kind):
    return [step.operation for step in plan.steps if isinstance(step.operation, kind)]


def test_a_search_by_hand():
    plan = plan_of(specify(from_thresholds([-3.0, 0.0, 2.0]), "SQ4.0", "UQ2.0", "0.5ulp"))
    # x >= 0 first, of which only the sign tells; then x > -4 or x > 1, that is -3 or 2 and more.
    first, second = kinds(plan, Compare)
    assert (first.relation, second.relation) == ("gt", "gt")
    assert plan.by_name["last_0"].operation.value == -1
    assert plan.by_name["last_1"].operation.table == (-4, 1)
    assert len(kinds(plan, Lookup)) == 1  # the number of the step is the output


def test_outputs_that_are_not_counted_are_looked_up():
    plan = plan_of(specify(from_thresholds([-3.0, 0.0, 0.0]), "SQ4.0", "UQ2.0", "0.5ulp"))
    assert plan.by_name["result"].operation.table == (0, 1, 3, 3)


def test_a_count_that_begins_elsewhere():
    levels = np.repeat([-2.0, -1.0, 0.0, 1.0], 4)
    specification = specify(from_table(levels, first=-8, step=1), "SQ4.0", "SQ3.1", "0.5ulp")
    plan = plan_of(specification)
    assert outputs(specification, plan).tolist() == (2 * levels).tolist()
    # Steps of a whole format's ulp are counted.
    specification = specify(from_table(levels, first=-8, step=1), "SQ4.0", "SQ3.0", "0.5ulp")
    plan = plan_of(specification)
    assert "counted" in plan.by_name
    assert outputs(specification, plan).tolist() == levels.tolist()


def test_one_step_is_a_constant():
    specification = specify(from_thresholds([-8.0]), "SQ4.0", "UQ1.0", "0.5ulp")
    assert outputs(specification, plan_of(specification)).tolist() == [1] * 16


@pytest.mark.parametrize("count", [1, 2, 5, 8, 15, 16, 40])
@pytest.mark.parametrize("source", ["SQ6.0", "UQ6.0", "SQ3.3"])
def test_thresholds_bit_for_bit(count, source):
    rng = np.random.default_rng(count)
    specification = specify(from_thresholds(rng.integers(-40, 70, count) / 8), source, "UQ6.0", "0.5ulp")
    x = specification.input_format.codes(*specification.codes) * float(specification.input_format.ulp)
    expected = (x[:, None] >= specification.function.array).sum(axis=1)
    assert outputs(specification, plan_of(specification)).tolist() == expected.tolist()


def test_a_budget_leaves_fewer_steps():
    exact, free = (plan_of(specify("tanh", "SQ3.4", "SQ1.6", budget)) for budget in ("0.5ulp", "4ulp"))
    assert (len(kinds(exact, Compare)), len(kinds(free, Compare))) == (6, 4)


def test_within_the_budget_and_monotonic():
    for function in ("tanh", "logistic_derivative"):
        specification = specify(function, "SQ3.4", "SQ1.5", "1ulp", monotonic=True)
        found = outputs(specification, plan_of(specification))
        for code, output in enumerate(found.tolist(), specification.codes.low):
            low, high = specification.reference.enclosure(code)
            assert max(high - output, output - low) < 1
        rises = np.diff(found) if function == "tanh" else np.diff(np.where(np.arange(128) < 64, found, -found))[:-1]
        assert (np.delete(rises, 63) >= 0).all()


def test_only_the_inputs_of_a_range_are_searched():
    specification = specify(
        from_thresholds([-3.0, 0.0, 2.0, 5.0]), "SQ4.0", "UQ3.0", "0.5ulp", input_range=Range(-1, 3)
    )
    plan = plan_of(specification)
    assert outputs(specification, plan).tolist() == [1, 2, 2, 3, 3]
    assert len(kinds(plan, Compare)) == 2


def test_staircases_of_wide_inputs_are_not_walked():
    thresholds = np.array([-5e8, -3.0, 7.0, 1.5e9])
    specification = specify(from_thresholds(thresholds), "SQ32.0", "UQ3.0", "0.5ulp")
    plan = plan_of(specification)
    codes = np.array([-(1 << 31), -500000001, -500000000, -4, -3, 6, 7, 1499999999, 1500000000, (1 << 31) - 1])
    assert golden(plan)(codes).tolist() == [0, 0, 1, 1, 2, 2, 3, 3, 4, 4]
    assert bound_error(plan, specification, Fraction(0)) == 0
    steps = specify("where(x > 5, 1/3, -2/3)", "SQ32.0", "SQ2.1", "1ulp")
    assert golden(plan_of(steps))(np.array([5, 6])).tolist() == [-1, 1]


def test_too_many_steps_are_refused():
    with pytest.raises(ValueError, match=r"at most 4096 steps; tanh from SQ4\.12 to SQ1\.15 has 14893"):
        plan_of(specify("tanh", "SQ4.12", "SQ1.15", "1ulp"))
    assert "method binary_search looks at every input" in METHOD.refusal(specify("tanh", "SQ4.20", "SQ1.7", "1ulp"))


@pytest.mark.parametrize(
    ("function", "weighed"),
    [
        (from_thresholds([0.5]), True),
        (from_table([0.0] * 16, first=-8, step=1), True),
        ("where(x > 0, 1, 0) + where(x > 2, 1, 0)", True),
        ("tanh", False),
        ("hard_tanh", False),
    ],
)
def test_it_is_weighed_for_staircases_and_arrays(function, weighed):
    assert METHOD.searches(specify(function, "SQ4.0", "SQ4.0", "1ulp")) is weighed


@pytest.mark.tools
def test_hardware():
    specification = specify(from_thresholds(np.arange(-20, 24, 4) - 0.5), "SQ6.0", "UQ4.0", "0.5ulp")
    plan = plan_of(specification)
    assert np.array_equal(hardware_outputs(specification, plan, frequency=200), outputs(specification, plan))
