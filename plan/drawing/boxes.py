"""Boxes of a drawing: one for every step and output, with its text, its inputs, and the constants beside it."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from .. import operations as op
from ..plan import Plan, Step
from .looks import Look, operation_look

__all__ = ["TAG_GAP", "TAG_SPACE", "Box", "Line", "plan_boxes", "text_width"]

TAG_GAP, TAG_SPACE = 22, 4
"""Between a box and the constants beside it, and between these."""

_ADVANCE = 0.62
"""Width of a character in units of the font size: the widest of the common monospace fonts, and a little more."""


def text_width(text: str, size: int) -> float:
    """Return the width of a text in the widest of fonts."""
    return len(text) * size * _ADVANCE


@dataclass(frozen=True)
class Line:
    """A line of text, `symbol` in bold before it; `style` is its class in the style sheet."""

    text: str
    size: int
    style: str
    symbol: str = ""

    @property
    def width(self) -> int:
        return math.ceil(text_width(f"{self.symbol} {self.text}".strip(), self.size))

    @property
    def height(self) -> int:
        return self.size + 4


@dataclass(frozen=True)
class Box:
    """A rectangle with centred lines of text.

    Parameters
    ----------
    name, kind
        The name of its step or output; the kind decides the colours.
    lines, tooltip
        The text inside, and the text shown on pointing at it.
    bits, steady
        Width of its value, and whether that is the same for every input: then no register holds it.
    reads
        The steps whose values arrive at its top, each with its pin's name.
    tags
        The constants beside it, each with its pin's name.

    """

    name: str
    kind: str
    lines: tuple[Line, ...]
    tooltip: str
    bits: int
    steady: bool = False
    reads: tuple[tuple[str, str], ...] = ()
    tags: tuple[tuple[Box, str], ...] = ()

    @property
    def text_height(self) -> int:
        return sum(line.height for line in self.lines)

    @property
    def pin_height(self) -> int:
        """Height of the row that names the pins."""
        return 9 if any(pin for _, pin in self.reads) else 0

    @property
    def tags_height(self) -> int:
        """Height of the constants, one above the other."""
        return sum(tag.height + TAG_SPACE for tag, _ in self.tags) - TAG_SPACE

    @property
    def height(self) -> int:
        return max(self.text_height + 8 + self.pin_height, self.tags_height)

    @property
    def width(self) -> int:
        room = 2 * self.height // 3 if self.kind == "port" else 14  # a port's ends are round
        return (max(line.width for line in self.lines) + room + 1) // 2 * 2

    @property
    def reach(self) -> int:
        """Width by which the constants stand out on the right."""
        return max((TAG_GAP + tag.width for tag, _ in self.tags), default=0)


def plan_boxes(plan: Plan, values: Mapping[str, int] | None) -> dict[str, Box]:
    """Return the boxes of steps and outputs by name; a constant that is used once stands beside its user instead."""
    uses = Counter(operand for step in plan.steps for operand in step.operation.operands)
    put_out = {output.step for output in plan.outputs}
    steady: set[str] = set()
    boxes: dict[str, Box] = {}
    tags: dict[str, Box] = {}
    for step in plan.steps:
        name, operation = step.name, step.operation
        if not isinstance(operation, op.Input) and steady.issuperset(operation.operands):
            steady.add(name)
        look = operation_look(operation)
        pins = list(zip(operation.operands, look.pins or ("",) * len(operation.operands), strict=True))
        box = Box(
            name,
            look.kind,
            _lines(plan, step, look, values),
            f"{name} = {operation}\n{_shape(plan, name)}, range {plan.ranges[name]}\n{step.note}".rstrip(),
            plan.ranges[name].width,
            name in steady,
            tuple((operand, pin) for operand, pin in pins if operand not in tags),
            tuple((tags[operand], pin) for operand, pin in pins if operand in tags),
        )
        alone = isinstance(operation, op.Constant) and uses[name] == 1 and name not in put_out
        (tags if alone else boxes)[name] = box
    for output in plan.outputs:
        lines = (Line(output.name, 12, "name"), Line(str(output.format), 10, "shape"))
        tooltip = f"{output.name} = output({output.step})"
        bits = output.format.width
        boxes[output.name] = Box(output.name, "port", lines, tooltip, bits, reads=((output.step, ""),))
    return boxes


def _lines(plan: Plan, step: Step, look: Look, values: Mapping[str, int] | None) -> tuple[Line, ...]:
    name, point = step.name, plan.points[step.name]
    called = f"{name} = {step.operation.value}" if isinstance(step.operation, op.Constant) else name
    lines = [
        Line(called, 10 if look.kind in ("wiring", "constant") else 12, "name", look.symbol),
        Line(f"{look.detail} {_shape(plan, name)}".strip(), 10, "shape"),
    ]
    if values is not None:
        code = values[name]
        real = f" = {float(code / Fraction(2) ** point):.6g}" if point else ""
        lines.append(Line(f"{code}{real}", 10, "value"))
    return tuple(lines)


def _shape(plan: Plan, name: str) -> str:
    held = plan.ranges[name]
    return f"{'s' if held.signed else 'u'}{held.width} 2^{-plan.points[name]}"
