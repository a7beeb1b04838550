"""Monotonic units of every method and function, by a walk that asks the function itself which way it goes."""

from functools import lru_cache

import mpmath
import pytest
from hypothesis import given as drawing
from hypothesis import settings
from hypothesis import strategies as st
from made_up import Lopsided
from specified import outputs, specify
from strategies import code_ranges, formats

from softgate import design
from softgate.accuracy.admissible import admissible, ordered
from softgate.accuracy.error_measurement import measure_errors
from softgate.explore.design import BudgetError
from softgate.functions import create_function
from softgate.methods import find_method
from softgate.plan.operations.base import Range
from softgate.sim.golden.model import golden

TRUE = {
    "tanh": mpmath.tanh,
    "logistic": lambda x: 1 / (1 + mpmath.exp(-x)),
    "tanh_derivative": lambda x: mpmath.sech(x) ** 2,
    "logistic_derivative": lambda x: mpmath.sech(x / 2) ** 2 / 4,
    "hard_tanh": lambda x: min(max(x, -1), 1),
    "hard_logistic": lambda x: min(max(x / 4 + mpmath.mpf(1) / 2, 0), 1),
}


@lru_cache
def true_values(function, source, codes):
    """Return the values at some codes, to so many digits that neighbours differ if they do."""
    with mpmath.workdps(60):
        return [TRUE[function](mpmath.ldexp(code, -source.fraction_bits)) for code in range(codes.low, codes.high + 1)]


def goes_as_the_function(specification, plan):
    """Whether outputs do not fall where the function does not, nor rise where it does not, from code to code.

    Where it does neither, either will do, but for the way that it went before.
    """
    function = "tanh" if isinstance(specification.function, Lopsided) else specification.function.name
    values = true_values(function, specification.input_format, specification.codes)
    results = outputs(specification, plan).tolist()
    way = 1
    for number in range(1, len(values)):
        if values[number] != values[number - 1]:
            way = 1 if values[number] > values[number - 1] else -1
        if way * (results[number] - results[number - 1]) < 0:
            return False
    return True


CASES = [
    (method, function, source, output, budget)
    for method in ("table", "bipartite", "polynomial", "taylor", "identity")
    for function, source, output, budget in [
        ("tanh", "SQ4.4", "SQ1.7", "1ulp"),
        ("logistic", "SQ4.4", "UQ0.8", "1ulp"),
        ("tanh_derivative", "SQ4.4", "UQ1.7", "1ulp"),
        ("logistic_derivative", "SQ4.4", "UQ0.8", "1ulp"),
    ]
] + [
    ("table", "hard_tanh", "SQ4.4", "SQ1.7", "2ulp"),
    ("bipartite", "hard_logistic", "SQ4.4", "UQ0.8", "2ulp"),
    ("polynomial", "hard_logistic", "SQ4.4", "UQ0.8", "2ulp"),
    ("hard", "hard_tanh", "SQ4.4", "SQ1.7", "0.5ulp"),
    ("hard", "hard_logistic", "SQ4.4", "UQ0.8", "0.5ulp"),
    ("classic", "logistic", "SQ4.4", "UQ0.8", "2e-2"),
    ("classic", "tanh", "SQ4.4", "SQ1.7", "5e-2"),
    (None, "tanh", "SQ4.8", "SQ1.11", "1ulp"),
    (None, "logistic", "SQ4.8", "UQ0.12", "1ulp"),
    (None, "tanh_derivative", "SQ3.5", "UQ0.8", "2ulp"),
]


@pytest.mark.parametrize(("method", "function", "source", "output", "budget"), CASES)
def test_every_method_and_function(method, function, source, output, budget):
    found = design(function, source, output, method=method, max_error=budget, saturate=True, monotonic=True)
    assert found.specification.monotonic and found.errors.monotonic
    assert goes_as_the_function(found.specification, found.plan)
    assert found.specification.budget.admits(found.errors.largest, found.specification.output_format)


@pytest.mark.parametrize("function", ["tanh", "logistic"])
def test_the_walk_sees_what_is_not_monotonic(function):
    source, output = ("SQ4.8", "SQ1.11") if function == "tanh" else ("SQ4.8", "UQ0.12")
    found = design(function, source, output)
    assert not found.errors.monotonic
    assert not goes_as_the_function(found.specification, found.plan)


def candidates(method, specification, **given):
    method = find_method(method)
    return list(method.candidates(specification, method.read(given)))


@settings(max_examples=60, deadline=None)
@drawing(
    st.sampled_from(sorted(TRUE)).map(create_function) | st.just(Lopsided()),
    formats(st.integers(1, 8)),
    formats(st.integers(1, 12)),
    st.sampled_from(["1ulp", "0.5ulp", "2ulp", "5ulp", "0.7ulp", "1e-3", "0.3"]),
    st.data(),
)
def test_tables_are_monotonic_by_construction(function, source, output, budget, data):
    codes = data.draw(st.none() | code_ranges(source))
    specification = specify(
        function, str(source), str(output), budget, saturate=True, input_range=codes, monotonic=True
    )
    low, high = ordered(specification, *admissible(specification))
    found = candidates("table", specification)
    assert bool(found) == bool((low <= high).all())
    for candidate in found:
        assert goes_as_the_function(specification, candidate.plan)
        figures = measure_errors(golden(candidate.plan), specification.reference)
        assert figures.monotonic
        assert specification.budget.admits(figures.largest, specification.output_format)


@settings(max_examples=4, deadline=None)
@drawing(
    st.sampled_from(sorted(TRUE)),
    st.sampled_from(["SQ4.4", "SQ3.6", "SQ5.3", "SQ2.7", "UQ3.5", "SQ1.8"]),
    st.sampled_from(["SQ1.7", "UQ0.8", "SQ2.5", "SQ1.10"]),
    st.sampled_from(["1ulp", "0.5ulp", "2ulp", "0.01", "1.25ulp"]),
    st.data(),
)
def test_polynomials_are_monotonic_by_construction(function, source, output, budget, data):
    codes = data.draw(st.sampled_from([None, Range(3, 90)] + [Range(-40, 100)] * source.startswith("S")))
    specification = specify(function, source, output, budget, saturate=True, input_range=codes, monotonic=True)
    for candidate in candidates("polynomial", specification):
        assert goes_as_the_function(specification, candidate.plan)
        figures = measure_errors(golden(candidate.plan), specification.reference)
        assert specification.budget.admits(figures.largest, specification.output_format)


@settings(max_examples=6, deadline=None)
@drawing(
    st.sampled_from(sorted(TRUE)),
    st.sampled_from(["SQ4.4", "SQ3.6", "SQ5.3", "UQ3.5", "SQ1.8"]),
    st.sampled_from(["SQ1.7", "UQ0.8", "SQ2.5", "SQ1.10"]),
    st.sampled_from(["1ulp", "0.5ulp", "2ulp", "0.01", "3.7ulp"]),
    st.data(),
)
def test_bipartite_tables_are_monotonic_by_construction(function, source, output, budget, data):
    codes = data.draw(st.sampled_from([None, Range(3, 90)] + [Range(-40, 100)] * source.startswith("S")))
    options = {"saturate": True, "input_range": codes}
    specification = specify(function, source, output, budget, monotonic=True, **options)
    free = [
        candidate.plan.sha256
        for candidate in candidates("bipartite", specify(function, source, output, budget, **options))
    ]
    for candidate in candidates("bipartite", specification):
        assert candidate.plan.sha256 in free or goes_as_the_function(specification, candidate.plan)
        figures = measure_errors(golden(candidate.plan), specification.reference)
        assert specification.budget.admits(figures.largest, specification.output_format)
        assert figures.monotonic == goes_as_the_function(specification, candidate.plan)


def test_a_bipartite_table_that_only_the_order_makes_monotonic():
    specification = specify("tanh", "SQ4.8", "SQ1.11", "1ulp", ends="free")
    assert not any(goes_as_the_function(specification, each.plan) for each in candidates("bipartite", specification))
    found = design("tanh", "SQ4.8", "SQ1.11", method="bipartite", monotonic=True, ends="free")
    assert goes_as_the_function(specification, found.plan)


def test_what_is_refused_says_why():
    with pytest.raises(BudgetError) as raised:
        design("tanh", "SQ4.4", "SQ1.7", method="taylor", degree=2, segments=2, monotonic=True)
    assert str(raised.value) == ("no taylor unit of tanh, SQ4.4 to SQ1.7, is monotonic: 1 of 1 tried meet all else")
    with pytest.raises(
        BudgetError, match=r"^no classic unit .*, is monotonic and meets an error of 6ulp: 1 of 1 tried meet all else$"
    ):
        design("logistic", "SQ4.6", "UQ0.8", method="classic", scheme="plan", max_error="6ulp", monotonic=True)
