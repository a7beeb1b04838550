import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from softgate.methods.lut_networks.network import Network, node_size


def as_bits(value, count):
    return [value >> place & 1 for place in range(count)]


def values_one_by_one(network):
    """Return the value of every signal for each pattern, from the tables alone."""
    found = []
    for pattern in range(1 << network.inputs):
        bits = {signal: pattern >> signal & 1 for signal in range(network.inputs)}
        for node in network.order:
            index = sum(bits[signal] << place for place, signal in enumerate(network.supports[node]))
            bits[node] = network.tables[node][index]
        found.append(bits)
    return found


@st.composite
def networks(draw):
    """Draw networks of up to five inputs and ten nodes, of which any may be outputs."""
    network = Network(draw(st.integers(1, 5)))
    for _ in range(draw(st.integers(0, 10))):
        signals = [*range(network.inputs), *network.order]
        support = draw(st.lists(st.sampled_from(signals), max_size=5, unique=True))
        size = 1 << len(support)
        network.add(support, draw(st.lists(st.integers(0, 1), min_size=size, max_size=size)))
    network.outputs = draw(st.lists(st.sampled_from([*range(network.inputs), *network.order]), min_size=1, max_size=6))
    return network


def half_adder():
    """Return sum and carry of two bits, the sum by way of the carry."""
    network = Network(2)
    carry = network.add([0, 1], [0, 0, 0, 1])
    either = network.add([0, 1], [0, 1, 1, 1])
    network.outputs = [network.add([either, carry], [0, 1, 0, 0]), carry]
    return network


def test_inputs_take_every_pattern():
    assert [as_bits(value, 8) for value in Network(3).values] == [
        [0, 1, 0, 1, 0, 1, 0, 1],
        [0, 0, 1, 1, 0, 0, 1, 1],
        [0, 0, 0, 0, 1, 1, 1, 1],
    ]


def test_a_half_adder():
    network = half_adder()
    total, carry = network.outputs
    assert as_bits(network.values[total], 4) == [0, 1, 1, 0]
    assert network.codes(signed=False).tolist() == [0, 1, 1, 2]
    assert network.codes(signed=True).tolist() == [0, 1, 1, -2]
    assert network.size(4) == 3
    assert [network.levels()[signal] for signal in (0, 1, carry, total)] == [0, 0, 1, 2]
    assert network.below(carry) == {carry, total}
    # With the carry inverted the sum is 0 but where both bits are 1.
    assert [as_bits(value, 4) for value in network.with_inverted(carry)] == [[0, 0, 0, 1], [1, 1, 1, 0]]


@pytest.mark.parametrize(
    ("inputs", "of_four", "of_six"), [(0, 0, 0), (1, 0, 0), (2, 1, 1), (4, 1, 1), (5, 2, 1), (6, 4, 1), (8, 16, 4)]
)
def test_wide_nodes_are_several_tables(inputs, of_four, of_six):
    assert (node_size(inputs, 4), node_size(inputs, 6)) == (of_four, of_six)


def test_what_nothing_reads_goes():
    network = half_adder()
    total, carry = network.outputs
    network.replace(total, [0, 1], [0, 1, 1, 0])
    assert network.order == [carry, total]
    assert network.codes(signed=False).tolist() == [0, 1, 1, 2]
    # Its number is used again.
    assert network.add([0], [1, 0]) not in (carry, total, 0, 1)
    assert len(network.values) == 5


def test_nodes_come_after_those_that_they_read():
    network = Network(2)
    first = network.add([0, 1], [0, 0, 0, 1])
    second = network.add([0, 1], [0, 1, 1, 0])
    network.outputs = [first, second]
    network.replace(first, [second, 0], [0, 0, 0, 1])
    assert network.order == [second, first]
    assert network.codes(signed=False).tolist() == [0, 3, 2, 0]
    with pytest.raises(ValueError, match="must not read itself"):
        network.replace(second, [first], [0, 1])


def test_a_function_is_made_of_its_values():
    network = Network(3)
    majority = network.add_function([0, 1, 2], 0b11101000)
    assert network.tables[majority] == (0, 0, 0, 1, 0, 1, 1, 1)
    assert network.values[majority] == 0b11101000


def test_wires_inverters_and_constants_go_into_what_reads_them():
    network = Network(2)
    wire, inverter = network.add([0], [0, 1]), network.add([1], [1, 0])
    one = network.add([0, 1], [1, 1, 1, 1])
    both = network.add([wire, inverter, one], [1, 0, 0, 0, 0, 0, 0, 1])
    network.outputs = [both, inverter, one, wire]
    found = network.simplified()
    assert (found.codes(signed=False) == network.codes(signed=False)).all()
    node, inverted, constant, straight = found.outputs
    assert found.supports[node] == (0, 1)
    assert found.supports[inverted] == (1,)
    assert found.supports[constant] == ()
    assert straight == 0
    assert found.size(4) == 2  # an output takes a table to be inverted


def test_a_signal_that_tells_nothing_is_not_read():
    network = Network(3)
    parity = network.add([0, 1], [0, 1, 1, 0])
    network.outputs = [network.add([0, 1, parity, 2], [0, 1, 0, 0, 0, 0, 1, 1] * 2)]
    found = network.simplified()
    # Of the parity and its two inputs, any two tell the third; the last input is of no consequence.
    assert [len(found.supports[node]) for node in found.order] == [2]


@given(networks())
def test_values_are_those_of_the_tables(network):
    expected = values_one_by_one(network)
    for signal in [*range(network.inputs), *network.order]:
        assert as_bits(network.values[signal], len(expected)) == [bits[signal] for bits in expected]
    codes = [sum(bits[output] << place for place, output in enumerate(network.outputs)) for bits in expected]
    assert network.codes(signed=False).tolist() == codes


@given(networks(), st.data())
def test_an_inverted_node(network, data):
    if not network.order:
        return
    node = data.draw(st.sampled_from(network.order))
    other = network.copy()
    other.replace(node, other.supports[node], [1 - bit for bit in other.tables[node]])
    if node in other.order:
        assert network.with_inverted(node) == [other.values[output] for output in network.outputs]


@given(networks())
def test_what_is_simplified_computes_the_same(network):
    found = network.simplified()
    assert (found.codes(signed=False) == network.codes(signed=False)).all()
    assert found.size(4) <= network.size(4) + len(network.outputs)
    assert all(len(found.supports[node]) > 1 for node in set(found.order) - set(found.outputs))
    assert found.simplified().size(4) == found.size(4)


@given(networks())
def test_a_copy_changes_apart(network):
    before = network.codes(signed=False)
    other = network.copy()
    node = other.add([0], [1, 0])
    other.outputs[0] = node
    other.replace(node, [0], [0, 1])
    assert (network.codes(signed=False) == before).all()
    assert np.array_equal(other.codes(signed=False) & 1, np.arange(1 << network.inputs) & 1)
