"""Cocotb test module of composites with streams: simulated Verilog against the golden model.

Environment variables as for `softgate.sim.bench`: ``SOFTGATE_MANIFEST`` and ``SOFTGATE_SEED``.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Iterator
from itertools import cycle, islice, repeat
from pathlib import Path
from typing import Any, NoReturn

import cocotb
import numpy as np

from ...hdl.composites.manifest import CompositeManifest
from ..bench_drivers import StreamPorts, drive, drive_stream
from ..golden.composites import composite_model
from ..transfers import input_words, output_words
from .stimulus import stimulus

__all__ = ["CompositeBench"]

_TRANSFERS = 2000


class CompositeBench:
    """Stimulus and expectation of a composite, in the form that the drivers of units take (see `bench_vectors`)."""

    def __init__(self, path: Path, seed: int) -> None:
        self.path, self.seed = path, seed
        manifest = CompositeManifest.load(path)
        self.ports, self.latency = manifest.ports, manifest.latency
        sent = stimulus(manifest, _TRANSFERS, seed)
        model = composite_model(manifest.asked.name, manifest.asked.as_dict(), manifest.words, manifest.plans)
        received = model.transfers(sent)
        self.due = model.answered(sent).tolist()
        self.most_clocks = manifest.hardware.most_clocks(len(sent[0]))
        self.words = list(input_words(self.ports, sent, seed))
        self.decoys = list(input_words(self.ports, [~column for column in sent], seed))
        widths = [port.width for port in self.ports.outputs]
        self.expected = [
            "".join(f"{word:0{width}b}" for word, width in zip(words, widths, strict=True))
            for words in output_words(self.ports, received)
        ]

    def gate(self, salt: int) -> Iterator[int]:
        """Yield 0s and 1s without end, in bursts of up to 64 clocks, each of a density between 1/8 and 1."""
        random = np.random.default_rng((self.seed, salt))
        densities = np.repeat(random.integers(1, 9, 2048), random.integers(1, 65, 2048))
        return cycle((random.integers(0, 8, densities.size) < densities).astype(int).tolist())

    def fail(self, complaint: str, index: int, got: str, *, alone: bool) -> NoReturn:
        """Report that transfer `index` out was `got`."""
        self.complain(f"{complaint}, at transfer {index + 1}: expected {self.expected[index]}, got {got}")

    def complain(self, complaint: str) -> NoReturn:
        """Report a fault and the command that reproduces it."""
        raise AssertionError(f"{complaint}\nreproduce: softgate simulate {self.path} --seed {self.seed}")


@functools.cache
def _bench() -> Any:
    return CompositeBench(Path(os.environ["SOFTGATE_MANIFEST"]), int(os.environ.get("SOFTGATE_SEED", "1")))


@cocotb.test()
async def full_speed(dut: Any) -> None:
    """Unstalled, elements follow each other without a gap, and all are answered as by the golden model."""
    bench = _bench()
    clocks = await drive_stream(bench, await StreamPorts.start(dut, bench), repeat(1), repeat(1), due=bench.due)
    most = bench.most_clocks
    if clocks > most:
        bench.complain(
            f"{len(bench.words)} transfers took {clocks} clocks, more than {most}, though nothing stalled them"
        )


@cocotb.test()
async def stalls(dut: Any) -> None:
    """Under random stalls on both sides no transfer is lost, repeated or reordered, and a waiting output holds."""
    bench = _bench()
    await drive_stream(
        bench, await StreamPorts.start(dut, bench), bench.gate(0), bench.gate(1), steady=False, due=bench.due
    )


@cocotb.test()
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
