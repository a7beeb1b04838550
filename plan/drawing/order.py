"""The order of every layer from left to right, so that few nets cross."""

from __future__ import annotations

import math
from itertools import combinations, pairwise

from .graph import Node

__all__ = ["reduce_crossings"]

_PASSES = 24
"""Passes over all layers, down and up in turn; more change little."""


def reduce_crossings(layers: list[list[Node]]) -> list[list[Node]]:
    """Return the layers in a better order, and order the pins of every node to match.

    Layers are sorted by the barycentres of their neighbours, downwards and upwards in turn; the best order is kept.
    """
    layers = [list(layer) for layer in layers]
    best, fewest = layers, math.inf
    for sweep in range(_PASSES):
        downwards = sweep % 2 == 0
        for settled, layer in pairwise(layers if downwards else reversed(layers)):
            _sort(layer, settled, downwards)
        for index in range(len(layers)):
            _swap_neighbours(layers, index)
        crossings = sum(_crossings(layers, index) for index in range(1, len(layers)))
        if crossings < fewest:
            best, fewest = [list(layer) for layer in layers], crossings
    for above, layer in pairwise(best):
        places = {node: at for at, node in enumerate(above)}
        for node in layer:
            node.above.sort(key=lambda edge: places[edge.feed])
            for at, edge in enumerate(node.above, 1):
                edge.offset = 2 * node.left * at // (len(node.above) + 1) - node.left
    return best


def _sort(layer: list[Node], settled: list[Node], downwards: bool) -> None:
    """Sort a layer by the barycentres of its neighbours in the settled one; a node that has none keeps its place."""
    places = {node: at for at, node in enumerate(settled)}
    keys: dict[Node, float] = {}
    for at, node in enumerate(layer):
        near = [places[edge.feed] for edge in node.above] if downwards else [places[edge.user] for edge in node.below]
        keys[node] = sum(near) / len(near) if near else at
    layer.sort(key=keys.__getitem__)


def _swap_neighbours(layers: list[list[Node]], index: int) -> None:
    """Swap neighbours in a layer wherever that saves crossings."""
    layer = layers[index]
    here = _crossings(layers, index) + _crossings(layers, index + 1)
    for at in range(len(layer) - 1):
        layer[at], layer[at + 1] = layer[at + 1], layer[at]
        swapped = _crossings(layers, index) + _crossings(layers, index + 1)
        if swapped < here:
            here = swapped
        else:
            layer[at], layer[at + 1] = layer[at + 1], layer[at]


def _crossings(layers: list[list[Node]], index: int) -> int:
    """Count the crossings between a layer and the one above."""
    if not 0 < index < len(layers):
        return 0
    places = {node: at for at, node in enumerate(layers[index - 1])}
    ends = [(places[edge.feed], at) for at, node in enumerate(layers[index]) for edge in node.above]
    return sum((a - c) * (b - d) < 0 for (a, b), (c, d) in combinations(ends, 2))
