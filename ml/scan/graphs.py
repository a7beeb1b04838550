"""Graphs and the graphs within their nodes: names, producers, users and constants of values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Scope", "attributes_of", "is_standard", "make_names_unique", "scopes", "subgraphs"]

_GRAPH = 5
"""The number of graphs among ONNX's kinds of attributes."""

_PASSED_ON = {"Identity", "Cast", "Unsqueeze", "Squeeze", "Reshape", "CastLike"}
"""Operators that give a single number as it is."""


def is_standard(node: Any) -> bool:
    """Whether a node's operator is one of ONNX itself, or one that ONNX Runtime adds."""
    return node.domain in {"", "ai.onnx", "com.microsoft"}


def subgraphs(node: Any) -> list[Any]:
    """Return the graphs in a node's attributes."""
    return [each.g for each in node.attribute if each.type == _GRAPH]


def attributes_of(node: Any) -> dict[str, Any]:
    """Return a node's attributes by name, texts decoded."""
    from onnx import helper

    values = {each.name: helper.get_attribute_value(each) for each in node.attribute}
    return {
        name: value.decode(errors="replace") if isinstance(value, bytes) else value for name, value in values.items()
    }


@dataclass(frozen=True, eq=False)
class Scope:
    """A graph with those that it lies in, whose values it sees.

    Parameters
    ----------
    graph
        The ``GraphProto``.
    parent
        The scope of the node that it lies in; None for the whole model's.
    path
        The names of the nodes that it lies in.

    """

    graph: Any
    parent: Scope | None = None
    path: tuple[str, ...] = field(default=())

    @cached_property
    def producers(self) -> dict[str, Any]:
        """The node that gives each value of this graph."""
        return {name: node for node in self.graph.node for name in node.output if name}

    @cached_property
    def users(self) -> dict[str, list[Any]]:
        """The nodes of this graph that read each value, themselves or in a graph within."""
        found: dict[str, list[Any]] = {}
        for node in self.graph.node:
            for name in _read_by(node):
                found.setdefault(name, []).append(node)
        return found

    @cached_property
    def outputs(self) -> set[str]:
        """The names of the graph's outputs."""
        return {each.name for each in self.graph.output}

    @cached_property
    def _held(self) -> dict[str, Any]:
        return {each.name: each for each in self.graph.initializer}

    @cached_property
    def _inputs(self) -> set[str]:
        return {each.name for each in self.graph.input}

    @cached_property
    def _constants(self) -> set[str]:
        """The names of this graph's values that follow from constants alone."""
        found = set(self._held)
        for node in self.graph.node:
            computed = subgraphs(node) or node.op_type.startswith("Random")
            if not computed and all(each in found or self._is_outer_constant(each) for each in node.input if each):
                found |= set(node.output)
        return found

    def _is_outer_constant(self, name: str) -> bool:
        own = name in self.producers or name in self._inputs
        return self.parent is not None and not own and self.parent.is_constant(name)

    def is_constant(self, name: str) -> bool:
        """Whether a value follows from constants alone."""
        return name in self._constants or self._is_outer_constant(name)

    def constant(self, name: str) -> NDArray[Any] | None:
        """Return the array of a constant, or None for a value that is computed."""
        from onnx import numpy_helper

        if name in self._held:
            array: NDArray[Any] = numpy_helper.to_array(self._held[name])
            return array
        node = self.producers.get(name)
        if node is None:
            return None if self.parent is None or name in self._inputs else self.parent.constant(name)
        if node.op_type == "Constant":
            return _value_of(node)
        if node.op_type in _PASSED_ON and node.input:
            return self.constant(node.input[0])
        return None

    def number(self, name: str) -> float | None:
        """Return a constant as one number, if all its elements are the same."""
        array = self.constant(name)
        if array is None or array.size == 0 or array.dtype.kind not in "fiub":
            return None
        first = array.flat[0]
        return float(first) if (array == first).all() else None


def scopes(graph: Any, parent: Scope | None = None, path: tuple[str, ...] = ()) -> Iterator[Scope]:
    """Yield the scope of a graph and of all graphs within its nodes, each after the one that it lies in."""
    scope = Scope(graph, parent, path)
    yield scope
    for node in graph.node:
        for attribute in node.attribute:
            if attribute.type == _GRAPH:
                branch = attribute.name.removesuffix("_branch")
                yield from scopes(attribute.g, scope, (*path, f"{node.name or node.output[0]}.{branch}"))


def make_names_unique(graph: Any, seen: set[str] | None = None, outer: dict[str, str] | None = None) -> None:
    """Rename values in place so that none has the name of another one, in whatever graph."""
    seen = set() if seen is None else seen
    renamed = dict(outer or {})

    def own(name: str) -> str:
        new, number = name, 1
        while new in seen:
            number += 1
            new = f"{name}.{number}"
        seen.add(new)
        if new != name or name in renamed:
            renamed[name] = new
        return new

    held = {each.name for each in graph.input}
    for each in graph.input:
        each.name = own(each.name)
    for each in graph.initializer:
        each.name = renamed.get(each.name, each.name) if each.name in held else own(each.name)
    del graph.value_info[:]
    for node in graph.node:
        node.input[:] = [renamed.get(name, name) for name in node.input]
        for inner in subgraphs(node):
            make_names_unique(inner, seen, renamed)
        node.output[:] = [own(name) if name else "" for name in node.output]
    for each in graph.output:
        each.name = renamed.get(each.name, each.name)


def _read_by(node: Any) -> Iterator[str]:
    yield from dict.fromkeys(node.input)
    for graph in subgraphs(node):
        for inner in graph.node:
            yield from _read_by(inner)
        yield from (each.name for each in graph.output)


def _value_of(node: Any) -> NDArray[Any] | None:
    """Return the array of a Constant node; None if it is sparse or text."""
    import numpy as np
    from onnx import numpy_helper

    for name, value in attributes_of(node).items():
        if name == "value":
            array: NDArray[Any] = numpy_helper.to_array(value)
            return array
        if name in {"value_float", "value_floats"}:
            return np.asarray(value, np.float32)
        if name in {"value_int", "value_ints"}:
            return np.asarray(value, np.int64)
    return None
