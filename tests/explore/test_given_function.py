"""Functions that are given otherwise than by name, through the design to the manifest and back."""

import numpy as np
import pytest

from softgate import FixedFormat, design
from softgate.accuracy.budget import Budget
from softgate.explore.given_function import table_at_codes
from softgate.functions import create_function, from_thresholds
from softgate.hdl.manifest import Manifest
from softgate.plan.lut_estimate import logic_size

FORMAT = FixedFormat.parse("SQ3.2")
X = FORMAT.codes(-16, 15) / 4
RANDOM = np.random.default_rng(4).uniform(-1, 0.96, 32)


def test_a_table_without_a_budget_is_correctly_rounded():
    unit = design(RANDOM, "SQ3.2", "SQ1.5")
    assert unit.specification.budget == Budget.parse("0.5ulp")
    assert unit.golden(FORMAT.codes(-16, 15)).tolist() == np.rint(RANDOM * 32).tolist()
    assert (unit.errors.correctly_rounded, unit.errors.proof) == (1, "exhaustive")


def test_a_budget_makes_a_table_smaller():
    exact = design(RANDOM, "SQ3.2", "SQ1.5", method="table")
    unit = design(RANDOM, "SQ3.2", "SQ1.5", max_error="1ulp", method="table")
    assert logic_size(unit.plan) < logic_size(exact.plan)
    assert np.abs(unit.golden(FORMAT.codes(-16, 15)) / 32 - RANDOM).max() < 1 / 32


@pytest.mark.parametrize("method", ["table", "bipartite", "polynomial", "network", "binary_search"])
@pytest.mark.parametrize("values", [np.tanh(X), 1 / (1 + np.exp(-X)), X**2 / 16, X / 4 + X**3 / 256])
def test_methods_that_need_only_values(method, values):
    unit = design(values, "SQ3.2", "SQ2.4", method=method, max_error="1ulp", saturate=True)
    true = np.clip(values * 16, -32, 31)
    assert np.abs(unit.golden(FORMAT.codes(-16, 15)) - true).max() < 1


@pytest.mark.parametrize("symmetric", [np.tanh(X), 1 / (1 + np.exp(-X)), X**2 / 16])
def test_a_symmetry_is_found_and_can_be_asked_for(symmetric):
    unit = design(symmetric, "SQ3.2", "SQ2.4", symmetric=True, max_error="1ulp")
    assert unit.errors.symmetric
    assert unit.errors.max_ulp < 1


@pytest.mark.parametrize(
    ("method", "parameters", "message"),
    [
        (
            "taylor",
            {},
            "is known by its values alone, so use method polynomial",
        ),
        ("polynomial", {"fit": "minimax"}, "is known by its values alone, so use fit=exact"),
        ("hard", {}, "method hard makes piecewise linear functions, and value_table(32 values"),
        ("classic", {}, "method classic makes the logistic function and multiples of it, and value_table(32 values"),
        ("identity", {}, "method identity makes functions that follow from another; value_table(32 values"),
    ],
)
def test_methods_that_need_more_refuse(method, parameters, message):
    with pytest.raises(ValueError) as refusal:  # the message is compared below
        design(np.tanh(X), "SQ3.2", "SQ1.5", method=method, **parameters)
    assert message in str(refusal.value)


def test_values_that_are_tiny_or_large():
    values = np.where(X < 0, 1e-300, 1e300)
    unit = design(values, "SQ3.2", "UQ2.2", saturate=True)
    assert unit.golden(FORMAT.codes(-16, 15)).tolist() == [0] * 16 + [15] * 16
    with pytest.raises(ValueError, match="accept the loss with --saturate"):
        design(values, "SQ3.2", "UQ2.2")


def test_only_the_inputs_of_a_range_count():
    values = np.where(np.abs(X) <= 1, X, 1e9)
    assert design(values, "SQ3.2", "SQ2.2", input_range=(-1, 1)).errors.max_ulp == 0


def test_thresholds_count_in_the_integers_up_to_their_number():
    thresholds = np.array([-3.1, 2.0, -0.25, 2.0, 0.1])
    unit = design(from_thresholds(thresholds), "SQ3.2")
    assert str(unit.specification.output_format) == "UQ3.0"
    assert unit.golden(FORMAT.codes(-16, 15)).tolist() == (X[:, None] >= thresholds).sum(axis=1).tolist()
    assert str(design(from_thresholds(thresholds), "SQ3.2", "SQ5.1").specification.output_format) == "SQ5.1"


@pytest.mark.parametrize("given", [RANDOM, from_thresholds([-1.0, 0.5]), lambda x: x * x / 16, "x^2/16"])
def test_the_manifest_makes_the_function_again(tmp_path, given):
    unit = design(given, "SQ3.2", "SQ3.2")
    unit.emit(tmp_path, name="unit")
    again = Manifest.load(tmp_path / "unit.json").specification
    assert again == unit.specification
    assert again.function == create_function(again.function.spelling, **again.function.as_dict())


@pytest.mark.parametrize(
    ("function", "source", "output", "options", "message"),
    [
        (
            np.zeros(31),
            "SQ3.2",
            "SQ1.5",
            {},
            "table must hold one value for each of the 32 codes of SQ3.2, in ascending",
        ),
        (np.zeros(4), "SQ11.10", "SQ1.5", {}, "table holds at most 1048576 values, but SQ11.10 has 2097152 codes"),
        (np.arange(32), "SQ3.2", "SQ1.5", {}, "table must hold values as floats, not int64, which may be codes"),
        (
            RANDOM,
            "SQ3.2",
            None,
            {},
            "output format is missing: only thresholds have one of their own; give one such as",
        ),
        ("tanh", "SQ3.2", None, {}, "output format is missing"),
        (
            RANDOM,
            "SQ3.2",
            "SQ1.5",
            {"clip": "-1:1"},
            "clip is for functions by name or expression; in a value_table(32",
        ),
        (
            3,
            "SQ3.2",
            "SQ1.5",
            {},
            "function must be a name such as tanh, an expression, an array of values or a callable",
        ),
        (RANDOM, "SQ3.2", "SQ1.5", {"beta": 1}, "beta"),
    ],
)
def test_refusals(function, source, output, options, message):
    with pytest.raises((TypeError, ValueError)) as refusal:
        design(function, source, output, **options)
    assert message in str(refusal.value)


def test_a_table_too_large_to_hold_says_so():
    values = np.random.default_rng(1).uniform(-1, 0.9, 1 << 14)
    with pytest.raises(ValueError, match="has 114688 bits, more than the 65536 that table_bits allows"):
        design(values, "SQ4.10", "SQ1.6")


def test_a_table_stands_at_the_codes_of_its_format():
    table = table_at_codes(np.arange(4.0), FixedFormat.parse("SQ1.1"))
    assert (table.first, table.step) == (-1, FixedFormat.parse("SQ1.1").ulp)
