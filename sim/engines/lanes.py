"""Copies of an interpreted unit that run side by side, each on consecutive inputs of its own."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ...hdl.interfaces import Field, Ports
from .bit_patterns import Words
from .faults import Fault, ProtocolError, describe_fault
from .word_netlist import WordNetlist

__all__ = ["Flags", "Lanes", "Places"]

Flags = NDArray[np.bool_]
Places = NDArray[np.int64]

_BURST = 8
"""Clocks for which a gate stays as likely to be open as it is."""


class Lanes:
    """Copies of a unit in the middle of a run; lane i is given row i of every array of `codes`."""

    def __init__(self, netlist: WordNetlist, ports: Ports, codes: Sequence[Words], stalls: int | None) -> None:
        self.ports = ports
        self.codes = codes
        self.stalls = stalls is not None
        self.random = np.random.default_rng(stalls or 0)
        self.count, self.each = codes[0].shape
        self.results = [np.zeros((self.count, self.each), np.uint64) for _ in ports.fields("output")]
        self._netlist = netlist
        self._registers = netlist.power_up(self.count, self.random)
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
        inputs = {}
        for role, on in control.items():
            port = self.ports.of(role, "input")
            inputs[port.name] = (on ^ port.active_low).astype(np.uint64)
        taken = np.minimum(place, self.each - 1)
        codes = iter(self.codes)
        for port in self.ports.inputs:
            rubbish = self.random.integers(0, 1 << 64, self.count, np.uint64)
            word = rubbish
            for field in port.fields:
                word = _with_code(word, field, next(codes)[self._rows, taken])
            inputs[port.name] = np.where(given, word, rubbish)
        outputs, self._registers = self._netlist.clock(inputs, self._registers)
        self._clocks += 1
        return {name: np.broadcast_to(value, self.count) for name, value in outputs.items()}

    def data(self, outputs: dict[str, Words]) -> Words:
        """Return the outputs that are data, a row for each field."""
        return np.stack([_field_word(outputs[field.port], field) for field in self.ports.fields("output")])

    def control(self, outputs: dict[str, Words], role: str) -> Flags:
        """Return in which lanes the control output of a role is on."""
        on: Flags = outputs[self.ports.of(role, "output").name] != 0
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
            raise ProtocolError(lane * self.each + int(place[lane]), describe_fault(fault, self.ports))


def _with_code(words: Words, field: Field, code: Words) -> Words:
    """Return the words of a port with codes in a field, whose padding stays."""
    mask, low = np.uint64((1 << field.width - field.padding) - 1), np.uint64(field.low)
    return (code & mask) << low | words & ~(mask << low)


def _field_word(words: Words, field: Field) -> Words:
    """Return the bits of a field in the words of its port."""
    return words >> np.uint64(field.low) & np.uint64((1 << field.width) - 1)
