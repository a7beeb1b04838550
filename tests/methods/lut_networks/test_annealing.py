import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from softgate.methods.lut_networks import annealing
from softgate.methods.lut_networks.annealing import smaller
from softgate.methods.lut_networks.network import Network
from softgate.methods.lut_networks.relation import Relation
from softgate.methods.lut_networks.search_state import flattened
from softgate.support.progress import reported_to


def table_of(codes, inputs, width):
    """Return a network with a node for every bit of a table."""
    network = Network(inputs)
    for bit in range(width):
        network.outputs.append(network.add(range(inputs), [code >> bit & 1 for code in codes]))
    return network


def exactly(codes, width):
    return Relation.between(np.array(codes), np.array(codes), width, False, np.ones(len(codes), dtype=bool))


def outside(network, relation):
    return relation.outside([network.values[output] for output in network.outputs])


def test_a_function_of_two_functions_is_found():
    # The parity of six bits takes one table of four inputs and one of three.
    codes = [pattern.bit_count() & 1 for pattern in range(64)]
    start = table_of(codes, 6, 1)
    assert start.size(4) == 4
    found = smaller(start, exactly(codes, 1), moves=2000, depth=2, seed=1).simplified()
    assert found.size(4) == 2
    assert found.codes(signed=False).tolist() == codes
    assert start.codes(signed=False).tolist() == codes


def test_tables_are_shared():
    # Three outputs are a product of three bits, and its sum with two others: one table, and one that reads it each.
    product = [pattern & 7 == 7 for pattern in range(32)]
    codes = [
        bit + 2 * (bit ^ (pattern >> 3 & 1)) + 4 * (bit ^ (pattern >> 4 & 1)) for pattern, bit in enumerate(product)
    ]
    found = smaller(table_of(codes, 5, 3), exactly(codes, 3), moves=3000, depth=2, seed=1).simplified()
    assert found.size(4) == 3
    assert found.codes(signed=False).tolist() == codes


def test_freedom_is_used():
    # Half the pattern's number, or one more or less: its upper bits will do.
    half = np.arange(64) >> 1
    relation = Relation.between(np.maximum(half - 1, 0), np.minimum(half + 1, 31), 5, False, np.ones(64, dtype=bool))
    scrambled = [min(int(code) + (place % 3 == 0), 31) for place, code in enumerate(half)]
    start = table_of(scrambled, 6, 5)
    found = smaller(start, relation, moves=4000, depth=2, seed=1).simplified()
    assert found.size(4) == 0
    assert not outside(found, relation)


def test_the_same_seed_finds_the_same():
    codes = [pattern.bit_count() for pattern in range(64)]
    start, relation = table_of(codes, 6, 3), exactly(codes, 3)
    first, again, other = (smaller(start, relation, moves=2000, depth=3, seed=seed) for seed in (1, 1, 2))
    assert (first.order, first.supports, first.tables) == (again.order, again.supports, again.tables)
    assert (first.supports, first.tables) != (other.supports, other.tables)


def test_without_moves_nothing_changes():
    start = table_of([3, 1, 2, 0], 2, 2)
    assert smaller(start, exactly([3, 1, 2, 0], 2), moves=0, depth=1, seed=1) is start


def test_a_network_without_nodes_has_no_moves():
    start = Network(2)
    start.outputs = [1, 0]
    assert smaller(start, exactly([0, 2, 1, 3], 2), moves=10, depth=1, seed=1).outputs == [1, 0]


@pytest.mark.parametrize("depth", [1, 2, 3])
def test_no_way_is_longer_than_asked_for(depth):
    codes = [(pattern * 37 + 11) % 64 for pattern in range(64)]
    found = smaller(table_of(codes, 6, 6), exactly(codes, 6), moves=4000, depth=depth, seed=3)
    assert found.depth <= depth


def test_a_network_that_is_deeper_is_refused():
    start = Network(3)
    start.outputs = [start.add([start.add([0, 1], [0, 1, 1, 0]), 2], [0, 1, 1, 0])]
    relation = exactly([pattern.bit_count() & 1 for pattern in range(8)], 1)
    assert smaller(start, relation, moves=10, depth=2, seed=1).depth <= 2
    with pytest.raises(ValueError, match="depth must be at least that of the network, 2, not 1"):
        smaller(start, relation, moves=10, depth=1, seed=1)


@pytest.mark.parametrize("lut_inputs", [3, 4, 6])
def test_what_is_counted_are_tables_of_so_many_inputs(lut_inputs):
    codes = [pattern.bit_count() for pattern in range(128)]
    start, relation = table_of(codes, 7, 3), exactly(codes, 3)
    found = smaller(start, relation, moves=3000, depth=4, seed=1, lut_inputs=lut_inputs)
    assert found.size(lut_inputs) < start.size(lut_inputs)
    assert not outside(found, relation)


@settings(max_examples=40, deadline=None)
@given(st.integers(2, 6), st.integers(1, 5), st.integers(0, 1000), st.data())
def test_every_output_is_admitted(inputs, width, seed, data):
    count, top = 1 << inputs, (1 << width) - 1
    codes = np.array(data.draw(st.lists(st.integers(0, top), min_size=count, max_size=count)))
    room = np.array(data.draw(st.lists(st.integers(0, 3), min_size=count, max_size=count)))
    occurs = np.array(data.draw(st.lists(st.booleans(), min_size=count, max_size=count)))
    low, high = np.maximum(codes - room, 0), np.minimum(codes + room, top)
    start = table_of(codes.tolist(), inputs, width)
    found = smaller(start, Relation.between(low, high, width, False, occurs), moves=300, depth=4, seed=seed)
    for network in (found, found.simplified()):
        results = network.codes(signed=False)
        assert ((results >= low) & (results <= high))[occurs].all()
    assert found.size(4) <= start.size(4)


def test_a_start_that_is_not_admitted_is_refused():
    with pytest.raises(ValueError, match="start from must be admitted"):
        smaller(table_of([3, 1, 2, 0], 2, 2), exactly([3, 1, 2, 1], 2), moves=10, depth=1, seed=1)


@pytest.fixture
def long_search(tmp_path, monkeypatch):
    """Return a function that makes a search of which more than 100 moves are kept, and what it reports."""
    monkeypatch.setenv("SOFTGATE_CACHE", str(tmp_path))
    monkeypatch.setattr(annealing, "_SHORT", 100)
    monkeypatch.setattr(annealing.shutil, "which", lambda name: None)
    codes = [(pattern * 5 + 3) % 32 for pattern in range(32)]
    start, relation = table_of(codes, 5, 5), exactly(codes, 5)

    def search(seed=1):
        texts = []
        with reported_to(texts.append):
            found = smaller(start, relation, moves=3000, depth=3, seed=seed)
        return found, texts

    return search


def test_a_search_is_made_once_and_reported(long_search, tmp_path):
    found, texts = long_search()
    assert [text.partition(" moves")[0] for text in texts] == [
        "annealing: 1,024 of 3,000",
        "annealing: 2,048 of 3,000",
        "annealing: 3,000 of 3,000",
    ]
    assert texts[-1].endswith(f"best {found.size(4)} LUTs, 0 s left; slow, as there is no C++ compiler (g++)")
    again, nothing = long_search()
    assert not nothing
    assert flattened(again).tolist() == flattened(found).tolist()
    (entry,) = tmp_path.glob("*.network")
    entry.write_bytes(entry.read_bytes()[:-1])
    repeated, texts = long_search()
    assert len(texts) == 3
    assert flattened(repeated).tolist() == flattened(found).tolist()
    assert len(long_search(seed=2)[1]) == 3


def test_an_interrupted_search_goes_on(long_search, monkeypatch):
    monkeypatch.setattr(annealing, "_INTERVAL", -1.0)
    real, calls = annealing.moves.advance, []

    def interrupted(task, state, last):
        calls.append(last)
        if len(calls) == 2:
            raise KeyboardInterrupt
        real(task, state, last)

    monkeypatch.setattr(annealing.moves, "advance", interrupted)
    with pytest.raises(KeyboardInterrupt):
        long_search()
    found, _ = long_search()
    assert calls == [1024, 2048, 2048, 3000]
    monkeypatch.setattr(annealing, "kept", lambda name: None)
    assert flattened(long_search()[0]).tolist() == flattened(found).tolist()
