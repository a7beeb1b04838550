"""The parts of a plan: its tables, rows of products, sums, sign and saturation, as areas are listed by."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from . import operations as op
from .plan import Plan, Step

__all__ = ["PARTS", "part_order", "parts_of"]

PARTS = (
    "input",
    "sign in",
    "range reduction",
    "tables",
    "products",
    "rows of products",
    "sums",
    "last addition",
    "selection",
    "sign out",
    "saturation",
)
"""The parts, from the inputs to the outputs; a table has a part of its own, called ``table`` and its name."""

_COEFFICIENT = re.compile(r"(?:^|_)(c\d+)(?:_|$)")
_NUMBERED = re.compile(r"(_part|_level)?\d.*$")

_SATURATION = re.compile(
    r"(?:^|_)(saturated|limited|limit|opposite|opposite_there|exact|is_above|is_below|value_above|value_below|"
    r"rest_above|rest_below|below_tail)(?:_|$)"
)
"""Names of steps that tell where a function is saturated, or select and make what it is there."""

_SEGMENT = re.compile(r"(_(low|high)\d*)+$")
"""Endings that lowering gives to the names of segments of a carry chain."""

_DIGIT = re.compile(r"(?:^|_)digit\d*(?:_|$)")
"""Names of the steps that recode a factor as the digits of its rows."""


def part_order(part: str) -> tuple[int, int, str]:
    """Return a sort key of parts: those of `PARTS` in order, each table at ``tables``, what has no place there last.

    Parts that are joined by ``and`` follow the first of them.
    """
    first, *others = part.split(" and ")
    kind = "tables" if first.startswith("table ") else first
    return (PARTS.index(kind) if kind in PARTS else len(PARTS)), len(others), part


def parts_of(plan: Plan) -> Mapping[str, str | None]:
    """Return the part that each step of a plan belongs to; None for wiring and constants, which take nothing.

    An addition is the last one if no other follows, segments of its own carry chain aside. Logic is of the sign where
    only inputs and other logic precede it, or where only logic follows; what is between is selection.

    Raises
    ------
    TypeError
        If the reading has no case for an operation (decision 031).

    """
    behind, ahead = _behind_arithmetic(plan), _arithmetic_ahead(plan)
    return {step.name: _part(step, step.name in behind, ahead[step.name] - {_whole(step.name)}) for step in plan.steps}


def _part(step: Step, behind: bool, ahead: Collection[str]) -> str | None:
    """Return the part of a step, which may be behind a table, product or sum, and has those of these names ahead."""
    saturation = _SATURATION.search(step.name) is not None
    match step.operation:
        case op.Input():
            return "input"
        case op.Constant() | op.Bits() | op.Concatenate() | op.ShiftLeft() | op.ShiftRight() | op.Narrow():
            return None
        case op.Lookup():
            return "saturation" if saturation else _table(step.name)
        case op.Multiply():
            return "products"
        case op.PartialProduct():
            return "rows of products"
        case op.Clamp():
            return "saturation"
        case op.Absolute():
            return "sign in"
        case op.ShiftBy() | op.LeadingZeros():
            return "range reduction"
        case op.Add() | op.AddComplemented() | op.Subtract() | op.Round():
            return "sums" if ahead else "last addition"
        case op.Bitwise() | op.Compare() | op.Select():
            if saturation:
                return "saturation"
            if _DIGIT.search(step.name):
                return "rows of products"
            if not behind:
                return "sign in"
            return "selection" if ahead else "sign out"
        case _:
            raise op.unknown_operation(step.operation, "parts of plans")


def _table(name: str) -> str:
    """Return the part of a look-up: by the coefficient that it holds, or by its name without a number."""
    if found := _COEFFICIENT.search(name):
        return f"table {found[1]}"
    kind = _NUMBERED.sub("", name)
    return f"table {kind}" if len(kind) > 1 else "tables"


def _is_arithmetic(step: Step) -> bool:
    """Return whether a step approximates the function: a table, a product or a sum."""
    match step.operation:
        case op.Lookup():
            return _SATURATION.search(step.name) is None
        case op.Multiply() | op.PartialProduct() | op.Add() | op.AddComplemented() | op.Subtract() | op.Round():
            return True
        case op.Input() | op.Constant() | op.Bits() | op.Concatenate() | op.ShiftLeft() | op.ShiftRight():
            return False
        case op.Narrow() | op.Clamp() | op.Absolute() | op.ShiftBy() | op.LeadingZeros():
            return False
        case op.Bitwise() | op.Compare() | op.Select():
            return False
        case _:
            raise op.unknown_operation(step.operation, "parts of plans")


def _whole(name: str) -> str:
    """Return the name of the addition that a step is a segment of, or the step's own."""
    return _SEGMENT.sub("", name)


def _behind_arithmetic(plan: Plan) -> set[str]:
    """Return the steps that depend on a table, a product or a sum."""
    found: set[str] = set()
    for step in plan.steps:
        if any(name in found or _is_arithmetic(plan.by_name[name]) for name in step.operation.operands):
            found.add(step.name)
    return found


def _arithmetic_ahead(plan: Plan) -> Mapping[str, set[str]]:
    """Return for every step the tables, products and sums that depend on it, a segmented addition as one."""
    found: dict[str, set[str]] = {step.name: set() for step in plan.steps}
    for step in reversed(plan.steps):
        own = {_whole(step.name)} if _is_arithmetic(step) else set()
        for name in step.operation.operands:
            found[name] |= found[step.name] | own
    return found
