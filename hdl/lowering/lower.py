"""Lowering of a plan, step by step, to steps that fit a clock period."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import singledispatchmethod
from math import inf
from typing import Any

from ...plan import operations as op
from ...plan.plan import Plan, Step
from ..targets import Target
from ..targets.blocks import products, whole_products
from .addition import complemented_total, total
from .comparisons import compare_with_limit, comparison
from .lowered_plan import LoweredPlan
from .products import Recoder, product
from .sums import Sum, add_up

__all__ = ["lower", "lower_products"]


def lower(plan: Plan, target: Target, period: float) -> Plan:
    """Return a plan that computes the same, as far as possible in steps of at most `period` nanoseconds on `target`.

    Steps that are no longer than that stay as they are. Of the others, look-ups become smaller tables and selections,
    products sums of rows, long additions segments of the carry chain, and limits comparisons and selections.
    """
    return _Lowering(plan, target, period).result()


def lower_products(plan: Plan, target: Target) -> Plan:
    """Return a plan that computes the same, with sums of rows for products without a multiplier block on `target`."""
    if products(plan) <= whole_products(plan, target, inf):
        return plan
    return lower(plan, replace(target, block_ram=None), inf)


class _Lowering:
    def __init__(self, plan: Plan, target: Target, period: float) -> None:
        self._plan = plan
        self._lowered = LoweredPlan(plan, target, period)
        self._recoder = Recoder(self._lowered)
        self._sums: dict[str, Sum] = {}  # steps whose adders are not made yet
        self._uses = {step.name: 0 for step in plan.steps}
        for step in plan.steps:
            for name in step.operation.operands:
                self._uses[name] += 1
        for output in plan.outputs:
            self._uses[output.step] += 2  # an output must exist as a step of its own

    def result(self) -> Plan:
        for step in self._plan.steps:
            if type(step.operation) not in _LOWERED:
                raise op.unknown_operation(step.operation, "lowering")
            total = self._as_sum(step)
            if total is None:
                for name in step.operation.operands:
                    self._make_sum(name)
                if self._lowered.fits(step) and not isinstance(step.operation, op.Clamp):
                    self._lowered.copy(step)
                else:
                    self._lower(step.operation, step)
                continue
            self._sums[step.name] = total
            if self._uses[step.name] != 1:
                self._make_sum(step.name)
        return self._lowered.build()

    def _as_sum(self, step: Step) -> Sum | None:
        """Return the open sum that a step becomes, if any: of a slow product, or of an addition to or shift of one."""
        operation, is_narrow = step.operation, self._plan.ranges[step.name].width <= op.MAX_SHIFT
        match operation:
            case op.Multiply(left=left, right=right) if is_narrow and not self._lowered.fits(step):
                self._make_sum(left)
                self._make_sum(right)
                return product(self._lowered, self._recoder, step.name, left, right)
            case op.ShiftRight(source=source, bits=bits) if (
                source in self._sums and self._sums[source].cut + bits <= op.MAX_SHIFT
            ):
                total = self._sums.pop(source)
                return Sum(total.terms, total.ones, total.constant, cut=total.cut + bits)
            case op.ShiftLeft(source=source, bits=bits) if (
                is_narrow and source in self._sums and not self._sums[source].cut
            ):
                return self._sums.pop(source).shifted_left(bits)
            case op.Narrow(source=source) if source in self._sums:
                return self._sums.pop(source)
            case op.Add(left=left, right=right) if left in self._sums or right in self._sums:
                if left in self._sums:
                    left, right = right, left
                self._make_sum(left)
                return self._sums.pop(right).plus(self._lowered.integer(left))
            case _:  # `_lower` has a case for it
                return None

    def _make_sum(self, name: str) -> None:
        """Make the adders of a step whose sum is still open."""
        total = self._sums.pop(name, None)
        if total is not None:
            sum_name = add_up(self._lowered, name, total)
            self._lowered.finish(self._plan.by_name[name], op.ShiftRight(sum_name, total.cut, self._plan.points[name]))

    @singledispatchmethod
    def _lower(self, operation: op.Operation, step: Step) -> None:
        raise op.unknown_operation(operation, "lowering")

    @_lower.register(op.Input)
    @_lower.register(op.Constant)
    @_lower.register(op.Bits)
    @_lower.register(op.Multiply)
    @_lower.register(op.PartialProduct)
    @_lower.register(op.Bitwise)
    @_lower.register(op.Concatenate)
    @_lower.register(op.ShiftLeft)
    @_lower.register(op.ShiftRight)
    @_lower.register(op.LeadingZeros)
    @_lower.register(op.Select)
    @_lower.register(op.Narrow)
    def _(self, operation: Any, step: Step) -> None:
        self._lowered.copy(step)  # there is no decomposition for it

    @_lower.register(op.Add)
    @_lower.register(op.Subtract)
    def _(self, operation: Any, step: Step) -> None:
        left, right = self._lowered.integer(operation.left), self._lowered.integer(operation.right)
        subtract = isinstance(operation, op.Subtract)
        self._lowered.finish(step, total(self._lowered, step.name, left, right, subtract=subtract))

    @_lower.register
    def _(self, operation: op.AddComplemented, step: Step) -> None:
        left, right = self._lowered.integer(operation.left), self._lowered.integer(operation.right)
        whole = replace(operation, left=left, right=right, condition=self._lowered.integer(operation.condition))
        self._lowered.finish(step, complemented_total(self._lowered, step.name, whole))

    @_lower.register
    def _(self, operation: op.Absolute, step: Step) -> None:
        lowered, name = self._lowered, step.name
        source = lowered.integer(operation.source)
        if lowered.range(source).low >= 0:  # lowering may have narrowed the range of the source
            lowered.finish(step, op.ShiftRight(source, 0, self._plan.points[name]))
            return
        negative = lowered.bits(f"{name}_negative", source, lowered.width(source) - 1, 1)
        complement = lowered.part(f"{name}_complement", op.Bitwise("xor", source, lowered.constant(-1)))
        flipped = lowered.part(
            f"{name}_flipped", op.Select(negative, complement, source), "ones' complement of negatives"
        )
        lowered.finish(step, total(lowered, name, flipped, negative))

    @_lower.register
    def _(self, operation: op.Round, step: Step) -> None:
        lowered, name = self._lowered, step.name
        source, bits = lowered.integer(operation.source), operation.bits
        floor = lowered.part(f"{name}_floor", op.ShiftRight(source, bits, 0))
        half = lowered.bits(f"{name}_half", source, bits - 1, 1)
        if operation.mode == "half_up":
            up = half
        elif operation.mode == "toward_zero":
            rest = self._any(f"{name}_rest", source, bits)
            sign = lowered.part(f"{name}_sign", op.Compare("lt", source, lowered.constant(0)))
            up = lowered.part(f"{name}_up", op.Bitwise("and", sign, rest))
        else:
            odd = lowered.bits(f"{name}_odd", floor, 0, 1)
            rest = self._any(f"{name}_rest", source, bits - 1) if bits > 1 else lowered.constant(0)
            up = lowered.part(
                f"{name}_up", op.Bitwise("and", half, lowered.part(f"{name}_more", op.Bitwise("or", odd, rest)))
            )
        lowered.finish(step, total(lowered, name, floor, up))

    def _any(self, name: str, source: str, bits: int) -> str:
        """Return a step that tells whether one of the lowest bits is set."""
        field = self._lowered.bits(f"{name}_bits", source, 0, bits)
        return self._lowered.part(name, op.Compare("ne", field, self._lowered.constant(0)))

    @_lower.register
    def _(self, operation: op.Compare, step: Step) -> None:
        if operation.relation in ("eq", "ne"):
            self._lowered.copy(step)
            return
        left, right = self._lowered.integer(operation.left), self._lowered.integer(operation.right)
        self._lowered.finish(step, comparison(self._lowered, step.name, operation.relation, left, right))

    @_lower.register
    def _(self, operation: op.Clamp, step: Step) -> None:
        lowered, name, point = self._lowered, step.name, self._plan.points[step.name]
        held = lowered.range(operation.source)
        value = operation.source
        choices = []
        if held.low < operation.low:
            choices.append(
                (operation.low, compare_with_limit(lowered, f"{name}_below", value, operation.low, below=True))
            )
        if held.high > operation.high:
            choices.append(
                (operation.high, compare_with_limit(lowered, f"{name}_above", value, operation.high + 1, below=False))
            )
        if not choices:
            lowered.copy(step)
            return
        for limit, beyond in choices[:-1]:
            value = lowered.part(f"{name}_low", op.Select(beyond, lowered.constant(limit, point), value))
        limit, beyond = choices[-1]
        lowered.finish(step, op.Select(beyond, lowered.constant(limit, point), value))

    @_lower.register
    def _(self, operation: op.Lookup, step: Step) -> None:
        lowered, point = self._lowered, self._plan.points[step.name]
        index = operation.index
        held = lowered.range(index)
        size = max(
            (n for n in range(1, held.width) if lowered.target.delays.lookup(n) <= lowered.period),
            default=1,
        )
        low = lowered.bits(f"{step.name}_index", index, 0, size)
        tables = {}
        for top in range(held.low >> size, (held.high >> size) + 1):
            entries = list(operation.table[top << size : (top + 1) << size])
            entries += entries[-1:] * ((1 << size) - len(entries))
            table = op.Lookup(low, tuple(entries), point)
            if held.low >> size == held.high >> size:
                lowered.finish(step, table)
                return
            tables[top] = lowered.part(f"{step.name}_part{top}", table, f"entries from {top << size} on")
        level = 0
        while len(tables) > 1:
            bit = lowered.bits(f"{step.name}_index{size + level}", index, size + level, 1)
            level += 1
            joined = {}
            for top in sorted({top >> 1 for top in tables}):
                pair = [tables[t] for t in (2 * top, 2 * top + 1) if t in tables]
                select = op.Select(bit, pair[-1], pair[0])
                joined[top] = pair[0] if len(pair) == 1 else (select, f"{step.name}_level{level}_{top}")
            if len(joined) == 1 and not isinstance((last := next(iter(joined.values()))), str):
                lowered.finish(step, last[0])
                return
            tables = {t: e if isinstance(e, str) else lowered.part(e[1], e[0]) for t, e in joined.items()}

    @_lower.register
    def _(self, operation: op.ShiftBy, step: Step) -> None:
        value, amount = operation.source, self._lowered.integer(operation.amount)
        kind = op.ShiftLeft if operation.direction == "left" else op.ShiftRight
        self._in_levels(step, value, amount, kind)

    def _in_levels(self, step: Step, value: str, amount: str, kind: Callable[..., op.Operation]) -> None:
        """Shift by the bits of the amount, one level per bit."""
        lowered, point = self._lowered, self._plan.points[step.name]
        for bit in range(lowered.width(amount)):
            chosen = lowered.bits(f"{step.name}_amount{bit}", amount, bit, 1)
            moved = lowered.part(f"{step.name}_moved{bit}", kind(value, 1 << bit, point))
            select = op.Select(chosen, moved, value)
            if bit == lowered.width(amount) - 1:
                lowered.finish(step, select)
            else:
                value = lowered.part(f"{step.name}_level{bit}", select)


_LOWERED = frozenset(vars(_Lowering)["_lower"].dispatcher.registry) - {object}
"""The operations that `_lower` has a case for."""
