"""Units with a range reduction: within the budget, built, and chosen where they are smaller."""

from itertools import islice

import numpy as np
import pytest
from specified import hardware_outputs, outputs, specify

from softgate.functions import create_function
from softgate.methods import RefusalError, candidates, find_method
from softgate.methods.range_reduction import REDUCTIONS
from softgate.methods.reduced import Reduced
from softgate.plan.operations.base import Range
from softgate.sim.plan_errors import plan_errors

UNITS = [
    ("sqrt", "UQ4.6", "UQ2.8", {}),  # from 0 on
    ("sqrt", "UQ3.6", "UQ2.7", {"input_range": Range(0, 300)}),
    ("rsqrt", "UQ4.6", "UQ2.8", {"input_range": Range(64, 1000)}),
    ("reciprocal", "UQ4.6", "UQ3.7", {"input_range": Range(16, 1023)}),
    ("reciprocal", "UQ4.6", "UQ2.7", {"input_range": Range(14, 1023), "saturate": True}),  # 1/x is 4.57 at most
    ("log", "UQ4.6", "SQ4.6", {"input_range": Range(1, 1023)}),
    ("log", "UQ4.6", "SQ2.6", {"input_range": Range(1, 1023), "saturate": True}),
    ("log2", "UQ4.6", "SQ4.6", {"input_range": Range(1, 1023)}),
    ("exp2", "SQ4.6", "UQ1.8", {"input_range": Range(-512, 0)}),
    ("exp2", "SQ4.6", "UQ3.6", {"input_range": Range(-512, 511), "saturate": True}),
    ("sin", "SQ4.6", "SQ2.8", {}),
    ("cos", "SQ4.6", "SQ2.8", {"input_range": Range(-300, 511)}),
    ("sin", "UQ4.6", "SQ2.8", {}),  # of inputs of one sign
    (create_function("cos", unit="turns"), "SQ2.8", "SQ1.9", {"saturate": True}),
]


def found(specification, method="polynomial", count=1, **given):
    method = find_method(method)
    return list(islice(candidates(method, specification, method.read(given)), count))


@pytest.mark.parametrize(("function", "source", "output", "options"), UNITS)
def test_faithful_at_every_input(function, source, output, options):
    specification = specify(function, source, output, "1ulp", **options)
    (candidate,) = found(specification, degree="1")
    assert candidate.parameters["reduction"] in REDUCTIONS
    errors = plan_errors(candidate.plan, specification)
    assert errors.meets(specification.budget, specification.output_format)


@pytest.mark.parametrize("method", ["bipartite", "taylor"])
def test_by_other_methods(method):
    specification = specify("reciprocal", "UQ4.6", "UQ3.7", "1ulp", input_range=Range(16, 1023))
    made = found(specification, method, 8, reduction="shift")
    assert all(candidate.parameters["reduction"] == "shift" for candidate in made)
    errors = (plan_errors(candidate.plan, specification) for candidate in made)
    assert any(each.meets(specification.budget, specification.output_format) for each in errors)


@pytest.mark.tools
def test_built_for_a_clock():
    specification = specify("sqrt", "UQ4.6", "UQ2.8", "1ulp")
    (candidate,) = found(specification)
    made = hardware_outputs(specification, candidate.plan, frequency=200)
    assert np.array_equal(made, outputs(specification, candidate.plan))


def test_results_are_those_that_every_octave_admits():
    (reduced,) = Reduced.all_of(specify("reciprocal", "UQ4.6", "UQ3.7", "1ulp", input_range=Range(16, 1023)))
    low, high = reduced.part.admitted.low, reduced.part.admitted.high
    # u = 512 stands for 1/4, 1/2 ... 8, whose reciprocals are output codes: 4 is 512 of 1/128.
    assert (low[0], high[0]) == (512, 512)
    # 768 for 3/8, 3/4, 3/2 ... 12: 341.33 at first, shifted by 0 to 5.
    assert (low[256], high[256]) == (341, 342)
    # 513, only for 513/64, shifted by 5: outputs of 15 and 16 would admit 480 to 543, but 511.002 is true.
    assert (low[1], high[1]) == (508, 515)


def test_chosen_where_it_is_smaller_or_asked_for():
    wide = specify("log", "UQ4.6", "SQ4.6", "1ulp", input_range=Range(16, 1023))
    narrow = specify("log", "UQ4.4", "SQ4.4", "1ulp", input_range=Range(4, 255))
    everything = found(wide, "bipartite", None)
    assert all(each.parameters["reduction"] == "exponent" for each in everything)
    assert "reduction" not in found(wide, "bipartite", reduction="none")[0].parameters
    assert "reduction" not in found(narrow, "bipartite")[0].parameters
    assert found(narrow, "bipartite", reduction="exponent")[0].parameters["reduction"] == "exponent"
    # Where another parameter is given, both are weighed.
    both = found(wide, "bipartite", None, guard_bits="2")
    assert {each.parameters.get("reduction") for each in both} == {"exponent", None}


@pytest.mark.parametrize(
    ("function", "source", "output", "low", "high"),
    [
        ("sin", "SQ8.0", "SQ2.22", -128, 127),  # 25 bits are left of 8
        ("log", "UQ4.16", "SQ5.16", 1, (1 << 20) - 1),  # results of more than 40 bits are not told apart
        ("rsqrt", "UQ4.6", "UQ2.8", 300, 1023),  # two octaves, as many as the polynomial is for
    ],
)
def test_none_where_it_is_too_wide_or_nothing_is_left_out(function, source, output, low, high):
    assert not Reduced.all_of(specify(function, source, output, "1ulp", input_range=Range(low, high)))


def test_refused_where_there_is_none():
    with pytest.raises(RefusalError, match=r"^reduction shift finds no unit of exp .*; use reduction none$"):
        found(specify("exp", "SQ4.4", "UQ1.7", "1ulp", input_range=Range(-128, 0)), reduction="shift")
