"""Taylor models of every step of a plan over a stretch of the input.

A third reading of a plan, beside the golden model and the datapath: on a stretch of the input, every step is enclosed
in a Taylor model, a polynomial in the place within the stretch plus an interval for all that was rounded away
(K. Makino, M. Berz, Taylor models and other validated functional inclusion methods, 2003). Table entries, comparisons
and fields that are the same all over the stretch are exact; where they are not, the step falls back to an interval.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flint import fmpq, fmpq_poly

from ..plan import operations as op
from ..plan.operations import Range
from ..plan.plan import Plan
from .intervals import NOTHING, Interval, values
from .taylor_models import TERMS

__all__ = ["PlanModels"]


@dataclass(frozen=True)
class _Model:
    """The values of a step over a stretch: ``polynomial(h) + error`` for h within [-1, 1], and their range."""

    polynomial: fmpq_poly
    error: Interval
    range: Range


class PlanModels:
    """Taylor models of every step over the input codes ``low .. high``."""

    def __init__(self, plan: Plan, low: int, high: int) -> None:
        self._plan = plan
        self._models: dict[str, _Model] = {}
        for step in plan.steps:
            operation = step.operation
            if isinstance(operation, op.Input):
                middle, half = fmpq(low + high, 2), fmpq(high - low, 2)
                model = _Model(fmpq_poly([middle, half]), NOTHING, Range(low, high))
            else:
                operands = [self._models[name] for name in operation.operands]
                model = self._model(step.name, operation, operands)
            self._models[step.name] = model

    def __getitem__(self, name: str) -> _Model:
        return self._models[name]

    def _model(self, name: str, operation: op.Operation, operands: list[_Model]) -> _Model:
        if type(operation) not in _RULES:
            raise op.unknown_operation(operation, "Taylor models")
        held = operation.range(*(operand.range for operand in operands))
        if isinstance(operation, op.Bitwise) and all(operand.range.size == 1 for operand in operands):
            left, right = (operand.range.low for operand in operands)  # of which intervals know the bits, no more
            value = {"and": left & right, "or": left | right, "xor": left ^ right}[operation.function]
            held = Range(value, value)
        known = self._plan.ranges[name]
        held = Range(max(held.low, known.low), min(held.high, known.high))
        if held.low == held.high:
            return _Model(fmpq_poly([held.low]), NOTHING, held)
        made = _RULES[type(operation)](operation, *operands)
        if made is None:  # nothing better than the range
            middle, radius = fmpq(held.low + held.high, 2), fmpq(held.high - held.low, 2)
            return _Model(fmpq_poly([middle]), Interval(-radius, radius), held)
        polynomial, error = _shortened(*made)
        inside = values(polynomial) + error
        low, high = int(inside.low.floor()), int(inside.high.ceil())
        return _Model(polynomial, error, Range(max(held.low, low), min(held.high, high)))


_Made = tuple[fmpq_poly, Interval] | None


def _shortened(polynomial: fmpq_poly, error: Interval) -> tuple[fmpq_poly, Interval]:
    """Move the terms of high order into the error."""
    coefficients = polynomial.coeffs()
    if len(coefficients) <= TERMS:
        return polynomial, error
    swing = sum((abs(c) for c in coefficients[TERMS:]), fmpq(0))
    return fmpq_poly(coefficients[:TERMS]), error + Interval(-swing, swing)


def _product(_: op.Multiply, a: _Model, b: _Model) -> _Made:
    error = a.error * values(b.polynomial) + b.error * values(a.polynomial) + a.error * b.error
    return a.polynomial * b.polynomial, error


def _shifted(source: _Model, bits: int, lost: Interval) -> tuple[fmpq_poly, Interval]:
    scale = fmpq(1, 1 << bits)
    return source.polynomial * scale, source.error.scaled(scale) + lost


def _floor(bits: int) -> Interval:
    return Interval(fmpq(1, 1 << bits) - 1, fmpq(0))


def _round(operation: op.Round, source: _Model) -> _Made:
    lost = fmpq(1, 2) if operation.mode != "toward_zero" else 1 - fmpq(1, 1 << operation.bits)
    return _shifted(source, operation.bits, Interval(-lost, lost))


def _absolute(_: op.Absolute, source: _Model) -> _Made:
    if source.range.low >= 0:
        return source.polynomial, source.error
    return (-source.polynomial, -source.error) if source.range.high <= 0 else None


def _clamp(operation: op.Clamp, source: _Model) -> _Made:
    above, below = max(source.range.high - operation.high, 0), max(operation.low - source.range.low, 0)
    return source.polynomial, source.error + Interval(fmpq(-above), fmpq(below))


def _bits(operation: op.Bits, source: _Model) -> _Made:
    half = 1 << (operation.count - 1) if operation.signed else 0
    turns = {((end >> operation.low) + half) >> operation.count for end in source.range}
    if len(turns) > 1:
        return None
    polynomial, error = _shifted(source, operation.low, _floor(operation.low))
    return polynomial - (turns.pop() << operation.count), error


def _bitwise(operation: op.Bitwise, left: _Model, right: _Model) -> _Made:
    """Flip one bit that is the same all over the stretch: add or subtract its weight."""
    value, mask = (left, right) if right.range.low == right.range.high else (right, left)
    flip = mask.range.low
    if operation.function != "xor" or mask.range.low != mask.range.high or flip <= 0 or flip & (flip - 1):
        return None
    position = flip.bit_length() - 1
    if value.range.low >> position != value.range.high >> position:
        return None
    return value.polynomial + (-flip if value.range.low >> position & 1 else flip), value.error


def _select(_: op.Select, condition: _Model, yes: _Model, no: _Model) -> _Made:
    if condition.range.low != condition.range.high:
        return None
    chosen = yes if condition.range.low else no
    return chosen.polynomial, chosen.error


def _add_complemented(operation: op.AddComplemented, left: _Model, right: _Model, condition: _Model) -> _Made:
    """Add or, where the condition is 1 all over the stretch, subtract with a unit less."""
    is_complemented = condition.range.low
    if is_complemented != condition.range.high or (is_complemented and operation.kept):
        return None
    signs = [-1 if operation.left_complemented else 1, -1 if is_complemented else 1]
    units = operation.carry - signs.count(-1)
    polynomial = left.polynomial * signs[0] + right.polynomial * signs[1] + units
    errors = [-each.error if sign < 0 else each.error for each, sign in zip((left, right), signs, strict=True)]
    return polynomial, errors[0] + errors[1]


def _shift_left(source: _Model, bits: int) -> tuple[fmpq_poly, Interval]:
    return source.polynomial * (1 << bits), source.error.scaled(fmpq(1 << bits))


def _concatenate(operation: op.Concatenate, high: _Model, low: _Model) -> _Made:
    polynomial, error = _shift_left(high, operation.bits)
    return polynomial + low.polynomial, error + low.error


def _shift_by(operation: op.ShiftBy, source: _Model, amount: _Model) -> _Made:
    bits = amount.range.low
    if bits != amount.range.high:
        return None
    return _shift_left(source, bits) if operation.direction == "left" else _shifted(source, bits, _floor(bits))


def _range_alone(_: op.Operation, *operands: _Model) -> _Made:
    return None


_RULES: dict[type[op.Operation], Callable[..., _Made]] = {
    op.Constant: _range_alone,
    op.Lookup: _range_alone,
    op.PartialProduct: _range_alone,
    op.LeadingZeros: _range_alone,
    op.Compare: _range_alone,
    op.Add: lambda _, a, b: (a.polynomial + b.polynomial, a.error + b.error),
    op.AddComplemented: _add_complemented,
    op.Subtract: lambda _, a, b: (a.polynomial - b.polynomial, a.error + -b.error),
    op.Multiply: _product,
    op.Absolute: _absolute,
    op.Bitwise: _bitwise,
    op.Bits: _bits,
    op.Concatenate: _concatenate,
    op.ShiftLeft: lambda o, source: _shift_left(source, o.bits),
    op.ShiftRight: lambda o, source: _shifted(source, o.bits, _floor(o.bits)),
    op.ShiftBy: _shift_by,
    op.Round: _round,
    op.Clamp: _clamp,
    op.Select: _select,
    op.Narrow: lambda _, source: (source.polynomial, source.error),
}
