"""Drivers of the cocotb bench: for each protocol, one that compares every output and one that measures the latency.

A driver wakes up once a clock, at the rising edge. What it reads then is what a neighbour's register samples at that
edge, and what it writes takes effect after it. Outputs are compared as bit strings, as simulators return them: an `x`
in one is never equal to a bit.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from cocotb.clock import Clock
from cocotb.triggers import RisingEdge, Timer

from .bench_vectors import Bench, Codes, Driving

__all__ = [
    "StreamPorts",
    "different_answers",
    "drive",
    "drive_comb",
    "drive_pipeline",
    "drive_stream",
    "pipeline_latency",
    "stream_latency",
]

_PERIOD_NS = 10

_PATIENCE = 1000
"""Clocks beyond the latency after which a unit without any transfer counts as stuck, despite the stalls."""


def different_answers(bench: Bench) -> tuple[Codes, Codes] | None:
    """Return two of the usual inputs with different outputs, or None; the bench may drive only one input."""
    usual = Bench(bench.path, bench.seed)
    first = usual.words[0]
    others = (word for word, bits in zip(usual.words, usual.expected, strict=True) if bits != usual.expected[0])
    return next(((first, other) for other in others), None)


class _Moved:
    """Enabled clocks of a pipeline since power-up, in all tests of a simulation."""

    count = 0


_moved = _Moved()


async def _reach_first_turn(bench: Driving, en: Any, edge: RisingEdge) -> None:
    """Enable a pipeline up to the first turn of its interval, to which no reset leads it between tests."""
    en.value = 1
    while _moved.count % bench.held:
        await edge
        _moved.count += 1


async def drive_comb(dut: Any, bench: Driving) -> None:
    """Drive every input and compare the outputs once they have settled."""
    inputs, outputs = _inputs(dut, bench), _outputs(dut, bench)
    settled = Timer(1, "ns")
    for index, (word, expected) in enumerate(zip(bench.words, bench.expected, strict=True)):
        drive(inputs, word)
        await settled
        if (got := _sample(outputs)) != expected:
            bench.fail("wrong output", index, got, alone=True)


async def drive_pipeline(dut: Any, bench: Driving, enables: Iterable[int], *, steady: bool = True) -> None:
    """Drive every input with `en` as given by `enables`, and compare the outputs at every clock."""
    inputs, outputs, edge = _inputs(dut, bench), _outputs(dut, bench), await _start_clock(dut, bench)
    en, delay, expected = _handle(dut, bench, "enable"), bench.latency, bench.expected
    await _reach_first_turn(bench, en, edge)
    # The first input follows the last, to push the last outputs out of the pipeline.
    words, decoys = bench.words + bench.words[:1] * delay, bench.decoys + bench.decoys[:1] * delay
    taken, last = 0, -1
    for enable in enables:
        en.value = enable
        drive(inputs, words[taken] if enable else decoys[taken])
        await edge
        _moved.count += enable
        index = taken - delay
        # Without registers nothing could hold an output while en is low.
        if index >= 0 and (delay or enable):
            if (got := _sample(outputs)) != expected[index]:
                complaint = "y changed while en was low" if index == last else "wrong output"
                bench.fail(complaint, index, got, alone=steady)
            last = index
        taken += enable
        if taken == len(words):
            return


async def pipeline_latency(dut: Any, bench: Bench) -> int:
    """Return the clocks from a change of the inputs to the change of the outputs."""
    inputs, outputs, edge = _inputs(dut, bench), _outputs(dut, bench), await _start_clock(dut, bench)
    en = _handle(dut, bench, "enable")
    pair = different_answers(bench)
    if pair is None:
        bench.complain("no input changes y, so there is no latency to measure")
    first, other = pair
    await _reach_first_turn(bench, en, edge)
    en.value = 1
    drive(inputs, first)
    for _ in range((bench.latency + _PATIENCE) // bench.held * bench.held):  # until it is taken again
        await edge
        _moved.count += 1
    before = _sample(outputs)
    drive(inputs, other)
    for clocks in range(bench.latency + _PATIENCE):
        await edge
        _moved.count += 1
        if _sample(outputs) != before:
            return clocks
    bench.complain(f"y stays {before}, whatever x does")


class StreamPorts(NamedTuple):
    """Ports of a stream unit in the simulator, by their role, and the edge of its running clock."""

    inputs: list[Any]
    offer: Any
    accepts: Any
    outputs: list[Any]
    valid: Any
    take: Any
    resets: Any
    active: int
    edge: RisingEdge

    @classmethod
    async def start(cls, dut: Any, bench: Driving) -> StreamPorts:
        """Start the clock and reset the unit."""
        edge = await _start_clock(dut, bench)
        ports = cls(
            inputs=_inputs(dut, bench),
            offer=_handle(dut, bench, "valid", "input"),
            accepts=_handle(dut, bench, "ready", "output"),
            outputs=_outputs(dut, bench),
            valid=_handle(dut, bench, "valid", "output"),
            take=_handle(dut, bench, "ready", "input"),
            resets=_handle(dut, bench, "reset"),
            active=not bench.ports.of("reset").active_low,
            edge=edge,
        )
        await ports.reset()
        return ports

    async def reset(self) -> None:
        """Reset the unit for one clock."""
        self.offer.value, self.take.value, self.resets.value = 0, 0, self.active
        await self.edge
        self.resets.value = not self.active


async def drive_stream(
    bench: Driving,
    ports: StreamPorts,
    offers: Iterable[int],
    readies: Iterable[int],
    *,
    limit: int | None = None,
    steady: bool = True,
    due: Sequence[int] | None = None,
) -> int:
    """Drive the inputs with `x_valid` and `y_ready` as given; return the clocks to the last output.

    The first k inputs are answered by ``due[k]`` outputs, unless given by as many.
    """
    y, y_valid = bench.ports.output_names, bench.ports.of("valid", "output").name
    y_ready = bench.ports.of("ready", "input").name
    words, decoys, expected = bench.words[:limit], bench.decoys, bench.expected
    count = len(words)
    due = range(count + 1) if due is None else due
    sent = received = last = idle = 0
    offering = waiting = False
    for clock, (offer, ready) in enumerate(zip(offers, readies, strict=False)):
        # An offer holds until it is taken.
        if not offering:
            offering = bool(offer) and sent < count
            drive(ports.inputs, words[sent] if offering else decoys[min(sent, count - 1)])
            ports.offer.value = offering
        # Valid must not wait for ready: with stalls, every other output is taken only after it has waited.
        taking = bool(ready) and (steady or waiting or received % 2 == 0)
        ports.take.value = taking
        await ports.edge
        idle += 1
        valid = str(ports.valid.value)
        if valid == "1":
            if received == due[sent] and not (offering and bench.latency == 0):
                bench.complain(f"{y_valid} is high, but all {sent} inputs taken so far have been answered")
            if (got := _sample(ports.outputs)) != expected[received]:
                complaint = f"{y} changed while it waited for {y_ready}" if waiting else "wrong output"
                bench.fail(complaint, received, got, alone=steady)
            if taking:
                received, last, idle = received + 1, clock, 0
        elif waiting or valid != "0":
            when = f"while {y} waits for {y_ready}" if waiting else "after the reset"
            bench.complain(f"{y_valid} is {valid} {when}")
        waiting = valid == "1" and not taking
        if offering and str(ports.accepts.value) == "1":
            sent, offering, idle = sent + 1, False, 0
        if idle > _PATIENCE + bench.latency:
            break
    if received < due[count]:
        outputs = "" if due[count] == count else f" of {due[count]} outputs"
        bench.complain(f"nothing moves any more: of {count} inputs, {sent} were taken and {received}{outputs} answered")
    return last + 1


async def stream_latency(bench: Bench, ports: StreamPorts) -> int:
    """Return the clocks from the first input that is taken to the first valid output, unstalled."""
    drive(ports.inputs, bench.words[0])
    ports.offer.value = ports.take.value = 1
    taken = None
    for clock in range(bench.latency + _PATIENCE):
        await ports.edge
        if taken is None and str(ports.accepts.value) == "1":
            taken = clock
            ports.offer.value = 0
        if taken is not None and str(ports.valid.value) == "1":
            return clock - taken
    bench.complain("no output comes" if taken is not None else "no input is taken")


def _handle(dut: Any, bench: Driving, role: str, direction: str = "") -> Any:
    return getattr(dut, bench.ports.of(role, direction).name)


def _inputs(dut: Any, bench: Driving) -> list[Any]:
    return [getattr(dut, port.name) for port in bench.ports.inputs]


def _outputs(dut: Any, bench: Driving) -> list[Any]:
    return [getattr(dut, port.name) for port in bench.ports.outputs]


def drive(inputs: Iterable[Any], word: Codes) -> None:
    """Write the bit patterns of one input to its ports."""
    for handle, bits in zip(inputs, word, strict=True):
        handle.value = bits


def _sample(outputs: Iterable[Any]) -> str:
    return "".join([str(handle.value) for handle in outputs])


async def _start_clock(dut: Any, bench: Driving) -> RisingEdge:
    """Start the clock, low whatever the last test left, and return its rising edge."""
    clock = _handle(dut, bench, "clock")
    clock.value = 0
    await Timer(_PERIOD_NS, "ns")
    Clock(clock, _PERIOD_NS, "ns").start(start_high=False)
    return RisingEdge(clock)
