"""Recurrent nodes written out as loops, in which their activations are ordinary operators.

An LSTM node shows neither what its gates' functions are applied to nor what they give. So it is replaced by Scan nodes,
one for each direction, whose bodies are the equations of ONNX's operators LSTM, GRU and RNN (ONNX Operators, version 14
of each). Activations in them are then found, observed and replaced as anywhere else (decision 047).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .graphs import attributes_of, subgraphs
from .node_builder import NodeBuilder

__all__ = ["NOT_WRITTEN_OUT", "RECURRENT", "write_out_recurrent"]

RECURRENT = {"LSTM": ("Sigmoid", "Tanh", "Tanh"), "GRU": ("Sigmoid", "Tanh"), "RNN": ("Tanh",)}
"""The recurrent operators, and the activations that they have unless others are named."""

NOT_WRITTEN_OUT = "it clips, couples its gates, or has an activation that is no operator"
"""Why a recurrent node stays as it is, as half a sentence."""

_FACTORS: Mapping[str, Mapping[str, float]] = {
    "Sigmoid": {},
    "Tanh": {},
    "Relu": {},
    "Softsign": {},
    "Softplus": {},
    "LeakyRelu": {"alpha": 0.01},
    "Elu": {"alpha": 1.0},
    "ThresholdedRelu": {"alpha": 1.0},
    "HardSigmoid": {"alpha": 0.2, "beta": 0.5},
}
"""The activations of recurrent nodes that are operators as well, with the factors that they take."""

_INT64 = 7

_TURNED = ([2, 0, 1, 3], [1, 0, 2], [1, 0, 2])
"""The axes of Y, Y_h and Y_c where the batch comes first."""


def write_out_recurrent(graph: Any, types: Mapping[str, int]) -> None:
    """Replace recurrent nodes by loops, in place, in a graph and all graphs within.

    A node stays as it is if it clips, couples its gates, or has an activation that no operator is.

    Parameters
    ----------
    graph
        The ``GraphProto``.
    types
        ONNX's number of the element type of each value, where that is known; float32 elsewhere.

    """
    nodes = list(graph.node)
    del graph.node[:]
    for node in nodes:
        for inner in subgraphs(node):
            write_out_recurrent(inner, types)
        written = None
        if node.op_type in RECURRENT and node.domain in {"", "ai.onnx"}:
            written = _written_out(node, types.get(node.input[0], 1))
        graph.node.extend([node] if written is None else written)


@dataclass(frozen=True)
class _Layer:
    """A recurrent node: its operator, its inputs by name, ``""`` where there is none, and its attributes."""

    operator: str
    inputs: Mapping[str, str]
    hidden: int
    reset_after: bool
    element: int


def _written_out(node: Any, element: int) -> list[Any] | None:
    """Return the nodes in the place of a recurrent one; None if it cannot be written out."""
    given = attributes_of(node)
    directions = {"forward": [0], "reverse": [1], "bidirectional": [0, 1]}[given.get("direction", "forward")]
    activations = _activations(node.op_type, given, len(directions))
    if activations is None or "clip" in given or given.get("input_forget", 0) or "hidden_size" not in given:
        return None
    names = ("X", "W", "R", "B", "lengths", "h", "c", "P")
    inputs = dict.fromkeys(names, "") | dict(zip(names, node.input, strict=False))
    name = node.name or next(filter(None, node.output))
    outer = NodeBuilder(f"{name}/")
    batch_first = bool(given.get("layout", 0))
    if batch_first:
        inputs |= {each: outer("Transpose", inputs[each], perm=[1, 0, 2]) for each in "Xhc" if inputs[each]}
    reset_after = bool(given.get("linear_before_reset", 0))
    layer = _Layer(node.op_type, inputs, int(given["hidden_size"]), reset_after, element)
    results: list[list[str]] = []
    for place, reverse in enumerate(directions):
        results.append(_direction(outer, name, layer, place, reverse, activations[place]))
    for output, parts, axis, turned in zip(node.output, zip(*results, strict=True), (1, 0, 0), _TURNED, strict=False):
        if output:
            # The new axis by Reshape, which is alike in all versions of ONNX, unlike Unsqueeze.
            shape = [0, 1, -1, layer.hidden] if axis else [1, -1, layer.hidden]
            shaped = [outer("Reshape", part, outer.constant(shape, "int64")) for part in parts]
            joined = outer("Concat", *shaped, result=None if batch_first else output, axis=axis)
            if batch_first:
                outer("Transpose", joined, result=output, perm=turned)
    return outer.nodes


def _activations(operator: str, given: Mapping[str, Any], directions: int) -> list[list[tuple[str, Any]]] | None:
    """Return the operators of each direction's activations, with their attributes; None if one is no operator."""
    default = RECURRENT[operator]
    names = [
        each.decode(errors="replace") if isinstance(each, bytes) else each for each in given.get("activations", ())
    ]
    factors = {name: list(given.get(f"activation_{name}", ())) for name in ("alpha", "beta")}
    found: list[tuple[str, Any]] = []
    for each in names or [*default] * directions:
        if each not in _FACTORS:
            return None
        own = _FACTORS[each].items()
        found.append((each, {key: factors[key].pop(0) if factors[key] else value for key, value in own}))
    count = len(default)
    return [found[start : start + count] for start in range(0, count * directions, count)]


def _direction(
    b: NodeBuilder, name: str, layer: _Layer, place: int, reverse: int, activations: list[tuple[str, Any]]
) -> list[str]:
    """Add one direction; return the names of its Y, Y_h and, for an LSTM, Y_c, without the axis of directions."""
    from onnx import helper

    given, dtype = layer.inputs, helper.tensor_dtype_to_np_dtype(layer.element)
    first, last = b.constant(place, "int64"), b.constant([-1], "int64")
    shape = b("Shape", given["X"])
    steps, batch = (b("Slice", shape, *(b.constant([n], "int64") for n in (axis, axis + 1))) for axis in (0, 1))
    product = b("MatMul", given["X"], b("Transpose", b("Gather", given["W"], first, axis=0), perm=[1, 0]))
    recurrent = b("Transpose", b("Gather", given["R"], first, axis=0), perm=[1, 0])
    gates = {"LSTM": 4, "GRU": 3, "RNN": 1}[layer.operator]
    if given["B"]:
        both = b("Reshape", b("Gather", given["B"], first, axis=0), b.constant([2, gates * layer.hidden], "int64"))
        bias, recurrent_bias = (b("Gather", both, b.constant(which, "int64"), axis=0) for which in (0, 1))
        product = b("Add", product, bias)
    else:
        recurrent_bias = b.constant([0] * (gates * layer.hidden), dtype)
    zeros = b("Expand", b.constant(0, dtype), b("Concat", batch, b.constant([layer.hidden], "int64"), axis=0))
    states = "hc" if layer.operator == "LSTM" else "h"
    before = [b("Gather", given[each], first, axis=0) if given[each] else zeros for each in states]
    running = _running(b, given["lengths"], steps, last)
    peepholes = b("Gather", given["P"], first, axis=0) if given["P"] else ""
    body = _body(f"{b.prefix}{place}/", layer, recurrent, recurrent_bias, peepholes, activations)
    results = [f"{b.prefix}{place}/{each}" for each in [*("Y_h", "Y_c")[: len(states)], "Y"]]
    attributes: dict[str, Any] = {"scan_input_directions": [reverse, reverse], "scan_output_directions": [reverse]}
    label = f"{name}/reverse" if place else name
    b.add("Scan", [*before, product, running], results, name=label, body=body, num_scan_inputs=2, **attributes)
    return [results[-1], *results[:-1]]


def _running(b: NodeBuilder, lengths: str, steps: str, last: str) -> str:
    """Add which sequences still run at each step, shape (steps, batch or 1, 1)."""
    import numpy as np
    from onnx import numpy_helper

    if not lengths:
        shape = b("Concat", steps, b.constant([1, 1], "int64"), axis=0)
        return b("ConstantOfShape", shape, value=numpy_helper.from_array(np.array([True])))
    zero, one = b.constant(0, "int64"), b.constant(1, "int64")
    count = b("Reshape", steps, b.constant([], "int64"))
    numbers = b("Reshape", b("Range", zero, count, one), b.constant([-1, 1, 1], "int64"))
    ends = b("Reshape", b("Cast", lengths, to=_INT64), b.constant([1, -1, 1], "int64"))
    return b("Less", numbers, ends)


def _body(
    prefix: str,
    layer: _Layer,
    recurrent: str,
    recurrent_bias: str,
    peepholes: str,
    activations: list[tuple[str, Any]],
) -> Any:
    """Return the graph of one step: from the state and the projected input to the new state and the output."""
    from onnx import TensorProto, helper

    b = NodeBuilder(prefix)
    dtype = helper.tensor_dtype_to_np_dtype(layer.element)
    states = ["h", "c"] if layer.operator == "LSTM" else ["h"]
    before = {each: f"{prefix}{each}_before" for each in states}
    projected, runs = f"{prefix}projected", f"{prefix}runs"

    def gate(value: str, place: int, axis: int = -1) -> str:
        ends = (b.constant([each * layer.hidden], "int64") for each in (place, place + 1))
        return b("Slice", value, *ends, b.constant([axis], "int64"))

    def activate(value: str, which: int, name: str) -> str:
        operator, attributes = activations[which]
        return b(operator, value, name=name, **attributes)

    def with_peephole(value: str, place: int, cell: str) -> str:
        return b("Add", value, b("Mul", gate(peepholes, place), cell)) if peepholes else value

    again = b("Add", b("MatMul", before["h"], recurrent), recurrent_bias)
    if layer.operator == "LSTM":
        both = b("Add", projected, again)
        i = activate(with_peephole(gate(both, 0), 0, before["c"]), 0, "i")
        f = activate(with_peephole(gate(both, 2), 2, before["c"]), 0, "f")
        g = activate(gate(both, 3), 1, "g")
        c = b("Add", b("Mul", f, before["c"]), b("Mul", i, g))
        o = activate(with_peephole(gate(both, 1), 1, c), 0, "o")
        new = {"h": b("Mul", o, activate(c, 2, "h")), "c": c}
    elif layer.operator == "GRU":
        z, r = (activate(b("Add", gate(projected, n), gate(again, n)), 0, name) for n, name in enumerate("zr"))
        if layer.reset_after:
            reset = b("Mul", r, gate(again, 2))
        else:
            product = b("MatMul", b("Mul", r, before["h"]), gate(recurrent, 2))
            reset = b("Add", product, gate(recurrent_bias, 2))
        g = activate(b("Add", gate(projected, 2), reset), 1, "g")
        rest = b("Sub", b.constant(1, dtype), z)
        new = {"h": b("Add", b("Mul", rest, g), b("Mul", z, before["h"]))}
    else:
        new = {"h": activate(b("Add", projected, again), 0, "f")}
    after = [b("Where", runs, new[each], before[each]) for each in states]
    shown = b("Where", runs, new["h"], b.constant(0, dtype))
    # ONNX Runtime wants to know the ranks of what a Scan gives.
    state: list[int | None] = [None, layer.hidden]
    inputs = [*((name, layer.element, state) for name in before.values())]
    inputs += [(projected, layer.element, [None, None]), (runs, int(TensorProto.BOOL), [None, None])]
    return helper.make_graph(
        b.nodes,
        f"{prefix}step",
        [helper.make_tensor_value_info(*each) for each in inputs],
        [helper.make_tensor_value_info(name, layer.element, state) for name in [*after, shown]],
    )
