"""Composites on an ECP5: area, clock, latency and contract."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from softgate.accuracy.composites.gru_cell import GRUCell
from softgate.accuracy.composites.lstm_cell import LSTMCell
from softgate.explore.composites.design import CompositeDesign, design_composite
from softgate.explore.flows import SynthesisResult, synthesise
from softgate.hdl.targets import target
from softgate.plan.formats import FixedFormat
from softgate.support.rows import Row

from . import usual_cell

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
}
"""What is measured, by label; frequencies in MHz."""

_SEEDS = (1, 2, 3)

_STATES = 100_000
"""Random states that the root mean square of a cell's errors is taken over."""

_SEARCHED = 1_000_000
"""Random codes of all inputs among which the largest error of the usual cell is looked for."""

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
        yield _row(
            label,
            [limits[name] for name in ("error", "cell", "hidden") if name in limits],
            _rms(found),
            f"1 - {limits['sum']:.3g}" if "sum" in limits else "",
            hardware.latency,
            result,
        )
    text, top, ports = usual_cell.verilog("usual"), "usual", usual_cell.PORTS
    largest, rms = _usual_errors()
    for label, bram in _USUAL.items():
        result = synthesise(device, text, top, ports=ports, seeds=_SEEDS, bram=bram)
        yield _row(label, largest, rms, "", usual_cell.LATENCY, result)


def _row(
    label: str,
    errors: Sequence[float],
    rms: Sequence[float],
    least_sum: str,
    latency: int,
    result: SynthesisResult,
) -> Row:
    counts = result.resources
    return Row(
        label,
        {
            "max error": ", ".join(f"{error:.3g}" for error in errors),
            "RMS": ", ".join(f"{each:.2g}" for each in rms),
            "sum at least": least_sum,
            "latency": str(latency),
            **{name: str(counts[name]) for name in ("LUT4", "CCU2C", "LUTRAM", "FF", "DSP", "BRAM")},
            "eq": str(result.luts),
            "Fmax (MHz)": "none" if result.fmax is None else f"{result.fmax:.0f}",
        },
    )


def _rms(found: CompositeDesign) -> list[float]:
    """Return the root mean square errors of a cell's outputs, c' before h; nothing for what is no cell.

    Pre-activations have a standard deviation of 1, and so has the state of an LSTM; that of a GRU is from -1 to 1.
    """
    asked = found.asked
    if not isinstance(asked, LSTMCell | GRUCell):
        return []
    codes = _random_states(asked.inputs, isinstance(asked, GRUCell))
    x = {name: fmt.to_float(codes[name]) for name, fmt in asked.inputs.items()}
    results = found.golden(**codes)  # type: ignore[operator]
    exact = _exact_gru(x) if isinstance(asked, GRUCell) else _exact_lstm(x)
    errors = [asked.outputs[name].to_float(getattr(results, name)) - value for name, value in exact.items()]
    return [_root_mean_square(error) for error in errors]


def _usual_errors() -> tuple[list[float], list[float]]:
    """Return the largest errors of c' and h of the usual cell that are found, and their root mean squares."""
    found = []
    random = np.random.default_rng(1)
    anywhere = {n: random.integers(fmt.min_code, fmt.max_code + 1, _SEARCHED) for n, fmt in usual_cell.INPUTS.items()}
    for codes in (anywhere, _random_states(usual_cell.INPUTS, of_gru=False)):
        results = usual_cell.usual_cell(codes)
        exact = _exact_lstm({name: fmt.to_float(codes[name]) for name, fmt in usual_cell.INPUTS.items()})
        # Its results are limited to their formats, and so are those of the real-valued cell that it is compared with.
        exact = {name: _limited(usual_cell.OUTPUTS[name], value) for name, value in exact.items()}
        found.append([usual_cell.OUTPUTS[name].to_float(results[name]) - value for name, value in exact.items()])
    largest, typical = found
    return [float(np.max(np.abs(error))) for error in largest], [_root_mean_square(error) for error in typical]


def _limited(fmt: FixedFormat, values: NDArray[np.float64]) -> NDArray[np.float64]:
    low, high = fmt.to_float(np.array([fmt.min_code, fmt.max_code]))
    return np.clip(values, low, high)


def _random_states(inputs: Mapping[str, FixedFormat], of_gru: bool) -> dict[str, NDArray[np.int64]]:
    """Return codes of random pre-activations and states."""
    random = np.random.default_rng(1)
    values = {name: random.normal(0, 1, _STATES) for name in inputs}
    if of_gru:
        values["h"] = random.uniform(-1, 1, _STATES)
    return {name: fmt.quantize(values[name]) for name, fmt in inputs.items()}


def _exact_lstm(x: Mapping[str, NDArray[np.float64]]) -> dict[str, NDArray[np.float64]]:
    """Return c' and h of the real-valued cell."""
    state = _logistic(x["f"]) * x["c"] + _logistic(x["i"]) * np.tanh(x["g"])
    return {"c_next": state, "h": _logistic(x["o"]) * np.tanh(state)}


def _exact_gru(x: Mapping[str, NDArray[np.float64]]) -> dict[str, NDArray[np.float64]]:
    """Return h' of the real-valued cell."""
    update = _logistic(x["u"])
    return {"h_next": (1 - update) * np.tanh(x["n_x"] + _logistic(x["r"]) * x["n_h"]) + update * x["h"]}


def _root_mean_square(errors: NDArray[np.float64]) -> float:
    return float(np.sqrt(np.mean(errors**2)))


def _logistic(x: NDArray[np.float64]) -> NDArray[np.float64]:
    return 1 / (1 + np.exp(-x))
