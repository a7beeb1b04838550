"""A logsumexp inside an Amaranth design: one transfer for each vector."""

from amaranth.sim import Simulator
from small_softmax import small_logsumexp

import softgate
from softgate.hdl import LogSumExp


def test_the_public_name():
    assert softgate.logsumexp(3, "SQ2.2", "SQ4.4").words == small_logsumexp().words


def test_one_transfer_for_each_vector():
    component = LogSumExp(3, "SQ2.2", "SQ4.4")
    assert component.latency == component.design.latency
    vectors = [[0, 1, 2], [-8], [7, 7], [-8, 7, 3], [1]] * 2
    found = []

    async def send(ctx):
        for vector in vectors:
            for place, x in enumerate(vector):
                ctx.set(component.x.valid, 1)
                ctx.set(component.x.payload.x, x)
                ctx.set(component.x.payload.last, place == len(vector) - 1)
                await ctx.tick().until(component.x.ready)
        ctx.set(component.x.valid, 0)

    async def receive(ctx):
        ctx.set(component.y.ready, 1)
        for _ in vectors:
            (payload,) = await ctx.tick().sample(component.y.payload).until(component.y.valid)
            found.append((payload.y, payload.last))

    simulator = Simulator(component)
    simulator.add_clock(1e-6)
    simulator.add_testbench(send)
    simulator.add_testbench(receive)
    simulator.run()
    assert found == [(int(component.design.golden(vector)), 1) for vector in vectors]
