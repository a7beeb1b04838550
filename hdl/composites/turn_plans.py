"""The plans of the units that operations of a cell take turns in."""

from __future__ import annotations

from collections.abc import Mapping

from ...methods.composition import inline
from ...plan import operations as op
from ...plan.builder import PlanBuilder
from ...plan.formats import FixedFormat
from ...plan.operations.base import Range
from ...plan.plan import Plan
from .cell_plans import _aligned, _rounded, _sum

__all__ = ["block_plan", "core_plan", "difference_plan", "part_plan", "sum_plan"]


def part_plan(prefix: str, part: Plan, source: FixedFormat, output: str) -> Plan:
    """Return the plan of the unit of a part, whose output is called `output`."""
    b = PlanBuilder()
    found = inline(b, part, b.input(f"{prefix}x", source), f"{prefix}s_")
    return b.build(**{output: (found, _format(b, found))})


def core_plan(prefix: str, core: Plan, source: FixedFormat, bits: int) -> Plan:
    """Return the plan of the unit for all functions: a gate ``y``, and the tanh ``t`` of half its argument.

    Parameters
    ----------
    prefix
        The beginning of all names.
    core
        The plan of the gate.
    source
        The format of its input.
    bits
        Fraction bits of the gate.

    """
    b = PlanBuilder()
    y = inline(b, core, b.input(f"{prefix}x", source), f"{prefix}s_")
    low = b.let(f"{prefix}low", op.Bits(y, 0, bits - 1))
    high = b.let(f"{prefix}high", op.Bits(y, bits - 1, max(b.range(y).width - bits + 1, 1)))
    one = b.let(f"{prefix}one", op.Constant(1))
    less = b.let(f"{prefix}less", op.Subtract(high, one))
    t = b.let(f"{prefix}tanh", op.Concatenate(less, low, bits - 1, bits - 1), "2 y - 1")
    return b.build(y=(y, _format(b, y)), t=(t, _format(b, t)))


def block_plan(prefix: str, gate: Range, factor: Range) -> Plan:
    """Return the plan of a product in a multiplier block."""
    b = PlanBuilder()
    left = b.input(f"{prefix}gate", FixedFormat(False, gate.width, 0))
    right = b.input(f"{prefix}factor", FixedFormat(factor.signed, factor.width, 0))
    y = b.let(f"{prefix}y", op.Multiply(left, right))
    return b.build(y=(y, _format(b, y)))


def sum_plan(
    prefix: str,
    left: Mapping[str, tuple[Range, int]],
    right: Mapping[str, tuple[Range, int]],
    output: FixedFormat,
    limits: tuple[int, int] | None = None,
    *,
    half: bool,
) -> Plan:
    """Return the plan of a sum of two terms, or of one term, that is rounded and limited to a format.

    Parameters
    ----------
    prefix
        The beginning of all names.
    left, right
        The terms by name, two in all at most: the range and the binary point of each.
    output
        The format of the sum.
    limits
        The smallest and the largest code of the sum; those of its format by default.
    half
        Whether half a unit of the sum's last place is added already.

    """
    b = PlanBuilder()
    terms = [_input(b, f"{prefix}{name}", *held) for name, held in {**left, **right}.items()]
    exact = terms[0] if len(terms) == 1 else _sum(b, f"{prefix}total", terms[0], terms[1], "exact")
    limits = limits or (output.min_code, output.max_code)
    y = _rounded(b, f"{prefix}y", exact, output.fraction_bits, limits, "", half=half)
    return b.build(y=(y, output))


def difference_plan(prefix: str, terms: Mapping[str, tuple[Range, int]]) -> Plan:
    """Return the plan of the first of two terms less the second, exactly; terms are given as for `sum_plan`."""
    b = PlanBuilder()
    left, right = (_input(b, f"{prefix}{name}", *held) for name, held in terms.items())
    y = b.let(f"{prefix}y", op.Subtract(*_aligned(b, f"{prefix}aligned", left, right)))
    return b.build(y=(y, _format(b, y)))


def _input(b: PlanBuilder, name: str, held: Range, point: int) -> str:
    return b.input(name, FixedFormat(held.signed, held.width - point, point), "", held)


def _format(b: PlanBuilder, step: str) -> FixedFormat:
    """Return the smallest format of a step."""
    held, point = b.range(step), b.point(step)
    return FixedFormat(held.signed, held.width - point, point)
