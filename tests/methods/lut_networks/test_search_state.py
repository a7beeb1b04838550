import numpy as np
import pytest

from softgate.methods.lut_networks import moves
from softgate.methods.lut_networks.network import Network
from softgate.methods.lut_networks.relation import Relation
from softgate.methods.lut_networks.search_state import SearchState, SearchTask, flattened, restored


@pytest.fixture(scope="module")
def halfway():
    """Return a task and its state after half of the moves."""
    codes = [(pattern * 5 + 3) % 32 for pattern in range(32)]
    network = Network(5)
    for bit in range(5):
        network.outputs.append(network.add(range(5), [code >> bit & 1 for code in codes]))
    relation = Relation([np.array([[max(code - 1, 0), min(code + 1, 31)]]) for code in codes], 5, signed=False)
    task = SearchTask(relation, 1000, 3, 4, 0.2, 0.1)
    state = SearchState.start(network, 3)
    moves.advance(task, state, 500)
    return task, state


def test_a_network_as_integers():
    network = Network(2)
    inner = network.add([1, 0], [0, 1, 1, 0])
    network.outputs = [network.add([inner], [1, 0]), 0, inner]
    assert flattened(network).tolist() == [2, 2, 1, 0, 0, 1, 1, 0, 1, 2, 1, 0, 3, 3, 0, 2]
    again = restored(2, flattened(network))
    assert (again.supports, again.tables, again.outputs) == (network.supports, network.tables, network.outputs)
    assert again.values == network.values


@pytest.mark.parametrize("integers", [[], [1], [1, 1, 2, 0, 1, 0], [1, 1, 0, 0, 2, 1, 2], [0, 1, 0, 0], [0, 1, -1]])
def test_what_is_no_network_is_refused(integers):
    with pytest.raises(ValueError, match="those of a network"):
        restored(2, np.array(integers, np.int32))


def test_a_state_that_was_kept_goes_on_as_before(halfway):
    task, state = halfway
    kept = state.to_bytes()
    ends = []
    for _ in range(2):
        again = SearchState.from_bytes(kept, task, 5)
        assert again.done == 500
        moves.advance(task, again, 1000)
        ends.append((again.random, flattened(again.best).tolist()))
    whole = SearchState.start(Network(5), 3)
    whole.network, whole.best = state.network.copy(), state.best.copy()
    whole.random, whole.done = state.random, 500
    moves.advance(task, whole, 1000)
    assert ends == [(whole.random, flattened(whole.best).tolist())] * 2


def test_a_state_of_another_search_is_not_taken(halfway):
    task, state = halfway
    kept = state.to_bytes()
    none = Relation([np.array([[31, 31]])] * 32, 5, signed=False)
    assert SearchState.from_bytes(kept, SearchTask(none, 1000, 3, 4, 0.2, 0.1), 5) is None
    assert SearchState.from_bytes(kept, SearchTask(task.relation, 499, 3, 4, 0.2, 0.1), 5) is None
    assert SearchState.from_bytes(kept, SearchTask(task.relation, 1000, 1, 4, 0.2, 0.1), 5) is None
    assert SearchState.from_bytes(kept, task, 5) is not None


@pytest.mark.parametrize("place", [1, 8, 24, 32, -1])
def test_a_damaged_state_is_not_taken(halfway, place):
    task, state = halfway
    kept = bytearray(state.to_bytes())
    kept[place] = 255
    assert SearchState.from_bytes(bytes(kept), task, 5) is None
    assert SearchState.from_bytes(state.to_bytes()[:-4], task, 5) is None
    assert SearchState.from_bytes(b"", task, 5) is None
