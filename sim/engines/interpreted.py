"""Emitted Verilog run over whole arrays without a compiler: numpy evaluates many copies of the unit at once.

Each copy (a lane) is given a run of consecutive inputs, clock by clock, through the interface. That takes some thousand
calls of numpy, 20 ms for a unit of 16 input bits; for millions of inputs `compiled` is faster (decision 011).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...hdl.interfaces import Field, Ports
from .compiled import CompiledUnit, as_words, compile_unit
from .faults import Fault, ProtocolError, describe_fault
from .netlist_cells import UnsupportedCellError
from .word_netlist import WordNetlist, read_word_netlist
from .word_operations import Words

__all__ = ["InterpretedUnit", "interpret_unit", "quick_unit"]

Flags = NDArray[np.bool_]
Places = NDArray[np.int64]

_LANES = 1 << 12
"""Lanes among which inputs are divided, if these are many: their words stay in a processor's cache."""

_LEAST = 4
"""Inputs that a lane is given at least: they follow one another in the pipeline."""

_INTERPRETED_WIDTH = 20
"""Bits of input in all up to which a unit is interpreted where there is a choice."""

_BURST = 8
"""Clocks for which a gate stays as likely to be open as it is."""

_PATIENCE = 256
"""Clocks without any transfer after which a stream is given up, beside some for its latency."""

_DRAIN = 4
"""Clocks, beside the latency, in which surplus outputs of a stream are waited for."""


class InterpretedUnit:
    """A unit as a netlist of words; every run starts from power-up. Made by `interpret_unit`."""

    def __init__(self, netlist: WordNetlist, ports: Ports, latency: int) -> None:
        self.netlist = netlist
        self.ports = ports
        self.latency = latency
        self._measured: int | None = None

    def run(self, *codes: NDArray[np.integer[Any]], stalls: int | None = None) -> tuple[Words, ...]:
        """Return every output's bit patterns for these inputs, one array for each field of the inputs, in order.

        As `CompiledUnit.run`, but registers without a reset start at random values.
        """
        words = as_words(codes, self.ports)
        length = len(words[0])
        each = max(-(-length // _LANES), _LEAST)
        shape = (max(-(-length // each), 1), each)
        lanes = _Lanes(self, [np.resize(array, shape) for array in words], stalls)
        measured = _LOOPS[self.ports.protocol](lanes, self.latency)
        if stalls is None:
            self._measured = measured
        return tuple(result.reshape(-1)[:length] for result in lanes.results)

    def measured_latency(self) -> int:
        """Return the clocks from the first accepted input of a stream to its first valid output, unstalled."""
        if self.ports.protocol != "stream":
            raise ValueError(f"the latency of a stream can be measured, not that of a {self.ports.protocol} unit")
        if self._measured is None:
            self.run(*(np.zeros(1, np.int64) for _ in self.ports.fields("input")))
        return self._measured or 0


def interpret_unit(verilog: str, top: str, *, ports: Ports, latency: int) -> InterpretedUnit:
    """Read the module `top`, whose ports are `ports` and whose latency is in clocks.

    Raises
    ------
    YosysError
        If Yosys refuses the text.
    UnsupportedCellError
        If the unit does not run so; `compile_unit` takes it.
    ValueError
        If the module lacks a port.

    """
    netlist = read_word_netlist(verilog, top)
    for port in ports:
        found = netlist.inputs if port.direction == "input" else netlist.outputs
        if found.get(port.name) != port.width:
            raise ValueError(f"module {top} has no {port.direction} {port.name} of {port.width} bits")
    return InterpretedUnit(netlist, ports, latency)


def quick_unit(verilog: str, top: str, *, ports: Ports, latency: int) -> InterpretedUnit | CompiledUnit:
    """Return what runs all inputs of a unit soonest: it interpreted or, with many inputs or wide words, compiled."""
    if sum(field.width - field.padding for field in ports.data("input")) <= _INTERPRETED_WIDTH:
        try:
            return interpret_unit(verilog, top, ports=ports, latency=latency)
        except UnsupportedCellError:
            pass
    return compile_unit(verilog, top, ports=ports, latency=latency)


class _Lanes:
    """Copies of a unit in the middle of a run; lane i is given row i of every array of `codes`."""

    def __init__(self, unit: InterpretedUnit, codes: Sequence[Words], stalls: int | None) -> None:
        self.unit = unit
        self.codes = codes
        self.stalls = stalls is not None
        self.random = np.random.default_rng(stalls or 0)
        self.count, self.each = codes[0].shape
        self.results = [np.zeros((self.count, self.each), np.uint64) for _ in unit.ports.fields("output")]
        self._registers = unit.netlist.power_up(self.count, self.random)
        self._rows = np.arange(self.count)
        self._clocks = 0
        self._densities: dict[str, Places] = {}

    def flags(self, value: bool) -> Flags:
        """Return one flag a lane."""
        return np.full(self.count, value)

    def places(self) -> Places:
        """Return a count for each lane, 0."""
        return np.zeros(self.count, np.int64)

    def gate(self, name: str) -> Flags:
        """Return which lanes' gate `name` is open: all, unless there are stalls; bursts from seldom to always then."""
        if not self.stalls:
            return self.flags(True)
        if name not in self._densities or self._clocks % _BURST == 0:
            self._densities[name] = self.random.integers(1, 9, (self.count,))
        return self.random.integers(0, 8, (self.count,)) < self._densities[name]

    def clock(self, given: Flags, place: Places, **control: Flags) -> dict[str, Words]:
        """Let a clock pass: lanes that are `given` an input take that at their `place`, others rubbish.

        `control` tells by their roles which control inputs are on. Returns the outputs just before the edge.
        """
        ports = self.unit.ports
        inputs = {}
        for role, on in control.items():
            port = ports.of(role, "input")
            inputs[port.name] = (on ^ port.active_low).astype(np.uint64)
        taken = np.minimum(place, self.each - 1)
        codes = iter(self.codes)
        for port in ports.inputs:
            rubbish = self.random.integers(0, 1 << 64, self.count, np.uint64)
            word = rubbish
            for field in port.fields:
                word = _with_code(word, field, next(codes)[self._rows, taken])
            inputs[port.name] = np.where(given, word, rubbish)
        outputs, self._registers = self.unit.netlist.clock(inputs, self._registers)
        self._clocks += 1
        return {name: np.broadcast_to(value, self.count) for name, value in outputs.items()}

    def data(self, outputs: dict[str, Words]) -> Words:
        """Return the outputs that are data, a row for each field."""
        return np.stack([_field_word(outputs[field.port], field) for field in self.unit.ports.fields("output")])

    def control(self, outputs: dict[str, Words], role: str) -> Flags:
        """Return in which lanes the control output of a role is on."""
        on: Flags = outputs[self.unit.ports.of(role, "output").name] != 0
        return on

    def store(self, data: Words, chosen: Flags, place: Places) -> None:
        """Keep the outputs of the chosen lanes as results at their `place`."""
        rows = np.flatnonzero(chosen)
        for result, values in zip(self.results, data, strict=True):
            result[rows, place[rows]] = values[rows]

    def fail(self, wrong: Flags, place: Places, fault: Fault) -> None:
        """Raise `ProtocolError` if something is wrong with a lane."""
        if wrong.any():
            lane = int(np.argmax(wrong))
            raise ProtocolError(lane * self.each + int(place[lane]), describe_fault(fault, self.unit.ports))


def _with_code(words: Words, field: Field, code: Words) -> Words:
    """Return the words of a port with codes in a field, whose padding stays."""
    mask, low = np.uint64((1 << field.width - field.padding) - 1), np.uint64(field.low)
    return (code & mask) << low | words & ~(mask << low)


def _field_word(words: Words, field: Field) -> Words:
    """Return the bits of a field in the words of its port."""
    return words >> np.uint64(field.low) & np.uint64((1 << field.width) - 1)


def _run_comb(lanes: _Lanes, latency: int) -> None:
    given, place = lanes.flags(True), lanes.places()
    for _ in range(lanes.each):
        lanes.store(lanes.data(lanes.clock(given, place)), given, place)
        place += 1


def _run_pipeline(lanes: _Lanes, latency: int) -> None:
    place, held = lanes.places(), lanes.flags(False)
    before: Words | None = None
    while place.min() < lanes.each + latency:
        enable = lanes.gate("enable")
        data = lanes.data(lanes.clock(enable & (place < lanes.each), place, enable=enable))
        if before is not None:
            lanes.fail(held & (data != before).any(axis=0), place - latency, Fault.NOT_HELD)
        lanes.store(data, enable & (place >= latency) & (place < lanes.each + latency), place - latency)
        held, before = ~enable & (latency > 0), data
        place += enable


def _run_stream(lanes: _Lanes, latency: int) -> int:
    """Return the clocks from the first accepted input to the first valid output of the first lane, besides."""
    sent, received = lanes.places(), lanes.places()
    closed = lanes.flags(False)
    # A reset drops what is in flight: the unit is full when it comes, for one clock in which nothing else moves it on.
    for left in reversed(range(latency + 2)):
        moves = lanes.flags(left > 0)
        lanes.clock(closed, sent, reset=~moves, valid=moves, ready=moves)
    offering, waiting = closed, closed
    before: Words | None = None
    clock = idle = 0
    first_sent = first_valid = -1
    while idle < (latency + _DRAIN if received.min() == lanes.each else _PATIENCE + 16 * latency):
        # An offer, once made, stands until it is accepted. The first clock has none: what is valid there has no source.
        if clock > 0:
            offering = offering | (sent < lanes.each) & lanes.gate("valid")
        ready = lanes.gate("ready")
        if lanes.stalls:  # valid must not wait for ready: every other output is taken only once it is seen to wait
            ready &= waiting | (received % 2 == 0)
        outputs = lanes.clock(offering, sent, reset=closed, valid=offering, ready=ready)
        data, valid = lanes.data(outputs), lanes.control(outputs, "valid")
        accepted = offering & lanes.control(outputs, "ready")
        lanes.fail(waiting & ~valid, received, Fault.DROPPED)
        if before is not None:
            lanes.fail(waiting & (data != before).any(axis=0), received, Fault.CHANGED)
        sent += accepted
        offering = offering & ~accepted
        # A unit without registers answers an offer before it accepts it.
        answering = offering & (latency == 0)
        lanes.fail(valid & (received == sent) & ~answering, received, Fault.SURPLUS)
        taken = valid & ready
        lanes.store(data, taken, received)
        received += taken
        waiting, before = valid & ~ready, data
        first_sent = clock if first_sent < 0 and accepted[0] else first_sent
        first_valid = clock if first_valid < 0 and valid[0] else first_valid
        idle = 0 if (accepted | taken).any() else idle + 1
        clock += 1
    lanes.fail(received < lanes.each, received, Fault.TIMEOUT)
    return first_valid - first_sent


_LOOPS: dict[str, Callable[[_Lanes, int], int | None]] = {
    "comb": _run_comb,
    "pipeline": _run_pipeline,
    "stream": _run_stream,
}
