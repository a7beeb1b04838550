import numpy as np

from softgate.methods.integer_polynomials.folded_function import ANY, Core
from softgate.methods.integer_polynomials.segmentation import Places
from softgate.plan.operations.base import Range
from tests.specified import specify


def test_places_by_hand():
    places = Places(range(30), 4)
    assert [places.of(code) for code in (0, 15, 16, 17, 18, 29)] == [0, 15, 16, 16, 17, 22]
    assert places.stop == 23
    assert Places(range(30)).stop == Places(range(30)).of(29) + 1 == 30
    assert Places(range(0)).stop == 0


def test_a_result_serves_both_codes_of_a_place():
    core = Core.of(specify("tanh", "SQ3.3", "SQ1.6"))
    low, high, _ = Places(range(32), 4).windows(core)
    whole_low, whole_high = core.windows
    assert low.shape == high.shape == (2, 24)
    assert np.array_equal(low[:, :16], whole_low[:, :16])
    for code in range(16, 32, 2):
        place = 16 + (code - 16) // 2
        assert np.array_equal(low[:, place], whole_low[:, code : code + 2].max(axis=1))
        assert np.array_equal(high[:, place], whole_high[:, code : code + 2].min(axis=1))


def test_what_is_not_covered_takes_anything():
    core = Core.of(specify("tanh", "SQ3.3", "SQ1.6", input_range=Range(-32, 20)))
    low, high, directions = Places(range(28), 4).windows(core)
    assert (high[:, 22:] == ANY).all()
    assert (low[:, 22:] == -ANY).all()
    assert (high[:, :19] < ANY).all()
    assert not directions.any()


def test_directions_lead_from_place_to_place():
    core = Core.of(specify("tanh", "SQ3.3", "SQ1.6", monotonic=True))
    directions = Places(range(30), 4).windows(core)[2]
    assert directions.shape == (2, 24)
    assert (directions[:, :22] == 1).all()
    assert (directions[:, 22:] == 0).all()
