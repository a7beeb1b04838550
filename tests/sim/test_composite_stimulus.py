from functools import cache

import numpy as np
import pytest
from small_cells import small_gru
from small_softmax import small_softmax

from softgate.sim.composite_stimulus import stimulus


@cache
def softmax():
    return small_softmax().manifest


@cache
def vectors(transfers=2000):
    x, last = stimulus(softmax(), transfers)
    return np.split(x, np.flatnonzero(last)[:-1] + 1)


def test_vectors_of_every_length_are_complete():
    x, last = stimulus(softmax(), 2000)
    assert len(x) >= 2000 and last[-1] == 1
    most = softmax().asked.n
    lengths = [len(vector) for vector in vectors()]
    assert lengths[:7] == [1, most, 1, 1, most, most, 2]
    assert set(lengths) == set(range(1, most + 1))


def test_every_other_vector_is_likely_to_go_wrong():
    fmt = softmax().hardware.formats["x"]
    for number, vector in enumerate(vectors()):
        match number % 8:
            case 0:
                assert len(set(vector.tolist())) == 1
            case 6:
                assert sorted(vector.tolist()) == [fmt.min_code] * (len(vector) - 1) + [fmt.max_code]
    ties = [np.count_nonzero(vector == vector.max()) for vector in vectors()[2::8] if len(vector) > 1]
    assert np.mean(np.array(ties) > 1) > 0.6
    gaps = [np.diff(np.sort(vector))[-1] for vector in vectors()[4::8] if len(vector) > 1]
    assert np.mean(np.array(gaps) == 1) > 0.4


def test_codes_are_spread_widely_and_narrowly_and_reach_the_corners():
    fmt = softmax().hardware.formats["x"]
    plain = vectors()[1::2]
    spreads = [np.median(np.abs(np.concatenate(plain[third::3]))) for third in (0, 1, 2)]
    assert sorted(spreads)[-1] >= 2 and sorted(spreads)[:2] == [0, 0]  # a tenth and a hundredth of 16 codes
    found = np.concatenate(plain)
    assert (found.min(), found.max()) == (fmt.min_code, fmt.max_code)


@pytest.mark.parametrize("transfers", [1, 7, 1000])
def test_what_has_no_vectors_has_as_many_transfers_as_are_asked_for(transfers):
    manifest = small_gru().manifest
    columns = stimulus(manifest, transfers)
    assert [len(column) for column in columns] == [max(transfers, 7)] * len(manifest.ports.data("input"))


def test_the_seed_decides():
    first, again, other = (stimulus(softmax(), 100, seed)[0].tolist() for seed in (1, 1, 2))
    assert first == again != other
