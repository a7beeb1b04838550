"""Where the nodes of every layer stand from left to right, so that nets run straight."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from itertools import accumulate

from .graph import Node

__all__ = ["straighten"]

_BOX_GAP, _NET_GAP = 22, 12
"""Between two boxes of a layer, and between other neighbours."""

_Pulls = list[tuple[float, float]]
"""Where each neighbour would have a node, and how much that matters."""


def straighten(layers: Sequence[Sequence[Node]]) -> None:
    """Give every node its place, in the order of its layer.

    Means of the neighbours spread the boxes evenly, medians then bring them exactly into line.
    """
    _stiffen(layers)
    for _ in range(40):
        for layer in (*layers, *reversed(layers)):
            _settle(layer, _mean, 1.0)
    for layer in layers:
        for node in layer:
            node.x = round(node.x)
    for _ in range(12):
        for layer in reversed(layers):
            _settle(layer, _median, 1 / 2)
        for layer in layers:
            _settle(layer, _median, 2.0)


def _stiffen(layers: Sequence[Sequence[Node]]) -> None:
    """Say how much each edge should be straight: most inside a long net, more where the longest path runs."""
    depths: dict[Node, int] = {}  # boxes on the longest path that leads there
    for layer in layers:
        for node in layer:
            longest = max(node.above, key=lambda edge: depths[edge.feed], default=None)
            depths[node] = node.is_box + (depths[longest.feed] if longest else 0)
            for edge in node.above:
                passages = (not edge.feed.is_box) + (not node.is_box)
                edge.stiffness = (1.0, 2.0, 12.0)[passages] * (3.0 if edge is longest else 1.0)


def _settle(layer: Sequence[Node], centre: Callable[[_Pulls], float], from_above: float) -> None:
    """Move each node of a layer to the centre of its pulls, as near as order and sizes allow.

    This is isotonic regression: nodes that would overlap join into a block, which moves as one.
    """
    blocks: list[tuple[list[Node], _Pulls]] = []
    offsets: dict[Node, int] = {}  # from the first node, were the layer packed
    end = 0
    for at, node in enumerate(layer):
        if at:
            end += node.left + (_BOX_GAP if node.is_box and layer[at - 1].is_box else _NET_GAP)
        offset = offsets[node] = end
        end += node.right
        blocks.append(([node], [(place - offset, weight) for place, weight in _pulls(node, from_above)]))
        while len(blocks) > 1 and centre(blocks[-2][1]) > centre(blocks[-1][1]):
            nodes, pulls = blocks.pop()
            blocks[-1][0].extend(nodes)
            blocks[-1][1].extend(pulls)
    for nodes, pulls in blocks:
        place = centre(pulls)
        for node in nodes:
            node.x = offsets[node] + place


def _pulls(node: Node, from_above: float) -> _Pulls:
    """Return the pulls of a node's neighbours, those above `from_above` times as strong."""
    above = [(edge.feed.x - edge.offset, from_above * edge.stiffness) for edge in node.above]
    below = [(edge.user.x + edge.offset, edge.stiffness) for edge in node.below]
    return above + below or [(node.x, 0.1)]


def _mean(pulls: _Pulls) -> float:
    return sum(place * weight for place, weight in pulls) / sum(weight for _, weight in pulls)


def _median(pulls: _Pulls) -> float:
    ordered = sorted(pulls)
    sums = list(accumulate(weight for _, weight in ordered))
    return ordered[bisect_left(sums, sums[-1] / 2)][0]
