"""Cocotb test module of every unit: its simulated Verilog against the golden model of the plan in its manifest.

It is configured by environment variables, so that it runs from `softgate.sim.simulate` as well as from your own
Makefile (``COCOTB_TEST_MODULES=softgate.sim.bench``):

* ``SOFTGATE_MANIFEST``: path of the manifest;
* ``SOFTGATE_ONLY``: inputs to drive instead of the usual ones, separated by spaces, the codes of one input by commas;
* ``SOFTGATE_SEED``: seed of the sample, of the order and of the stalls, by default 1;
* ``SOFTGATE_LATENCY``: file to write the measured latency to.
"""

from __future__ import annotations

import functools
import os
from itertools import cycle, islice, repeat
from pathlib import Path
from typing import Any

from .bench_drivers import (
    StreamPorts,
    different_answers,
    drive,
    drive_comb,
    drive_pipeline,
    drive_stream,
    pipeline_latency,
    stream_latency,
)
from .bench_vectors import Bench, test_for

__all__ = ["Bench"]


@functools.cache
def _bench(*, shuffled: bool = False) -> Bench:
    """Return the bench that the environment describes."""
    only = [tuple(map(int, codes.split(","))) for codes in os.environ.get("SOFTGATE_ONLY", "").split()]
    seed = int(os.environ.get("SOFTGATE_SEED", "1"))
    return Bench(Path(os.environ["SOFTGATE_MANIFEST"]), seed, only, shuffled=shuffled)


def _shows_latency() -> bool:
    """Whether the latency can be observed: not that of a pipeline whose outputs are the same for every input."""
    bench = _bench()
    return bench.ports.protocol == "stream" or different_answers(bench) is not None


@test_for(_bench, "pipeline", "stream", shows=_shows_latency)
async def latency(dut: Any) -> None:
    """The latency is the declared one."""
    bench = _bench()
    if bench.ports.protocol == "stream":
        measured = await stream_latency(bench, await StreamPorts.start(dut, bench))
    else:
        measured = await pipeline_latency(dut, bench)
    if "SOFTGATE_LATENCY" in os.environ:
        Path(os.environ["SOFTGATE_LATENCY"]).write_text(str(measured), encoding="ascii")
    if measured != bench.latency:
        bench.complain(f"the latency is {measured} clocks, but the manifest declares {bench.latency}")


@test_for(_bench, "comb", "pipeline", "stream")
async def every_input(dut: Any) -> None:
    """Every input is answered as the golden model does, at full speed."""
    bench = _bench()
    if bench.ports.protocol == "comb":
        await drive_comb(dut, bench)
    elif bench.ports.protocol == "pipeline":
        await drive_pipeline(dut, bench, repeat(1))
    else:
        clocks = await drive_stream(bench, await StreamPorts.start(dut, bench), repeat(1), repeat(1))
        if clocks != (len(bench.words) - 1) * bench.interval + 1 + bench.latency:
            bench.complain(f"{len(bench.words)} inputs took {clocks} clocks, though nothing stalled them")


@test_for(_bench, "pipeline")
async def gaps(dut: Any) -> None:
    """While en is low, y holds and changes of x have no effect."""
    bench = _bench(shuffled=True)
    await drive_pipeline(dut, bench, bench.gate(0), steady=False)


@test_for(_bench, "stream")
async def stalls(dut: Any) -> None:
    """Under random stalls on both sides no transfer is lost, repeated or reordered, and a waiting output holds."""
    bench = _bench(shuffled=True)
    await drive_stream(bench, await StreamPorts.start(dut, bench), bench.gate(0), bench.gate(1), steady=False)


@test_for(_bench, "stream")
async def reset(dut: Any) -> None:
    """A reset drops all transfers in flight, and the unit works as before."""
    bench = _bench(shuffled=True)
    ports = await StreamPorts.start(dut, bench)
    for y_ready in (0, 1):
        for clocks in range(1, min(bench.latency, 8) + 2):
            ports.offer.value, ports.take.value = 1, y_ready
            for word in islice(cycle(bench.words), clocks):
                drive(ports.inputs, word)
                await ports.edge
            await ports.reset()
            ports.take.value = 1
            for _ in range(bench.latency + 2):
                await ports.edge
                if (valid := str(ports.valid.value)) != "0":
                    name = bench.ports.of("valid", "output").name
                    bench.complain(f"{name} is {valid} after a reset: a transfer in flight outlived it")
    await drive_stream(bench, ports, bench.gate(2), bench.gate(3), limit=1024, steady=False)
