"""A run of a unit that contradicts its manifest: shown clock by clock, and as a waveform."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ...hdl.interfaces import Port, Ports
from ...support.files import naming, scratch_folder
from ...support.yosys import run_yosys
from ..engines.scoreboard import word_text

__all__ = ["Counterexample", "Moment"]


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


_SIMULATE = """read_verilog -nosynthesis unit.v
hierarchy -check -top {top}
proc
memory_map
sim -q -r run.yw -zinit -timescale 1ns -vcd run.vcd
"""
