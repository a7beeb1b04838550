"""Units of inputs with many integer bits: a fitted part for the codes near 0, and the ends beyond."""

import numpy as np
import pytest
from specified import hardware_outputs, outputs, specify

from softgate.methods import candidates, find_method
from softgate.methods.integer_polynomials import candidates as exact
from softgate.methods.integer_polynomials import inner_codes as module
from softgate.methods.integer_polynomials.inner_codes import InnerCodes, inner_codes
from softgate.plan.formats import FixedFormat
from softgate.plan.operations.base import Range
from softgate.sim.plan_errors import plan_errors

UNITS = [
    ("tanh", "SQ7.5", "SQ1.7", {}, "SQ3.5"),  # within half an ulp of 1 from 3.13 on
    ("tanh", "SQ7.5", "SQ1.7", {"monotonic": True, "symmetric": True}, "SQ3.5"),
    ("tanh", "UQ7.5", "UQ0.8", {"saturate": True}, "UQ2.5"),
    ("softplus", "SQ7.5", "SQ7.5", {}, "SQ4.5"),
    ("gelu", "SQ7.5", "SQ7.5", {}, "SQ3.5"),
    ("exp", "SQ7.5", "UQ0.8", {"input_range": Range(-2048, 0), "saturate": True}, "SQ4.5"),
    ("tanh", "SQ7.5", "SQ1.7", {"input_range": Range(-50, 2000)}, "SQ3.5"),
    ("logistic", "SQ7.5", "UQ0.8", {"ends": "free"}, "SQ4.5"),
]


@pytest.fixture
def few(monkeypatch):
    """More than 512 codes count as too many to search."""
    monkeypatch.setattr(module, "SEARCHED_CODES", 512)
    monkeypatch.setattr(exact, "SEARCHED_CODES", 512)


def made(specification):
    method = find_method("polynomial")
    return list(candidates(method, specification, method.read({"degree": "1"})))


@pytest.mark.parametrize(("function", "source", "output", "options", "narrow"), UNITS)
def test_faithful_at_every_input(function, source, output, options, narrow, few):
    specification = specify(function, source, output, "1ulp", **options)
    assert InnerCodes.of(specification).part.input_format == FixedFormat.parse(narrow)
    (candidate, *_) = made(specification)
    assert "fit" not in candidate.parameters
    errors = plan_errors(candidate.plan, specification)
    assert errors.meets(specification.budget, specification.output_format)
    assert all(demand.met for demand in specification.demands(errors))


@pytest.mark.tools
def test_hardware_equals_the_model(few):
    specification = specify("softplus", "SQ7.5", "SQ7.5", "1ulp")
    (candidate, *_) = made(specification)
    assert np.array_equal(hardware_outputs(specification, candidate.plan), outputs(specification, candidate.plan))


def test_a_part_costs_less_than_the_unit(few):
    specification = specify("tanh", "SQ7.5", "SQ1.7", "1ulp")
    (part, *_), (unit, *_) = made(InnerCodes.of(specification).part), made(specification)
    assert part.cost < unit.cost < part.cost + 24


@pytest.mark.parametrize(
    ("function", "source", "output", "options"),
    [
        ("tanh", "SQ3.5", "SQ1.7", {}),  # saturated from 3.1 on: no bit less
        ("exp", "SQ3.5", "UQ6.4", {"saturate": True}),  # a curve up to the end
        ("softplus", "SQ7.5", "SQ7.3", {}),  # the asymptote is not on output codes
        ("sin", "SQ7.5", "SQ2.7", {}),  # no end at all
    ],
)
def test_nothing_to_leave_out(function, source, output, options):
    assert InnerCodes.of(specify(function, source, output, "1ulp", **options)) is None


def test_only_beyond_what_is_searched():
    specification = specify("tanh", "SQ7.5", "SQ1.7", "1ulp")
    assert inner_codes(specification) is None
    assert InnerCodes.of(specification) is not None


@pytest.mark.slow
@pytest.mark.parametrize(
    ("function", "source", "output"), [("tanh", "SQ9.12", "SQ1.12"), ("gelu", "SQ10.12", "SQ10.12")]
)
def test_wide_inputs(function, source, output):
    specification = specify(function, source, output, "1ulp")
    (candidate, *_) = made(specification)
    errors = plan_errors(candidate.plan, specification)
    assert errors.proof == "exhaustive"
    assert errors.meets(specification.budget, specification.output_format)
