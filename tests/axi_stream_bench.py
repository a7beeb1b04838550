"""cocotb tests of an AXI4-Stream unit between the source and the sink of cocotbext-axi, which is no work of ours.

`SOFTGATE_MANIFEST` is the path of the unit's manifest.
"""

import os

import cocotb
import numpy as np
from cocotb.clock import Clock
from cocotb.triggers import ClockCycles
from cocotbext.axi import AxiStreamBus, AxiStreamFrame, AxiStreamSink, AxiStreamSource

from softgate.hdl.manifest import Manifest
from softgate.sim.golden.model import golden

BEATS = 500


class Bench:
    """The unit with a source and a sink, out of reset."""

    def __init__(self, dut, seed):
        self.dut, self.random = dut, np.random.default_rng(seed)
        self.manifest = Manifest.load(os.environ["SOFTGATE_MANIFEST"])
        ends = {"clock": dut.aclk, "reset": dut.aresetn, "reset_active_level": False}
        self.source = AxiStreamSource(AxiStreamBus.from_prefix(dut, "s_axis"), **ends)
        self.sink = AxiStreamSink(AxiStreamBus.from_prefix(dut, "m_axis"), **ends)

    async def start(self):
        self.dut.aresetn.value = 0
        Clock(self.dut.aclk, 10, "ns").start()
        await ClockCycles(self.dut.aclk, 3)
        self.dut.aresetn.value = 1
        await ClockCycles(self.dut.aclk, 1)

    def pauses(self, share):
        """Yield for ever whether to pause, in bursts around a share of the clocks."""
        while True:
            now = min(max(self.random.normal(share, 0.3), 0), 0.95)
            yield from (self.random.random(int(self.random.integers(1, 40))) < now).tolist()

    def frames(self):
        """Yield the bytes of frames of 1 to 20 beats and of their answers, `BEATS` beats in all."""
        ((_, source),), (output,) = self.manifest.plan.inputs, self.manifest.plan.outputs
        above = 1 << source.width
        left = BEATS
        while left:
            count = min(int(self.random.integers(1, 21)), left)
            left -= count
            codes = self.random.integers(source.min_code, source.max_code, count, endpoint=True)
            words = codes % above + above * self.random.integers(0, 1 << -source.width % 8, count)  # rubbish above
            yield _bytes(words, source.width), _bytes(golden(self.manifest.plan)(codes), output.format.width)


def _bytes(words, width):
    count = -(-width // 8)
    return b"".join((word % (1 << 8 * count)).to_bytes(count, "little") for word in words.tolist())


@cocotb.test()
@cocotb.parametrize(seed=[1, 2, 3], paused=[(0.0, 0.0), (0.5, 0.5), (0.2, 0.8), (0.8, 0.2)])
async def frames_are_answered(dut, seed, paused):
    """Every byte is the golden model's, in order, and frames keep their length, whoever pauses."""
    bench = Bench(dut, seed)
    for end, share in zip((bench.source, bench.sink), paused, strict=True):
        if share:
            end.set_pause_generator(bench.pauses(share))
    await bench.start()
    frames = list(bench.frames())
    for sent, _ in frames:
        await bench.source.send(AxiStreamFrame(sent))
    if hasattr(dut, "m_axis_tlast"):
        for number, (_, expected) in enumerate(frames):
            got = bytes((await bench.sink.recv()).tdata)
            assert got == expected, f"frame {number}: expected {expected.hex()}, got {got.hex()}"
    else:
        expected = b"".join(answer for _, answer in frames)
        got = b""
        while len(got) < len(expected):
            got += bytes((await bench.sink.recv()).tdata)
        assert got == expected
    await ClockCycles(dut.aclk, bench.manifest.latency + 4)
    assert bench.sink.empty()
    assert bench.source.idle()
