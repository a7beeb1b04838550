import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from specified import outputs, specify

from softgate.methods.lut_networks.build import build
from softgate.methods.lut_networks.network import Network
from softgate.plan.operations import Lookup


@given(st.integers(1, 5), st.integers(1, 6), st.booleans(), st.data())
def test_the_plan_computes_what_the_network_does(inputs, width, signed, data):
    network = Network(inputs)
    for _ in range(data.draw(st.integers(0, 8))):
        signals = [*range(inputs), *network.order]
        support = data.draw(st.lists(st.sampled_from(signals), max_size=4, unique=True))
        size = 1 << len(support)
        network.add(support, data.draw(st.lists(st.integers(0, 1), min_size=size, max_size=size)))
    signals = st.sampled_from([*range(inputs), *network.order])
    network.outputs = data.draw(st.lists(signals, min_size=width, max_size=width))
    specification = specify("tanh", f"UQ{inputs}.0", f"SQ1.{width - 1}" if signed else f"UQ0.{width}")
    plan = build(network, specification)
    assert outputs(specification, plan).tolist() == network.codes(signed=signed).tolist()


def test_every_node_is_a_look_up():
    network = Network(3)
    carry = network.add([0, 1, 2], [0, 0, 0, 1, 0, 1, 1, 1])
    network.outputs = [network.add([0, 1, 2], [0, 1, 1, 0, 1, 0, 0, 1]), carry]
    plan = build(network, specify("logistic", "SQ2.1", "UQ0.2"))
    tables = [step.operation.table for step in plan.steps if isinstance(step.operation, Lookup)]
    assert tables == [(0, 0, 0, 1, 0, 1, 1, 1), (0, 1, 1, 0, 1, 0, 0, 1)]
    found = outputs(specify("logistic", "SQ2.1", "UQ0.2"), plan)
    assert found.tolist() == [bin(code % 8).count("1") for code in np.arange(-4, 4)]
