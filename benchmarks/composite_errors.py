"""Errors of composites against the real-valued ones, on random inputs."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import numpy as np
from numpy.typing import NDArray

from softgate.accuracy.composites.gru_cell import GRUCell
from softgate.accuracy.composites.gru_gates import GRUGates
from softgate.accuracy.composites.gru_update import GRUUpdate
from softgate.accuracy.composites.lstm_cell import LSTMCell
from softgate.accuracy.composites.neuron import Neuron
from softgate.explore.composites.design import CompositeDesign
from softgate.plan.formats import FixedFormat

from . import usual_cell

__all__ = ["rms_errors", "usual_errors"]

_STATES = 100_000
"""Random states, or vectors, that the root mean square of errors is taken over."""

_SEARCHED = 1_000_000
"""Random codes of all inputs among which the largest error of the usual cell is looked for."""

_Values = NDArray[np.float64]


def rms_errors(found: CompositeDesign) -> list[float]:
    """Return the root mean square errors of a neuron, or of a cell's outputs, c' before h; nothing for a softmax.

    Pre-activations and the weights of peepholes have a standard deviation of 1, and so has the state of an LSTM; that
    of a GRU is from -1 to 1, and its update gate from 0 to 1. Elements and weights of a neuron are anything that their
    formats hold.
    """
    asked = found.asked
    if isinstance(asked, Neuron):
        return [_root_mean_square(_neuron_errors(found, asked))]
    if not isinstance(asked, LSTMCell | GRUCell | GRUGates | GRUUpdate):
        return []
    codes = _random_states(asked.inputs)
    results = found.golden(**codes)  # type: ignore[operator]
    exact = _exact(asked, {name: fmt.to_float(codes[name]) for name, fmt in asked.inputs.items()})
    errors = [asked.outputs[name].to_float(getattr(results, name)) - value for name, value in exact.items()]
    return [_root_mean_square(error) for error in errors]


@cache
def usual_errors() -> tuple[list[float], list[float]]:
    """Return the largest errors of c' and h of the usual cell that are found, and their root mean squares."""
    found = []
    random = np.random.default_rng(1)
    anywhere = {n: random.integers(fmt.min_code, fmt.max_code + 1, _SEARCHED) for n, fmt in usual_cell.INPUTS.items()}
    for codes in (anywhere, _random_states(usual_cell.INPUTS)):
        results = usual_cell.usual_cell(codes)
        exact = _exact_lstm({name: fmt.to_float(codes[name]) for name, fmt in usual_cell.INPUTS.items()})
        # Its results are limited to their formats, and so are those of the real-valued cell that it is compared with.
        exact = {name: _limited(usual_cell.OUTPUTS[name], value) for name, value in exact.items()}
        found.append([usual_cell.OUTPUTS[name].to_float(results[name]) - value for name, value in exact.items()])
    largest, typical = found
    return [float(np.max(np.abs(error))) for error in largest], [_root_mean_square(error) for error in typical]


def _neuron_errors(found: CompositeDesign, asked: Neuron) -> _Values:
    random = np.random.default_rng(1)
    elements, weights = (
        random.integers(fmt.min_code, fmt.max_code + 1, (_STATES, asked.inputs)) for fmt in (asked.x, asked.weight)
    )
    sums = (elements * weights).sum(axis=-1) / 2.0**asked.point
    errors: _Values = asked.output.to_float(found.golden(elements, weights)) - np.tanh(sums)  # type: ignore[operator]
    return errors


def _random_states(inputs: Mapping[str, FixedFormat]) -> dict[str, NDArray[np.int64]]:
    """Return codes of random pre-activations and states by name."""
    random = np.random.default_rng(1)
    values = {name: random.normal(0, 1, _STATES) for name in inputs}
    for name, low in (("h", -1), ("update", 0)):
        if name in values:
            values[name] = random.uniform(low, 1, _STATES)
    return {name: fmt.quantize(values[name]) for name, fmt in inputs.items()}


def _exact(asked: LSTMCell | GRUCell | GRUGates | GRUUpdate, x: Mapping[str, _Values]) -> dict[str, _Values]:
    """Return the outputs of a real-valued cell by name."""
    if isinstance(asked, LSTMCell):
        return _exact_lstm(x)
    if isinstance(asked, GRUGates):
        return {"update": _logistic(x["u"]), "rh": _logistic(x["r"]) * x["h"]}
    if isinstance(asked, GRUUpdate):
        update, candidate = x["update"], np.tanh(x["n"])
    else:
        update, candidate = _logistic(x["u"]), np.tanh(x["n_x"] + _logistic(x["r"]) * x["n_h"])
    return {"h_next": (1 - update) * candidate + update * x["h"]}


def _exact_lstm(x: Mapping[str, _Values]) -> dict[str, _Values]:
    """Return c' and h of the real-valued cell."""
    seen = {name: x.get(f"p_{name}", np.zeros(1)) for name in "ifo"}
    i, f = (_logistic(x[name] + seen[name] * x["c"]) for name in "if")
    state = f * x["c"] + i * np.tanh(x["g"])
    return {"c_next": state, "h": _logistic(x["o"] + seen["o"] * state) * np.tanh(state)}


def _limited(fmt: FixedFormat, values: _Values) -> _Values:
    low, high = fmt.to_float(np.array([fmt.min_code, fmt.max_code]))
    return np.clip(values, low, high)


def _root_mean_square(errors: _Values) -> float:
    return float(np.sqrt(np.mean(errors**2)))


def _logistic(x: _Values) -> _Values:
    return 1 / (1 + np.exp(-x))
