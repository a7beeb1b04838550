"""Savings by a multiplier block or a block RAM: the same units with none and with one of either."""

from __future__ import annotations

from collections.abc import Iterator

from softgate.explore.flows.measure import SEEDS
from softgate.hdl.build_options import BuildKeywords
from softgate.support.rows import Row

from .built import build, fmax_text
from .peers import specifications

__all__ = ["measure_blocks"]

_CLOCK = 100.0
"""MHz that units are built for: about what the blocks reach without registers of their own."""

_WIDTHS = (16,)
"""Bits of the inputs: with far fewer nothing is left for a block to do."""

_GRANTED = {"none": (0, 0), "1 DSP": (1, 0), "1 block RAM": (0, 1), "1 of each": (1, 1)}
"""Multiplier blocks and block RAMs."""


def measure_blocks() -> Iterator[Row]:
    """Choose pipelines of 16 bits for 100 MHz and few look-up tables, with no block, one or two, for two targets.

    On an ECP5 (25k, speed grade 6; Fmax of one seed) LUT4 + 2 CCU2C count, on a Xilinx 7 series look-up tables, those
    that are shift registers included.
    """
    for function, source, output in specifications(_WIDTHS):
        cells: dict[str, str] = {}
        for name, granted in _GRANTED.items():
            luts, fmax = _measured("ecp5", SEEDS[:1], function, source, output, *granted)
            cells[f"{name}: LUT4 + 2 CCU2C"], cells[f"{name}: Fmax (MHz)"] = luts, fmax
        for name, granted in _GRANTED.items():
            cells[f"{name}: xc7 LUT + SRL"], _ = _measured("xc7", (), function, source, output, *granted)
        yield Row(f"{function}, {source} to {output}", cells)


def _measured(
    device: str, seeds: tuple[int, ...], function: str, source: str, output: str, dsp: int, bram: int
) -> tuple[str, str]:
    """Return the look-up tables of the best unit with so many blocks at most, and its clock if it is routed."""
    how: BuildKeywords = {"target": device, "frequency": _CLOCK, "objective": "luts", "dsp": dsp, "bram": bram}
    result = build(function, source, output, how, seeds=seeds).result
    if result.dsp > dsp or result.bram > bram:
        raise AssertionError(f"{result.dsp} DSP blocks and {result.bram} block RAMs instead of {dsp} and {bram}")
    return str(result.luts), fmax_text(result, _CLOCK)
