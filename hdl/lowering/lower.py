"""From a plan to the pieces of it that fit a clock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import singledispatchmethod
from math import inf
from typing import Any

from ...plan import operations as op
from ...plan.operations import Range
from ...plan.plan import Plan, Step
from ..targets import Target
from ..targets.blocks import products, whole_products
from .addition import total
from .lowered_plan import Pieces
from .products import Recoder, product
from .sums import Sum, add_up

__all__ = ["lower", "lower_products"]


def lower(plan: Plan, target: Target, stage: float) -> Plan:
    """Return a plan that computes the same in steps of at most `stage` nanoseconds on `target`, where it can be done.

    Steps that take no longer than that stay as they are. Of the others, look-ups become smaller tables and selections,
    products sums of rows, long additions segments of the carry chain, and limits comparisons and selections.
    """
    return _Lowering(plan, target, stage).result()


def lower_products(plan: Plan, target: Target) -> Plan:
    """Return a plan that computes the same with products as sums of rows that `target` has no multiplier block for."""
    if products(plan) <= whole_products(plan, target, inf):
        return plan
    return lower(plan, replace(target, block_ram=None), inf)


class _Lowering:
    def __init__(self, plan: Plan, target: Target, stage: float) -> None:
        self._plan = plan
        self._pieces = Pieces(plan, target, stage)
        self._recoder = Recoder(self._pieces)
        self._sums: dict[str, Sum] = {}  # steps whose adders are not made yet
        self._uses = {step.name: 0 for step in plan.steps}
        for step in plan.steps:
            for name in step.operation.operands:
                self._uses[name] += 1
        for output in plan.outputs:
            self._uses[output.step] += 2  # it must be there as such

    def result(self) -> Plan:
        for step in self._plan.steps:
            if type(step.operation) not in _LOWERED:
                raise op.unknown_operation(step.operation, "lowering")
            total = self._as_sum(step)
            if total is None:
                for name in step.operation.operands:
                    self._make_sum(name)
                if self._pieces.fits(step) and not isinstance(step.operation, op.Clamp):
                    self._pieces.copy(step)
                else:
                    self._lower(step.operation, step)
                continue
            self._sums[step.name] = total
            if self._uses[step.name] != 1:
                self._make_sum(step.name)
        return self._pieces.build()

    def _as_sum(self, step: Step) -> Sum | None:
        """Return the sum that a step becomes: a product that takes too long, or what is still added to or cut off."""
        operation, is_narrow = step.operation, self._plan.ranges[step.name].width <= op.MAX_SHIFT
        match operation:
            case op.Multiply(left=left, right=right) if is_narrow and not self._pieces.fits(step):
                self._make_sum(left)
                self._make_sum(right)
                return product(self._pieces, self._recoder, step.name, left, right)
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
                return self._sums.pop(right).plus(self._pieces.integer(left))
            case _:  # it is left as it is or made smaller, which `_lower` has a case for
                return None

    def _make_sum(self, name: str) -> None:
        """Make the adders of a step whose sum is still open."""
        total = self._sums.pop(name, None)
        if total is not None:
            sum_name = add_up(self._pieces, name, total)
            self._pieces.finish(self._plan.by_name[name], op.ShiftRight(sum_name, total.cut, self._plan.points[name]))

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
        self._pieces.copy(step)  # nothing smaller is known

    @_lower.register(op.Add)
    @_lower.register(op.Subtract)
    def _(self, operation: Any, step: Step) -> None:
        left, right = self._pieces.integer(operation.left), self._pieces.integer(operation.right)
        subtract = isinstance(operation, op.Subtract)
        self._pieces.finish(step, total(self._pieces, step.name, left, right, subtract=subtract))

    @_lower.register
    def _(self, operation: op.Absolute, step: Step) -> None:
        pieces, name = self._pieces, step.name
        source = pieces.integer(operation.source)
        if pieces.range(source).low >= 0:  # lowering may know more of a source than was known before
            pieces.finish(step, op.ShiftRight(source, 0, self._plan.points[name]))
            return
        negative = pieces.bits(f"{name}_negative", source, pieces.width(source) - 1, 1)
        complement = pieces.part(f"{name}_complement", op.Bitwise("xor", source, pieces.constant(-1)))
        flipped = pieces.part(
            f"{name}_flipped", op.Select(negative, complement, source), "ones' complement of negatives"
        )
        pieces.finish(step, total(pieces, name, flipped, negative))

    @_lower.register
    def _(self, operation: op.Round, step: Step) -> None:
        pieces, name = self._pieces, step.name
        source, bits = pieces.integer(operation.source), operation.bits
        floor = pieces.part(f"{name}_floor", op.ShiftRight(source, bits, 0))
        half = pieces.bits(f"{name}_half", source, bits - 1, 1)
        if operation.mode == "half_up":
            up = half
        elif operation.mode == "toward_zero":
            rest = self._any(f"{name}_rest", source, bits)
            sign = pieces.part(f"{name}_sign", op.Compare("lt", source, pieces.constant(0)))
            up = pieces.part(f"{name}_up", op.Bitwise("and", sign, rest))
        else:
            odd = pieces.bits(f"{name}_odd", floor, 0, 1)
            rest = self._any(f"{name}_rest", source, bits - 1) if bits > 1 else pieces.constant(0)
            up = pieces.part(
                f"{name}_up", op.Bitwise("and", half, pieces.part(f"{name}_more", op.Bitwise("or", odd, rest)))
            )
        pieces.finish(step, total(pieces, name, floor, up))

    def _any(self, name: str, source: str, bits: int) -> str:
        """Return whether one of the lowest bits is set."""
        field = self._pieces.bits(f"{name}_bits", source, 0, bits)
        return self._pieces.part(name, op.Compare("ne", field, self._pieces.constant(0)))

    @_lower.register
    def _(self, operation: op.Compare, step: Step) -> None:
        if operation.relation in ("eq", "ne"):
            self._pieces.copy(step)
            return
        left, right = self._pieces.integer(operation.left), self._pieces.integer(operation.right)
        self._pieces.finish(step, self._compared(step.name, operation.relation, left, right))

    def _compared(self, name: str, relation: str, left: str, right: str) -> op.Operation:
        """Return the last operation of a comparison by the sign of a difference, its parts made."""
        pieces = self._pieces
        if relation in ("gt", "le"):
            left, right = right, left
        less = pieces.part(f"{name}_difference", total(pieces, name, left, right, subtract=True))
        sign = pieces.width(less) - 1
        if pieces.range(less).low >= 0:  # never less
            return op.Constant(int(relation in ("le", "ge")))
        if relation in ("lt", "gt"):
            return op.Bits(less, sign, 1)
        return op.Bitwise("xor", pieces.bits(f"{name}_less", less, sign, 1), pieces.constant(1))

    @_lower.register
    def _(self, operation: op.Clamp, step: Step) -> None:
        pieces, name, point = self._pieces, step.name, self._plan.points[step.name]
        held = pieces.range(operation.source)
        value = operation.source
        choices = []
        if held.low < operation.low:
            choices.append((operation.low, self._beyond(f"{name}_below", value, operation.low, below=True)))
        if held.high > operation.high:
            choices.append((operation.high, self._beyond(f"{name}_above", value, operation.high + 1, below=False)))
        if not choices:
            pieces.copy(step)
            return
        for limit, beyond in choices[:-1]:
            value = pieces.part(f"{name}_low", op.Select(beyond, pieces.constant(limit, point), value))
        limit, beyond = choices[-1]
        pieces.finish(step, op.Select(beyond, pieces.constant(limit, point), value))

    def _beyond(self, name: str, source: str, limit: int, *, below: bool) -> str:
        """Return whether a code is below a limit, or else not below it, by the bits from the limit's lowest one on."""
        pieces = self._pieces
        zeros = (limit & -limit).bit_length() - 1 if limit else pieces.width(source)
        held = pieces.range(source)
        codes = Range(held.low >> zeros, held.high >> zeros)
        if codes.width <= pieces.target.lut_inputs + 1:
            index = pieces.part(f"{name}_bits", op.Bits(source, zeros, codes.width))
            half = 1 << (codes.width - 1) if codes.signed else 1 << codes.width
            values = [code - 2 * half if code >= half else code for code in range(1 << codes.width)]
            return pieces.part(name, op.Lookup(index, tuple(int((v < limit >> zeros) == below) for v in values)))
        code = pieces.part(f"{name}_code", op.ShiftRight(source, zeros, 0))
        relation, bound = "lt" if below else "ge", pieces.constant(limit >> zeros)
        return pieces.part(name, self._compared(name, relation, code, bound))

    @_lower.register
    def _(self, operation: op.Lookup, step: Step) -> None:
        pieces, point = self._pieces, self._plan.points[step.name]
        index = operation.index
        held = pieces.range(index)
        size = max(
            (n for n in range(1, held.width) if pieces.target.delays.lookup(n) <= pieces.stage),
            default=1,
        )
        low = pieces.bits(f"{step.name}_index", index, 0, size)
        tables = {}
        for top in range(held.low >> size, (held.high >> size) + 1):
            entries = list(operation.table[top << size : (top + 1) << size])
            entries += entries[-1:] * ((1 << size) - len(entries))
            table = op.Lookup(low, tuple(entries), point)
            if held.low >> size == held.high >> size:
                pieces.finish(step, table)
                return
            tables[top] = pieces.part(f"{step.name}_part{top}", table, f"entries from {top << size} on")
        level = 0
        while len(tables) > 1:
            bit = pieces.bits(f"{step.name}_index{size + level}", index, size + level, 1)
            level += 1
            joined = {}
            for top in sorted({top >> 1 for top in tables}):
                pair = [tables[t] for t in (2 * top, 2 * top + 1) if t in tables]
                select = op.Select(bit, pair[-1], pair[0])
                joined[top] = pair[0] if len(pair) == 1 else (select, f"{step.name}_level{level}_{top}")
            if len(joined) == 1 and not isinstance((last := next(iter(joined.values()))), str):
                pieces.finish(step, last[0])
                return
            tables = {t: e if isinstance(e, str) else pieces.part(e[1], e[0]) for t, e in joined.items()}

    @_lower.register
    def _(self, operation: op.ShiftBy, step: Step) -> None:
        value, amount = operation.source, self._pieces.integer(operation.amount)
        kind = op.ShiftLeft if operation.direction == "left" else op.ShiftRight
        self._in_levels(step, value, amount, kind)

    def _in_levels(self, step: Step, value: str, amount: str, kind: Callable[..., op.Operation]) -> None:
        """Shift by the bits of the amount, one after the other."""
        pieces, point = self._pieces, self._plan.points[step.name]
        for bit in range(pieces.width(amount)):
            chosen = pieces.bits(f"{step.name}_amount{bit}", amount, bit, 1)
            moved = pieces.part(f"{step.name}_moved{bit}", kind(value, 1 << bit, point))
            select = op.Select(chosen, moved, value)
            if bit == pieces.width(amount) - 1:
                pieces.finish(step, select)
            else:
                value = pieces.part(f"{step.name}_level{bit}", select)


_LOWERED = frozenset(vars(_Lowering)["_lower"].dispatcher.registry) - {object}
"""The operations that there is a case for, whether or not they have to be made smaller."""
