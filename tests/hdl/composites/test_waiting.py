"""Rings of waiting elements in Amaranth's simulator: in order, each with the value of its vector, never overwritten."""

from random import Random

import pytest
from amaranth.hdl import Module, Signal, unsigned
from amaranth.sim import Simulator

from softgate.hdl.composites.waiting import Waiting

N = 4


def run(lengths, delay, density, seed=1):
    """Return what comes out for vectors of these lengths: (element, value, last), with random gaps."""
    random = Random(seed)
    element, value = Signal(8), Signal(8)
    last, valid, known = Signal(), Signal(), Signal()
    enable = Signal()
    m = Module()
    waiting = Waiting(m, "w", N, delay, place=0, enable=enable)
    out = waiting.connect(element, last, valid, value, known, {"element": unsigned(8), "value": unsigned(8)})
    sent = [
        (number % 256, vector, i == length - 1)
        for vector, length in enumerate(lengths)
        for i in range(length)
        for number in [sum(lengths[:vector]) + i]
    ]
    found = []

    async def bench(ctx):
        queue, values = list(sent), []
        for clock in range(len(sent) * 12 + 200):
            ctx.set(enable, moves := random.random() < density or clock > len(sent) * 12)
            offered = bool(queue) and random.random() < density
            ctx.set(valid, offered)
            ctx.set(element, queue[0][0] if offered else random.randrange(256))
            ctx.set(last, queue[0][2] if offered else 0)
            due = bool(values) and values[0][0] == 0
            ctx.set(known, due)
            ctx.set(value, values[0][1] % 256 if due else random.randrange(256))
            if moves and ctx.get(out.valid):
                found.append((ctx.get(out.element), ctx.get(out.value), bool(ctx.get(out.last))))
            await ctx.tick()
            if moves:
                values = [(left - 1, vector) for left, vector in values if left]
                if offered:
                    _, vector, ends = queue.pop(0)
                    if ends:
                        values.append((delay - 1, vector))

    simulator = Simulator(m)
    simulator.add_clock(1e-6)
    simulator.add_testbench(bench)
    simulator.run()
    return [(number, vector % 256, ends) for number, vector, ends in sent], found


@pytest.mark.parametrize("delay", [1, 2, 7])
@pytest.mark.parametrize("density", [1.0, 0.6])
@pytest.mark.parametrize(
    "lengths",
    [[1] * 20, [N] * 6, [N, *[1] * 12, N, N, *[1] * 12], [3, 1, 4, 2, 1, 1, 4, 4, 1, 2, 3, 4, 1]],
    ids=["single", "longest", "a burst behind the longest", "mixed"],
)
def test_elements_come_out_in_order(lengths, delay, density):
    sent, found = run(lengths, delay, density)
    assert found == sent
