"""Make values of a model its outputs, wherever they are: in branches and loops, too."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .graphs import subgraphs
from .node_builder import NodeBuilder
from .packages import ScanError

__all__ = ["expose"]

_DOUBLE = 11

_FLAT = "softgate/flat"
"""The shape of an array of one axis, a constant that every graph within sees."""

_NONE = "softgate/none"
"""An array of no values: what a branch gives for values of the other branch, and a loop before its first turn."""


def expose(graph: Any, names: Sequence[str]) -> dict[str, str]:
    """Add values as outputs of a graph, in place; return the outputs' names by those of the values.

    Each is a float64 array of one axis with all values in the order of their computation: a value within a loop those
    of all turns, and one in a branch that is not taken none.

    Parameters
    ----------
    graph
        The ``GraphProto``, in which names are unique.
    names
        Names of values of this graph or of any graph within.

    """
    import numpy as np
    from onnx import helper, numpy_helper

    graph.initializer.append(numpy_helper.from_array(np.array([-1], np.int64), _FLAT))
    graph.initializer.append(numpy_helper.from_array(np.zeros(0), _NONE))
    found = _exposed(graph, set(names))
    for value in found.values():
        graph.output.append(helper.make_tensor_value_info(value, _DOUBLE, [None]))
    return found


def _exposed(graph: Any, wanted: set[str]) -> dict[str, str]:
    """Add nodes that give the wanted values, each in one axis; return their names by those of the values."""
    own = {each.name for each in [*graph.input, *graph.initializer]}
    found: dict[str, str] = {}
    b = NodeBuilder("softgate/exposed/")
    for node in list(graph.node):
        own |= set(node.output)
        for name, value in _through(node, wanted).items():
            # A Scan gives what its turns give on an axis of its own.
            found[name] = b("Reshape", value, _FLAT, result=f"{value}/flat") if node.op_type == "Scan" else value
    for name in wanted & own:
        real = b("Cast", name, result=f"softgate/real/{name}", to=_DOUBLE)
        found[name] = b("Reshape", real, _FLAT, result=f"softgate/exposed/{name}")
    graph.node.extend(b.nodes)
    return found


def _through(node: Any, wanted: set[str]) -> dict[str, str]:
    """Let a node pass on the wanted values of the graphs within it; return their names outside."""
    inside = [(graph, _exposed(graph, wanted)) for graph in subgraphs(node)]
    names = {name: f"softgate/from/{node.output[0]}/{name}" for _, found in inside for name in found}
    if not names:
        return {}
    match node.op_type:
        case "If":
            for branch, (graph, found) in enumerate(inside):
                for name, value in names.items():
                    _output(graph, _copied(graph, found.get(name, _NONE), f"{value}/branch{branch}"))
            node.output.extend(names.values())
            return names
        case "Loop":
            return _through_loop(node, *inside[0], names)
        case "Scan":
            graph, found = inside[0]
            for name, value in names.items():
                _output(graph, _copied(graph, found[name], f"{value}/turn"))
                node.output.append(f"{value}/turns")
            _add_directions(node, len(names))
            return {name: f"{value}/turns" for name, value in names.items()}
    raise ScanError(f"activations within the operator {node.op_type} are not observed")


def _through_loop(node: Any, graph: Any, found: dict[str, str], names: dict[str, str]) -> dict[str, str]:
    """Let a loop carry the values of all turns so far, joined: their number may differ from turn to turn."""
    from onnx import helper

    carried = len(node.input) - 2
    for number, (name, value) in enumerate(names.items()):
        before, after = f"{value}/before", f"{value}/after"
        node.input.append(_NONE)
        graph.input.append(helper.make_tensor_value_info(before, _DOUBLE, [None]))
        graph.node.append(helper.make_node("Concat", [before, found[name]], [after], axis=0))
        graph.output.insert(1 + carried + number, helper.make_tensor_value_info(after, _DOUBLE, [None]))
        node.output.insert(carried + number, value)
    return dict(names)


def _copied(graph: Any, value: str, name: str) -> str:
    """Add a value of this graph by another name: an output may neither be that of an outer graph nor given twice."""
    from onnx import helper

    graph.node.append(helper.make_node("Identity", [value], [name]))
    return name


def _output(graph: Any, name: str) -> None:
    """Make a value of one axis an output of a graph."""
    from onnx import helper

    graph.output.append(helper.make_tensor_value_info(name, _DOUBLE, [None]))


def _add_directions(node: Any, count: int) -> None:
    """Give the added outputs of a Scan a direction and an axis where the others have one."""
    for attribute in node.attribute:
        if attribute.name in {"scan_output_directions", "scan_output_axes"}:
            attribute.ints.extend([0] * count)
