"""The picture of an ordered, straightened graph: how high each layer stands, and how the wires run."""

from __future__ import annotations

from collections.abc import Sequence

from .boxes import TAG_GAP, TAG_SPACE, Box, Line
from .graph import Edge, Node
from .svg import Svg

__all__ = ["Picture"]

_MARGIN = 16
_HEADING_HEIGHT = 34
_CHANNEL = 30  # between layers, for the curves
_RANK_HEIGHT = 26
_RANK_LABEL = 60


class Picture:
    """Draws the layers of a graph, with register ranks before the layers in `rank_layers`."""

    def __init__(self, layers: Sequence[Sequence[Node]], rank_layers: Sequence[int], title: str) -> None:
        self._layers, self._title, self._heading = layers, title, Line(title, 14, "title")
        self._svg = Svg()
        self._place_layers(rank_layers)
        nodes = [node for layer in layers for node in layer]
        label = _RANK_LABEL if rank_layers else 0
        self._shift = _MARGIN + label - round(min(node.x - node.left for node in nodes))
        right = self._shift + round(max(node.x + node.right for node in nodes))
        self._width = max(right + _MARGIN, self._heading.width + 2 * _MARGIN)

    def _place_layers(self, rank_layers: Sequence[int]) -> None:
        """Stack the layers; the ranks before a layer lie between the bottom of the last and the curves."""
        y = _MARGIN + (_HEADING_HEIGHT if self._title else 0)
        self._ranks: list[list[int]] = []  # before each layer
        self._tops: dict[Node, int] = {}  # of the boxes, and of the layers for passages
        self._channels: dict[Node, int] = {}  # the bottom of the curves that lead to a node
        for index, layer in enumerate(self._layers):
            count = rank_layers.count(index)
            self._ranks.append([y + _RANK_HEIGHT * at + _RANK_HEIGHT // 2 for at in range(count)])
            y += count * _RANK_HEIGHT + (_CHANNEL if index else 0)
            height = max(node.source.height for node in layer if node.is_box)
            for node in layer:
                self._channels[node] = y
                self._tops[node] = y + (height - node.source.height) // 2 if node.is_box else y
            y += height
        self._height = y + _MARGIN

    def text(self) -> str:
        """Return the text of the SVG file."""
        if self._title:
            self._svg.text(self._heading, self._width // 2, _MARGIN + 14)
        self._draw_ranks()
        self._draw_nets()
        self._draw_registers()
        for layer in self._layers:
            for node in layer:
                if node.is_box:
                    self._draw_box(node)
        return self._svg.document(self._width, self._height, self._title or "datapath")

    def _draw_ranks(self) -> None:
        for number, y in enumerate((y for ranks in self._ranks for y in ranks), 1):
            self._svg.path("rank", f"M{_MARGIN + _RANK_LABEL - 8} {y}H{self._width - _MARGIN}")
            self._svg.text(Line(f"rank {number}", 10, "rank-label"), _MARGIN + (_RANK_LABEL - 8) // 2, y + 4)

    def _draw_nets(self) -> None:
        nets: dict[Box, list[Edge]] = {}
        for layer in self._layers:
            for node in layer:
                for edge in node.above:
                    nets.setdefault(edge.feed.source, []).append(edge)
        for source, edges in nets.items():
            users = dict.fromkeys(edge.user.source.name for edge in edges if edge.user.is_box)
            self._svg.net(source, list(users), "".join(map(self._wire, edges)))
        tips = [edge for edges in nets.values() for edge in edges if edge.user.is_box]
        self._svg.path("tip", "".join(f"M{self._end(edge)} {self._tops[edge.user]}l-3.5 -6h7z" for edge in tips))

    def _wire(self, edge: Edge) -> str:
        """Return the path of an edge: down, a curve to its column just above the next layer, and down."""
        start, end = self._x(edge.feed), self._end(edge)
        leave = self._tops[edge.feed] + (edge.feed.source.height if edge.feed.is_box else 0)
        curve = ""
        if start != end:
            bottom = self._channels[edge.user]
            middle = bottom - _CHANNEL // 2
            curve = f"V{bottom - _CHANNEL}C{start} {middle} {end} {middle} {end} {bottom}"
        return f"M{start} {leave}{curve}V{self._tops[edge.user]}"

    def _draw_registers(self) -> None:
        for layer, ranks in zip(self._layers, self._ranks[1:], strict=False):
            for node in layer:
                if node.below and not node.source.steady:
                    for y in ranks:
                        self._svg.register(node.source, self._x(node), y)

    def _draw_box(self, node: Node) -> None:
        """Draw a box with the names of its pins and the constants beside it."""
        box, middle, top = node.source, self._x(node), self._tops[node]
        self._svg.box(box, middle - node.left, top)
        for edge in node.above:
            if edge.pin:
                self._svg.text(Line(edge.pin, 9, "pin"), self._end(edge), top + 10)
        right, y = middle + node.left, top + (box.height - box.tags_height) // 2
        for tag, pin in box.tags:
            wire = y + tag.height // 2
            self._svg.net(tag, [box.name], f"M{right + TAG_GAP} {wire}H{right}")
            if pin:
                self._svg.text(Line(pin, 9, "pin"), right + TAG_GAP // 2, wire - 3)
            self._svg.box(tag, right + TAG_GAP, y)
            y += tag.height + TAG_SPACE

    def _x(self, node: Node) -> int:
        return self._shift + round(node.x)

    def _end(self, edge: Edge) -> int:
        """Where an edge arrives, from left to right."""
        return self._x(edge.user) + edge.offset
