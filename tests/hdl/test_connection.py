"""Units as AXI4-Stream components inside an Amaranth design, in Amaranth's simulator."""

import numpy as np
import pytest
from amaranth.hdl import Module, ResetInserter, Signal, unsigned
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out, connect, flipped
from amaranth.sim import Simulator

from softgate import design
from softgate.hdl import Unit
from softgate.hdl.connection import axi_stream

SMALL = design("tanh", "SQ3.4", "SQ1.6", degree=1, segments=4)


class Surroundings(wiring.Component):
    """A unit between AXI4-Streams of raw bytes, in a domain with a reset of its own."""

    def __init__(self, unit, *, tlast):
        raw = axi_stream(unsigned(8), tlast=tlast)
        super().__init__({"source": In(raw), "sink": Out(raw)})
        self.unit, self.clear = unit, Signal()

    def elaborate(self, platform):
        m = Module()
        m.submodules.unit = ResetInserter(self.clear)(self.unit)
        m.d.sync += Signal().eq(0)  # a domain, even for a unit without registers
        connect(m, flipped(self.source), self.unit.s_axis)
        connect(m, self.unit.m_axis, flipped(self.sink))
        return m


def simulate(dut, *testbenches):
    simulator = Simulator(dut)
    simulator.add_clock(1e-6)
    for testbench in testbenches:
        simulator.add_testbench(testbench)
    simulator.run()


@pytest.mark.parametrize("stages", [0, 1, 4])
@pytest.mark.parametrize("tlast", [False, True])
def test_transfers_and_their_tlast_come_out_in_order(stages, tlast):
    unit = Unit(SMALL.plan, interface="axis", stages=stages, tlast=tlast)
    dut = Surroundings(unit, tlast=tlast)
    random = np.random.default_rng(stages)
    codes = list(range(-64, 64))
    lasts = random.integers(0, 2, len(codes)).tolist()
    received = []

    async def send(ctx):
        for code, last in zip(codes, lasts, strict=True):
            while random.random() < 0.3:
                await ctx.tick()
            # Seven bits of code below one that the unit must not look at.
            ctx.set(dut.source.tdata, code % 128 | int(random.integers(2)) << 7)
            if tlast:
                ctx.set(dut.source.tlast, last)
            ctx.set(dut.source.tvalid, 1)
            await ctx.tick().until(dut.source.tready)
            ctx.set(dut.source.tvalid, 0)

    async def receive(ctx):
        while len(received) < len(codes):
            while random.random() < 0.3:
                await ctx.tick()
            ctx.set(dut.sink.tready, 1)
            sampled = (dut.sink.tdata, *((dut.sink.tlast,) if tlast else ()))
            received.append(tuple(await ctx.tick().sample(*sampled).until(dut.sink.tvalid)))
            ctx.set(dut.sink.tready, 0)

    simulate(dut, send, receive)
    answers = [code % 256 for code in SMALL.golden(codes).tolist()]  # the seven bits, and their sign
    assert received == (list(zip(answers, lasts, strict=True)) if tlast else [(answer,) for answer in answers])


def test_the_domains_reset_drops_what_is_in_flight():
    dut = Surroundings(Unit(SMALL.plan, interface="axis", stages=2), tlast=False)
    valids = []

    async def testbench(ctx):
        ctx.set(dut.source.tvalid, 1)
        for _ in range(3):
            await ctx.tick()
        valids.append(ctx.get(dut.sink.tvalid))
        ctx.set(dut.source.tvalid, 0)
        ctx.set(dut.clear, 1)
        await ctx.tick()
        ctx.set(dut.clear, 0)
        ctx.set(dut.sink.tready, 1)
        for _ in range(4):
            valids.append(ctx.get(dut.sink.tvalid))
            await ctx.tick()

    simulate(dut, testbench)
    assert valids == [1, 0, 0, 0, 0]
