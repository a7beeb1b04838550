"""Runs that show a fault in how a unit moves: found at random, cut down to what matters, and shown clock by clock.

Where a lemma of `protocol` fails, the registers that it names tell an engineer what is wrong, but from a state that may
never come about. A run starts from a reset, and what comes out is compared with the golden model: it shows what a
neighbour of the unit would see.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from ...hdl.interfaces import Port, Ports
from ...hdl.manifest import Manifest
from ...support.files import naming, scratch_folder
from ...support.yosys import YosysError, run_yosys
from ..engines.compiled import CompiledUnit, compile_unit
from ..engines.scoreboard import CALM, Transfer, Wishes, scoreboard, word_code
from ..golden.model import golden
from ..stimulus import stimulus_codes
from ..transfers import add_last, input_words, output_words

__all__ = ["Counterexample", "Moment", "find_counterexample"]

_ATTEMPTS = 1500
"""Random runs tried."""

_TRANSFERS = 64
"""Different transfers in a run; it repeats them if it has more."""


@dataclass(frozen=True)
class Moment:
    """A clock of a run: the words of all ports but the clock, as they stand before its edge, and what happens at it."""

    words: Mapping[str, int]
    note: str


@dataclass(frozen=True)
class Counterexample:
    """A run from a reset, or from power-up where there is none, to a fault.

    Parameters
    ----------
    complaint
        What is wrong in the last clock; transfers go by their numbers.
    ports
        Ports of the unit.
    moments
        The clocks.

    """

    complaint: str
    ports: Ports
    moments: tuple[Moment, ...]

    def table(self) -> str:
        """Return the run as a table, a clock a line; in place of data that nobody looks at are dots."""
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
        return str(word_code(port, word)) if looked_at else "."

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
    """Look for a run of a module in which it does other than its manifest says; None if none is found.

    Raises
    ------
    MissingToolError
        If there is no compiler.

    """
    ports = manifest.ports
    try:
        unit = compile_unit(verilog, manifest.name, ports=ports, latency=manifest.latency)
    except (YosysError, ValueError):
        return None
    for seed in range(_ATTEMPTS):
        transfers = _transfers(manifest, seed)
        if found := _search(unit, transfers, list(_wishes(manifest, seed))):
            return found
    if ports.protocol == "stream":  # nothing wrong but, perhaps, the latency
        return _search(unit, transfers, [(False, True, True)] * (2 * manifest.latency + _TRANSFERS), timed=True)
    return None


def _search(
    unit: CompiledUnit, transfers: Sequence[Transfer], wishes: Sequence[Wishes], *, timed: bool = False
) -> Counterexample | None:
    """Play a run; return the fault in it, if there is one, in as short and quiet a run as can be made of it."""
    run = partial(_play, unit, transfers, timed=timed)
    return _shrunk(run, found, wishes, CALM[unit.ports.protocol]) if (found := run(wishes)) else None


def _transfers(manifest: Manifest, seed: int) -> list[Transfer]:
    """Return transfers at random; neighbours have different answers, if there are such at all."""
    random = np.random.default_rng(seed)
    choice = stimulus_codes(manifest.plan, seed)
    codes = choice[:, random.integers(0, choice.shape[1], 4 * _TRANSFERS)]
    answers = golden(manifest.plan)(*codes)
    columns = np.array(answers if isinstance(answers, tuple) else [answers])
    differ = np.flatnonzero(np.append(True, (columns[:, 1:] != columns[:, :-1]).any(axis=0)))[:_TRANSFERS]
    ports = manifest.ports
    sent, received = add_last(ports, list(codes[:, differ]), list(columns[:, differ]), seed)
    return list(zip(input_words(ports, sent, seed), output_words(ports, received), strict=True))


def _wishes(manifest: Manifest, seed: int) -> Iterator[Wishes]:
    """Yield what surrounds the unit wants, at random: now and then, mostly, always."""
    random = np.random.default_rng(seed)
    shares = [random.choice([0.3, 0.7])]
    if manifest.ports.protocol == "stream":
        shares = [random.choice([0.0, 0.04]), random.choice([0.3, 0.7, 1.0]), random.choice([0.2, 0.5, 0.8, 1.0])]
    count = int(random.integers(8, 4 * manifest.latency + 32))
    for row in random.random((count, len(shares))) < shares:
        yield tuple(map(bool, row))


def _play(
    unit: CompiledUnit, transfers: Sequence[Transfer], wishes: Sequence[Wishes], *, timed: bool
) -> Counterexample | None:
    """Play a run, of a stream after a clock of reset; return it up to the first fault, if there is one."""
    board = scoreboard(unit.ports, unit.latency, transfers, timed=timed)
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
    """Leave out of a run what it does not need to go wrong: clocks, and then resets, offers and stalls."""
    wishes = list(wishes[: len(found.moments)])
    place = 0
    while place < len(wishes):
        row = wishes[place]
        quieter = [[(*row[:n], quiet, *row[n + 1 :])] for n, quiet in enumerate(calm) if row[n] != quiet]
        for instead in ([], *quieter):
            candidate = [*wishes[:place], *instead, *wishes[place + 1 :]]
            if again := run(candidate):
                found, wishes, place = again, candidate[: len(again.moments)], -1  # what could not go before may now
                break
        place += 1
    return found
