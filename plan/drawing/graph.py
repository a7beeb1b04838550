"""The drawn graph: nodes in layers, and edges that each lead from one layer to the next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .boxes import Box

__all__ = ["Edge", "Node", "build_graph"]


@dataclass(eq=False)
class Node:
    """A place in a layer: a box, or the passage of a net on its way to a later layer.

    `source` is the box, or the one that drives the net; `above` are the edges from the layer above, in the order of
    the pins; `x` is the middle, of the box without its constants.
    """

    source: Box
    is_box: bool
    x: float = 0.0
    above: list[Edge] = field(default_factory=list)
    below: list[Edge] = field(default_factory=list)

    @property
    def left(self) -> int:
        """Distance from its middle to its left end."""
        return self.source.width // 2 if self.is_box else 0

    @property
    def right(self) -> int:
        """Distance from its middle to its right end, its constants included."""
        return self.left + self.source.reach if self.is_box else 0


@dataclass(eq=False)
class Edge:
    """A piece of a net from `feed` to `user` in the next layer.

    It arrives `offset` from the user's middle; `stiffness` says how much it matters that it is straight.
    """

    feed: Node
    user: Node
    pin: str = ""
    offset: int = 0
    stiffness: float = 1.0


def build_graph(boxes: Mapping[str, Box], layer_of: Mapping[str, int]) -> list[list[Node]]:
    """Return the nodes of every layer; a net that skips layers has one passage in each."""
    lowest: dict[str, int] = {}  # layer that reads the net
    for name, box in boxes.items():
        for operand, _ in box.reads:
            lowest[operand] = max(lowest.get(operand, 0), layer_of[name])
    layers: list[list[Node]] = [[] for _ in range(max(layer_of.values()) + 1)]
    carriers: dict[tuple[str, int], Node] = {}  # of a net in a layer
    for name, box in boxes.items():
        first = layer_of[name]
        node = carriers[name, first] = Node(box, True)
        layers[first].append(node)
        for operand, pin in box.reads:
            _connect(carriers[operand, first - 1], node, pin)
        for layer in range(first + 1, lowest.get(name, 0)):
            node = carriers[name, layer] = Node(box, False)
            layers[layer].append(node)
            _connect(carriers[name, layer - 1], node)
    return layers


def _connect(feed: Node, user: Node, pin: str = "") -> None:
    edge = Edge(feed, user, pin)
    feed.below.append(edge)
    user.above.append(edge)
