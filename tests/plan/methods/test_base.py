"""What methods declare of themselves for those who choose among them."""

import pytest
from specified import specify

from softgate.plan.methods import find_method, method_classes
from softgate.plan.operation import Range


@pytest.mark.parametrize(
    ("name", "first", "last"), [("table", 0, 12), ("bipartite", 0, 12), ("polynomial", 0, 20), ("taylor", 13, 64)]
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
    }


def test_parameters_for_blocks_are_parameters():
    assert {method.name for method in method_classes() if method.with_blocks} == {"polynomial"}
    polynomial = find_method("polynomial")
    read = [polynomial.read(given) for given in polynomial.with_blocks]
    assert [(given["products"], given["degree"]) for given in read] == [("whole", 1), ("whole", 2)]


@pytest.mark.parametrize(
    ("source", "limits", "searching"),
    [
        ("SQ4.8", None, {"table", "bipartite", "polynomial"}),
        ("SQ4.9", None, {"polynomial", "taylor"}),
        ("SQ4.16", None, {"polynomial", "taylor"}),
        ("SQ4.17", None, {"taylor"}),
        ("UQ4.60", None, {"taylor"}),
        ("UQ1.0", None, {"table", "bipartite", "polynomial"}),
        ("SQ4.9", (-2048, 2047), {"table", "bipartite", "polynomial"}),
        ("SQ4.9", (-2048, 2048), {"polynomial", "taylor"}),
        ("SQ4.60", (7, 7), {"table", "bipartite", "polynomial"}),
    ],
)
def test_who_searches_by_the_number_of_inputs(source, limits, searching):
    specification = specify("tanh", source, "SQ1.7", input_range=limits and Range(*limits))
    assert {method.name for method in method_classes() if method.searches(specification)} == searching
