"""Emitted Verilog run over whole arrays without a compiler: numpy evaluates many copies of the unit at once.

Each copy (a lane) is given a run of consecutive inputs, clock by clock, through the interface. That takes some thousand
calls of numpy, 20 ms for a unit of 16 input bits; for millions of inputs `compiled` is faster (decision 011).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...hdl.interfaces import Ports
from .bit_patterns import Words, as_words, released
from .compiled import CompiledUnit, compile_unit
from .faults import Fault
from .lanes import Lanes
from .netlist_cells import UnsupportedCellError
from .word_netlist import WordNetlist, read_word_netlist

__all__ = ["InterpretedUnit", "interpret_unit", "quick_unit"]

_LANES = 1 << 12
"""Lanes among which inputs are divided, if these are many: their words stay in a processor's cache."""

_LEAST = 4
"""Inputs that a lane is given at least: they follow one another in the pipeline."""

_INTERPRETED_WIDTH = 20
"""Bits of input in all up to which a unit is interpreted where there is a choice."""

_PATIENCE = 256
"""Clocks without any transfer after which a stream is given up, beside some for its latency."""

_DRAIN = 4
"""Clocks, beside the latency, in which surplus outputs of a stream are waited for."""


class InterpretedUnit:
    """A unit as a netlist of words; every run starts from power-up. Made by `interpret_unit`."""

    def __init__(self, netlist: WordNetlist, ports: Ports, latency: int, held: int = 1) -> None:
        self.netlist = netlist
        self.ports = ports
        self.latency = latency
        self.held = held
        self._measured: int | None = None

    def run(self, *codes: NDArray[np.integer[Any]], stalls: int | None = None) -> tuple[Words, ...]:
        """Return every output's bit patterns for these inputs, one array for each field of the inputs, in order.

        As `CompiledUnit.run`, but registers without a reset start at random values.
        """
        words = as_words([np.repeat(code, self.held) for code in codes] if self.held > 1 else codes, self.ports)
        length = len(words[0])
        each = max(-(-length // _LANES), _LEAST)
        each += -each % self.held
        shape = (max(-(-length // each), 1), each)
        lanes = Lanes(self.netlist, self.ports, [np.resize(array, shape) for array in words], stalls)
        measured = _LOOPS[self.ports.protocol](lanes, self.latency)
        if stalls is None:
            self._measured = measured
        results = tuple(result.reshape(-1)[:length] for result in lanes.results)
        return results if self.held == 1 else tuple(released(result, self.held) for result in results)

    def measured_latency(self) -> int:
        """Return the clocks from the first accepted input of a stream to its first valid output, unstalled."""
        if self.ports.protocol != "stream":
            raise ValueError(f"the latency of a stream can be measured, not that of a {self.ports.protocol} unit")
        if self._measured is None:
            self.run(*(np.zeros(1, np.int64) for _ in self.ports.fields("input")))
        return self._measured or 0


def interpret_unit(verilog: str, top: str, *, ports: Ports, latency: int, held: int = 1) -> InterpretedUnit:
    """Read the module `top`, whose ports are `ports` and whose latency is in clocks (for `held` see `compile_unit`).

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
    return InterpretedUnit(netlist, ports, latency, held)


def quick_unit(verilog: str, top: str, *, ports: Ports, latency: int, held: int = 1) -> InterpretedUnit | CompiledUnit:
    """Return what runs all inputs of a unit soonest: it interpreted or, with many inputs or wide words, compiled."""
    if sum(field.width - field.padding for field in ports.data("input")) <= _INTERPRETED_WIDTH:
        try:
            return interpret_unit(verilog, top, ports=ports, latency=latency, held=held)
        except UnsupportedCellError:
            pass
    return compile_unit(verilog, top, ports=ports, latency=latency, held=held)


def _run_comb(lanes: Lanes, latency: int) -> None:
    given, place = lanes.flags(True), lanes.places()
    for _ in range(lanes.each):
        lanes.store(lanes.data(lanes.clock(given, place)), given, place)
        place += 1


def _run_pipeline(lanes: Lanes, latency: int) -> None:
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


def _run_stream(lanes: Lanes, latency: int) -> int:
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


_LOOPS: dict[str, Callable[[Lanes, int], int | None]] = {
    "comb": _run_comb,
    "pipeline": _run_pipeline,
    "stream": _run_stream,
}
