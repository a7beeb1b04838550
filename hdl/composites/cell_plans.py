"""Recurrent cells as plans, made of the plans of their parts."""

from __future__ import annotations

from collections.abc import Mapping

from ...accuracy.composites.base import Words
from ...accuracy.composites.gru_cell import GRUCell
from ...accuracy.composites.lstm_cell import LSTMCell
from ...methods.composition import inline
from ...plan import operations as op
from ...plan.builder import PlanBuilder
from ...plan.plan import Plan

__all__ = ["gru_plan", "lstm_plan"]


def lstm_plan(asked: LSTMCell, words: Words, parts: Mapping[str, Plan]) -> Plan:
    """Return the plan of an LSTM cell, with outputs ``h`` and ``c_next``."""
    b = PlanBuilder()
    for name, fmt in asked.inputs.items():
        b.input(name, fmt, "the state" if name == "c" else f"pre-activation of {name}")
    f, i = (inline(b, parts["gate"], name, f"{name}_") for name in ("f", "i"))
    g = inline(b, parts["candidate"], "g", "g_")
    kept = b.let("kept", op.Multiply(f, "c"), "f c")
    added = b.let("added", op.Multiply(i, g), "i g")
    total = _sum(b, "total", kept, added, "f c + i g, exact")
    state = _rounded(b, "state", total, asked.cell.fraction_bits, asked.limits, "the new state")
    t = inline(b, parts["squash"], state, "t_")
    o = inline(b, parts["output_gate"], "o", "o_")
    product = b.let("product", op.Multiply(o, t), "o tanh(c')")
    limits = asked.hidden.min_code, asked.hidden.max_code
    output = _rounded(b, "hidden", product, asked.hidden.fraction_bits, limits, "the output")
    return b.build(h=(output, asked.hidden), c_next=(state, asked.cell))


def gru_plan(asked: GRUCell, words: Words, parts: Mapping[str, Plan]) -> Plan:
    """Return the plan of a GRU cell, with output ``h_next``."""
    b = PlanBuilder()
    notes = {"r": "pre-activation of r", "u": "pre-activation of u", "h": "the state"}
    for name, fmt in asked.inputs.items():
        b.input(name, fmt, notes.get(name, "an addend of n's argument"))
    r, u = (inline(b, parts["gate"], name, f"{name}_") for name in ("r", "u"))
    reset = b.let("reset", op.Multiply(r, "n_h"), "r n_h")
    total = _sum(b, "total", "n_x", reset, "n_x + r n_h, exact")
    limits = asked.z.min_code, asked.z.max_code
    argument = _rounded(b, "argument", total, asked.z.fraction_bits, limits, "the argument of tanh")
    n = inline(b, parts["candidate"], argument, "n_")
    n, h = _aligned(b, "difference", n, "h")
    difference = b.let("difference", op.Subtract(h, n), "h - n")
    moved = b.let("moved", op.Multiply(u, difference), "u (h - n)")
    mixed = _sum(b, "mixed", n, moved, "n + u (h - n), exact")
    limits = asked.hidden.min_code, asked.hidden.max_code
    state = _rounded(b, "state", mixed, asked.hidden.fraction_bits, limits, "the new state")
    return b.build(h_next=(state, asked.hidden))


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


def _rounded(b: PlanBuilder, name: str, exact: str, bits: int, limits: tuple[int, int], note: str) -> str:
    """Add the steps that round to fraction bits, half up, and limit to codes; returns the last."""
    excess, step = b.point(exact) - bits, exact
    if excess > 0:
        step = b.let(f"{name}_rounded", op.Round(exact, excess, "half_up"), "rounded half up")
    elif excess < 0:
        step = b.let(f"{name}_raised", op.ShiftLeft(exact, -excess))
    return b.let(name, op.Clamp(step, *limits), note)
