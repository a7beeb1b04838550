"""Polynomials found in different ways, side by side: how many segments they take, and how many look-up tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..hdl.targets import target
from ..hdl.unit import Pipelining
from ..plan.formats import FixedFormat
from .benchmark import Row
from .design import design
from .measure import measure

__all__ = ["FITS", "measure_fits"]

FITS: tuple[Mapping[str, Any], ...] = (
    {"fit": "exact"},
    {"fit": "taylor"},
    {"fit": "least_squares", "weight": "legendre"},
    {"fit": "least_squares", "weight": "chebyshev"},
    {"fit": "minimax"},
    {"fit": "continuous"},
)

_FORMATS = (
    ("tanh", "SQ4.8", "SQ1.11"),
    ("logistic", "SQ4.8", "UQ0.12"),
    ("tanh", "SQ4.12", "SQ1.15"),
    ("logistic", "SQ4.12", "UQ0.16"),
    ("tanh", "SQ4.20", "SQ1.23"),
    ("logistic", "SQ4.20", "UQ0.24"),
)
_EXACT_WIDTH = 20
"""Input bits up to which there is an exact fit."""


def measure_fits() -> Iterator[Row]:
    """Make faithful units by every fit, as pipelines for an ECP5 at 200 MHz without blocks, and synthesise them."""
    device = target("ecp5")
    how: Pipelining = {"target": device.name, "frequency": 200.0, "objective": "luts", "dsp": 0, "bram": 0}
    for function, source, output in _FORMATS:
        for fit in FITS:
            if fit["fit"] == "exact" and FixedFormat.parse(source).width > _EXACT_WIDTH:
                continue
            found = design(function, source, output, method="polynomial", max_error="1ulp", pipelining=how, **fit)
            schedule = found.schedule("pipeline", **how)
            result = measure(device, schedule, "pipeline", seeds=(), frequency=200.0, dsp=False, bram=False)
            yield Row(
                f"{function}, {source} to {output}, {', '.join(fit.values())}",
                {
                    "degree": str(found.parameters["degree"]),
                    "segments": str(found.parameters["segments"]),
                    "max error (ulp)": f"{found.errors.max_ulp:.4f}",
                    "correctly rounded": f"{100 * found.errors.correctly_rounded:.1f} %",
                    "latency": str(schedule.latency),
                    "LUT4 + 2 CCU2C": str(result.luts),
                },
            )
