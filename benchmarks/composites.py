"""Composites on an ECP5: area, clock, latency and contract."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from softgate.accuracy.composites.gru_cell import GRUCell
from softgate.accuracy.composites.lstm_cell import LSTMCell
from softgate.accuracy.composites.neuron import Neuron
from softgate.explore.composites.design import CompositeDesign, design_composite
from softgate.explore.flows import synthesise
from softgate.hdl.targets import target
from softgate.support.rows import Row

__all__ = ["measure_composites"]

_LSTM = {"name": "lstm_cell", "z": "SQ4.8", "gate": "UQ0.12", "cell": "SQ4.8", "hidden": "SQ1.11"}

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
    "LSTM cell, SQ4.8, UQ0.12, SQ4.8, SQ1.11, in logic": {**_LSTM, "products": "logic", "frequency": 200},
    "LSTM cell, the same, products in blocks": {**_LSTM, "frequency": 140},
    "GRU cell, SQ4.8, UQ0.12, SQ1.11, in logic": {
        "name": "gru_cell",
        "z": "SQ4.8",
        "gate": "UQ0.12",
        "hidden": "SQ1.11",
        "products": "logic",
        "frequency": 200,
    },
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
"""What is measured, by label; frequencies in MHz."""

_SEEDS = (1, 2, 3)

_STATES = 100_000
"""Random states, or vectors, that the root mean square of errors is taken over."""


def measure_composites() -> Iterator[Row]:
    """Build each composite for an ECP5 (25k, speed grade 6), and measure it: Fmax is the median of three seeds."""
    device = target("ecp5")
    for label, asked in _UNITS.items():
        found = design_composite(**{"target": "ecp5", "cache": True, **asked})
        hardware = found.hardware
        result = synthesise(device, found.verilog(), found.asked.name, ports=hardware.ports, seeds=_SEEDS)
        counts = result.resources
        limits = {promise.name: promise.limit or 0.0 for promise in found.contract}
        errors = [f"{limits[name]:.3g}" for name in ("error", "cell", "hidden") if name in limits]
        yield Row(
            label,
            {
                "max error": ", ".join(errors),
                "RMS": ", ".join(f"{rms:.2g}" for rms in _rms(found)),
                "sum at least": f"1 - {limits['sum']:.3g}" if "sum" in limits else "",
                "latency": str(hardware.latency),
                **{name: str(counts[name]) for name in ("LUT4", "CCU2C", "LUTRAM", "FF", "DSP", "BRAM")},
                "eq": str(result.luts),
                "Fmax (MHz)": "none" if result.fmax is None else f"{result.fmax:.0f}",
            },
        )


def _rms(found: CompositeDesign) -> list[float]:
    """Return the root mean square errors of a neuron, or of a cell's outputs, c' before h; nothing for a softmax.

    Pre-activations have a standard deviation of 1, and so has the state of an LSTM; that of a GRU is from -1 to 1.
    Elements and weights of a neuron are anything that their formats hold.
    """
    asked, random = found.asked, np.random.default_rng(1)
    if isinstance(asked, Neuron):
        elements, weights = (
            random.integers(fmt.min_code, fmt.max_code + 1, (_STATES, asked.inputs)) for fmt in (asked.x, asked.weight)
        )
        sums = (elements * weights).sum(axis=-1) / 2.0**asked.point
        z = asked.output.to_float(found.golden(elements, weights))  # type: ignore[operator]
        return [float(np.sqrt(np.mean((z - np.tanh(sums)) ** 2)))]
    if not isinstance(asked, LSTMCell | GRUCell):
        return []
    values = {name: random.normal(0, 1, _STATES) for name in asked.inputs}
    if isinstance(asked, GRUCell):
        values["h"] = random.uniform(-1, 1, _STATES)
    codes = {name: fmt.quantize(values[name]) for name, fmt in asked.inputs.items()}
    x = {name: fmt.to_float(codes[name]) for name, fmt in asked.inputs.items()}
    results = found.golden(**codes)  # type: ignore[operator]
    if isinstance(asked, LSTMCell):
        state = _logistic(x["f"]) * x["c"] + _logistic(x["i"]) * np.tanh(x["g"])
        exact = {"c_next": state, "h": _logistic(x["o"]) * np.tanh(state)}
    else:
        update = _logistic(x["u"])
        exact = {"h_next": (1 - update) * np.tanh(x["n_x"] + _logistic(x["r"]) * x["n_h"]) + update * x["h"]}
    computed = {name: asked.outputs[name].to_float(getattr(results, name)) for name in exact}
    return [float(np.sqrt(np.mean((computed[name] - exact[name]) ** 2))) for name in exact]


def _logistic(x: NDArray[np.float64]) -> NDArray[np.float64]:
    return 1 / (1 + np.exp(-x))
