"""The output gate of an LSTM cell, h = logistic(g) * tanh(c), around two softgate units.

Both units take a stream and may differ in latency; the gate waits for both. Run this file: it simulates the gate
against the golden models of its units, bit for bit.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from amaranth.hdl import Module, signed
from amaranth.lib import stream, wiring
from amaranth.lib.wiring import In, Out
from amaranth.sim import Simulator

from softgate import golden
from softgate.hdl import TaylorLogistic, TaylorTanh


class OutputGate(wiring.Component):
    """h = logistic(g) * tanh(c), with g and c in SQ4.12 and h in SQ1.15."""

    def __init__(self) -> None:
        self.logistic = TaylorLogistic("SQ4.12", "UQ0.16", degree=3, segments=64)
        self.tanh = TaylorTanh("SQ4.12", "SQ1.15", degree=3, segments=64)
        numbers = stream.Signature(signed(16))
        super().__init__({"g": In(numbers), "c": In(numbers), "h": Out(numbers)})

    def elaborate(self, platform: object) -> Module:
        m = Module()
        m.submodules.logistic = gate = self.logistic
        m.submodules.tanh = cell = self.tanh
        wiring.connect(m, wiring.flipped(self.g), gate.x)
        wiring.connect(m, wiring.flipped(self.c), cell.x)
        both = gate.y.valid & cell.y.valid
        m.d.comb += [
            self.h.payload.eq((gate.y.payload * cell.y.payload) >> 16),
            self.h.valid.eq(both),
            gate.y.ready.eq(self.h.ready & both),
            cell.y.ready.eq(self.h.ready & both),
        ]
        return m


def simulate(unit: OutputGate, g: np.ndarray, c: np.ndarray) -> np.ndarray:
    """Return what the hardware makes of the codes g and c."""
    received: list[int] = []

    def feeder(port: Any, codes: np.ndarray) -> Callable[[Any], Any]:
        async def feed(ctx: Any) -> None:
            for code in codes.tolist():
                ctx.set(port.payload, code)
                ctx.set(port.valid, 1)
                await ctx.tick().until(port.ready)
            ctx.set(port.valid, 0)

        return feed

    async def collect(ctx: Any) -> None:
        ctx.set(unit.h.ready, 1)
        while len(received) < len(g):
            (code,) = await ctx.tick().sample(unit.h.payload).until(unit.h.valid)
            received.append(code)

    simulator = Simulator(unit)
    simulator.add_clock(1e-8)
    simulator.add_testbench(feeder(unit.g, g), background=True)
    simulator.add_testbench(feeder(unit.c, c), background=True)
    simulator.add_testbench(collect)
    simulator.run()
    return np.array(received)


def main() -> None:
    unit = OutputGate()
    random = np.random.default_rng(1)
    g, c = random.integers(-(1 << 15), 1 << 15, (2, 200))
    expected = (golden(unit.logistic.plan)(g) * golden(unit.tanh.plan)(c)) >> 16
    np.testing.assert_array_equal(simulate(unit, g, c), expected)
    print(f"200 products agree bit for bit; latencies {unit.logistic.latency} and {unit.tanh.latency} clocks")


if __name__ == "__main__":
    main()
