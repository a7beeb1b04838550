"""Quantised models: the formats that scales and zero points stand for, read off exactly."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from ...plan.any_format import Format, affine_format
from ...plan.formats import FixedFormat
from .graphs import Scope, attributes_of

__all__ = ["format_after", "format_before", "spell_out_quantized"]

_CODES = {2: (False, 8), 3: (True, 8), 4: (False, 16), 5: (True, 16), 21: (False, 4), 22: (True, 4)}
"""ONNX's numbers of the types of codes that a unit may have: whether signed, and the bits."""


def format_before(scope: Scope, x: str) -> Format | None:
    """Return the format of a value that codes were just dequantised to, or None without one for the whole tensor."""
    node = scope.producers.get(x)
    if node is None or node.op_type != "DequantizeLinear":
        return None
    return _format_of(scope, node)


def format_after(scope: Scope, y: str) -> Format | None:
    """Return the format that a value is quantised to by all that read it; None if there is no such."""
    users = scope.users.get(y, [])
    if not users or y in scope.outputs or any(user.op_type != "QuantizeLinear" for user in users):
        return None
    found = {_format_of(scope, user) for user in users}
    return found.pop() if len(found) == 1 else None


def _format_of(scope: Scope, node: Any) -> Format | None:
    from onnx import helper

    scale = scope.number(node.input[1])
    given = node.input[2] if len(node.input) > 2 and node.input[2] else None
    zero = 0.0 if given is None else scope.number(given)
    if scale is None or zero is None or scale <= 0:
        return None
    kind = attributes_of(node).get("output_dtype", 2) or 2
    if given is not None and (array := scope.constant(given)) is not None:
        kind = helper.np_dtype_to_tensor_dtype(array.dtype)
    if kind not in _CODES:
        return None
    signed, width = _CODES[kind]
    return affine_format(FixedFormat(signed, width, 0), Fraction(scale), int(zero))


def spell_out_quantized(graph: Any) -> None:
    """Replace operators on codes, such as ONNX Runtime's QLinearSigmoid, by those on values between conversions.

    In place, in a graph and all graphs within.
    """
    from onnx import helper

    from .graphs import subgraphs

    nodes = list(graph.node)
    del graph.node[:]
    for node in nodes:
        for inner in subgraphs(node):
            spell_out_quantized(inner)
        operator = node.op_type.removeprefix("QLinear")
        if node.domain != "com.microsoft" or operator not in {"Sigmoid", "LeakyRelu", "Softmax"}:
            graph.node.append(node)
            continue
        x, x_scale, x_zero, y_scale, y_zero = [*node.input, ""][:5]
        (y,) = node.output
        kept = {name: value for name, value in attributes_of(node).items() if name in {"alpha", "axis"}}
        inside = f"{y}/dequantized", f"{y}/real"
        graph.node.extend(
            [
                helper.make_node("DequantizeLinear", [x, x_scale, x_zero], [inside[0]]),
                helper.make_node(operator, [inside[0]], [inside[1]], name=node.name, **kept),
                helper.make_node("QuantizeLinear", [inside[1], y_scale, y_zero], [y]),
            ]
        )
