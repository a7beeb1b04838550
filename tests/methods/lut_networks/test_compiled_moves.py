import numpy as np
import pytest

from softgate.methods.lut_networks import compiled_moves, moves
from softgate.methods.lut_networks.network import Network
from softgate.methods.lut_networks.relation import Relation
from softgate.methods.lut_networks.search_state import SearchState, SearchTask, flattened

pytestmark = pytest.mark.tools


def case(inputs, width, *, signed, several=False):
    """Return a network of a rising function, and a relation that admits one code less and more, or two intervals."""
    random, count = np.random.default_rng(inputs), 1 << inputs
    least = -(1 << width - 1) if signed else 0
    codes = least + np.arange(count) * ((1 << width) - 1) // (count - 1)
    network = Network(inputs)
    for bit in range(width):
        network.outputs.append(network.add(range(inputs), (codes >> bit & 1).tolist()))
    low, high = (np.clip(codes + change, least, least + (1 << width) - 1) for change in (-1, 1))
    if several:  # the code itself, and the whole upper quarter
        quarter = least + (3 << width - 2)
        rows = [[[code, code], [quarter, least + (1 << width) - 1]] if code < quarter - 1 else [[code, code]]
                for code in codes]  # fmt: skip
        return network, Relation([np.array(row) for row in rows], width, signed)
    return network, Relation.between(low, high, width, signed, random.random(count) < 0.9)


@pytest.mark.parametrize(
    ("inputs", "width", "lut_inputs", "signed", "several", "count"),
    [
        (3, 3, 3, False, False, 400),
        (5, 4, 3, True, False, 2000),
        (6, 5, 4, False, True, 3000),
        (6, 5, 6, False, False, 1000),
        (7, 6, 6, False, True, 1500),
        (8, 7, 4, True, False, 1500),
        (9, 4, 4, False, False, 300),
        (10, 3, 5, True, False, 200),
    ],
)
def test_the_moves_are_those_of_python(inputs, width, lut_inputs, signed, several, count):
    network, relation = case(inputs, width, signed=signed, several=several)
    task = SearchTask(relation, count, 4, lut_inputs, 0.5, 0.1)
    slow, fast = SearchState.start(network, 7), SearchState.start(network, 7)
    moves.advance(task, slow, count)
    compiled_moves.advance(task, fast, count // 3)
    compiled_moves.advance(task, fast, count)
    assert fast.random == slow.random
    assert flattened(fast.network).tolist() == flattened(slow.network).tolist()
    assert flattened(fast.best).tolist() == flattened(slow.best).tolist()
    assert slow.best.size(lut_inputs) < network.size(lut_inputs)
    assert not relation.outside([fast.best.values[output] for output in fast.best.outputs])


def test_wider_networks_are_refused():
    network = Network(11)
    network.outputs = [network.add([0, 1], [0, 1, 1, 0])]
    relation = Relation([np.array([[0, 1]])] * 2048, 1, signed=False)
    task = SearchTask(relation, 10, 3, 4, 0.2, 0.1)
    with pytest.raises(ValueError, match="at most 10 inputs, not 11"):
        compiled_moves.advance(task, SearchState.start(network, 1), 10)
