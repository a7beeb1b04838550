"""The LSTM of ONNX in numpy, with a cell of your choice, in the place of that of a model."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx.reference import ReferenceEvaluator
from onnx.reference.op_run import OpRun

import softgate

Floats = NDArray[Any]
Function = Callable[[Floats], Floats]


class Cell(Protocol):
    """One step of an LSTM."""

    def __call__(self, sums: Floats, cell: Floats, /) -> tuple[Floats, Floats]:
        """Return h and the new c for the pre-activations and the old c.

        Pre-activations have the shape (sequences, 4 cells), in the order i, o, f, g of ONNX; all else (sequences,
        cells).
        """


class Gates(NamedTuple):
    """The cell of an LSTM with activations, ONNX's f, g and h; each takes and returns an array of floats."""

    gate: Function
    candidate: Function
    cell: Function

    @classmethod
    def exact(cls) -> "Gates":
        """Return the functions themselves, in float32."""
        return cls(_logistic, np.tanh, np.tanh)

    @classmethod
    def rounded(cls, bits: int) -> "Gates":
        """Return softgate's models of correctly rounded units whose inputs and outputs have `bits` bits.

        Inputs saturate: at -16 and 16 of the logistic function, which is within 2**-23 of 0 and 1 there, and at -8 and
        8 of tanh. `softgate.design` takes the same arguments and finds hardware, whose `golden` goes here as well.
        """
        logistic = softgate.rounded("logistic", f"SQ5.{bits - 5}", f"UQ0.{bits}").floats
        tanh = softgate.rounded("tanh", f"SQ4.{bits - 4}", f"SQ1.{bits - 1}").floats
        return cls(logistic, tanh, tanh)

    def __call__(self, sums: Floats, cell: Floats) -> tuple[Floats, Floats]:
        """Return h and the new c; all but the activations is in float32."""
        size = cell.shape[1]
        i, o, f = np.split(self.gate(sums[:, : 3 * size]), 3, axis=1)
        cell = f * cell + i * self.candidate(sums[:, 3 * size :])
        return o * self.cell(cell), cell


def _logistic(x: Floats) -> Floats:
    half = np.float32(0.5)
    return np.tanh(x * half) * half + half  # exp(-x) may overflow


@dataclass
class Watched:
    """A function that remembers the least and the greatest value that it was asked for."""

    function: Function
    low: float = np.inf
    high: float = -np.inf

    def __call__(self, x: Floats) -> Floats:
        self.low, self.high = min(self.low, float(x.min())), max(self.high, float(x.max()))
        return self.function(x)


def run_with_cell(model: onnx.ModelProto, cell: Cell, inputs: Mapping[str, Floats]) -> dict[str, Floats]:
    """Run a model in numpy, its LSTMs with the cell given, and return its outputs by name.

    The rest of the model stays in float32.

    Raises
    ------
    ValueError
        If the model has no LSTM, or one that is more than plain (see `require_plain`).

    """
    lstms = [node for node in model.graph.node if node.op_type == "LSTM"]
    if not lstms:
        raise ValueError("the model has no LSTM")
    for node in lstms:
        require_plain(node)

    class LSTM(OpRun):
        op_domain = ""

        def _run(
            self,
            x: Floats,
            w: Floats,
            r: Floats,
            b: Any = None,
            lengths: None = None,
            h: Any = None,
            c: Any = None,
            **attributes: Any,
        ) -> tuple[Floats, ...]:
            outputs = run_lstm(cell, x, w[0], r[0], None if b is None else b[0], h, c)
            return outputs[: len(self.onnx_node.output)]

    evaluator = ReferenceEvaluator(model, new_ops=[LSTM])
    return dict(zip(evaluator.output_names, evaluator.run(None, dict(inputs)), strict=True))


def require_plain(node: onnx.NodeProto) -> None:
    """Raise ValueError unless an LSTM runs forward, with ONNX's own activations, neither peepholes nor lengths."""
    given: Mapping[str, Any] = {each.name: onnx.helper.get_attribute_value(each) for each in node.attribute}
    plain: Mapping[str, Any] = {
        "activations": [b"Sigmoid", b"Tanh", b"Tanh"],
        "direction": b"forward",
        "input_forget": 0,
        "layout": 0,
        "clip": None,
    }
    for name, value in plain.items():
        if given.get(name, value) != value:
            raise ValueError(f"the LSTM {node.name!r} has {name} = {given[name]!r}, which this example does not run")
    for position, name in ((4, "sequence_lens"), (7, "P")):
        if any(node.input[position : position + 1]):
            raise ValueError(f"the LSTM {node.name!r} has the input {name}, which this example does not run")


def run_lstm(
    cell: Cell, x: Floats, w: Floats, r: Floats, b: Floats | None = None, h: Any = None, c: Any = None
) -> tuple[Floats, Floats, Floats]:
    """Run the recurrence of an LSTM as ONNX defines it.

    Parameters
    ----------
    cell
        What makes the new states of the sums and the old c.
    x
        Inputs by step, sequence of the batch, and element.
    w, r, b
        Weights of the inputs and of the state, and both biases. Each holds the input, output and forget gate and the
        candidate, in this order.
    h, c
        The states to begin with, with a first axis of length 1; zeros unless given.

    Returns
    -------
    tuple
        h of all steps, with a second axis of length 1, the last h and the last c.

    """
    size = r.shape[1]
    start = np.zeros((1, x.shape[1], size), np.float32)
    state, kept = (start if h is None else h)[0], (start if c is None else c)[0]
    from_inputs = x @ w.T + (0 if b is None else b[: 4 * size] + b[4 * size :])
    states = np.empty((len(x), 1, x.shape[1], size), np.float32)
    for step, from_input in enumerate(from_inputs):
        state, kept = cell(from_input + state @ r.T, kept)
        states[step, 0] = state
    return states, state[None], kept[None]
