"""Units as AXI4-Stream components inside an Amaranth design, in Amaranth's simulator."""

import numpy as np
import pytest
from amaranth.hdl import Module, ResetInserter, Signal, unsigned
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out, connect, flipped
from amaranth_benches import simulate, stalled_transfer
from several_ports import prelu, sum_and_distance, wide

from softgate import design, golden
from softgate.hdl import Unit
from softgate.hdl.connection import axi_stream

SMALL = design("tanh", "SQ3.4", "SQ1.6", method="taylor", degree=1, segments=4)


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


@pytest.mark.parametrize("stages", [0, 1, 4])
@pytest.mark.parametrize("tlast", [False, True])
def test_transfers_and_their_tlast_come_out_in_order(stages, tlast):
    unit = Unit(SMALL.plan, interface="axis", stages=stages, tlast=tlast)
    dut = Surroundings(unit, tlast=tlast)
    random = np.random.default_rng(stages)
    codes = list(range(-64, 64))
    lasts = random.integers(0, 2, len(codes)).tolist()

    def put(ctx, number):
        # Seven bits of code below one that the unit must not look at.
        ctx.set(dut.source.tdata, codes[number] % 128 | int(random.integers(2)) << 7)
        if tlast:
            ctx.set(dut.source.tlast, lasts[number])

    source, sink = ((end.tvalid, end.tready) for end in (dut.source, dut.sink))
    sampled = (dut.sink.tdata, *((dut.sink.tlast,) if tlast else ()))
    received = stalled_transfer(dut, len(codes), put, source, sink, sampled, seed=stages)
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


@pytest.mark.parametrize("stages", [1, 2, 5])
def test_an_empty_pipeline_fills_while_the_output_is_stalled(stages):
    dut = Surroundings(Unit(SMALL.plan, interface="axis", stages=stages), tlast=False)
    taken = []

    async def testbench(ctx):
        ctx.set(dut.source.tvalid, 1)
        for _ in range(8):
            taken.append(ctx.get(dut.source.tready))
            await ctx.tick()

    simulate(dut, testbench)
    assert taken == [1] * stages + [0] * (8 - stages)


@pytest.mark.parametrize("interface", ["stream", "axis"])
@pytest.mark.parametrize("stages", [0, 3])
@pytest.mark.parametrize("make", [prelu, sum_and_distance, wide])
def test_streams_of_several_keep_their_fields_together(make, interface, stages):
    plan = make()
    unit = Unit(plan, interface=interface, stages=stages)
    m = Module()
    m.submodules.unit = unit
    m.d.sync += Signal().eq(0)  # a domain, even for a unit without registers
    sides = [unit.s_axis, unit.m_axis] if interface == "axis" else [getattr(unit, n) for n in _streams(plan)]
    handshakes = [(s.tvalid, s.tready) if interface == "axis" else (s.valid, s.ready) for s in sides]
    given, answered = [s.tdata if interface == "axis" else s.payload for s in sides]
    random = np.random.default_rng(7)
    columns = [random.integers(*_ends(fmt), 100, endpoint=True) for _, fmt in plan.inputs]

    def put(ctx, number):
        for (name, _), column in zip(plan.inputs, columns, strict=True):
            ctx.set(given[name], int(column[number]))

    several = len(plan.outputs) > 1
    sampled = [answered[output.name] for output in plan.outputs] if several else [answered]
    received = stalled_transfer(m, 100, put, *handshakes, sampled, seed=stages)
    answers = golden(plan)(*columns)
    assert received == list(zip(*(column.tolist() for column in (answers if several else [answers])), strict=True))


def _streams(plan):
    return plan.inputs[0][0], plan.outputs[0].name


def _ends(fmt):
    return (-(1 << fmt.width - 1), (1 << fmt.width - 1) - 1) if fmt.signed else (0, (1 << fmt.width) - 1)
