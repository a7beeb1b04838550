"""Functions that one result will do for are not searched."""

import time

import pytest

from softgate.accuracy.budget import Budget
from softgate.accuracy.specification import Specification
from softgate.functions import create_function
from softgate.methods import find_method
from softgate.methods.integer_polynomials.folded_function import FoldedFunction
from softgate.plan import FixedFormat

POLYNOMIAL = find_method("polynomial")


def specify(function, source, output):
    formats = map(FixedFormat.parse, (source, output))
    return Specification(create_function(function), *formats, Budget.parse("1ulp"), ends="free")


def test_a_constant_is_of_degree_0_and_one_segment():
    specification = specify("logistic", "SQ4.4", "UQ1.0")
    assert FoldedFunction.of(specification).is_constant
    parameters = [candidate.parameters for candidate in POLYNOMIAL.candidates(specification, POLYNOMIAL.read({}))]
    assert parameters
    assert all((each["degree"], each["segments"]) == (0, 1) for each in parameters)


def test_what_is_not_constant_is_searched():
    specification = specify("logistic", "SQ4.4", "UQ0.4")
    assert not FoldedFunction.of(specification).is_constant
    degrees = {each.parameters["degree"] for each in POLYNOMIAL.candidates(specification, POLYNOMIAL.read({}))}
    assert degrees == {1, 2}


@pytest.mark.slow
@pytest.mark.parametrize(("function", "output"), [("tanh_derivative", "UQ1.0"), ("logistic", "UQ2.0")])
def test_a_constant_takes_less_time_than_an_ordinary_choice(function, output):
    def seconds(specification):
        start = time.process_time()
        assert list(POLYNOMIAL.candidates(specification, POLYNOMIAL.read({})))
        return time.process_time() - start

    ordinary = seconds(specify("tanh", "SQ4.12", "SQ1.15"))
    assert seconds(specify(function, "SQ8.8", output)) < ordinary
