"""Activations of trained networks on an ECP5, at 8, 12 and 16 bits."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from softgate.explore.flows.measure import SEEDS
from softgate.hdl.build_options import BuildKeywords
from softgate.support.rows import Row

from .built import build, fmax_text, method_text
from .others import beside_others

__all__ = ["ACTIVATIONS", "measure_activations"]

_UP_TO_0: dict[str, Any] = {"input_range": (-16, 0)}

ACTIVATIONS: tuple[tuple[str, str, str, dict[str, Any]], ...] = (
    *((name, fmt, fmt, {}) for name in ("gelu", "silu") for fmt in ("SQ4.4", "SQ4.8", "SQ4.12")),
    ("exp", "SQ5.8", "UQ1.11", _UP_TO_0),
    ("exp", "SQ5.12", "UQ1.15", _UP_TO_0),
    *((name, fmt, fmt, {}) for name in ("elu", "mish", "hard_swish", "softsign") for fmt in ("SQ4.8", "SQ4.12")),
    ("softplus", "SQ4.8", "UQ4.8", {}),
    ("softplus", "SQ4.12", "UQ4.12", {"saturate": True}),
    ("erf", "SQ3.9", "SQ1.11", {"saturate": True}),
    ("sin", "SQ3.9", "SQ2.10", {}),
    ("sqrt", "UQ4.8", "UQ2.10", {}),
    ("reciprocal", "UQ1.11", "UQ1.11", {"input_range": (1, 1.999), "saturate": True}),
    ("leaky_relu", "SQ4.8", "SQ4.8", {}),
    ("gelu", "SQ4.4", "SQ4.6", {}),
    ("logistic", "SQ4.4", "UQ0.8", {"max_error": "0.5ulp"}),
)
"""Units that are measured: function, formats, and other arguments of `design`."""

_CLOCK = 200.0
"""MHz that they are built for."""


def measure_activations() -> Iterator[Row]:
    """Make, synthesise, place and route pipelines for an ECP5 (25k, speed grade 6; Fmax the median of three seeds).

    They have few look-up tables rather than few clocks, and neither multiplier blocks nor block RAM. The units of other
    projects follow beside those for the same work.
    """
    measured: dict[str, tuple[float, dict[str, str]]] = {}
    how: BuildKeywords = {"target": "ecp5", "frequency": _CLOCK, "objective": "luts", "dsp": 0, "bram": 0}
    for function, source, output, options in ACTIVATIONS:
        found, latency, result = build(function, source, output, how, seeds=SEEDS, effort="normal", **options)
        low, high = options.get("input_range", (None, None))
        held = "" if low is None else f" from {low} to {high}"
        limit = f", at most {options['max_error']}" if "max_error" in options else ""
        luts, carries = result.resources["LUT4"], result.resources["CCU2C"]
        row = Row(
            f"{function}, {source}{held} to {output}{limit}",
            {
                "method": method_text(found),
                "max error (ulp)": found.errors.largest_text.removesuffix(" ulp"),
                "latency": str(latency),
                "LUT4": str(luts),
                "CCU2C": str(carries),
                "LUT4 + 2 CCU2C": str(luts + 2 * carries),
                "Fmax (MHz)": fmax_text(result, _CLOCK),
            },
        )
        measured[row.label] = found.errors.max_abs, row.cells
        yield row
    yield from beside_others(measured)
