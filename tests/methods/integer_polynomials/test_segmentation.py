import numpy as np

from softgate.methods.integer_polynomials.folded_function import ANY, FoldedFunction
from softgate.methods.integer_polynomials.segmentation import Segmentation
from softgate.plan.operations.base import Range
from tests.specified import specify


def test_addresses_by_hand():
    segmentation = Segmentation(range(30), 4)
    assert [segmentation.address(code) for code in (0, 15, 16, 17, 18, 29)] == [0, 15, 16, 16, 17, 22]
    assert segmentation.stop == 23
    assert Segmentation(range(30)).stop == Segmentation(range(30)).address(29) + 1 == 30
    assert Segmentation(range(0)).stop == 0


def test_a_result_serves_both_codes_of_an_address():
    function = FoldedFunction.of(specify("tanh", "SQ3.3", "SQ1.6"))
    bounds = Segmentation(range(32), 4).bounds(function)
    low, high = bounds.low, bounds.high
    whole_low, whole_high = function.bounds
    assert low.shape == high.shape == (2, 24)
    assert np.array_equal(low[:, :16], whole_low[:, :16])
    for code in range(16, 32, 2):
        address = 16 + (code - 16) // 2
        assert np.array_equal(low[:, address], whole_low[:, code : code + 2].max(axis=1))
        assert np.array_equal(high[:, address], whole_high[:, code : code + 2].min(axis=1))


def test_any_result_is_admissible_outside_the_covered_codes():
    function = FoldedFunction.of(specify("tanh", "SQ3.3", "SQ1.6", input_range=Range(-32, 20)))
    bounds = Segmentation(range(28), 4).bounds(function)
    low, high, directions = bounds.low, bounds.high, bounds.directions
    assert (high[:, 22:] == ANY).all()
    assert (low[:, 22:] == -ANY).all()
    assert (high[:, :19] < ANY).all()
    assert not directions.any()


def test_directions_lead_from_address_to_address():
    function = FoldedFunction.of(specify("tanh", "SQ3.3", "SQ1.6", monotonic=True))
    directions = Segmentation(range(30), 4).bounds(function).directions
    assert directions.shape == (2, 24)
    assert (directions[:, :22] == 1).all()
    assert (directions[:, 22:] == 0).all()
