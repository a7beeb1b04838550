"""Composites on an ECP5: area, clock, latency and contract."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from softgate.explore.composites.design import design_composite
from softgate.explore.flows import SynthesisResult, synthesise
from softgate.hdl.targets import target
from softgate.support.rows import Row

from . import usual_cell
from .composite_errors import rms_errors, usual_errors

__all__ = ["measure_composites"]

_LSTM = {"name": "lstm_cell", "z": "SQ4.8", "gate": "UQ0.12", "cell": "SQ4.8", "hidden": "SQ1.11"}
_GRU = {"z": "SQ4.8", "gate": "UQ0.12", "hidden": "SQ1.11"}

_LOGARITHM = {"n": 10, "input_format": "SQ6.10", "output_format": "SQ6.10", "max_error": "2^-9", "frequency": 200}

_LOGIC = {"products": "logic", "frequency": 200}

_RRELU = {"name": "rrelu_training", "input_format": "SQ4.12", "output_format": "SQ4.12"}

_UNITS: dict[str, dict[str, Any]] = {
    "softmax, stream, n = 10, SQ6.10 to UQ0.16, 2^-11": {
        "name": "softmax",
        "n": 10,
        "input_format": "SQ6.10",
        "output_format": "UQ0.16",
        "max_error": "2^-11",
        "frequency": 200,
    },
    "softmax, parallel, n = 8, SQ4.4 to UQ0.8, 8ulp": {
        "name": "softmax",
        "n": 8,
        "input_format": "SQ4.4",
        "output_format": "UQ0.8",
        "arrangement": "parallel",
        "interface": "pipeline",
        "frequency": 210,  # place and route of so many paths needs a margin to keep 200
    },
    "softmax, parallel, n = 8, SQ4.4 to UQ0.8, 2^-7": {
        "name": "softmax",
        "n": 8,
        "input_format": "SQ4.4",
        "output_format": "UQ0.8",
        "max_error": "2^-7",
        "arrangement": "parallel",
        "interface": "pipeline",
        "frequency": 210,
    },
    "log_softmax, stream, n = 10, SQ6.10 to SQ6.10, 2^-9": {**_LOGARITHM, "name": "log_softmax"},
    "logsumexp, stream, n = 10, SQ6.10 to SQ6.10, 2^-9": {**_LOGARITHM, "name": "logsumexp"},
    "LSTM cell, SQ4.8, UQ0.12, SQ4.8, SQ1.11, in logic": {**_LSTM, **_LOGIC},
    "LSTM cell, the same, products in blocks": {**_LSTM, "frequency": 140},
    "LSTM cell, the same, peepholes SQ2.8, in logic": {
        **_LSTM,
        "peepholes": "SQ2.8",
        **_LOGIC,
    },
    "LSTM cell, the same, peepholes SQ2.8, products in blocks": {**_LSTM, "peepholes": "SQ2.8", "frequency": 140},
    "LSTM cell, interval 2, products in blocks": {**_LSTM, "interval": 2, "frequency": 140},
    "LSTM cell, interval 5, product in a block": {**_LSTM, "interval": 5, "frequency": 140},
    "LSTM cell, interval 5, in logic": {**_LSTM, "interval": 5, **_LOGIC},
    "LSTM cell, interval 6, in logic": {**_LSTM, "interval": 6, **_LOGIC},
    "LSTM cell, interval 21, in logic": {**_LSTM, "interval": 21, **_LOGIC},
    "GRU cell, SQ4.8, UQ0.12, SQ1.11, in logic": {"name": "gru_cell", **_GRU, **_LOGIC},
    "GRU cell, interval 3, product in a block": {"name": "gru_cell", **_GRU, "interval": 3, "frequency": 140},
    "GRU cell, interval 4, in logic": {"name": "gru_cell", **_GRU, "interval": 4, **_LOGIC},
    "GRU gates, the same, in logic": {"name": "gru_gates", **_GRU, **_LOGIC},
    "GRU update, the same, in logic": {"name": "gru_update", **_GRU, **_LOGIC},
    "RReLU in training, SQ4.12, slopes of 8 bits, in logic": {**_RRELU, **_LOGIC},
    "RReLU in training, the same, product in a block": {**_RRELU, "frequency": 140},
    **{
        f"neuron, 16 inputs SQ1.7, tanh to SQ1.7, {parallel} a clock, {where}": {
            "name": "neuron",
            "inputs": 16,
            "x": "SQ1.7",
            "weights": "SQ1.7",
            "function": "tanh",
            "output_format": "SQ1.7",
            "parallel": parallel,
            **asked,
        }
        for parallel in (1, 4)
        for where, asked in (
            ("in blocks", {"frequency": 130}),
            ("in logic", {"products": "logic", "frequency": 200}),
        )
    },
}
"""The measurements, by label; frequencies in MHz."""

_SEEDS = (1, 2, 3)

_ERRORS = ("error", "cell", "hidden", "update", "reset")
"""Promises of contracts that are largest errors."""

_USUAL = {
    "LSTM cell of the usual tables of 1024 entries": False,
    "the same, tables in block RAM": True,
}
"""Rows of `usual_cell`, by label: whether its tables may go into block RAM."""


def measure_composites() -> Iterator[Row]:
    """Build each composite for an ECP5 (25k, speed grade 6), and measure it: Fmax is the median of three seeds."""
    device = target("ecp5")
    for label, asked in _UNITS.items():
        found = design_composite(**{"target": "ecp5", "cache": True, **asked})
        hardware = found.hardware
        result = synthesise(device, found.verilog(), found.asked.name, ports=hardware.ports, seeds=_SEEDS)
        limits = {promise.name: promise.limit or 0.0 for promise in found.contract}
        errors = [limits[name] for name in _ERRORS if name in limits]
        least_sum = f"1 - {limits['sum']:.3g}" if "sum" in limits else ""
        yield _row(label, errors, rms_errors(found), least_sum, (hardware.interval, hardware.latency), result)
    text, ports = usual_cell.verilog("usual"), usual_cell.PORTS
    for label, bram in _USUAL.items():
        result = synthesise(device, text, "usual", ports=ports, seeds=_SEEDS, bram=bram)
        yield _row(label, *usual_errors(), "", (1, usual_cell.LATENCY), result)


def _row(
    label: str,
    errors: Sequence[float],
    rms: Sequence[float],
    least_sum: str,
    clocks: tuple[int, int],
    result: SynthesisResult,
) -> Row:
    counts, (interval, latency) = result.resources, clocks
    return Row(
        label,
        {
            "max error": ", ".join(f"{error:.3g}" for error in errors),
            "RMS": ", ".join(f"{each:.2g}" for each in rms),
            "sum at least": least_sum,
            "interval": str(interval),
            "latency": str(latency),
            **{name: str(counts[name]) for name in ("LUT4", "CCU2C", "LUTRAM", "FF", "DSP", "BRAM")},
            "eq": str(result.luts),
            "Fmax (MHz)": "none" if result.fmax is None else f"{result.fmax:.0f}",
        },
    )
