"""Polynomials found in different ways, side by side: how many segments they take, and how many look-up tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from softgate.accuracy.budget import Budget
from softgate.accuracy.specification import Specification
from softgate.functions import create_function
from softgate.hdl.build_options import BuildKeywords
from softgate.methods.integer_polynomials.candidates import exact_refusal
from softgate.plan.formats import FixedFormat
from softgate.support.rows import Row

from .built import build

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


def measure_fits() -> Iterator[Row]:
    """Make faithful units by every fit, as pipelines for an ECP5 at 200 MHz without blocks, and synthesise them."""
    how: BuildKeywords = {"target": "ecp5", "frequency": 200.0, "objective": "luts", "dsp": 0, "bram": 0}
    for function, source, output in _FORMATS:
        parse = FixedFormat.parse
        specification = Specification(create_function(function), parse(source), parse(output), Budget.parse("1ulp"))
        for fit in FITS:
            if fit["fit"] == "exact" and exact_refusal(specification) is not None:
                continue
            found, latency, result = build(function, source, output, how, method="polynomial", max_error="1ulp", **fit)
            yield Row(
                f"{function}, {source} to {output}, {', '.join(fit.values())}",
                {
                    "degree": str(found.parameters["degree"]),
                    "segments": str(found.parameters["segments"]),
                    "max error (ulp)": f"{found.errors.max_ulp:.4f}",
                    "correctly rounded": f"{100 * found.errors.correctly_rounded:.1f} %",
                    "latency": str(latency),
                    "LUT4 + 2 CCU2C": str(result.luts),
                },
            )
