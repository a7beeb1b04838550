"""Costs of what may be asked of a unit beside its budget: the same units with and without."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from softgate.explore.flows.measure import SEEDS
from softgate.hdl.build_options import BuildKeywords
from softgate.support.rows import Row

from .built import build, fmax_text, method_text
from .peers import specifications

__all__ = ["measure_demands", "measure_monotonic"]

_CLOCK = 200.0
"""MHz that units are built for."""

_WIDTHS, _INTEGER_BITS = (8, 12, 16), (4,)
"""Bits of the inputs, which go over [-8, 8)."""

_DEMANDS: Mapping[str, Mapping[str, Any]] = {
    "": {},
    ", ends free": {"ends": "free"},
    ", symmetric": {"symmetric": True},
    ", bias at most 0.02ulp": {"max_bias": "0.02ulp"},
}


def measure_demands() -> Iterator[Row]:
    """Choose faithful pipelines with few look-up tables of an ECP5 for 200 MHz, with free ends, symmetric, unbiased.

    Mean errors are in ulp.
    """
    return _measure(_DEMANDS)


def measure_monotonic() -> Iterator[Row]:
    """Choose such pipelines that are to be monotonic, or may be."""
    return _measure({"": {}, ", monotonic": {"monotonic": True}})


def _measure(demands: Mapping[str, Mapping[str, Any]]) -> Iterator[Row]:
    how: BuildKeywords = {"target": "ecp5", "frequency": _CLOCK, "objective": "luts"}
    for function, source, output in specifications(_WIDTHS, _INTEGER_BITS):
        for text, asked in demands.items():
            found, latency, result = build(function, source, output, how, seeds=SEEDS, **asked)
            errors, ulp = found.errors, float(found.specification.output_format.ulp)
            yield Row(
                f"{function}, {source} to {output}{text}",
                {
                    "method": method_text(found),
                    "exact ends": "yes" if errors.exact_ends else "no",
                    "monotonic": "yes" if errors.monotonic else "no",
                    "symmetric": "yes" if errors.symmetric else "no",
                    "bias": f"{errors.bias / ulp:.3f}",
                    "bias of magnitudes": f"{errors.magnitude_bias / ulp:.3f}",
                    "latency": str(latency),
                    "LUT4": str(result.resources["LUT4"]),
                    "CCU2C": str(result.resources["CCU2C"]),
                    "Fmax (MHz)": fmax_text(result, _CLOCK),
                },
            )
