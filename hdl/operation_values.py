"""The Amaranth value of every operation, each written from the operation's definition alone.

It shares no code with the golden model.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import singledispatch

from amaranth.hdl import Cat, Const, Instance, Mux, Value, signed

from ..plan import operations as op
from ..plan.operations import Range
from .adder_module import printed_with
from .bit_fields import bit_field, with_sign_of, without_low_bits
from .step_signals import StepSignals, range_shape
from .table_memory import table_entry

__all__ = ["operation_value"]


@singledispatch
def operation_value(operation: op.Operation, name: str, signals: StepSignals, *operands: Value) -> Value:
    """Return the result of an operation as the value of a step.

    Parameters
    ----------
    operation
        The operation. An input is refused: its value is a port's.
    name
        The name of the step; the names of its parts begin with it.
    signals
        The signals of the plan's steps, to which those of the parts of this step are added.
    operands
        The values of the operands, in the order of ``operation.operands``.

    Raises
    ------
    TypeError
        If there is no case for the operation (decision 031).

    """
    raise op.unknown_operation(operation, "datapath")


@operation_value.register
def _constant(operation: op.Constant, name: str, signals: StepSignals) -> Value:
    return Const(operation.value, range_shape(Range(operation.value, operation.value)))


@operation_value.register
def _bits(operation: op.Bits, name: str, signals: StepSignals, source: Value) -> Value:
    field = bit_field(source, operation.low, operation.low + operation.count)
    return field.as_signed() if operation.signed else field


@operation_value.register
def _lookup(operation: op.Lookup, name: str, signals: StepSignals, index: Value) -> Value:
    return table_entry(operation, name, signals, index)


@operation_value.register
def _add(operation: op.Add, name: str, signals: StepSignals, left: Value, right: Value) -> Value:
    return left + right


@operation_value.register
def _subtract(operation: op.Subtract, name: str, signals: StepSignals, left: Value, right: Value) -> Value:
    return left - right


@operation_value.register
def _add_complemented(
    operation: op.AddComplemented, name: str, signals: StepSignals, left: Value, right: Value, condition: Value
) -> Value:
    if helper := printed_with():
        return _added_by(helper, operation, name, signals, left, right, condition)
    width = max(len(right) + (not right.shape().signed), operation.kept + 1)
    flips = Cat(Const(0, operation.kept), condition[0].replicate(width - operation.kept))
    addend = signals.let(name, "_addend", (bit_field(right, 0, width) ^ flips).as_signed())
    if operation.left_complemented:
        left = ~(left if left.shape().signed else Cat(left, Const(0, 1)).as_signed())
    return left + addend + operation.carry


def _added_by(
    helper: str,
    operation: op.AddComplemented,
    name: str,
    signals: StepSignals,
    left: Value,
    right: Value,
    condition: Value,
) -> Value:
    """Return the sum as the result of a helper module (see `adder_module`)."""
    shape = range_shape(signals.schedule.plan.ranges[name])
    note = signals.schedule.plan.by_name[name].note
    result = signals.wire(name, "", shape, note)
    complements = operation.kept < shape.width  # the others are above the sum, where a shift would be an overflow
    asked = {
        "WIDTH": shape.width,
        "KEPT": operation.kept if complements else 0,
        "CARRY": operation.carry,
        "LEFT_COMPLEMENTED": int(operation.left_complemented),
    }
    signals.module.submodules += Instance(
        helper,
        *(("p", key, value) for key, value in asked.items() if value),
        ("i", "left", bit_field(left, 0, shape.width)),
        ("i", "right", bit_field(right, 0, shape.width)),
        ("i", "condition", condition[0] if complements else Const(0, 1)),
        ("o", "sum", result),
    )
    return result


@operation_value.register
def _multiply(operation: op.Multiply, name: str, signals: StepSignals, left: Value, right: Value) -> Value:
    return left * right


@operation_value.register
def _partial_product(
    operation: op.PartialProduct, name: str, signals: StepSignals, source: Value, digit: Value
) -> Value:
    if not source.shape().signed:  # its complement is negative
        source = Cat(source, Const(0, 1)).as_signed()
    multiples = {0: Const(0), 1: source, 2: source << 1, -1: ~source, -2: ~(source << 1)}
    factors = [*operation.factors, *operation.factors[-1:] * (1 << len(digit))]

    def chosen(codes: Sequence[int], bits: Sequence[Value]) -> Value:
        held = [factors[code] for code in codes]
        if len(set(held)) == 1:
            return multiples[held[0]]
        half = len(codes) // 2
        if len(codes) > 4:
            return Mux(bits[-1], chosen(codes[half:], bits[:-1]), chosen(codes[:half], bits[:-1]))
        return Mux(bits[0], chosen(codes[1::2], bits[1:]), chosen(codes[::2], bits[1:]))

    return chosen(range(1 << len(digit)), list(digit))


@operation_value.register
def _absolute(operation: op.Absolute, name: str, signals: StepSignals, source: Value) -> Value:
    if not source.shape().signed:
        return source
    # One adder: the ones' complement of a negative value, plus one.
    flipped = signals.let(name, "_flipped", source.as_unsigned() ^ source[-1].replicate(len(source)))
    return flipped + source[-1]


@operation_value.register
def _bitwise(operation: op.Bitwise, name: str, signals: StepSignals, left: Value, right: Value) -> Value:
    width = max(len(operand) + (not operand.shape().signed) for operand in (left, right))
    left, right = bit_field(left, 0, width), bit_field(right, 0, width)
    combined = {"and": left & right, "or": left | right, "xor": left ^ right}[operation.function]
    return combined.as_signed()


@operation_value.register
def _shift_left(operation: op.ShiftLeft, name: str, signals: StepSignals, source: Value) -> Value:
    return with_sign_of(source, Cat(Const(0, operation.bits), source))


@operation_value.register
def _shift_right(operation: op.ShiftRight, name: str, signals: StepSignals, source: Value) -> Value:
    return without_low_bits(source, operation.bits)


@operation_value.register
def _shift_by(operation: op.ShiftBy, name: str, signals: StepSignals, source: Value, amount: Value) -> Value:
    if amount.shape().signed:  # an input that is promised not to be negative
        amount = amount[:-1]
    return source << amount if operation.direction == "left" else source >> amount


@operation_value.register
def _concatenate(operation: op.Concatenate, name: str, signals: StepSignals, high: Value, low: Value) -> Value:
    return with_sign_of(high, Cat(bit_field(low, 0, operation.bits), high))


@operation_value.register
def _leading_zeros(operation: op.LeadingZeros, name: str, signals: StepSignals, source: Value) -> Value:
    # Normalised by halving steps; ones below the source end the count at its width.
    levels = operation.width.bit_length()
    padding = (1 << levels) - operation.width
    value: Value = Cat(Const(-1, signed(padding)).as_unsigned(), bit_field(source, 0, operation.width))
    digits: list[Value] = []
    for level in reversed(range(levels)):
        span = 1 << level
        empty = signals.let(name, f"_empty{span}", ~value[-span:].any(), f"whether the top {span} bits are zero")
        shifted = Cat(Const(0, span), value[:-span]) if len(value) > span else Const(0, span)
        value = signals.let(name, f"_shifted{span}", Mux(empty, shifted, value))
        digits.insert(0, empty)
    return Cat(*digits)


@operation_value.register
def _round(operation: op.Round, name: str, signals: StepSignals, source: Value) -> Value:
    bits = operation.bits
    floor = signals.let(name, "_floor", without_low_bits(source, bits))
    half = bit_field(source, bits - 1, bits)
    if operation.mode == "half_up":
        return floor + half
    if operation.mode == "half_even":
        rest = bit_field(source, 0, bits - 1).any() if bits > 1 else Const(0, 1)
        return floor + (half & (floor[0] | rest))
    return floor + (bit_field(source, len(source), len(source) + 1) & bit_field(source, 0, bits).any())


@operation_value.register
def _clamp(operation: op.Clamp, name: str, signals: StepSignals, source: Value) -> Value:
    held = signals.schedule.plan.ranges[operation.source]
    value: Value = source
    if held.low < operation.low:
        value = Mux(source < operation.low, operation.low, value)
    if held.high > operation.high:
        if held.low < operation.low:
            value = signals.let(name, "_below", value, "limited from below")
        value = Mux(source > operation.high, operation.high, value)
    return value


@operation_value.register
def _compare(operation: op.Compare, name: str, signals: StepSignals, left: Value, right: Value) -> Value:
    relations: dict[str, Callable[[], Value]] = {
        "lt": lambda: left < right,
        "le": lambda: left <= right,
        "eq": lambda: left == right,
        "ne": lambda: left != right,
        "ge": lambda: left >= right,
        "gt": lambda: left > right,
    }
    return relations[operation.relation]()


@operation_value.register
def _select(operation: op.Select, name: str, signals: StepSignals, condition: Value, yes: Value, no: Value) -> Value:
    is_reset = name in signals.schedule.resets
    if is_reset or not signals.schedule.latency or not (isinstance(yes, Const) or isinstance(no, Const)):
        return Mux(condition, yes, no)
    # Masks instead of a multiplexer: in front of a register synthesis would take one with a constant for a
    # synchronous reset, and spend a level of logic to hold that back while the clock enable is low.
    width = len(Mux(condition, yes, no))
    chosen = condition[0].replicate(width)
    value = (bit_field(yes, 0, width) & chosen) | (bit_field(no, 0, width) & ~chosen)
    return value.as_signed() if yes.shape().signed or no.shape().signed else value


@operation_value.register
def _narrow(operation: op.Narrow, name: str, signals: StepSignals, source: Value) -> Value:
    return source
