"""A softmax inside an Amaranth design, with gaps and stalls."""

from random import Random

import pytest
from amaranth.sim import Simulator
from small_softmax import small_softmax

import softgate
from softgate.hdl import Softmax


def test_the_public_name():
    assert softgate.softmax(3, "SQ2.2", "UQ0.6").words == small_softmax().words


@pytest.fixture(scope="module")
def component():
    return Softmax(3, "SQ2.2", "UQ0.6")


def test_streams_of_structs(component):
    assert component.latency == component.design.latency
    vectors = [[0, 1, 2], [-8], [7, 7], [-8, 7, 3], [1], [2], [3, 3, 3]] * 4
    sent = [(x, i == len(vector) - 1) for vector in vectors for i, x in enumerate(vector)]
    expected = [
        (y, i == len(vector) - 1) for vector in vectors for i, y in enumerate(component.design.golden(vector).tolist())
    ]
    random, found = Random(1), []

    async def send(ctx):
        for x, last in sent:
            ctx.set(component.x.valid, 0)
            for _ in range(random.randrange(3)):
                await ctx.tick()
            ctx.set(component.x.valid, 1)
            ctx.set(component.x.payload.x, x)
            ctx.set(component.x.payload.last, last)
            await ctx.tick().until(component.x.ready)
        ctx.set(component.x.valid, 0)

    async def receive(ctx):
        for _ in sent:
            ctx.set(component.y.ready, 0)
            for _ in range(random.randrange(3)):
                await ctx.tick()
            ctx.set(component.y.ready, 1)
            (payload,) = await ctx.tick().sample(component.y.payload).until(component.y.valid)
            found.append((payload.y, bool(payload.last)))

    simulator = Simulator(component)
    simulator.add_clock(1e-6)
    simulator.add_testbench(send)
    simulator.add_testbench(receive)
    simulator.run()
    assert found == expected
