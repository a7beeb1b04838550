"""The straight-line pieces of a neuron as plans."""

from __future__ import annotations

from ...accuracy.composites.neuron import Neuron
from ...methods.composition import inline
from ...plan import operations as op
from ...plan.builder import PlanBuilder
from ...plan.constant_multiplier import multiply_by_constant
from ...plan.formats import FixedFormat
from ...plan.operations.base import Range
from ...plan.plan import Plan

__all__ = ["argument_plan", "function_plan", "products_plan"]


def products_plan(asked: Neuron, starts: tuple[int, ...]) -> Plan:
    """Return the plan with the sum ``s`` of the products of a transfer.

    Constant weights are looked up at the input ``weight_at``, that of a neuron and a transfer. Where neurons start with
    different numbers, a second output ``start`` is that of the input ``neuron_at``.
    """
    b = PlanBuilder()
    for name, fmt in asked.lanes.items():
        b.input(name, fmt, "a weight" if name.startswith("w") else "an element")
    rows = asked.rows
    if rows is not None and rows.shape[0] * rows.shape[1] > 1:
        b.input("weight_at", _index(rows.shape[0] * rows.shape[1]), "which weights", Range(0, rows[..., 0].size - 1))
    outputs = {"s": _total(b, asked)}
    if len(set(starts)) > 1:
        neuron = b.input("neuron_at", _index(len(starts)), "which neuron", Range(0, len(starts) - 1))
        outputs["start"] = b.let(
            "start_entry", op.Lookup(neuron, starts, asked.point), "the bias, and half of the last place"
        )
    return b.build(**{name: (step, _of_range(b.range(step), b.point(step))) for name, step in outputs.items()})


def argument_plan(asked: Neuron, argument: FixedFormat, held: Range) -> Plan:
    """Return the plan of the argument ``argument`` of a sum ``total``, which has half of the last place in it."""
    b = PlanBuilder()
    total = b.input("total", _of_range(held, asked.point), "the sum, and half of the last place", held)
    excess = asked.point - argument.fraction_bits
    if excess > 0:
        step = b.let("argument_rounded", op.ShiftRight(total, excess), "rounded half up, by the half that is in it")
    else:
        step = b.let("argument_raised", op.ShiftLeft(total, -excess))
    limited = b.let(
        "argument_limited", op.Clamp(step, argument.min_code, argument.max_code), "the argument of the function"
    )
    return b.build(argument=(limited, argument))


def function_plan(function: Plan, argument: FixedFormat) -> Plan:
    """Return the plan of the function unit, of which all steps have names of their own."""
    b = PlanBuilder()
    source = b.input("argument", argument, "the argument of the function")
    return b.build(z=(inline(b, function, source, "function_"), function.outputs[0].format))


def _total(b: PlanBuilder, asked: Neuron) -> str:
    """Add the sum of the products of a transfer; returns its name. Those with negative constants are subtracted."""
    terms: dict[bool, list[str]] = {False: [], True: []}
    for lane in range(asked.parallel):
        number = "" if asked.parallel == 1 else str(lane)
        x, product = f"x{number}", f"product{number}"
        codes = {0} if asked.rows is None else set(asked.rows[..., lane].reshape(-1).tolist())
        if asked.rows is None:
            terms[False].append(b.let(product, op.Multiply(x, f"w{number}")))
        elif len(codes) > 1:
            table = tuple(asked.rows[..., lane].reshape(-1).tolist())
            weight = b.let(f"w{number}", op.Lookup("weight_at", table, asked.weight.fraction_bits), "a constant weight")
            terms[False].append(b.let(product, op.Multiply(x, weight)))
        elif (code := codes.pop()) != 0:
            made = multiply_by_constant(b, product, x, abs(code), asked.point, "by the magnitude of a constant weight")
            terms[code < 0].append(made)
    added, subtracted = (
        _added(b, f"{name}_sum", terms[negative]) for name, negative in (("plus", False), ("minus", True))
    )
    if not added:
        added = b.let("nothing", op.Constant(0, asked.point))
    return b.let("sum", op.Subtract(added, subtracted), "the products of a transfer") if subtracted else added


def _added(b: PlanBuilder, name: str, terms: list[str]) -> str:
    """Add the sum of terms, in pairs and so on; returns its name, empty if there are none."""
    level = 0
    while len(terms) > 1:
        pairs = [terms[at : at + 2] for at in range(0, len(terms), 2)]
        terms = [
            pair[0] if len(pair) == 1 else b.let(f"{name}{level}_{number}", op.Add(pair[0], pair[1]))
            for number, pair in enumerate(pairs)
        ]
        level += 1
    return terms[0] if terms else ""


def _index(count: int) -> FixedFormat:
    return FixedFormat(False, max((count - 1).bit_length(), 1), 0)


def _of_range(held: Range, point: int) -> FixedFormat:
    return FixedFormat(held.signed, held.width - point, point)
