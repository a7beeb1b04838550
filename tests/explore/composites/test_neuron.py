"""A neuron and a layer inside an Amaranth design, with gaps and stalls."""

from random import Random

import pytest
from amaranth.sim import Simulator
from small_neurons import BIASES, WEIGHTS, small_neuron

import softgate
from softgate.hdl import Neuron


def test_the_public_name():
    assert softgate.neuron(5, "SQ2.2", "SQ2.2", "tanh", "SQ1.5").words == small_neuron().words


def run(component, sent, count):
    """Return the outputs, each with last."""
    random, found = Random(1), []

    async def send(ctx):
        for transfer in sent:
            ctx.set(component.x.valid, 0)
            for _ in range(random.randrange(3)):
                await ctx.tick()
            ctx.set(component.x.valid, 1)
            for name, value in transfer.items():
                ctx.set(component.x.payload[name], value)
            await ctx.tick().until(component.x.ready)
        ctx.set(component.x.valid, 0)

    async def receive(ctx):
        for _ in range(count):
            ctx.set(component.z.ready, 0)
            for _ in range(random.randrange(3)):
                await ctx.tick()
            ctx.set(component.z.ready, 1)
            (payload,) = await ctx.tick().sample(component.z.payload).until(component.z.valid)
            found.append((payload.z, bool(payload.last)))

    simulator = Simulator(component)
    simulator.add_clock(1e-6)
    simulator.add_testbench(send)
    simulator.add_testbench(receive)
    simulator.run()
    return found


@pytest.fixture
def vectors():
    random = Random(2)
    return [[random.randrange(-8, 8) for _ in range(5)] for _ in range(6)]


def test_streamed_weights(vectors):
    component = Neuron(5, "SQ2.2", "SQ2.2", "tanh", "SQ1.5")
    assert component.latency == component.design.latency
    sent = [
        {"x": x, "w": w, "last": place == 4}
        for v, u in zip(vectors, vectors[1:] + vectors[:1], strict=True)
        for place, (x, w) in enumerate(zip(v, u, strict=True))
    ]
    expected = component.design.golden(vectors, vectors[1:] + vectors[:1]).tolist()
    assert run(component, sent, 6) == [(z, True) for z in expected]


def test_a_layer_keeps_its_vector(vectors):
    component = Neuron(5, "SQ2.2", WEIGHTS, "tanh", "SQ1.5", weight_format="SQ3.2", bias=BIASES)
    sent = [{"x": x, "last": place == 4} for v in vectors for place, x in enumerate(v)]
    expected = component.design.golden(vectors).tolist()
    assert run(component, sent, 18) == [(z, at == 2) for row in expected for at, z in enumerate(row)]
