"""Units on an ECP5: the table of the README."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from softgate.explore.flows.measure import SEEDS
from softgate.hdl.build_options import BuildKeywords
from softgate.support.rows import Row

from .built import build, fmax_text, method_text

__all__ = ["UNITS", "measure_units"]

UNITS: tuple[tuple[str, str, str, dict[str, Any]], ...] = (
    ("hard_tanh", "SQ4.12", "SQ1.15", {}),
    ("hard_logistic", "SQ4.12", "UQ0.16", {"variant": "taylor"}),
    ("hard_logistic", "SQ4.12", "UQ0.16", {"variant": "keras3"}),
    ("tanh", "SQ4.4", "SQ1.7", {}),
    ("logistic", "SQ4.8", "UQ0.12", {}),
    ("tanh", "SQ4.8", "SQ1.11", {}),
    ("tanh", "SQ4.8", "SQ1.11", {"max_error": "0.5ulp"}),
    ("logistic", "SQ4.12", "UQ0.16", {}),
    ("tanh", "SQ4.12", "SQ1.15", {}),
    ("logistic", "SQ4.12", "UQ0.16", {"method": "taylor", "degree": 3, "segments": 16}),
)
"""Units that are measured: function, formats, and other arguments of `design`."""

_CLOCK = 200.0
"""MHz that they are built for."""


def measure_units() -> Iterator[Row]:
    """Make, synthesise, place and route the units for an ECP5 (25k, speed grade 6; Fmax the median of three seeds).

    They are streams for 200 MHz, with few look-up tables rather than few clocks.
    """
    how: BuildKeywords = {"target": "ecp5", "frequency": _CLOCK, "objective": "luts"}
    for function, source, output, options in UNITS:
        found, latency, result = build(
            function, source, output, how, interface="stream", seeds=SEEDS, effort="normal", **options
        )
        asked = ", ".join(f"{key}={value}" for key, value in options.items() if key != "max_error")
        budget = f", at most {options['max_error']}" if "max_error" in options else ""
        yield Row(
            f"{function}{f' ({asked})' if asked else ''}, {source} to {output}{budget}",
            {
                "method": method_text(found),
                "max error (ulp)": f"{found.errors.max_ulp:.5f}",
                "correctly rounded": f"{100 * found.errors.correctly_rounded:.2f} %",
                "latency": str(latency),
                **{name: str(result.resources[name]) for name in ("LUT4", "CCU2C", "FF", "DSP")},
                "block RAM": str(result.bram),
                "Fmax (MHz)": fmax_text(result, _CLOCK),
            },
        )
