"""Plans drawn as datapaths: a layered picture in SVG, data flowing from top to bottom.

The layout follows Sugiyama, Tagawa and Toda (Methods for visual understanding of hierarchical system structures, 1981):
steps go into layers, values that skip layers get a place in each, crossings are reduced by barycentres, and
positions then draw connected boxes into line. A value is drawn as one net however many steps read it, as hardware
would carry it: so a register rank meets each value once, and the marks on a rank are its registers.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from html import escape
from itertools import accumulate, combinations

from . import operations as op
from .plan import Plan, Step

__all__ = ["draw_plan"]

_ADVANCE = 0.62
"""Width of a character in units of the font size: the widest of the common monospace fonts, and a little more."""

_MARGIN = 16
_BOX_GAP, _NET_GAP = 22, 12  # between neighbours of a layer
_CHANNEL = 30  # between layers, for the curves
_RANK_HEIGHT = 26
_RANK_LABEL = 60
_TAG_GAP, _TAG_SPACE = 22, 4  # between a box and the constants beside it, and between these

_STYLE = """
.softgate text { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace;
  text-anchor: middle; fill: #1f2933; }
.softgate .shape { fill: #5b6673; }
.softgate .value { fill: #a3341f; }
.softgate .pin, .softgate .rank-label { fill: #7a8591; }
.softgate .symbol { font-weight: bold; }
.softgate rect { stroke-width: 1.2; }
.softgate .arithmetic rect { fill: #e9f1fc; stroke: #3f74ba; }
.softgate .arithmetic .symbol { fill: #3f74ba; }
.softgate .multiply rect { fill: #fdebe8; stroke: #c4503f; }
.softgate .multiply .symbol { fill: #c4503f; }
.softgate .table rect { fill: #fff4d9; stroke: #bd8b1a; }
.softgate .table .symbol { fill: #bd8b1a; }
.softgate .choice rect { fill: #e7f5ec; stroke: #3f8f5d; }
.softgate .choice .symbol { fill: #3f8f5d; }
.softgate .logic rect { fill: #f2ebfa; stroke: #7d5bb2; }
.softgate .logic .symbol { fill: #7d5bb2; }
.softgate .wiring rect { fill: #ffffff; stroke: #c3cad1; }
.softgate .constant rect { fill: #f4f6f8; stroke: #dfe4e9; }
.softgate .port rect { fill: #334155; stroke: #334155; }
.softgate .port text { fill: #ffffff; }
.softgate .net { fill: none; stroke: #66717d; stroke-width: 1; }
.softgate .bus { stroke-width: 1.8; }
.softgate .net:hover { stroke: #d9480f; stroke-width: 3; }
.softgate .tip { fill: #66717d; }
.softgate .rank { stroke: #8a94c8; stroke-width: 1.4; stroke-dasharray: 7 5; }
.softgate .register { fill: #5661b3; }
""".strip()


def draw_plan(
    plan: Plan,
    *,
    stages: Mapping[str, int] | None = None,
    latency: int = 0,
    values: Mapping[str, int] | None = None,
    title: str = "",
) -> str:
    """Draw the datapath of a plan as a standalone SVG; equal arguments give equal text.

    Boxes show operation, name, width (``s16`` is 16 bits, signed) and the value of the last bit; pointing at one shows
    its range and note. Values of one bit have thin lines. A small square on a register rank is a register.

    Parameters
    ----------
    plan
        The plan to draw.
    stages, latency
        The stage of every step and the number of register ranks, as a schedule has them.
    values
        The code of every step for one input, as `GoldenModel.trace` returns them, to be shown in the boxes.
    title
        Heading of the picture.

    Returns
    -------
    str
        The text of the SVG file.

    Raises
    ------
    ValueError
        If `stages` or `values` lack a step, or a stage lies outside 0 to `latency` or before one that it reads.

    """
    if values is not None and (missing := [step.name for step in plan.steps if step.name not in values]):
        raise ValueError(f"values lacks the code of step {missing[0]!r}")
    graph = _Graph(plan, _checked_stages(plan, stages, latency), latency, values)
    graph.reduce_crossings()
    graph.straighten()
    return _Canvas(graph, title).text()


def _checked_stages(plan: Plan, stages: Mapping[str, int] | None, latency: int) -> Mapping[str, int]:
    if stages is None:
        if latency:
            raise ValueError(f"a latency of {latency} needs the stages of the steps")
        return dict.fromkeys(plan.by_name, 0)
    for step in plan.steps:
        if step.name not in stages:
            raise ValueError(f"stages lacks step {step.name!r}")
        stage, earliest = stages[step.name], max((stages[name] for name in step.operation.operands), default=0)
        if not earliest <= stage <= latency:
            raise ValueError(f"step {step.name!r} is in stage {stage}, outside {earliest} to {latency}")
    return stages


# What the boxes say


@dataclass(frozen=True)
class _Look:
    """How an operation is drawn: its colour, symbol, a detail, and the names of its operands where they matter."""

    kind: str
    symbol: str
    detail: str = ""
    pins: tuple[str, ...] = ()


_RELATIONS = {"lt": "<", "le": "≤", "eq": "=", "ne": "≠", "ge": "≥", "gt": ">"}


def _look(operation: op.Operation) -> _Look:
    match operation:
        case op.Input(format=fmt):
            return _Look("port", "", str(fmt))
        case op.Constant():
            return _Look("constant", "")
        case op.Bits(low=low, count=count):
            return _Look("wiring", f"[{low + count - 1}:{low}]")
        case op.ShiftLeft(bits=bits):
            return _Look("wiring", f"<< {bits}")
        case op.ShiftRight(bits=bits):
            return _Look("wiring", f">> {bits}")
        case op.Narrow(proof=proof):
            return _Look("wiring", "narrow", proof)
        case op.Lookup(table=table):
            return _Look("table", "table", f"{len(table)} entries")
        case op.Add():
            return _Look("arithmetic", "+")
        case op.Subtract():
            return _Look("arithmetic", "−", pins=("+", "−"))  # noqa: RUF001
        case op.Absolute():
            return _Look("arithmetic", "|·|")
        case op.Round(bits=bits, mode=mode):
            return _Look("arithmetic", f"round >> {bits}", mode.replace("_", " "))
        case op.Multiply():
            return _Look("multiply", "×")  # noqa: RUF001
        case op.Clamp(low=low, high=high):
            return _Look("choice", "clamp", f"{low}..{high}")
        case op.Compare(relation=relation):
            return _Look("choice", f"a {_RELATIONS[relation]} b", pins=("a", "b"))
        case op.Select():
            return _Look("choice", "mux", pins=("sel", "1", "0"))
        case op.ShiftBy(direction=direction):
            return _Look("logic", "a << b" if direction == "left" else "a >> b", pins=("a", "b"))
        case op.Bitwise(function=function):
            return _Look("logic", function)
        case _:
            return _Look("logic", operation.kind().replace("_", " "))


def _text_width(text: str, size: int) -> float:
    return len(text) * size * _ADVANCE


@dataclass(frozen=True)
class _Line:
    """A line of text in a box, `symbol` in bold before it."""

    text: str
    size: int
    style: str
    symbol: str = ""

    @property
    def width(self) -> int:
        return math.ceil(_text_width(" ".join(filter(None, (self.symbol, self.text))), self.size))

    @property
    def height(self) -> int:
        return self.size + 4


@dataclass(frozen=True)
class _Box:
    """A rectangle with centred lines of text.

    `reads` are the steps whose values arrive at its top, `tags` the constants beside it, each with its pin's name.
    """

    name: str
    kind: str
    tooltip: str
    lines: tuple[_Line, ...]
    reads: tuple[tuple[str, str], ...] = ()
    tags: tuple[tuple[_Box, str], ...] = ()

    @property
    def pin_height(self) -> int:
        """Height of the row that names the pins."""
        return 9 if any(pin for _, pin in self.reads) else 0

    @property
    def width(self) -> int:
        room = 2 * self.height // 3 if self.kind == "port" else 14  # a port's ends are round
        return (max(line.width for line in self.lines) + room + 1) // 2 * 2

    @property
    def height(self) -> int:
        own = sum(line.height for line in self.lines) + 8 + self.pin_height
        return max(own, self.tags_height)

    @property
    def tags_height(self) -> int:
        """Height of the constants, one above the other."""
        return sum(tag.height + _TAG_SPACE for tag, _ in self.tags) - _TAG_SPACE

    @property
    def reach(self) -> int:
        """How far the constants stand out on the right."""
        return max((_TAG_GAP + tag.width for tag, _ in self.tags), default=0)


def _boxes(plan: Plan, values: Mapping[str, int] | None) -> dict[str, _Box]:
    """Return the boxes of steps and outputs by name; a constant that is used once stands beside its user instead."""
    uses = Counter(operand for step in plan.steps for operand in step.operation.operands)
    uses.update(output.step for output in plan.outputs for _ in range(2))  # an output has nothing beside it
    boxes: dict[str, _Box] = {}
    tags: dict[str, _Box] = {}
    for step in plan.steps:
        box = _step_box(plan, step, values)
        if isinstance(step.operation, op.Constant) and uses[step.name] == 1:
            tags[step.name] = box
            continue
        beside = tuple((tags[name], pin) for name, pin in box.reads if name in tags)
        reads = tuple((name, pin) for name, pin in box.reads if name not in tags)
        boxes[step.name] = replace(box, reads=reads, tags=beside)
    for output in plan.outputs:
        lines = (_Line(output.name, 12, "name"), _Line(str(output.format), 10, "shape"))
        tooltip = f"{output.name} = output({output.step})"
        boxes[output.name] = _Box(output.name, "port", tooltip, lines, ((output.step, ""),))
    return boxes


def _step_box(plan: Plan, step: Step, values: Mapping[str, int] | None) -> _Box:
    operation, held, point = step.operation, plan.ranges[step.name], plan.points[step.name]
    look = _look(operation)
    name = f"{step.name} = {operation.value}" if isinstance(operation, op.Constant) else step.name
    shape = f"{'s' if held.signed else 'u'}{held.width} 2^{-point}"
    lines = [
        _Line(name, 10 if look.kind in ("wiring", "constant") else 12, "name", look.symbol),
        _Line(f"{look.detail} {shape}".strip(), 10, "shape"),
    ]
    if values is not None:
        code = values[step.name]
        real = f" = {float(code / Fraction(2) ** point):.6g}" if point else ""
        lines.append(_Line(f"{code}{real}", 10, "value"))
    tooltip = "\n".join(filter(None, (f"{step.name} = {operation}", f"{shape}, range {held}", step.note)))
    pins = look.pins or ("",) * len(operation.operands)
    return _Box(step.name, look.kind, tooltip, tuple(lines), tuple(zip(operation.operands, pins, strict=True)))


# Where the boxes go

_Pulls = list[tuple[float, float]]


@dataclass(eq=False)
class _Node:
    """A place in a layer: a box, or the passage of a net on its way to a later layer.

    `feeds` are the nodes of the layer above that it reads, with the names of its pins, in the order of the pins;
    `spine` is the one with the most boxes before it, `depth` in number.
    """

    net: str
    box: _Box | None = None
    x: float = 0.0
    depth: int = 0
    spine: _Node | None = None
    feeds: list[tuple[_Node, str]] = field(default_factory=list)
    users: list[_Node] = field(default_factory=list)

    @property
    def left(self) -> int:
        return self.box.width // 2 if self.box else 0

    @property
    def right(self) -> int:
        return self.left + (self.box.reach if self.box else 0)

    @property
    def pins(self) -> list[int]:
        """Where the feeds arrive, from the middle of the box."""
        width, count = 2 * self.left, len(self.feeds)
        return [width * (index + 1) // (count + 1) - self.left for index in range(count)]

    def connect(self, feed: _Node, pin: str = "") -> None:
        self.feeds.append((feed, pin))
        feed.users.append(self)
        depth = feed.depth + (self.box is not None)
        if self.spine is None or depth > self.depth:
            self.depth, self.spine = depth, feed

    def pulls(self, from_above: float) -> _Pulls:
        """Where each neighbour would have this node, and how much that matters, those above `from_above` times more."""
        found = [
            (feed.x - pin, from_above * _stiffness(feed, self))
            for (feed, _), pin in zip(self.feeds, self.pins, strict=True)
        ]
        for user in dict.fromkeys(self.users):
            for (feed, _), pin in zip(user.feeds, user.pins, strict=True):
                if feed is self:
                    found.append((user.x + pin, _stiffness(self, user)))
        return found or [(self.x, 0.1)]


def _stiffness(feed: _Node, user: _Node) -> float:
    """How much a connection should be straight: most inside a long net, more where the longest path runs."""
    passages = (feed.box is None) + (user.box is None)
    return (1.0, 2.0, 12.0)[passages] * (3.0 if feed is user.spine else 1.0)


class _Graph:
    """The boxes of a plan and their nets, in layers; `rank_layers` are the layers that follow each register rank."""

    def __init__(self, plan: Plan, stages: Mapping[str, int], latency: int, values: Mapping[str, int] | None) -> None:
        self.plan = plan
        self.steady = _steady(plan)
        boxes = _boxes(plan, values)
        users = _users(boxes)
        layers, self.rank_layers = _assign_layers(plan, boxes, self.steady, stages, latency)
        self.layers: list[list[_Node]] = [[] for _ in range(max(layers.values()) + 1)]
        carriers: dict[tuple[str, int], _Node] = {}  # who holds a value in a layer
        for name, box in boxes.items():
            first = layers[name]
            node = carriers[name, first] = _Node(name, box)
            self.layers[first].append(node)
            for operand, pin in box.reads:
                node.connect(carriers[operand, first - 1], pin)
            for layer in range(first + 1, max((layers[user] for user in users[name]), default=0)):
                node = carriers[name, layer] = _Node(name)
                self.layers[layer].append(node)
                node.connect(carriers[name, layer - 1])

    def reduce_crossings(self) -> None:
        """Order every layer by the barycentres of its neighbours, to and fro, and keep the best order seen."""
        best, fewest = self.layers, math.inf
        for sweep in range(24):
            downwards = sweep % 2 == 0
            gaps = range(1, len(self.layers)) if downwards else range(len(self.layers) - 2, -1, -1)
            for index in gaps:
                self._sort_layer(index, downwards)
            self._swap_neighbours()
            crossings = sum(self._crossings(index) for index in range(1, len(self.layers)))
            if crossings < fewest:
                best, fewest = [list(layer) for layer in self.layers], crossings
        self.layers = best
        for above, layer in zip(self.layers, self.layers[1:], strict=False):
            for node in layer:
                node.feeds.sort(key=lambda feed: above.index(feed[0]))

    def _sort_layer(self, index: int, downwards: bool) -> None:
        layer = self.layers[index]
        there = {node: at for at, node in enumerate(self.layers[index + (-1 if downwards else 1)])}

        def barycentre(item: tuple[int, _Node]) -> float:
            at, node = item
            near = [there[other] for other in ([feed for feed, _ in node.feeds] if downwards else node.users)]
            return sum(near) / len(near) if near else at

        self.layers[index] = [node for _, node in sorted(enumerate(layer), key=barycentre)]

    def _swap_neighbours(self) -> None:
        for index, layer in enumerate(self.layers):
            for at in range(len(layer) - 1):
                before = self._crossings(index) + self._crossings(index + 1)
                layer[at], layer[at + 1] = layer[at + 1], layer[at]
                if self._crossings(index) + self._crossings(index + 1) >= before:
                    layer[at], layer[at + 1] = layer[at + 1], layer[at]

    def _crossings(self, index: int) -> int:
        """Count the crossings between a layer and the one above."""
        if not 0 < index < len(self.layers):
            return 0
        above = {node: at for at, node in enumerate(self.layers[index - 1])}
        ends = [(above[feed], at) for at, node in enumerate(self.layers[index]) for feed, _ in node.feeds]
        return sum((a - c) * (b - d) < 0 for (a, b), (c, d) in combinations(ends, 2))

    def straighten(self) -> None:
        """Give every node its place from left to right, in the order of its layer.

        Means of the neighbours spread the boxes evenly, medians then bring them exactly into line.
        """
        for _ in range(40):
            for layer in (*self.layers, *reversed(self.layers)):
                _settle(layer, _mean, 1.0)
        for layer in self.layers:
            for node in layer:
                node.x = round(node.x)
        for _ in range(12):
            for layer in reversed(self.layers):
                _settle(layer, _median, 1 / 2)
            for layer in self.layers:
                _settle(layer, _median, 2.0)


def _users(boxes: Mapping[str, _Box]) -> dict[str, list[str]]:
    users: dict[str, list[str]] = {name: [] for name in boxes}
    for name, box in boxes.items():
        for operand, _ in box.reads:
            users[operand].append(name)
    return users


def _steady(plan: Plan) -> set[str]:
    """Return the steps that are the same for every input; no register holds them."""
    steady: set[str] = set()
    for step in plan.steps:
        if not isinstance(step.operation, op.Input) and steady.issuperset(step.operation.operands):
            steady.add(step.name)
    return steady


def _assign_layers(
    plan: Plan, boxes: dict[str, _Box], steady: set[str], stages: Mapping[str, int], latency: int
) -> tuple[dict[str, int], list[int]]:
    """Return the layer of every box, and the first layer after each register rank."""
    users = _users(boxes)
    staged = {name: stages.get(name, latency) for name in boxes}  # outputs follow the last rank
    for name in reversed(boxes):
        if name in steady and users[name]:
            staged[name] = min(staged[user] for user in users[name])
    layers: dict[str, int] = {}
    starts = [0]
    for stage in range(latency + 1):
        within = [name for name in boxes if staged[name] == stage]
        for name in within:
            layers[name] = max([starts[stage], *(layers[operand] + 1 for operand, _ in boxes[name].reads)])
        starts.append(max([starts[stage], *(layers[name] + 1 for name in within)]))
    for output in plan.outputs:
        layers[output.name] = starts[-1] - 1

    # Move steps down towards their users where that saves more wires than it costs: tables go beside their adders.
    ports = {name for name, _ in plan.inputs} | {output.name for output in plan.outputs}
    inner = [name for name in reversed(boxes) if name not in ports and users[name]]
    moved = True
    while moved:
        moved = False
        for name in inner:
            lowest = min([starts[staged[name] + 1], *(layers[user] for user in users[name])]) - 1
            saved = plan.ranges[name].width * (lowest - layers[name])
            cost = sum(
                plan.ranges[operand].width * max(0, lowest - max(layers[user] for user in users[operand]))
                for operand in {read for read, _ in boxes[name].reads}
            )
            if saved > cost:
                layers[name], moved = lowest, True
    return layers, starts[1:-1]


def _mean(pulls: _Pulls) -> float:
    return sum(position * weight for position, weight in pulls) / sum(weight for _, weight in pulls)


def _median(pulls: _Pulls) -> float:
    ordered = sorted(pulls)
    sums = list(accumulate(weight for _, weight in ordered))
    return ordered[bisect_left(sums, sums[-1] / 2)][0]


def _settle(layer: Sequence[_Node], centre: Callable[[_Pulls], float], from_above: float) -> None:
    """Move each node of a layer to the centre of its pulls, as near as order and sizes allow.

    This is isotonic regression: nodes that would overlap join into a block, which moves as one.
    """
    blocks: list[tuple[list[_Node], _Pulls]] = []
    offsets: dict[_Node, int] = {}  # from the left end, were the layer packed
    for at, node in enumerate(layer):
        offset = 0
        if at:
            gap = _BOX_GAP if node.box and layer[at - 1].box else _NET_GAP
            offset = offsets[layer[at - 1]] + layer[at - 1].right + gap + node.left
        offsets[node] = offset
        pulls = [(position - offset, weight) for position, weight in node.pulls(from_above)]
        blocks.append(([node], pulls))
        while len(blocks) > 1 and centre(blocks[-2][1]) > centre(blocks[-1][1]):
            nodes, more = blocks.pop()
            blocks[-1][0].extend(nodes)
            blocks[-1][1].extend(more)
    for nodes, pulls in blocks:
        for node in nodes:
            node.x = offsets[node] + centre(pulls)


# The picture


class _Canvas:
    """Writes a laid-out graph as SVG elements."""

    def __init__(self, graph: _Graph, title: str) -> None:
        self.graph, self.title = graph, title
        self.parts: list[str] = []
        nodes = [node for layer in graph.layers for node in layer]
        label = _RANK_LABEL if graph.rank_layers else 0
        heading = _Line(title, 14, "title")
        self.shift = _MARGIN + label - round(min(node.x - node.left for node in nodes))
        drawn = self.shift + round(max(node.x + node.right for node in nodes)) + _MARGIN
        self.width = max(drawn, heading.width + 2 * _MARGIN)
        self.height = _MARGIN
        if title:
            self._text(self.width // 2, self.height + 14, heading)
            self.height += 34
        # Top and bottom of every layer; the ranks before a layer lie between the bottom of the last and its curves.
        self.tops: list[int] = []
        self.bottoms: list[int] = []
        self.ranks: list[list[int]] = []
        for index, layer in enumerate(graph.layers):
            count = graph.rank_layers.count(index)
            self.ranks.append([self.height + _RANK_HEIGHT * at + _RANK_HEIGHT // 2 for at in range(count)])
            self.height += count * _RANK_HEIGHT + (_CHANNEL if index else 0)
            self.tops.append(self.height)
            self.height += max((node.box.height for node in layer if node.box), default=0)
            self.bottoms.append(self.height)
        self.height += _MARGIN

    def text(self) -> str:
        self._draw_ranks()
        self._draw_nets()
        self._draw_registers()
        for index, layer in enumerate(self.graph.layers):
            for node in layer:
                if node.box:
                    self._draw_node(node, node.box, index)
        size = f'width="{self.width}" height="{self.height}" viewBox="0 0 {self.width} {self.height}"'
        head = [
            f'<svg xmlns="http://www.w3.org/2000/svg" class="softgate" role="img" {size}>',
            f"<title>{escape(self.title or 'datapath')}</title>",
            f"<style>\n{_STYLE}\n</style>",
            f'<path class="background" fill="#ffffff" d="M0 0H{self.width}V{self.height}H0Z"/>',
        ]
        return "\n".join([*head, *self.parts, "</svg>", ""])

    def _draw_ranks(self) -> None:
        heights = [y for ranks in self.ranks for y in ranks]
        for number, y in enumerate(heights, 1):
            self.parts.append(f'<path class="rank" d="M{_MARGIN + _RANK_LABEL - 8} {y}H{self.width - _MARGIN}"/>')
            self._text(_MARGIN + (_RANK_LABEL - 8) // 2, y + 4, _Line(f"rank {number}", 10, "rank-label"))

    def _draw_nets(self) -> None:
        paths: dict[str, list[str]] = {}
        tips: list[str] = []
        ends: dict[str, list[str]] = {}
        for index, layer in enumerate(self.graph.layers):
            for node in layer:
                for (feed, _), offset in zip(node.feeds, node.pins, strict=True):
                    at, end = self._x(node) + offset, self._top(node, index)
                    paths.setdefault(feed.net, []).append(self._curve(feed, index - 1, at, end))
                    if node.box:
                        ends.setdefault(feed.net, []).append(node.box.name)
                        tips.append(f"M{at} {end}l-3.5 -6h7z")
        for net, curves in paths.items():
            held = self.graph.plan.ranges[net]
            style = "net" if held.width == 1 else "net bus"
            to = " ".join(dict.fromkeys(ends[net]))
            self.parts.append(
                f'<path class="{style}" data-from="{net}" data-to="{to}" d="{"".join(curves)}">'
                f"<title>{net}, {held.width} bit{'s' * (held.width > 1)}</title></path>"
            )
        self.parts.append(f'<path class="tip" d="{"".join(tips)}"/>')

    def _curve(self, feed: _Node, index: int, x: int, end: int) -> str:
        """Return the path from a node in layer `index` to a pin in the next."""
        start = self._x(feed)
        leave = self._top(feed, index) + feed.box.height if feed.box else self.tops[index]
        line = f"M{start} {leave}"
        if start != x:
            bottom = self.tops[index + 1]
            top, middle = bottom - _CHANNEL, bottom - _CHANNEL // 2
            line += f"V{top}C{start} {middle} {x} {middle} {x} {bottom}"
        return f"{line}V{end}"

    def _draw_registers(self) -> None:
        for layer, ranks in zip(self.graph.layers, self.ranks[1:], strict=False):
            for node in layer:
                if node.users and node.net not in self.graph.steady:
                    width = self.graph.plan.ranges[node.net].width
                    for y in ranks:
                        self.parts.append(
                            f'<rect class="register" x="{self._x(node) - 4}" y="{y - 4}" width="8" height="8">'
                            f"<title>register of {node.net}, {width} bit{'s' * (width > 1)}</title></rect>"
                        )

    def _draw_node(self, node: _Node, box: _Box, index: int) -> None:
        x, y = self._x(node) - node.left, self._top(node, index)
        self._draw_box(box, x, y)
        for offset, (_, pin) in zip(node.pins, node.feeds, strict=True):
            if pin:
                self._text(self._x(node) + offset, y + 10, _Line(pin, 9, "pin"))
        tag_x, tag_y = x + box.width + _TAG_GAP, y + (box.height - box.tags_height) // 2
        for tag, pin in box.tags:
            middle = tag_y + tag.height // 2
            self.parts.append(
                f'<path class="net" data-from="{tag.name}" data-to="{box.name}" d="M{tag_x} {middle}H{x + box.width}"/>'
            )
            if pin:
                self._text(x + box.width + _TAG_GAP // 2, middle - 3, _Line(pin, 9, "pin"))
            self._draw_box(tag, tag_x, tag_y)
            tag_y += tag.height + _TAG_SPACE

    def _draw_box(self, box: _Box, x: int, y: int) -> None:
        corner = {"port": box.height // 2, "wiring": 2}.get(box.kind, 5)
        self.parts.append(f'<g class="box {box.kind}" data-name="{box.name}"><title>{escape(box.tooltip)}</title>')
        self.parts.append(f'<rect x="{x}" y="{y}" width="{box.width}" height="{box.height}" rx="{corner}"/>')
        text_height = sum(line.height for line in box.lines)
        y += (box.height - text_height + box.pin_height) // 2
        for line in box.lines:
            y += line.height
            self._text(x + box.width // 2, y - 4, line)
        self.parts.append("</g>")

    def _text(self, x: int, y: int, line: _Line) -> None:
        """Write a line centred on `x`; symbol and text apart, as renderers differ in centring mixed fonts."""
        pieces = [(line.symbol, f"symbol {line.style}"), (line.text, line.style)]
        left = x - line.width / 2
        for text, style in pieces:
            if text:
                width = _text_width(text, line.size)
                place = f'x="{round(left + width / 2)}" y="{y}" font-size="{line.size}"'
                self.parts.append(f'<text class="{style}" {place}>{escape(text)}</text>')
                left += width + _text_width(" ", line.size)

    def _x(self, node: _Node) -> int:
        return self.shift + round(node.x)

    def _top(self, node: _Node, index: int) -> int:
        height = self.bottoms[index] - self.tops[index]
        return self.tops[index] + ((height - node.box.height) // 2 if node.box else 0)
