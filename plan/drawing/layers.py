"""Layers of a drawing: every box below what it reads, within its stage, near its users, few to a layer."""

from __future__ import annotations

import math
from collections.abc import Mapping

from .boxes import Box

__all__ = ["assign_layers"]

_MOST_BOXES = 4
"""A layer of more boxes than these is wrapped into rows."""


def assign_layers(boxes: dict[str, Box], stages: Mapping[str, int], latency: int) -> tuple[dict[str, int], list[int]]:
    """Return the layer of every box, and the first layer after each register rank."""
    users: dict[str, list[str]] = {name: [] for name in boxes}
    for name, box in boxes.items():
        for operand, _ in box.reads:
            users[operand].append(name)
    stage_of = {name: stages.get(name, latency) for name in boxes}  # outputs follow the last rank
    for name in reversed(boxes):
        if boxes[name].steady and users[name]:
            stage_of[name] = min(stage_of[user] for user in users[name])
    layers, starts = _earliest(boxes, stage_of, latency)
    _lower(layers, boxes, users, {name: starts[stage_of[name] + 1] for name in boxes})
    return _wrapped(layers, starts)


def _earliest(boxes: dict[str, Box], stage_of: Mapping[str, int], latency: int) -> tuple[dict[str, int], list[int]]:
    """Return the first layer that each box may have, and the first layer of each stage, the end of the last included.

    Outputs are all in the last layer.
    """
    layers: dict[str, int] = {}
    starts = [0]
    for stage in range(latency + 1):
        within = [name for name in boxes if stage_of[name] == stage]
        for name in within:
            layers[name] = max([starts[stage], *(layers[operand] + 1 for operand, _ in boxes[name].reads)])
        starts.append(max([starts[stage], *(layers[name] + 1 for name in within)]))
    for name, box in boxes.items():
        if box.kind == "port" and box.reads:
            layers[name] = starts[-1] - 1
    return layers, starts


def _lower(
    layers: dict[str, int], boxes: dict[str, Box], users: Mapping[str, list[str]], ends: Mapping[str, int]
) -> None:
    """Move steps down towards their users where that saves more wires than it costs: tables go beside their adders.

    No box moves as far as its layer in `ends`.
    """
    inner = [name for name in reversed(boxes) if boxes[name].kind != "port" and users[name]]
    moved = True
    while moved:
        moved = False
        for name in inner:
            lowest = min([ends[name], *(layers[user] for user in users[name])]) - 1
            saved = boxes[name].bits * (lowest - layers[name])
            cost = sum(
                boxes[operand].bits * max(0, lowest - max(layers[user] for user in users[operand]))
                for operand in {read for read, _ in boxes[name].reads}
            )
            if saved > cost:
                layers[name], moved = lowest, True


def _wrapped(layers: Mapping[str, int], starts: list[int]) -> tuple[dict[str, int], list[int]]:
    """Make a layer of each row of a wrapped layer; return the new layers, and the first after each register rank.

    Neighbours in the plan go to different rows, so that the nets of a row pass between the boxes of the next.
    """
    rows: dict[str, int] = {}
    firsts = [0]
    for layer in range(starts[-1]):
        members = [name for name in layers if layers[name] == layer]
        count = math.ceil(len(members) / _MOST_BOXES)
        for at, name in enumerate(members):
            rows[name] = firsts[layer] + at % count
        firsts.append(firsts[layer] + count)
    return rows, [firsts[start] for start in starts[1:-1]]
