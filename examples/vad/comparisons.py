"""Comparisons of the detector with the original: with other gates, and with the whole cell in hardware."""

import tempfile
from pathlib import Path

import numpy as np
import onnx

from .detector import probabilities
from .hardware import HardwareCell, Recorded
from .lstm import Floats, Gates, Watched

WIDTHS = 8, 10, 12, 16
CELL_WIDTHS = 10, 12, 16


def compare_gates(model: onnx.ModelProto, samples: Floats, original: Floats) -> None:
    """Print what the original's gates are asked for, and a row of changes for each width."""
    watched = Gates(*(Watched(function) for function in Gates.exact()))
    exact = probabilities(model, watched, samples)
    print(f"float32 gates in numpy: at most {abs(exact - original).max():.1e} from ONNX Runtime")
    for name, seen in watched._asdict().items():
        print(f"inputs of {name}: {seen.low:.1f} to {seen.high:.1f}")
    print("\n| bits of the gates | largest change of the probability | mean change | frames decided otherwise |")
    print("|---|---|---|---|")
    for bits in WIDTHS:
        print(f"| {bits} | {changes(probabilities(model, Gates.rounded(bits), samples), original)} |")


def compare_cells(model: onnx.ModelProto, samples: Floats, original: Floats) -> bool:
    """Print a row of errors and changes for each cell, and return whether their Verilog is as their golden models.

    The errors are those on the sums and states of the original; the changes come with the golden model in the loop.
    """
    recorded = Recorded(Gates.exact())
    probabilities(model, recorded, samples)
    print("\n| bits of sums and gates | error of h, largest (RMS) | error of c', largest (RMS) | ", end="")
    print("largest change of the probability | mean change | frames decided otherwise | transfers that differ |")
    print("|---|---|---|---|---|---|---|")
    equal = True
    for bits in CELL_WIDTHS:
        cell = HardwareCell.of_bits(bits)
        in_loop = Recorded(cell)
        found = probabilities(model, in_loop, samples)
        errors = [abs(a - b) for a, b in zip(cell(*recorded.inputs()), recorded.outputs(), strict=True)]
        shown = " | ".join(f"{error.max():.5f} ({np.sqrt(np.mean(error**2)):.5f})" for error in errors)
        codes = cell.joined(recorded.inputs(), in_loop.inputs())
        with tempfile.TemporaryDirectory() as folder:
            differ = cell.golden(codes).differences(cell.verilog(codes, Path(folder)))
        print(f"| {bits} | {shown} | {changes(found, original)} | {differ} of {len(codes['c'])} |", flush=True)
        equal = equal and not differ
    return equal


def changes(found: Floats, original: Floats) -> str:
    """Return the changes of the probability as cells of a table."""
    change, otherwise = abs(found - original), ((found > 0.5) != (original > 0.5)).sum()
    return f"{change.max():.4f} | {change.mean():.5f} | {otherwise}"
