"""Find the activations of a model: single operators, and activations that graphs spell out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ...functions import create_function
from ...functions.base import Function
from ...plan.any_format import Format
from .expressions import expression_of, readable
from .graphs import Scope, is_standard, scopes
from .operators import UNUSABLE, function_of
from .patterns import matching_pattern
from .quantized import format_after, format_before
from .recurrent import NOT_WRITTEN_OUT, RECURRENT

__all__ = ["Activation", "find_activations"]

_FLOATS = {1, 10, 11, 16}
"""ONNX's numbers of float32, float16, float64 and bfloat16."""

_SHAPING = {"Expand", "Identity", "Reshape", "Squeeze", "Unsqueeze"}
"""Operators that change no values, and may stand behind the sum of a softmax."""

_MOST_NODES = 40
"""Nodes before a result that are looked through for the start of an activation."""


@dataclass(frozen=True, eq=False)
class Activation:
    """An activation in a model.

    Attributes
    ----------
    name : str
        That of the node whose output is its result, after those of the nodes that this one lies in.
    operators : tuple of str
        The operators that it is made by, in the graph's order.
    function : Function or None
        What it computes of each element; None if that is not all.
    kind : str
        The function's name with its parameters, or the name of what has none, such as softmax.
    reason : str or None
        Why there is no unit for it, as half a sentence.
    x, y : str
        The names of the values before and after it.
    input, output : Format or None
        The formats that the model itself gives to these values, where it is quantised.

    """

    name: str
    operators: tuple[str, ...]
    function: Function | None
    kind: str
    reason: str | None
    x: str
    y: str
    input: Format | None = None
    output: Format | None = None


def find_activations(graph: Any, types: dict[str, int]) -> list[Activation]:
    """Return the activations of a graph and of all graphs within, in the graph's order.

    Parameters
    ----------
    graph
        The ``GraphProto``, in which names are unique.
    types
        ONNX's number of the element type of each value, where that is known.

    """
    found = []
    for scope in scopes(graph):
        found += list(_in_scope(scope, types))[::-1]
    return found


def _in_scope(scope: Scope, types: dict[str, int]) -> Iterator[Activation]:
    """Yield the activations of one graph, the last first: the largest is found before its parts."""
    taken: set[int] = set()
    for node in reversed(scope.graph.node):
        if id(node) in taken or not node.output or not is_standard(node):
            continue
        match = _softmax(scope, node) or _element_by_element(scope, node)
        if match is None:
            continue
        function, kind, reason, x, nodes = match
        if scope.is_constant(x) or types.get(x, 1) not in _FLOATS:
            continue
        inner = _inner(scope, node, nodes)
        taken |= {id(each) for each in inner}
        order = {id(each): place for place, each in enumerate(scope.graph.node)}
        operators = tuple(each.op_type for each in sorted(nodes, key=lambda each: order[id(each)]))
        name = "/".join((*scope.path, node.name or node.output[0]))
        before, after = format_before(scope, x), format_after(scope, node.output[0])
        yield Activation(name, operators, function, kind, reason, x, node.output[0], before, after)


Match = tuple[Function | None, str, str | None, str, list[Any]]
"""The function, what to call it, why it has no unit, the value that it is of, and its nodes."""


def _element_by_element(scope: Scope, node: Any) -> Match | None:
    spelled = _spelled_out(scope, node) if readable(node) else None
    if spelled is not None and len(spelled[-1]) > 1:
        return spelled
    function = function_of(scope, node)
    if function is not None:
        return function, str(function), None, node.input[0], [node]
    reason = NOT_WRITTEN_OUT if node.op_type in RECURRENT else UNUSABLE.get(node.op_type)
    if reason is not None:
        return None, node.op_type.lower(), reason, node.input[0], [node]
    return spelled


def _spelled_out(scope: Scope, node: Any) -> Match | None:
    """Return the activation of most nodes that ends in a node."""
    best: Match | None = None
    for x in _before(scope, node):
        read = expression_of(scope, node.output[0], x)
        if read is None or (best is not None and len(read[1]) <= len(best[-1])):
            continue
        pattern = matching_pattern(read[0])
        if pattern is not None:
            function = create_function(pattern.function, **pattern.parameters)
            best = function, str(function), None, x, read[1]
    return best


def _before(scope: Scope, node: Any) -> list[str]:
    """Return the values that a node's result may be a function of, the nearest first."""
    found: dict[str, None] = {}
    waiting, visited = [node], 0
    while waiting and visited < _MOST_NODES:
        current, visited = waiting.pop(0), visited + 1
        for name in current.input:
            if name and name not in found and not scope.is_constant(name):
                found[name] = None
                before = scope.producers.get(name)
                if before is not None and readable(before):
                    waiting.append(before)
    return list(found)


def _softmax(scope: Scope, node: Any) -> Match | None:
    """Return a softmax that is spelled out: exponentials by their sum."""
    if node.op_type != "Div":
        return None
    above, below = (scope.producers.get(name) for name in node.input)
    nodes = [node]
    while below is not None and below.op_type in _SHAPING:
        nodes.append(below)
        below = scope.producers.get(below.input[0])
    if above is None or below is None or (above.op_type, below.op_type) != ("Exp", "ReduceSum"):
        return None
    if below.input[0] != above.output[0]:
        return None
    return None, "softmax", UNUSABLE["Softmax"], above.input[0], [above, below, *nodes]


def _inner(scope: Scope, root: Any, nodes: list[Any]) -> list[Any]:
    """Return the nodes of an activation that nothing else needs, its last one among them."""
    inner = {id(root): root}
    order = [node for node in reversed(scope.graph.node) if any(node is each for each in nodes)]
    for node in order:
        if node is root or any(name in scope.outputs for name in node.output):
            continue
        users = [user for name in node.output for user in scope.users.get(name, [])]
        if users and all(id(user) in inner for user in users):
            inner[id(node)] = node
    return list(inner.values())
