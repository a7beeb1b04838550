"""The straight-line pieces of a neuron as plans."""

from __future__ import annotations

from ...accuracy.composites.neuron import Neuron
from ...plan import operations as op
from ...plan.builder import PlanBuilder
from ...plan.constant_multiplier import multiply_by_constant
from ...plan.formats import FixedFormat
from ...plan.operations.base import Range
from ...plan.plan import Plan

__all__ = ["argument_plan", "products_plan"]


def products_plan(asked: Neuron, starts: tuple[int, ...]) -> Plan:
    """Return the plan with the sum ``s`` of the products of a transfer.

    Constant weights are looked up at the input ``weight_at``, that of a neuron and a transfer. Where neurons start with
    different numbers, the plan has a second output ``start``, looked up at the input ``neuron_at``.
    """
    b = PlanBuilder()
    for name, fmt in asked.lanes.items():
        b.input(name, fmt, "a weight" if name.startswith("w") else "an element")
    rows = asked.rows
    if rows is not None and rows.shape[0] * rows.shape[1] > 1:
        b.input("weight_at", _index(rows.shape[0] * rows.shape[1]), "which weights", Range(0, rows[..., 0].size - 1))
    if len(set(starts)) > 1:
        b.input("neuron_at", _index(len(starts)), "which neuron", Range(0, len(starts) - 1))
    terms = [_product(b, asked, lane) for lane in range(asked.parallel)]
    level = 0
    while len(terms) > 1:
        pairs = [terms[at : at + 2] for at in range(0, len(terms), 2)]
        terms = [
            pair[0] if len(pair) == 1 else b.let(f"sum{level}_{number}", op.Add(*pair))
            for number, pair in enumerate(pairs)
        ]
        level += 1
    outputs = {"s": (terms[0], _format(b, terms[0]))}
    if len(set(starts)) > 1:
        start = b.let(
            "start_entry", op.Lookup("neuron_at", starts, asked.point), "the bias, and half of the last place"
        )
        outputs["start"] = (start, _format(b, start))
    return b.build(**outputs)


def argument_plan(asked: Neuron, argument: FixedFormat, held: Range) -> Plan:
    """Return the plan of the argument ``argument`` of a sum ``total``, which has half of the last place in it."""
    b = PlanBuilder()
    total = b.input("total", _of_range(held, asked.point), "the sum, and half of the last place", held)
    excess = asked.point - argument.fraction_bits
    if excess > 0:
        step = b.let("rounded", op.ShiftRight(total, excess), "rounded half up, by the half that is in it")
    else:
        step = b.let("raised", op.ShiftLeft(total, -excess))
    limited = b.let("limited", op.Clamp(step, argument.min_code, argument.max_code), "the argument of the function")
    return b.build(argument=(limited, argument))


def _product(b: PlanBuilder, asked: Neuron, lane: int) -> str:
    """Add the product of a lane; returns its name."""
    number = "" if asked.parallel == 1 else str(lane)
    x, name = f"x{number}", f"product{number}"
    if asked.rows is None:
        return b.let(name, op.Multiply(x, f"w{number}"))
    codes = tuple(asked.rows[..., lane].reshape(-1).tolist())
    if len(set(codes)) == 1:
        return multiply_by_constant(b, name, x, codes[0], asked.point, "by a constant weight")
    weight = b.let(f"w{number}", op.Lookup("weight_at", codes, asked.weight.fraction_bits), "a constant weight")
    return b.let(name, op.Multiply(x, weight))


def _index(count: int) -> FixedFormat:
    return FixedFormat(False, max((count - 1).bit_length(), 1), 0)


def _format(b: PlanBuilder, name: str) -> FixedFormat:
    return _of_range(b.range(name), b.point(name))


def _of_range(held: Range, point: int) -> FixedFormat:
    return FixedFormat(held.signed, held.width - point, point)
