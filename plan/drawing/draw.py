"""From a plan to the text of its picture: the arguments checked, and the passes in order."""

from __future__ import annotations

from collections.abc import Mapping

from ..plan import Plan
from .boxes import plan_boxes
from .columns import straighten
from .graph import build_graph
from .layers import assign_layers
from .order import reduce_crossings
from .picture import Picture

__all__ = ["draw_plan"]


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
    if stages is None:
        if latency:
            raise ValueError(f"a latency of {latency} needs the stages of the steps")
        stages = dict.fromkeys(plan.by_name, 0)
    for step in plan.steps:
        if step.name not in stages:
            raise ValueError(f"stages lacks step {step.name!r}")
        stage, earliest = stages[step.name], max((stages[name] for name in step.operation.operands), default=0)
        if not earliest <= stage <= latency:
            raise ValueError(f"step {step.name!r} is in stage {stage}, outside {earliest} to {latency}")
        if values is not None and step.name not in values:
            raise ValueError(f"values lacks the code of step {step.name!r}")
    boxes = plan_boxes(plan, values)
    layer_of, rank_layers = assign_layers(boxes, stages, latency)
    layers = reduce_crossings(build_graph(boxes, layer_of))
    straighten(layers)
    return Picture(layers, rank_layers, title).text()
