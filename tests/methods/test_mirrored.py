"""Symmetric plans, made of plans for magnitudes."""

import numpy as np
import pytest
from specified import hardware_outputs, outputs, specify

from softgate.methods import candidates, find_method
from softgate.methods.mirrored import Mirrored
from softgate.plan.operations.base import Range
from softgate.sim.plan_errors import plan_errors


def first(specification, method="table"):
    method = find_method(method)
    return next(candidates(method, specification, method.read({})))


CASES = [
    ("tanh", "SQ4.4", "SQ1.7", {}),
    ("tanh", "SQ4.4", "SQ2.6", {}),
    ("logistic", "SQ4.4", "UQ0.8", {}),
    ("logistic", "SQ4.4", "UQ1.7", {}),
    ("logistic", "SQ4.4", "SQ1.7", {}),
    ("logistic_derivative", "SQ4.4", "UQ0.8", {}),
    ("hard_tanh", "SQ4.4", "SQ1.7", {}),
    ("tanh", "SQ4.4", "SQ1.7", {"input_range": Range(-128, 60)}),
    ("tanh", "SQ1.5", "SQ1.7", {"input_range": Range(-9, 31)}),
    ("tanh", "SQ4.4", "SQ1.7", {"monotonic": True}),
    ("silu", "SQ4.4", "SQ4.4", {}),
    ("gelu", "SQ4.3", "SQ4.5", {}),
    ("gelu", "SQ4.4", "SQ3.4", {"saturate": True}),
]


@pytest.mark.parametrize("budget", ["1ulp", "0.5ulp", "3ulp"])
@pytest.mark.parametrize(("function", "source", "output", "options"), CASES)
def test_symmetric_within_the_budget_and_exact_at_the_ends(function, source, output, options, budget):
    specification = specify(function, source, output, budget, symmetric=True, **options)
    candidate = first(specification)
    errors = plan_errors(candidate.plan, specification)
    assert specification.budget.admits(errors.largest, specification.output_format)
    assert errors.symmetric
    assert errors.exact_ends
    assert errors.monotonic or not specification.monotonic
    found = dict(
        zip(
            specification.input_format.codes(*specification.codes).tolist(),
            outputs(specification, candidate.plan).tolist(),
            strict=True,
        )
    )
    total = specification.function.symmetry.total / specification.output_format.ulp
    slope = specification.function.symmetry.slope * specification.input_format.ulp / specification.output_format.ulp
    for code, value in found.items():  # written out once more
        if slope and -code in found:
            if value + slope * code in specification.outputs and value - slope * -code in specification.outputs:
                assert found[-code] == value + slope * code
        elif -code in found:
            mirrored = value if specification.function.symmetry.sign == 1 else total - value
            back = found[-code] if specification.function.symmetry.sign == 1 else total - found[-code]
            if mirrored in range(*_outputs(specification)) and back in range(*_outputs(specification)):
                assert found[-code] == mirrored


def _outputs(specification):
    fmt = specification.output_format
    if specification.function.name.endswith("tanh") and fmt.signed:
        return -fmt.max_code, fmt.max_code + 1
    return fmt.min_code, fmt.max_code + 1


def test_minus_one_is_not_used_where_one_is_not_a_code():
    specification = specify("tanh", "SQ4.4", "SQ1.7", "1ulp", symmetric=True)
    found = outputs(specification, first(specification).plan)
    assert (found.min(), found.max()) == (-127, 127)


def test_a_closed_gate_is_closed_though_an_open_one_is_no_code():
    specification = specify("logistic", "SQ4.4", "UQ0.8", "1ulp", symmetric=True)
    found = outputs(specification, first(specification).plan)
    assert (found.min(), found.max(), found[128]) == (0, 255, 128)


@pytest.mark.tools
def test_hardware_agrees():
    specification = specify("logistic", "SQ4.4", "UQ0.8", "1ulp", symmetric=True)
    plan = first(specification).plan
    np.testing.assert_array_equal(hardware_outputs(specification, plan), outputs(specification, plan))


def test_what_is_asked_at_magnitudes():
    half = Mirrored.of(specify("logistic", "SQ4.4", "UQ0.8", "1ulp", symmetric=True)).half
    assert (str(half.input_format), str(half.output_format), half.codes) == ("UQ4.4", "UQ1.8", Range(0, 128))
    half = Mirrored.of(specify("tanh", "SQ4.4", "SQ1.7", "1ulp", symmetric=True)).half
    assert (str(half.input_format), str(half.output_format), half.codes) == ("UQ4.4", "UQ0.7", Range(0, 128))
    half = Mirrored.of(specify("tanh", "SQ1.5", "SQ1.7", "1ulp", symmetric=True, input_range=Range(-9, 31))).half
    assert (str(half.input_format), half.input_range) == ("UQ0.5", None)


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        (("hard_logistic", "SQ4.4", "UQ0.8"), {}, None),
        (("tanh", "UQ4.4", "UQ1.7"), {}, "symmetric needs inputs of both signs; UQ4.4 has one"),
        (
            ("tanh", "SQ4.21", "SQ1.7"),
            {},
            "--symmetric (symmetric=True) is checked at every input, for at most 16777216 "
            "codes; SQ4.21 has 33554432: leave it out, or give a range that holds fewer",
        ),
    ],
)
def test_what_cannot_be(arguments, options, message):
    if message is None:
        specify(*arguments, "1ulp", symmetric=True, **options)
        return
    with pytest.raises(ValueError) as raised:
        specify(*arguments, "1ulp", symmetric=True, **options)
    assert str(raised.value) == message
