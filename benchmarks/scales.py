"""Units between formats with scales and zero points beside those of fixed-point formats, in look-up tables."""

from __future__ import annotations

from collections.abc import Iterator

from softgate.hdl.build_options import BuildKeywords
from softgate.support.rows import Row

from .built import build, method_text

__all__ = ["UNITS", "measure_scales"]

UNITS = (
    ("logistic", "SQ4.4", "UQ0.8"),
    ("logistic", "int8:0.0627:0", "UQ0.8"),
    ("logistic", "int8:0.0627:-3", "UQ0.8"),
    ("logistic", "int8:0.0627:-3", "int8:0.0039:-128"),
    ("tanh", "SQ3.5", "SQ1.7"),
    ("tanh", "int8:0.0314:0", "int8:0.0079:0"),
    ("tanh", "int8:0.0314:-3", "int8:0.0079:2"),
    ("gelu", "SQ4.4", "SQ4.4"),
    ("gelu", "int8:0.0627:0", "int8:0.0627:0"),
    ("gelu", "int8:0.0627:-3", "int8:0.0627:-3"),
    ("gelu", "int8:0.0627:-3", "int8:0.0341:-120"),
    ("elu", "SQ4.4", "SQ4.4"),
    ("elu", "int8:0.0627:0", "int8:0.0627:0"),
    ("elu", "int8:0.0627:-3", "int8:0.0627:-3"),
    ("elu", "int8:0.0627:-3", "int8:0.0353:-99"),
)
"""Function, input and output: for each function, formats of about the same step without a scale and with one."""

_HOW: BuildKeywords = {"target": "ecp5", "frequency": 200.0, "objective": "luts"}


def measure_scales() -> Iterator[Row]:
    """Choose and synthesise correctly rounded pipelines of 8 bits for an ECP5 at 200 MHz."""
    for function, source, output in UNITS:
        found, latency, result = build(
            function, source, output, _HOW, effort="normal", max_error="0.5ulp", saturate=True
        )
        cells = {
            "method": method_text(found),
            "latency": str(latency),
            "LUT4 + 2 CCU2C": str(result.luts),
            "DSP": str(result.dsp),
            "block RAM": str(result.bram),
        }
        yield Row(f"{function}, {source} to {output}", cells)
