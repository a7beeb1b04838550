"""The cell of an LSTM in hardware: its golden model in the place of the float cell, and its Verilog."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

import softgate
from softgate.explore.composites.design import CompositeDesign
from softgate.sim.engines.bit_patterns import decode
from softgate.sim.engines.compiled import compile_unit

from .lstm import Cell, Floats

Codes = NDArray[np.int64]


class States(NamedTuple):
    """Codes of h and of the new c."""

    h: Codes
    c_next: Codes

    def differences(self, other: "States") -> int:
        """Return the number of elements at which either differs."""
        return int(((self.h != other.h) | (self.c_next != other.c_next)).sum())


@dataclass
class Recorded:
    """A cell that keeps all that it was given, and all that it made of it."""

    cell: Cell
    steps: list[tuple[Floats, Floats, Floats, Floats]] = field(default_factory=list)

    def __call__(self, sums: Floats, cell: Floats) -> tuple[Floats, Floats]:
        made = self.cell(sums, cell)
        self.steps.append((sums, cell, *made))
        return made

    def inputs(self) -> tuple[Floats, Floats]:
        """Return the pre-activations and the old c of all steps, one sequence after the other."""
        return np.concatenate([step[0] for step in self.steps]), np.concatenate([step[1] for step in self.steps])

    def outputs(self) -> tuple[Floats, Floats]:
        """Return h and the new c of all steps, likewise."""
        return np.concatenate([step[2] for step in self.steps]), np.concatenate([step[3] for step in self.steps])


class HardwareCell:
    """The golden model of an LSTM cell in hardware, as a cell: it rounds floats to codes and returns floats.

    Parameters
    ----------
    design
        An LSTM cell with its pre-activations in the order of ONNX, as `softgate.lstm_cell` makes one.

    """

    def __init__(self, design: CompositeDesign) -> None:
        hardware = design.hardware
        self.design = design
        self.inputs, self.outputs = (
            {each.name: hardware.formats[each.name] for each in hardware.ports.data(direction)}
            for direction in ("input", "output")
        )

    @classmethod
    def of_bits(cls, bits: int) -> "HardwareCell":
        """Design a cell for the detector, whose sums, gates and h have `bits` bits and whose c has four more.

        Sums and c saturate at -32 and 32, which those of the detector do not reach.
        """
        formats = f"SQ6.{bits - 6}", f"UQ0.{bits}", f"SQ6.{bits - 2}", f"SQ1.{bits - 1}"
        return cls(softgate.lstm_cell(*formats, order="iofc", target="ecp5", frequency=100))

    def codes(self, sums: Floats, cell: Floats) -> dict[str, Codes]:
        """Return pre-activations and old c as codes, one-dimensional arrays by the names of the hardware's inputs."""
        values = dict(zip("iofg", np.split(sums, 4, axis=1), strict=True), c=cell)
        return {name: fmt.quantize(values[name].ravel()) for name, fmt in self.inputs.items()}

    def joined(self, *steps: tuple[Floats, Floats]) -> dict[str, Codes]:
        """Return the codes of several arrays of pre-activations and old c, one after the other."""
        parts = [self.codes(*step) for step in steps]
        return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}

    def __call__(self, sums: Floats, cell: Floats) -> tuple[Floats, Floats]:
        h, c_next = self.floats(self.golden(self.codes(sums, cell)))
        return h.reshape(cell.shape), c_next.reshape(cell.shape)

    def golden(self, codes: Mapping[str, Codes]) -> States:
        """Return the golden model's codes of h and the new c."""
        return States(*self.design.golden.transfers([codes[name] for name in self.inputs]))

    def verilog(self, codes: Mapping[str, Codes], folder: Path) -> States:
        """Emit the cell into a folder, and run the Verilog that is there, a transfer for each element."""
        manifest = self.design.emit(folder)
        text = (folder / manifest.verilog).read_text()
        unit = compile_unit(text, manifest.name, ports=manifest.ports, latency=manifest.latency)
        words = unit.run(*(codes[name] for name in self.inputs))
        fields = manifest.ports.fields("output")
        return States(*(decode(w, f.width, f.signed).astype(np.int64) for w, f in zip(words, fields, strict=True)))

    def floats(self, codes: States) -> tuple[Floats, Floats]:
        """Return the values of h and the new c, in float32."""
        h, c_next = (
            fmt.to_float(each).astype(np.float32) for fmt, each in zip(self.outputs.values(), codes, strict=True)
        )
        return h, c_next
