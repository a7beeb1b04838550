"""Cells as users make them: in Python, and as Amaranth components in a design of their own."""

from amaranth.hdl import Elaboratable, Module
from amaranth.sim import Simulator
from small_cells import small_gates, small_gru, small_lstm, small_update

from softgate.hdl import GRUCell, GRUGates, GRUUpdate, LSTMCell


def run(component, source, codes, read):
    """Return what comes out of a component for one transfer."""
    found = []

    async def bench(ctx):
        stream = getattr(component, source)
        for name, code in codes.items():
            ctx.set(getattr(stream.payload, name), code)
        ctx.set(stream.valid, 1)
        ctx.set(read.ready, 1)
        for clock in range(component.latency + 1):
            await ctx.tick()
            ctx.set(stream.valid, 0)
            if ctx.get(read.valid):
                found.append((clock + 1, ctx.get(read.payload)))

    top = Module()
    top.submodules.cell = component
    simulator = Simulator(top)
    simulator.add_clock(1e-8)
    simulator.add_testbench(bench)
    simulator.run()
    return found


def test_an_lstm_cell_in_amaranth():
    cell = LSTMCell("SQ3.2", "UQ0.4", "SQ3.2", "SQ1.3")
    assert isinstance(cell, Elaboratable)
    assert list(cell.i.payload.shape().members) == ["i", "f", "g", "o", "c"]
    codes = {"i": 3, "f": -2, "g": 5, "o": 7, "c": 9}
    ((clock, payload),) = run(cell, "i", codes, cell.h)
    expected = small_lstm().golden(**codes)
    assert (clock, payload.h, payload.c_next) == (cell.latency, expected.h, expected.c_next)


def test_an_lstm_cell_with_an_interval_in_amaranth():
    cell = LSTMCell("SQ3.2", "UQ0.4", "SQ3.2", "SQ1.3", interval=5)
    assert cell.hardware.interval == 5
    codes = {"i": 3, "f": -2, "g": 5, "o": 7, "c": 9}
    ((clock, payload),) = run(cell, "i", codes, cell.h)
    expected = small_lstm(interval=5).golden(**codes)
    assert (clock, payload.h, payload.c_next) == (cell.latency, expected.h, expected.c_next)


def test_a_gru_cell_in_amaranth():
    cell = GRUCell("SQ3.2", "UQ0.4", "SQ1.3")
    codes = {"r": 3, "u": -2, "n_x": 5, "n_h": 7, "h": -3}
    assert run(cell, "r", codes, cell.h_next) == [(cell.latency, small_gru().golden(**codes).h_next)]


def test_the_gates_of_a_gru_in_amaranth():
    unit = GRUGates("SQ3.2", "UQ0.4", "SQ1.3")
    codes = {"r": 3, "u": -2, "h": -3}
    ((clock, payload),) = run(unit, "r", codes, unit.update)
    expected = small_gates().golden(**codes)
    assert (clock, payload.update, payload.rh) == (unit.latency, expected.update, expected.rh)


def test_the_update_of_a_gru_in_amaranth():
    unit = GRUUpdate("SQ3.2", "UQ0.4", "SQ1.3")
    codes = {"n": 3, "update": 5, "h": -3}
    assert run(unit, "n", codes, unit.h_next) == [(unit.latency, small_update().golden(**codes).h_next)]
