"""Counterexamples to the protocol: runs found at random, reduced to a minimum, and shown clock by clock.

If a lemma of `protocol` fails, it names the registers that break it, but in a state that may be unreachable. A run
starts from a reset, and its outputs are compared with the golden model: it shows the fault as a neighbour of the unit
would see it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from ...hdl.interfaces import Port, Ports
from ...hdl.manifest import Manifest
from ...support.files import naming, scratch_folder
from ...support.yosys import YosysError, run_yosys
from ..engines.compiled import CompiledUnit, compile_unit
from ..engines.scoreboard import CALM, Transfer, Wishes, scoreboard, word_text
from ..golden.model import GoldenModel, golden
from ..stimulus import stimulus_codes
from ..transfers import add_last, input_words, output_words

__all__ = ["Counterexample", "Moment", "find_counterexample", "find_run"]

_ATTEMPTS = 1500
"""Number of random runs tried."""

_TRANSFERS = 64
"""Number of different transfers in a run; longer runs repeat them."""


class Emitted(Protocol):
    """The part of a manifest that a run needs."""

    @property
    def name(self) -> str:
        """Name of the module."""

    @property
    def ports(self) -> Ports:
        """Its ports."""

    @property
    def latency(self) -> int:
        """Clocks from the first input to the first output."""


@dataclass(frozen=True)
class Moment:
    """A clock of a run: the words of all ports but the clock before its edge, and the event at the edge."""

    words: Mapping[str, int]
    note: str


@dataclass(frozen=True)
class Counterexample:
    """A run from a reset, or from power-up if the unit has no reset, to a fault.

    Parameters
    ----------
    complaint
        The fault in the last clock; transfers are numbered.
    ports
        Ports of the unit.
    moments
        The clocks.

    """

    complaint: str
    ports: Ports
    moments: tuple[Moment, ...]

    def table(self) -> str:
        """Return the run as a table, one line per clock, with dots for data that nobody reads."""
        ports = [port for port in self.ports if port.role != "clock"]
        rows = [["clock", *(port.name for port in ports), ""]]
        for number, moment in enumerate(self.moments, start=1):
            rows.append([str(number), *(self._shown(port, moment) for port in ports), moment.note])
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        lines = ("  ".join(cell.rjust(width) for cell, width in zip(row[:-1], widths, strict=False)) for row in rows)
        return "\n".join(f"{line}   {row[-1]}".rstrip() for line, row in zip(lines, rows, strict=True))

    def _shown(self, port: Port, moment: Moment) -> str:
        word = moment.words[port.name]
        if port.role not in ("data", "last"):
            return str(word)
        if self.ports.protocol == "stream":
            looked_at = moment.words[self.ports.of("valid", port.direction).name]
        else:
            looked_at = port.direction == "output" or moment.words[self.ports.of("enable").name]
        return word_text(port, word) if looked_at else "."

    def write_vcd(self, path: Path, verilog: str, top: str) -> None:
        """Write a VCD file with all signals of the module in this run, ten time units a clock.

        Yosys simulates the run again; registers are 0 at its beginning.
        """
        inputs = [port for port in self.ports if port.direction == "input" and port.role != "clock"]
        witness = {
            "format": "Yosys Witness Trace",
            "generator": "softgate",
            "clocks": [{"path": [f"\\{self.ports.of('clock').name}"], "edge": "posedge", "offset": 0}],
            "signals": [{"path": [f"\\{p.name}"], "offset": 0, "width": p.width, "init_only": False} for p in inputs],
            "steps": [
                {"bits": "".join(f"{moment.words[port.name]:0{port.width}b}" for port in reversed(inputs))}
                for moment in self.moments
            ],
        }
        with scratch_folder() as folder:
            (folder / "unit.v").write_text(verilog, encoding="utf-8")
            (folder / "run.yw").write_text(json.dumps(witness), encoding="ascii")
            run_yosys(_SIMULATE.format(top=top), cwd=folder)
            trace = (folder / "run.vcd").read_bytes()
        with naming(path):
            path.write_bytes(trace)


_SIMULATE = """read_verilog unit.v
hierarchy -check -top {top}
proc
memory_map
sim -q -r run.yw -zinit -timescale 1ns -vcd run.vcd
"""


def find_counterexample(manifest: Manifest, verilog: str) -> Counterexample | None:
    """Search for a run of a unit that contradicts its manifest; return None if none is found.

    Raises
    ------
    MissingToolError
        If no C++ compiler is installed.

    """
    model, choice = golden(manifest.plan), stimulus_codes(manifest.plan)

    def transfers(seed: int) -> list[Transfer]:
        found = _transfers(manifest.ports, model, choice, seed)
        return [transfer for transfer in found for _ in range(manifest.held)]

    return find_run(manifest, verilog, transfers)


def find_run(
    manifest: Emitted, verilog: str, transfers: Callable[[int], Sequence[Transfer]], *, vectors: bool = False
) -> Counterexample | None:
    """Search for a run of a module in which it does not answer transfers as it should; return None if none is found.

    Parameters
    ----------
    manifest
        Its name, ports and latency.
    verilog
        Its text.
    transfers
        Random transfers and their answers for a seed.
    vectors
        Whether transfers are elements of vectors, which are answered when their last is there.

    Raises
    ------
    MissingToolError
        If no C++ compiler is installed.

    """
    ports = manifest.ports
    try:
        unit = compile_unit(verilog, manifest.name, ports=ports, latency=manifest.latency)
    except (YosysError, ValueError):
        return None
    for seed in range(_ATTEMPTS):
        sent = transfers(seed)
        if found := _search(unit, sent, list(_wishes(manifest, seed)), vectors=vectors):
            return found
    if ports.protocol == "stream" and not vectors:  # at most the latency is wrong
        return _search(unit, sent, [(False, True, True)] * (2 * manifest.latency + _TRANSFERS), timed=True)
    return None


def _search(
    unit: CompiledUnit,
    transfers: Sequence[Transfer],
    wishes: Sequence[Wishes],
    *,
    timed: bool = False,
    vectors: bool = False,
) -> Counterexample | None:
    """Play a run; if it has a fault, return the run reduced to as few clocks and events as possible."""
    run = partial(_play, unit, transfers, timed=timed, vectors=vectors)
    return _shrunk(run, found, wishes, CALM[unit.ports.protocol]) if (found := run(wishes)) else None


def _transfers(ports: Ports, model: GoldenModel, choice: NDArray[Any], seed: int) -> list[Transfer]:
    """Return random transfers of some input codes; consecutive ones have different outputs, if the unit has any."""
    random = np.random.default_rng(seed)
    codes = choice[:, random.integers(0, choice.shape[1], 4 * _TRANSFERS)]
    answers = model(*codes)
    columns = np.array(answers if isinstance(answers, tuple) else [answers])
    differ = np.flatnonzero(np.append(True, (columns[:, 1:] != columns[:, :-1]).any(axis=0)))[:_TRANSFERS]
    sent, received = add_last(ports, list(codes[:, differ]), list(columns[:, differ]), seed)
    return list(zip(input_words(ports, sent, seed), output_words(ports, received), strict=True))


def _wishes(manifest: Emitted, seed: int) -> Iterator[Wishes]:
    """Yield random demands of the unit's neighbours: now and then, mostly, always."""
    random = np.random.default_rng(seed)
    shares = [random.choice([0.3, 0.7])]
    if manifest.ports.protocol == "stream":
        shares = [random.choice([0.0, 0.04]), random.choice([0.3, 0.7, 1.0]), random.choice([0.2, 0.5, 0.8, 1.0])]
    count = int(random.integers(8, 4 * manifest.latency + 32))
    for row in random.random((count, len(shares))) < shares:
        yield tuple(map(bool, row))


def _play(
    unit: CompiledUnit, transfers: Sequence[Transfer], wishes: Sequence[Wishes], *, timed: bool, vectors: bool
) -> Counterexample | None:
    """Play a run, of a stream after one clock of reset; return it up to the first fault, if any."""
    board = scoreboard(unit.ports, unit.latency, transfers, timed=timed, vectors=vectors)
    first: list[Wishes] = [(True, False, False)] if unit.ports.protocol == "stream" else []
    moments: list[Moment] = []
    with unit.player() as clock:
        for wish in [*first, *wishes]:
            given = board.drive(wish)
            seen = clock(given)
            note, complaint = board.judge(seen)
            moments.append(Moment({**given, **seen}, note))
            if complaint:
                return Counterexample(complaint, unit.ports, tuple(moments))
    return None


def _shrunk(
    run: Callable[[Sequence[Wishes]], Counterexample | None],
    found: Counterexample,
    wishes: Sequence[Wishes],
    calm: Wishes,
) -> Counterexample:
    """Remove everything from a run that its fault does not need: clocks, then resets, offers and stalls."""
    wishes = list(wishes[: len(found.moments)])
    for length in (64, 32, 16, 8, 4, 2):  # long runs of clocks first
        place = 0
        while place + length <= len(wishes):
            candidate = wishes[:place] + wishes[place + length :]
            if again := run(candidate):
                found, wishes = again, candidate[: len(again.moments)]
            else:
                place += length
    place = 0
    while place < len(wishes):
        row = wishes[place]
        quieter = [[(*row[:n], quiet, *row[n + 1 :])] for n, quiet in enumerate(calm) if row[n] != quiet]
        for instead in ([], *quieter):
            candidate = [*wishes[:place], *instead, *wishes[place + 1 :]]
            if again := run(candidate):
                found, wishes, place = again, candidate[: len(again.moments)], -1  # try earlier clocks again
                break
        place += 1
    return found
