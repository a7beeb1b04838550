"""The golden model: what a plan means, in numpy integers.

Written from the definition of each operation alone; it shares no code with the datapath builder, and checks at every
step that no value leaves the range that the widths of the hardware are made for.
"""

from __future__ import annotations

from collections.abc import Callable
from numbers import Integral
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..plan import operations as op
from ..plan.formats import FixedFormat
from ..plan.input_range import show_codes
from ..plan.plan import Plan, Step

__all__ = ["GoldenModel", "RangeError", "golden"]

_BLOCK = 1 << 14
"""Codes evaluated at a time: the arrays of one block stay in the processor's cache."""

Array = NDArray[Any]


class RangeError(ArithmeticError):
    """A value left the range of its step, so the plan's ranges or one of its proofs are wrong."""


class GoldenModel:
    """Evaluates a plan on arrays of integer codes, exactly, whatever the widths.

    Steps of up to 63 bits are int64 arrays; wider ones are arrays of Python integers.

    Parameters
    ----------
    plan
        The plan to evaluate.

    """

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self._wide = {name: held.width > 63 for name, held in plan.ranges.items()}
        self._last_use: dict[str, int] = {}
        for position, step in enumerate(plan.steps):
            for operand in step.operation.operands:
                self._last_use[operand] = position

    def __call__(self, *codes: ArrayLike) -> Any:
        """Return the output codes for input codes: one array per input port, one per output port.

        Outputs have the shape of the inputs (broadcast together) and the integer type of their format. A plan with
        one output returns its array, otherwise a tuple.

        Raises
        ------
        TypeError
            If codes are no integers, or there are not as many arrays as inputs.
        ValueError
            If a code is outside its input's format, or outside the range that the input is promised to keep.
        RangeError
            If a value leaves the range of its step; names the step and the first offending input.

        """
        arrays = np.broadcast_arrays(*self._checked(codes))
        shape, flat = arrays[0].shape, [array.reshape(-1) for array in arrays]
        results = [np.empty(flat[0].size, dtype=output.format.code_dtype) for output in self.plan.outputs]
        for start in range(0, flat[0].size, _BLOCK):
            block = slice(start, start + _BLOCK)
            values = self._evaluate([array[block] for array in flat], keep=False)
            for result, output in zip(results, self.plan.outputs, strict=True):
                result[block] = values[output.step]
        shaped = tuple(result.reshape(shape) for result in results)
        return shaped[0] if len(shaped) == 1 else shaped

    def floats(self, *values: ArrayLike) -> Any:
        """Quantise floats (half to even, saturating), evaluate, and return the outputs as floats.

        A value whose code is outside the range that its input is promised to keep is a `ValueError`, as in a call: it
        is not limited to that range.
        """
        formats = [fmt for _, fmt in self.plan.inputs]
        if len(values) != len(formats):
            raise TypeError(f"the plan has {len(formats)} inputs, but {len(values)} arrays were given")
        outputs = self(*(fmt.quantize(value) for fmt, value in zip(formats, values, strict=True)))
        if len(self.plan.outputs) == 1:
            return self.plan.outputs[0].format.to_float(outputs)
        return tuple(o.format.to_float(codes) for o, codes in zip(self.plan.outputs, outputs, strict=True))

    def trace(self, *codes: int) -> dict[str, int]:
        """Return the code of every step, by name, for one code per input."""
        arrays = [array.reshape(1) for array in self._checked(codes)]
        return {name: int(value[0]) for name, value in self._evaluate(arrays, keep=True).items()}

    def _checked(self, codes: tuple[ArrayLike, ...]) -> list[Array]:
        inputs = self.plan.inputs
        if len(codes) != len(inputs):
            raise TypeError(f"the plan has {len(inputs)} inputs, but {len(codes)} arrays were given")
        return [
            _as_codes(name, fmt, self.plan.ranges[name], array)
            for (name, fmt), array in zip(inputs, codes, strict=True)
        ]

    def _evaluate(self, inputs: list[Array], keep: bool) -> dict[str, Array]:
        values: dict[str, Array] = {}
        ports = iter(inputs)
        outputs = {output.step for output in self.plan.outputs}
        for position, step in enumerate(self.plan.steps):
            operation = step.operation
            if isinstance(operation, op.Input):
                value = next(ports)
            else:
                operands = [values[name] for name in operation.operands]
                if self._needs_integers(step):
                    operands = [operand.astype(object) for operand in operands]
                value = _RULES[type(operation)](operation, *operands)
            value = self._within_range(step, value, inputs)
            values[step.name] = value.astype(object if self._wide[step.name] else np.int64, copy=False)
            if not keep:
                for name in operation.operands:
                    if self._last_use[name] == position and name not in outputs:
                        values.pop(name, None)
        return values

    def _needs_integers(self, step: Step) -> bool:
        """Whether the operation passes 63 bits, in its result or on the way to it."""
        if isinstance(step.operation, op.Round):
            return step.operation.bits > 62 or self.plan.ranges[step.operation.source].width >= 63
        return self._wide[step.name]

    def _within_range(self, step: Step, value: Array, inputs: list[Array]) -> Array:
        held = self.plan.ranges[step.name]
        if value.size and (value.min() < held.low or value.max() > held.high):
            at = next(i for i, code in enumerate(value.tolist()) if not held.low <= code <= held.high)
            given = ", ".join(
                f"{name} = {int(array[at])}" for (name, _), array in zip(self.plan.inputs, inputs, strict=True)
            )
            raise RangeError(f"step {step.name!r} is {int(value[at])} for input {given}, outside its range {held}")
        return value


def golden(plan: Plan) -> GoldenModel:
    """Return the golden model of a plan.

    >>> from softgate.plan import FixedFormat, PlanBuilder
    >>> from softgate.plan.operations import Clamp
    >>> b = PlanBuilder()
    >>> x = b.input("x", FixedFormat.parse("SQ3.2"))
    >>> model = golden(b.build(y=(b.let("limited", Clamp(x, -4, 3)), FixedFormat.parse("SQ1.2"))))
    >>> model([-9, 2, 15])
    array([-4,  2,  3])
    >>> model.floats([-1.1, 0.5])
    array([-1. ,  0.5])
    """
    return GoldenModel(plan)


def _as_codes(name: str, fmt: FixedFormat, held: op.Range, codes: ArrayLike) -> Array:
    array = np.asarray(codes)
    if not np.issubdtype(array.dtype, np.integer):
        # Lists that mix codes on both sides of 2**63 become floats, and empty ones are; their elements tell.
        array = np.asarray(codes, dtype=object)
        strange = next((code for code in array.flat if isinstance(code, bool) or not isinstance(code, Integral)), None)
        if strange is not None:
            raise TypeError(f"codes of {name} must be integers, not {strange!r}; use floats() for values")
    if array.size and (int(array.min()) < held.low or int(array.max()) > held.high):
        at, code = next((i, c) for i, c in enumerate(array.ravel().tolist()) if not held.low <= c <= held.high)
        if held == op.Range.of(fmt):
            raise ValueError(f"codes of {name} must be within {held}, the codes of {fmt}, but element {at} is {code}")
        raise ValueError(
            f"input {name} is promised to stay within {show_codes(held, fmt)}, "
            f"but element {at} is {float(fmt.value(int(code))):.10g} (code {code})"
        )
    return array.astype(object if fmt.max_code >= 1 << 63 else np.int64, copy=False)


def _lookup(operation: op.Lookup, index: Array) -> Array:
    entries = op.Range(min(operation.table), max(operation.table))
    return np.array(operation.table, dtype=object if entries.width > 63 else np.int64)[index.astype(np.int64)]


def _bits(operation: op.Bits, source: Array) -> Array:
    if operation.low + operation.count > 63:
        source = source.astype(object)
    field = (source >> operation.low) & ((1 << operation.count) - 1)
    if operation.signed:
        return field - ((field >> (operation.count - 1)) << operation.count)
    return field


def _partial_product(operation: op.PartialProduct, source: Array, digit: Array) -> Array:
    factor: Array = np.array(operation.factors)[digit.astype(np.int64)]
    return source * factor - (factor < 0)


def _bitwise(operation: op.Bitwise, left: Array, right: Array) -> Array:
    if operation.function == "and":
        return left & right
    return left | right if operation.function == "or" else left ^ right


def _shift_by(operation: op.ShiftBy, source: Array, amount: Array) -> Array:
    if operation.direction == "left":
        return source << amount
    # An int64 shift by 64 or more is undefined; shifted that far, only the sign is left either way.
    return source >> (amount if source.dtype == object else np.minimum(amount, 63))


def _leading_zeros(operation: op.LeadingZeros, source: Array) -> Array:
    lengths = np.zeros(source.shape, dtype=np.int64)
    for bit in range(operation.width):
        lengths += source >= 1 << bit
    return operation.width - lengths


def _round(operation: op.Round, source: Array) -> Any:
    quotient: Array = source >> operation.bits
    rest: Array = source - (quotient << operation.bits)
    half = 1 << (operation.bits - 1)
    if operation.mode == "half_up":
        return quotient + (rest >= half)
    if operation.mode == "half_even":
        return quotient + ((rest > half) | ((rest == half) & (quotient % 2 == 1)))
    return quotient + ((source < 0) & (rest != 0))


def _clamp(operation: op.Clamp, source: Array) -> Array:
    low, high = operation.low, operation.high
    if source.dtype != object:  # limits beyond int64 limit nothing there
        low, high = max(low, -(1 << 63)), min(high, (1 << 63) - 1)
    return np.minimum(np.maximum(source, low), high)


def _compare(operation: op.Compare, left: Array, right: Array) -> Array:
    relations: dict[str, Callable[[Array, Array], Array]] = {
        "lt": np.less,
        "le": np.less_equal,
        "eq": np.equal,
        "ne": np.not_equal,
        "ge": np.greater_equal,
        "gt": np.greater,
    }
    return relations[operation.relation](left, right).astype(np.int64)


def _select(operation: op.Select, condition: Array, when_true: Array, when_false: Array) -> Array:
    return np.where(condition == 1, when_true, when_false)


def _constant(operation: op.Constant) -> Array:
    value = np.empty(1, dtype=object if op.Range(operation.value, operation.value).width > 63 else np.int64)
    value[0] = operation.value
    return value


_RULES: dict[type[op.Operation], Callable[..., Array]] = {
    op.Constant: _constant,
    op.Bits: _bits,
    op.Lookup: _lookup,
    op.Add: lambda _, left, right: left + right,
    op.Subtract: lambda _, left, right: left - right,
    op.Multiply: lambda _, left, right: left * right,
    op.PartialProduct: _partial_product,
    op.Absolute: lambda _, source: np.abs(source),
    op.Bitwise: _bitwise,
    op.Concatenate: lambda operation, high, low: (high << operation.bits) + low,
    op.ShiftLeft: lambda operation, source: source << operation.bits,
    op.ShiftRight: lambda operation, source: source >> min(operation.bits, 63 if source.dtype != object else 1024),
    op.ShiftBy: _shift_by,
    op.LeadingZeros: _leading_zeros,
    op.Round: _round,
    op.Clamp: _clamp,
    op.Compare: _compare,
    op.Select: _select,
    op.Narrow: lambda _, source: source,
}
