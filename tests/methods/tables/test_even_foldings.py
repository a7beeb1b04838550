"""Tables that serve x and -x: literal entries, the steps, and what is admitted."""

import numpy as np
import pytest
from specified import outputs, specify

from softgate.methods import find_method
from softgate.methods.tables import FOLDINGS
from softgate.plan import operations as op
from softgate.plan.builder import PlanBuilder
from softgate.plan.formats import FixedFormat
from softgate.sim.plan_errors import plan_errors

SILU = specify("silu", "SQ2.2", "SQ2.3")
EVEN = specify("tanh_derivative", "SQ2.2", "UQ0.6")


@pytest.mark.parametrize(
    ("name", "function", "options", "serves"),
    [
        ("even", "silu", {}, True),
        ("line", "silu", {}, True),
        ("even", "tanh_derivative", {}, True),
        ("line", "tanh_derivative", {}, False),
        ("even", "tanh", {}, False),
        ("line", "exp", {"saturate": True}, False),
        ("even", "silu", {"monotonic": True}, False),
        ("even", "tanh_derivative", {"monotonic": True}, True),
    ],
)
def test_what_they_serve(name, function, options, serves):
    assert FOLDINGS[name].serves(specify(function, "SQ2.2", "SQ2.3", **options), 0) is serves


def test_bits_are_kept_of_even_functions_only():
    assert FOLDINGS["even"].serves(EVEN, 2)
    assert not FOLDINGS["even"].serves(SILU, 1)


@pytest.mark.parametrize(("name", "addresses"), [("even", [3, 1, 0, 2]), ("line", [-3, -1, 0, 2])])
def test_addresses(name, addresses):
    assert FOLDINGS[name](SILU, 0).addresses_of(np.array([-3, -1, 0, 2])).tolist() == addresses


def test_outputs_are_entries_and_the_line():
    # An output code is half an input code: the line is 2 x, for x above 0.
    folding = FOLDINGS["even"](SILU, 0)
    assert folding.outputs_of(np.array([-3, 0, 3]), np.array([-4, 0, -4])).tolist() == [-4, 0, 2]


@pytest.mark.parametrize("name", ["even", "line"])
def test_an_entry_is_admitted_if_the_outputs_are(name):
    folding = FOLDINGS[name](SILU, 0)
    codes = SILU.input_format.codes()
    middle = np.where(codes > 0, 2 * codes, 0) - 1
    low, high = middle - 2 + (codes < 0), middle + 1 + (codes < 0)
    lows, highs = folding.intervals(low, high)
    rows = folding.addresses_of(codes) - folding.addresses.low
    for entry in range(-8, 8):
        output = folding.outputs_of(codes, np.full(len(codes), entry))
        admitted = np.ones(folding.addresses.size, dtype=bool)
        np.logical_and.at(admitted, rows, (low <= output) & (output <= high))
        assert ((lows <= entry) & (entry <= highs)).tolist() == admitted.tolist()


@pytest.mark.parametrize("name", ["even", "line"])
def test_the_steps_compute_address_and_output(name):
    folding = FOLDINGS[name](SILU, 0)
    codes = SILU.input_format.codes()
    b = PlanBuilder()
    x = b.input("x", SILU.input_format)
    address = folding.address(b, x)
    held = b.range(address)
    fmt = FixedFormat(held.signed, held.width - b.point(address), b.point(address))
    assert outputs(SILU, b.build(y=(address, fmt))).tolist() == folding.addresses_of(codes).tolist()
    b = PlanBuilder()
    x = b.input("x", SILU.input_format)
    value = folding.output(b, x, b.let("entry", op.Constant(-2, 3)))
    plan = b.build(y=(value, SILU.output_format))
    assert outputs(SILU, plan).tolist() == folding.outputs_of(codes, np.full(len(codes), -2)).tolist()


@pytest.mark.parametrize("method", ["table", "bipartite"])
@pytest.mark.parametrize("budget", ["1ulp", "0.5ulp"])
@pytest.mark.parametrize(
    ("function", "source", "output", "options"),
    [
        ("silu", "SQ4.4", "SQ4.4", {}),
        ("gelu", "SQ4.3", "SQ4.6", {}),
        ("gelu", "SQ4.4", "SQ3.4", {"saturate": True}),  # above 3.9375 not x: nothing to fold
        ("tanh_derivative", "SQ4.4", "UQ0.8", {"monotonic": True, "saturate": True}),
    ],
)
def test_units_keep_the_budget(method, budget, function, source, output, options):
    specification = specify(function, source, output, budget, **options)
    for name in ("even", "line", None):
        given = find_method(method).read({} if name is None else {"folding": name})
        for candidate in find_method(method).candidates(specification, given):
            errors = plan_errors(candidate.plan, specification)
            assert specification.budget.admits(errors.largest, specification.output_format)
            assert errors.exact_ends
            assert errors.symmetric or candidate.parameters["folding"] != "even"


def test_half_the_table():
    specification = specify("tanh_derivative", "SQ4.4", "UQ0.8", "1ulp", saturate=True)
    sizes = {}
    for name in ("code", "even"):
        plans = [
            c.plan for c in find_method("table").candidates(specification, find_method("table").read({"folding": name}))
        ]
        sizes[name] = min(len(plan.by_name["entry"].operation.table) for plan in plans)
    assert sizes == {"code": 128, "even": 64}
