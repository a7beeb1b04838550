"""Cocotb test module of composites: simulated Verilog against the golden model.

Environment variables as for `softgate.sim.bench`: ``SOFTGATE_MANIFEST`` and ``SOFTGATE_SEED``.
"""

from __future__ import annotations

import functools
import os
import shlex
from itertools import cycle, islice, repeat
from pathlib import Path
from typing import Any, NoReturn

import cocotb

from ...hdl.composites.manifest import CompositeManifest
from ..bench_drivers import StreamPorts, drive, drive_comb, drive_pipeline, drive_stream
from ..bench_vectors import Driving, test_for
from ..composite_model import golden_model
from ..composite_stimulus import stimulus
from ..driven import TRANSFERS, driven

__all__ = ["CompositeBench"]


class CompositeBench(Driving):
    """Stimulus and expectation of a composite."""

    def __init__(self, path: Path, seed: int) -> None:
        manifest = CompositeManifest.load(path)
        super().__init__(path, seed, manifest.ports, manifest.latency, driven(manifest, seed))
        sent = stimulus(manifest, TRANSFERS, seed)
        self.due = golden_model(manifest).answered(sent).tolist()
        self.most_clocks = manifest.hardware.most_clocks(len(sent[0]))

    def fail(self, complaint: str, index: int, got: str, *, alone: bool) -> NoReturn:
        """Report that transfer `index` out was `got`."""
        self.complain(f"{complaint}, at transfer {index + 1}: expected {self.expected[index]}, got {got}")

    def complain(self, complaint: str) -> NoReturn:
        """Report a fault and the command that reproduces it."""
        simulator = cocotb.SIM_NAME.split()[0].lower()
        command = f"softgate simulate {shlex.quote(str(self.path))} --simulator {simulator} --seed {self.seed}"
        raise AssertionError(f"{complaint}\nreproduce: {command}")


@functools.cache
def _bench() -> CompositeBench:
    return CompositeBench(Path(os.environ["SOFTGATE_MANIFEST"]), int(os.environ.get("SOFTGATE_SEED", "1")))


@test_for(_bench, "comb", "pipeline", "stream")
async def full_speed(dut: Any) -> None:
    """Unstalled, elements follow each other once an interval, and all are answered as by the golden model."""
    bench = _bench()
    if bench.ports.protocol == "comb":
        await drive_comb(dut, bench)
        return
    if bench.ports.protocol == "pipeline":
        await drive_pipeline(dut, bench, repeat(1))
        return
    clocks = await drive_stream(bench, await StreamPorts.start(dut, bench), repeat(1), repeat(1), due=bench.due)
    most = bench.most_clocks
    if clocks > most:
        bench.complain(
            f"{len(bench.words)} transfers took {clocks} clocks, more than {most}, though nothing stalled them"
        )


@test_for(_bench, "pipeline")
async def gaps(dut: Any) -> None:
    """While the enable is low, outputs hold and changes of the inputs have no effect."""
    bench = _bench()
    await drive_pipeline(dut, bench, bench.gate(0), steady=False)


@test_for(_bench, "stream")
async def stalls(dut: Any) -> None:
    """Under random stalls on both sides no transfer is lost, repeated or reordered, and a waiting output holds."""
    bench = _bench()
    gates = bench.gate(0), bench.gate(1)
    await drive_stream(bench, await StreamPorts.start(dut, bench), *gates, steady=False, due=bench.due)


@test_for(_bench, "stream")
async def reset(dut: Any) -> None:
    """A reset amid a vector drops all elements in flight, and the unit works as before."""
    bench = _bench()
    ports = await StreamPorts.start(dut, bench)
    for clocks in (1, 2, 5, bench.latency, bench.latency + 3):
        ports.offer.value, ports.take.value = 1, clocks % 2
        for word in islice(cycle(bench.words), clocks):
            drive(ports.inputs, word)
            await ports.edge
        await ports.reset()
        ports.take.value = 1
        for _ in range(bench.latency + 2):
            await ports.edge
            if (valid := str(ports.valid.value)) != "0":
                name = bench.ports.of("valid", "output").name
                bench.complain(f"{name} is {valid} after a reset: an element in flight outlived it")
        limit = _complete(bench, 200)
        await drive_stream(bench, ports, bench.gate(2), bench.gate(3), limit=limit, steady=False, due=bench.due)
        await ports.reset()


def _complete(bench: CompositeBench, most: int) -> int:
    """Return the number of transfers, at most `most`, that end with the end of a vector."""
    if not bench.ports.has("last"):
        return most
    return max(n for n in range(1, most + 1) if bench.words[n - 1][-1])
