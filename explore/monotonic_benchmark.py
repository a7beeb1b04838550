"""What monotonic outputs cost: the same units with and without."""

from __future__ import annotations

from collections.abc import Iterator

from ..hdl.unit import Pipelining
from .benchmark import Row
from .built import build, fmax_text, method_text
from .measure import SEEDS
from .peers import specifications

__all__ = ["measure_monotonic"]

_CLOCK = 200.0
"""MHz that units are built for."""

_WIDTHS, _INTEGER_BITS = (8, 12, 16), (4,)
"""Bits of the inputs, which go over [-8, 8)."""


def measure_monotonic() -> Iterator[Row]:
    """Choose faithful pipelines with few look-up tables of an ECP5 for 200 MHz, that are to be monotonic, or may be."""
    how: Pipelining = {"target": "ecp5", "frequency": _CLOCK, "objective": "luts"}
    for function, source, output in specifications(_WIDTHS, _INTEGER_BITS):
        for monotonic in (False, True):
            found, latency, result = build(function, source, output, how, seeds=SEEDS, monotonic=monotonic)
            yield Row(
                f"{function}, {source} to {output}{', monotonic' if monotonic else ''}",
                {
                    "method": method_text(found),
                    "is monotonic": "yes" if found.errors.monotonic else "no",
                    "latency": str(latency),
                    "LUT4": str(result.resources["LUT4"]),
                    "CCU2C": str(result.resources["CCU2C"]),
                    "Fmax (MHz)": fmax_text(result, _CLOCK),
                },
            )
