"""Put tables in the place of activations, within the graph: ONNX Runtime then runs the whole model.

Each activation becomes a chain of float64 operators: quantise, limit to the codes, look up, and convert to the element
type. The table holds what the unit's golden model gives at every input code (decision 047).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...plan.any_format import Format
from ...sim.golden.model import GoldenModel
from .find import Activation
from .graphs import subgraphs
from .node_builder import NodeBuilder

__all__ = ["with_models"]

_DOUBLE, _INT64 = 11, 7


def with_models(prepared: Any, types: Mapping[str, int], models: Mapping[Activation, GoldenModel]) -> Any:
    """Return a copy of a prepared model in which activations are golden models, bit for bit.

    Parameters
    ----------
    prepared
        The ``ModelProto``, in which names are unique.
    types
        ONNX's number of the element type of each value; float32 for a value that it does not name.
    models
        The model of each activation to replace, of at most ``2**20`` input codes.

    """
    import onnx

    copy = onnx.ModelProto()
    copy.CopyFrom(prepared)
    _replace(copy.graph, {each.y: (each, model) for each, model in models.items()}, types)
    return copy


def _replace(graph: Any, models: Mapping[str, tuple[Activation, GoldenModel]], types: Mapping[str, int]) -> None:
    nodes = list(graph.node)
    del graph.node[:]
    for node in nodes:
        for inner in subgraphs(node):
            _replace(inner, models, types)
        if node.output and node.output[0] in models:
            activation, model = models[node.output[0]]
            graph.node.extend(_looked_up(activation, model, types.get(activation.x, 1)))
        else:
            graph.node.append(node)


def _looked_up(activation: Activation, model: GoldenModel, element: int) -> list[Any]:
    """Return the nodes that compute an activation as its golden model does."""
    ((name, source),) = model.plan.inputs
    low, high = model.plan.ranges[name]
    shown: Format = source.shown
    outputs = model.plan.outputs[0].format.to_float(model.table())
    b = NodeBuilder(f"softgate/{activation.y}/")
    real = b("Cast", activation.x, to=_DOUBLE)
    # The quotient is exact where it decides: of two float32s, none is nearer to a tie than float64 tells.
    units = b("Round", b("Div", real, b.constant(float(shown.ulp), "float64")))
    codes = b("Add", units, b.constant(float(shown.code_of_zero), "float64"))
    limits = (b.constant(float(each), "float64") for each in (low, high))
    # Not Clip, which ONNX Runtime does not have for float64 in all versions of the operators.
    limited = b("Min", b("Max", codes, next(limits)), next(limits))
    places = b("Cast", b("Sub", limited, b.constant(float(low), "float64")), to=_INT64)
    found = b("Gather", b.constant(outputs, "float64"), places, axis=0)
    b("Cast", found, result=activation.y, to=element)
    return b.nodes
