"""Composites on an ECP5: area, clock, latency and contract."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from softgate.explore.composites.design import design_composite
from softgate.explore.flows import synthesise
from softgate.hdl.targets import target
from softgate.support.rows import Row

__all__ = ["measure_composites"]

_UNITS: dict[str, dict[str, Any]] = {
    "softmax, stream, n = 10, SQ6.10 to UQ0.16, 2^-11": {
        "name": "softmax",
        "n": 10,
        "input_format": "SQ6.10",
        "output_format": "UQ0.16",
        "max_error": "2^-11",
        "frequency": 200,
    },
    "softmax, parallel, n = 8, SQ4.4 to UQ0.8, 2^-7": {
        "name": "softmax",
        "n": 8,
        "input_format": "SQ4.4",
        "output_format": "UQ0.8",
        "max_error": "2^-7",
        "arrangement": "parallel",
        "interface": "pipeline",
        "frequency": 210,  # place and route of so many paths needs a margin to keep 200
    },
}
"""What is measured, by label; frequencies in MHz."""

_SEEDS = (1, 2, 3)


def measure_composites() -> Iterator[Row]:
    """Build each composite for an ECP5 (25k, speed grade 6), and measure it: Fmax is the median of three seeds."""
    device = target("ecp5")
    for label, asked in _UNITS.items():
        found = design_composite(**{"target": "ecp5", "cache": True, **asked})
        hardware = found.hardware
        result = synthesise(device, found.verilog(), "softmax", ports=hardware.ports, seeds=_SEEDS)
        counts = result.resources
        limits = {promise.name: promise.limit or 0.0 for promise in found.contract}
        yield Row(
            label,
            {
                "max error": f"{limits['error']:.3g}",
                "sum at least": f"1 - {limits['sum']:.3g}",
                "latency": str(hardware.latency),
                **{name: str(counts[name]) for name in ("LUT4", "CCU2C", "LUTRAM", "FF", "DSP", "BRAM")},
                "eq": str(result.luts),
                "Fmax (MHz)": "none" if result.fmax is None else f"{result.fmax:.0f}",
            },
        )
