"""Recurrent cells as plans, made of the plans of their parts."""

from __future__ import annotations

from collections.abc import Mapping

from ...accuracy.composites.base import Words
from ...accuracy.composites.gru_cell import GRUCell
from ...accuracy.composites.gru_gates import GRUGates
from ...accuracy.composites.gru_update import GRUUpdate
from ...accuracy.composites.lstm_cell import LSTMCell
from ...methods.composition import inline
from ...plan import operations as op
from ...plan.builder import PlanBuilder
from ...plan.formats import FixedFormat
from ...plan.logic_multiplier import holds_half, multiply_in_logic
from ...plan.plan import Plan

__all__ = ["gru_gates_plan", "gru_plan", "gru_update_plan", "lstm_plan"]


def lstm_plan(asked: LSTMCell, words: Words, parts: Mapping[str, Plan], products: str) -> Plan:
    """Return the plan of an LSTM cell, with outputs ``h`` and ``c_next``, and `products` for ``dsp`` or ``logic``."""
    b = PlanBuilder()
    notes = {"c": "the state", **{f"p_{gate}": f"weight of the peephole of {gate}" for gate in "ifo"}}
    for name, fmt in asked.inputs.items():
        b.input(name, fmt, notes.get(name, f"pre-activation of {name}"))
    f, i = (inline(b, parts["gate"], _with_peephole(b, asked, name, "c"), f"{name}_") for name in ("f", "i"))
    g = inline(b, parts["candidate"], "g", "g_")
    bits = asked.cell.fraction_bits
    kept, half = _product(b, products, "kept", f, "c", "f c", bits)
    added, _ = _product(b, products, "added", i, g, "i g")
    total = _sum(b, "total", kept, added, "f c + i g, exact")
    state = _rounded(b, "state", total, bits, asked.limits, "the new state", half=half)
    t = inline(b, parts["squash"], state, "t_")
    o = inline(b, parts["output"], _with_peephole(b, asked, "o", state), "o_")
    bits, limits = asked.hidden.fraction_bits, (asked.hidden.min_code, asked.hidden.max_code)
    product, half = _product(b, products, "product", o, t, "o tanh(c')", bits)
    output = _rounded(b, "hidden", product, bits, limits, "the output", half=half)
    return b.build(h=(output, asked.hidden), c_next=(state, asked.cell))


def gru_plan(asked: GRUCell, words: Words, parts: Mapping[str, Plan], products: str) -> Plan:
    """Return the plan of a GRU cell, with output ``h_next``, and `products` for ``dsp`` or ``logic``."""
    b = PlanBuilder()
    notes = {"r": "pre-activation of r", "u": "pre-activation of u", "h": "the state"}
    for name, fmt in asked.inputs.items():
        b.input(name, fmt, notes.get(name, "an addend of n's argument"))
    r, u = (inline(b, parts["gate"], name, f"{name}_") for name in ("r", "u"))
    bits, limits = asked.z.fraction_bits, (asked.z.min_code, asked.z.max_code)
    reset, half = _product(b, products, "reset", r, "n_h", "r n_h", bits)
    total = _sum(b, "total", "n_x", reset, "n_x + r n_h, exact")
    argument = _rounded(b, "argument", total, bits, limits, "the argument of tanh", half=half)
    n = inline(b, parts["candidate"], argument, "n_")
    state = _blended(b, products, n, u, asked.hidden)
    return b.build(h_next=(state, asked.hidden))


def gru_gates_plan(asked: GRUGates, words: Words, parts: Mapping[str, Plan], products: str) -> Plan:
    """Return the plan of a GRU's gates, with outputs ``update`` and ``rh``, and `products` for ``dsp`` or ``logic``."""
    b = PlanBuilder()
    for name, fmt in asked.inputs.items():
        b.input(name, fmt, "the state" if name == "h" else f"pre-activation of {name}")
    r, u = inline(b, parts["reset"], "r", "r_"), inline(b, parts["update"], "u", "u_")
    bits, limits = asked.rh.fraction_bits, (asked.rh.min_code, asked.rh.max_code)
    product, half = _product(b, products, "product", r, "h", "r h", bits)
    reset = _rounded(b, "reset", product, bits, limits, "the state that is let through", half=half)
    return b.build(update=(u, asked.gate), rh=(reset, asked.rh))


def gru_update_plan(asked: GRUUpdate, words: Words, parts: Mapping[str, Plan], products: str) -> Plan:
    """Return the plan of a GRU's update, with output ``h_next``, and `products` for ``dsp`` or ``logic``."""
    b = PlanBuilder()
    notes = {"n": "pre-activation of the candidate", "update": "the update gate u", "h": "the state"}
    for name, fmt in asked.inputs.items():
        b.input(name, fmt, notes[name])
    n = inline(b, parts["candidate"], "n", "n_")
    return b.build(h_next=(_blended(b, products, n, "update", asked.hidden), asked.hidden))


def _blended(b: PlanBuilder, products: str, n: str, u: str, hidden: FixedFormat) -> str:
    """Return the new state of a GRU, from its candidate, its update gate, and the input ``h``."""
    n, h = _aligned(b, "difference", n, "h")
    difference = b.let("difference", op.Subtract(h, n), "h - n")
    bits, limits = hidden.fraction_bits, (hidden.min_code, hidden.max_code)
    moved, half = _product(b, products, "moved", u, difference, "u (h - n)", bits)
    mixed = _sum(b, "mixed", n, moved, "n + u (h - n), exact")
    return _rounded(b, "state", mixed, bits, limits, "the new state", half=half)


def _with_peephole(b: PlanBuilder, asked: LSTMCell, gate: str, state: str) -> str:
    """Return the argument of a gate: its pre-activation, to which a peephole adds its weight times a state."""
    if asked.peepholes is None:
        return gate
    name, bits, limits = f"peephole_{gate}", asked.z.fraction_bits, (asked.z.min_code, asked.z.max_code)
    product = b.let(name, op.Multiply(f"p_{gate}", state), f"p_{gate} {state}")
    total = _sum(b, f"{name}_sum", gate, product, f"{gate} + p_{gate} {state}, exact")
    return _rounded(b, f"{name}_argument", total, bits, limits, f"the argument of {gate}", half=False)


def _aligned(b: PlanBuilder, name: str, left: str, right: str) -> tuple[str, str]:
    """Return two steps with as many fraction bits, raised where one has fewer."""
    bits = max(b.point(left), b.point(right))
    raised = [
        b.let(f"{name}_{side}", op.ShiftLeft(step, bits - b.point(step))) if b.point(step) < bits else step
        for side, step in (("left", left), ("right", right))
    ]
    return raised[0], raised[1]


def _sum(b: PlanBuilder, name: str, left: str, right: str, note: str) -> str:
    return b.let(name, op.Add(*_aligned(b, name, left, right)), note)


def _product(
    b: PlanBuilder, products: str, name: str, gate: str, factor: str, note: str, rounded_to: int | None = None
) -> tuple[str, bool]:
    """Add a product with a gate; returns it, and whether half of the last place kept is in it already.

    A multiplier block makes it whole. In logic it is a sum of rows, which has room for another bit.
    """
    if products == "dsp":
        return b.let(name, op.Multiply(gate, factor), note), False
    half = None
    if rounded_to is not None:
        place = b.point(gate) + b.point(factor) - rounded_to - 1
        half = place if holds_half(b, gate, place) else None
    return multiply_in_logic(b, name, gate, factor, note, half), half is not None


def _rounded(
    b: PlanBuilder, name: str, exact: str, bits: int, limits: tuple[int, int], note: str, *, half: bool
) -> str:
    """Add the steps that round to fraction bits, half up, and limit to codes; returns the last.

    With `half`, half of the last place is in the sum already, so that cutting the others rounds it.
    """
    excess, step = b.point(exact) - bits, exact
    if half:
        step = b.let(f"{name}_rounded", op.ShiftRight(exact, excess), "rounded half up, by the half that is in it")
    elif excess > 0:
        step = b.let(f"{name}_rounded", op.Round(exact, excess, "half_up"), "rounded half up")
    elif excess < 0:
        step = b.let(f"{name}_raised", op.ShiftLeft(exact, -excess))
    return b.let(name, op.Clamp(step, *limits), note)
