import numpy as np
import pytest
from specified import outputs, specify

from softgate.accuracy.admissible import admissible
from softgate.accuracy.monotonic import is_monotonic
from softgate.methods import Annealing, candidates, find_method
from softgate.methods.integer_polynomials.coefficient_sets import FeasibleSet
from softgate.methods.integer_polynomials.table_network import Column, anneal_tables
from softgate.plan.operations import Lookup
from softgate.plan.operations.base import Range

POLYNOMIAL = find_method("polynomial")


def feasible(*rows):
    """Return the set with these rows: the higher coefficients, and the lowest and the highest constant one."""
    return FeasibleSet(
        np.array([higher for higher, _, _ in rows]),
        np.array([low for _, low, _ in rows]),
        np.array([high for _, _, high in rows]),
    )


def admits(sets, tables, constant_bits):
    """Return whether every segment has feasible coefficients, the constant one known but for the bits above."""
    rows = zip(sets, *tables, strict=True)
    return all(
        each.is_unconstrained
        or any(
            tuple(key) == tuple(higher) and (constant - low) % (1 << constant_bits) <= high - low
            for key, low, high in zip(each.higher, each.low, each.high, strict=True)
        )
        for each, constant, *higher in rows
    )


def drawn_sets(seed, count, *, signed):
    """Return sets of one higher coefficient, of which one choice is the same in all, and another choice from each."""
    random = np.random.default_rng(seed)
    sets, chosen = [], []
    for segment in range(count):
        first = int(random.integers(-8, 5) if signed else random.integers(0, 13))
        low = 10 * segment + int(random.integers(0, 8))
        sets.append(feasible(([first], low, low + 1), ([6 if signed else 14], low - 4, low + 7)))
        chosen.append((low, first))
    return sets, [list(table) for table in zip(*chosen, strict=True)]


@pytest.mark.parametrize("signed", [False, True])
@pytest.mark.parametrize("constant_bits", [9, 5])  # all bits of the constant coefficient, or only those that differ
def test_every_segment_has_feasible_coefficients(signed, constant_bits):
    sets, tables = drawn_sets(1, 32, signed=signed)
    tables[0] = [constant % (1 << constant_bits) for constant in tables[0]]
    plain = anneal_tables(sets, tables, constant_bits, Annealing(0, 1))
    found = anneal_tables(sets, tables, constant_bits, Annealing(3000, 1))
    assert plain.tables == [tuple(table) for table in tables]
    assert found.tables != plain.tables
    assert admits(sets, found.tables, constant_bits)
    assert found.network.size(4) < plain.network.size(4)
    assert found.columns[0] == Column(0, constant_bits, signed=False)
    assert found.columns[1].signed == signed


def test_what_is_no_segment_is_free():
    one = feasible(([3], 4, 4))
    sets = [one, FeasibleSet.unconstrained(1), one]
    found = anneal_tables(sets, [[4, 0, 4, 7], [3, 0, 3, 2]], 3, Annealing(2000, 1))
    assert found.network.size(4) == 0  # constants
    assert [table[::2] for table in found.tables] == [(4, 4), (3, 3)]
    assert [len(table) for table in found.tables] == [3, 3]


def test_derived_coefficients_follow_from_the_constant_one():
    sets = [feasible(([segment], 8 * segment, 8 * segment + 3), ([segment + 1], 8 * segment + 6, 8 * segment + 7))
            for segment in range(8)]  # fmt: skip
    found = anneal_tables(sets, [[8 * segment for segment in range(8)]], 5, Annealing(2000, 1))
    assert len(found.columns) == 1
    assert admits(sets, found.tables, 5)
    assert found.network.size(4) == 0


def test_large_tables_are_not_searched():
    sets = [feasible(([1], 0, 1))] * 1025
    assert anneal_tables(sets, [[0] * 1025, [1] * 1025], 4, Annealing(10, 1)) is None
    assert anneal_tables(sets[:1], [[0], [1]], 4, Annealing(10, 1)) is None
    assert anneal_tables(sets[:2], [[0, 0], [1, 1]], 61, Annealing(10, 1)) is None


@pytest.mark.parametrize(
    ("function", "source", "output", "options", "given"),
    [
        ("tanh", "SQ4.4", "SQ1.7", {}, {"degree": 1}),
        ("logistic", "SQ4.4", "UQ0.8", {"monotonic": True}, {"degree": 1}),
        ("logistic", "SQ4.4", "UQ0.8", {"symmetric": True}, {"degree": 1}),
        ("tanh", "SQ4.4", "SQ1.7", {}, {"degree": 2}),
        ("exp", "SQ4.4", "UQ1.7", {"input_range": Range(-64, 0)}, {"degree": 1, "coefficients": "derived"}),
        ("gelu", "SQ4.4", "SQ4.4", {}, {"degree": 1}),
        ("tanh", "SQ4.4", "SQ1.7", {}, {"degree": 1, "segmentation": "hierarchical"}),
    ],
)
def test_units_are_within_the_budget(function, source, output, options, given):
    specification = specify(function, source, output, "1ulp", **options)
    found = [each for each in candidates(POLYNOMIAL, specification, POLYNOMIAL.read(given)) if each.anneal]
    low, high = admissible(specification)
    for plain in found[:2]:
        small = plain.anneal(Annealing(300, 1))
        assert small.plan != plain.plan
        assert small.parameters == {**plain.parameters, "moves": 300, "seed": 1}
        results = outputs(specification, small.plan)
        assert (low <= results).all() and (results <= high).all()
        if specification.monotonic:
            codes = specification.input_format.codes(*specification.codes)
            assert is_monotonic(codes, results, specification.reference.monotonicity)
    assert found


def test_asked_for_by_the_number_of_moves():
    specification = specify("tanh", "SQ4.4", "SQ1.7", "1ulp")
    plain, *_ = candidates(POLYNOMIAL, specification, POLYNOMIAL.read({"degree": 1}))
    given = POLYNOMIAL.read({"degree": 1, "moves": 500, "seed": 3})
    first, *_ = candidates(POLYNOMIAL, specification, given)
    again = plain.anneal(Annealing(500, 3))
    assert again.plan in [each.plan for each in candidates(POLYNOMIAL, specification, given)]
    assert first.parameters["moves"] == 500
    assert first.cost <= plain.cost
    assert max(len(step.operation.table) for step in first.plan.steps if isinstance(step.operation, Lookup)) <= 128
