"""Simulation of designs in Amaranth's own simulator, and transfers through streams that stall."""

import numpy as np
from amaranth.sim import Simulator


def simulate(dut, *benches):
    simulator = Simulator(dut)
    simulator.add_clock(1e-6)
    for bench in benches:
        simulator.add_testbench(bench)
    simulator.run()


def stalled_transfer(dut, count, put, source, sink, sampled, seed=0):
    """Send transfers through a stream that pauses on both sides at random; return what was received, as tuples.

    `put` sets the source's data for the transfer of a number; `source` and `sink` are pairs of valid and ready.
    """
    random = np.random.default_rng(seed)
    received = []

    async def pause(ctx):
        while random.random() < 0.3:
            await ctx.tick()

    async def send(ctx):
        valid, ready = source
        for number in range(count):
            await pause(ctx)
            put(ctx, number)
            ctx.set(valid, 1)
            await ctx.tick().until(ready)
            ctx.set(valid, 0)

    async def receive(ctx):
        valid, ready = sink
        while len(received) < count:
            await pause(ctx)
            ctx.set(ready, 1)
            received.append(tuple(await ctx.tick().sample(*sampled).until(valid)))
            ctx.set(ready, 0)

    simulate(dut, send, receive)
    return received
