"""Declarations of methods, for those who choose among them."""

import re
from pathlib import Path

import pytest
from specified import specify

from softgate.methods import find_method, method_classes
from softgate.plan.lut_estimate import logic_size
from softgate.plan.operations.base import Range


def test_every_method_has_a_section_of_the_documentation():
    text = (Path(__file__).parents[2] / "docs" / "architecture.md").read_text()
    assert sorted(re.findall(r"^### Method `(\w+)`$", text, re.MULTILINE)) == [each.name for each in method_classes()]


@pytest.mark.parametrize(
    ("name", "first", "last"), [("table", 0, 12), ("bipartite", 0, 12), ("polynomial", 0, 64), ("taylor", 13, 20)]
)
def test_bits_of_the_inputs_that_are_searched(name, first, last):
    searched = find_method(name).searched
    assert (searched[0], searched[-1], len(searched)) == (first, last, last - first + 1)


def test_other_methods_are_used_where_they_are_named():
    assert {method.name for method in method_classes() if method.searched} == {
        "table",
        "bipartite",
        "polynomial",
        "taylor",
        "hard",
    }


@pytest.mark.parametrize(
    ("dsp", "bram", "expected"),
    [
        (None, None, []),
        (0, 0, []),
        (1, 1, [("whole", 1, "none"), ("whole", 2, "none")]),
        (0, 1, [("whole", 1, "none"), ("whole", 2, "none")]),
        (1, None, [("whole", 1, "pairs"), ("last", 2, "pairs")]),
        (2, 0, [("whole", 1, "pairs"), ("whole", 2, "pairs")]),
    ],
)
def test_parameters_for_blocks_are_parameters(dsp, bram, expected):
    narrow, wide = specify("tanh", "SQ4.8", "SQ1.11"), specify("tanh", "SQ4.20", "SQ1.11")
    assert {method.name for method in method_classes() if method.with_blocks(narrow, 1, 1)} == {"polynomial"}
    polynomial = find_method("polynomial")
    read = [polynomial.read(given) for given in polynomial.with_blocks(narrow, dsp, bram)]
    assert [(given["products"], given["degree"], given["sharing"]) for given in read] == expected
    assert not polynomial.with_blocks(wide, dsp, bram)  # there is no exact fit


def test_a_long_interval_has_room_for_a_third_product():
    narrow, wide = specify("tanh", "SQ4.8", "SQ1.11"), specify("tanh", "SQ4.20", "SQ1.11")
    assert {method.name for method in method_classes() if method.with_interval(narrow, 16)} == {"polynomial"}
    polynomial = find_method("polynomial")
    assert [polynomial.with_interval(narrow, interval) for interval in (4, 12)] == [(), [{"degree": 3}]]
    assert not polynomial.with_interval(wide, 12)


@pytest.mark.parametrize(
    ("source", "limits", "searching"),
    [
        ("SQ4.8", None, {"table", "bipartite", "polynomial"}),
        ("SQ4.9", None, {"polynomial", "taylor"}),
        ("SQ4.16", None, {"polynomial", "taylor"}),
        ("SQ4.17", None, {"polynomial"}),
        ("UQ4.60", None, {"polynomial"}),
        ("UQ1.0", None, {"table", "bipartite", "polynomial"}),
        ("SQ4.9", (-2048, 2047), {"table", "bipartite", "polynomial"}),
        ("SQ4.9", (-2048, 2048), {"polynomial", "taylor"}),
        ("SQ4.60", (7, 7), {"table", "bipartite", "polynomial"}),
    ],
)
def test_who_searches_by_the_number_of_inputs(source, limits, searching):
    specification = specify("tanh", source, "SQ1.7", input_range=limits and Range(*limits))
    found = {method.name for method in method_classes() if method.searches(specification)}
    assert found == searching | {"hard"}  # which refuses what is not a ramp


@pytest.mark.parametrize("name", [method.name for method in method_classes()])
def test_the_cost_of_a_candidate_is_look_up_tables(name):
    method = find_method(name)
    function, output, budget = {
        "hard": ("hard_tanh", "SQ1.5", "1ulp"),
        "classic": ("logistic", "UQ0.6", None),
    }.get(name, ("tanh", "SQ1.5", "1ulp"))
    candidates = list(method.candidates(specify(function, "SQ3.3", output, budget), method.read({})))
    assert candidates
    for candidate in candidates:
        # A table that takes a ripple of its own counts as the table that it stands for.
        slack = 0 if candidate.parameters.get("folding") != "ripple" else candidate.cost
        assert abs(candidate.cost - logic_size(candidate.plan)) <= slack
