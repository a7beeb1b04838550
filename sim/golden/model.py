"""The golden model: the bit-accurate evaluation of a plan in numpy integers.

It shares no code with the datapath builder, and checks at every step that no value leaves the range that the widths of
the hardware are made for. `rules` has the meaning of each operation.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from ...plan import operations as op
from ...plan.formats import FixedFormat
from ...plan.input_range import show_codes
from ...plan.plan import Plan, Step
from ...support.arrays import at, first_place, masked_as, read_codes, read_values
from .rules import RULES, Array

__all__ = ["GoldenModel", "RangeError", "golden"]

_CHUNK = 1 << 14
"""Codes evaluated at a time: the arrays of one chunk stay in the processor's cache."""


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

        Parameters
        ----------
        *codes
            Integers, in arrays of any shape, which are broadcast together. What is masked in any of them is not looked
            at.

        Returns
        -------
        array or tuple of arrays
            Of the shape of the inputs and the integer type of their format; masked where an input is a masked array. A
            plan with one output returns its array, otherwise a tuple.

        Raises
        ------
        TypeError
            If codes are not integers, or there are not as many arrays as inputs.
        ValueError
            If a code is outside its input's format, or outside the range that the input is promised to keep; names its
            index. If shapes cannot be broadcast together.
        RangeError
            If a value leaves the range of its step; names the step and the first offending input.

        """
        checked, masks = self._checked(codes)
        try:
            arrays = np.broadcast_arrays(*checked)
        except ValueError:
            raise ValueError(f"inputs must have shapes that broadcast, not {_shapes(checked)}") from None
        shape, flat = arrays[0].shape, [array.reshape(-1) for array in arrays]
        results = [np.empty(flat[0].size, dtype=output.format.code_dtype) for output in self.plan.outputs]
        for start in range(0, flat[0].size, _CHUNK):
            chunk = slice(start, start + _CHUNK)
            values = self._evaluate([array[chunk] for array in flat], keep=False)
            for result, output in zip(results, self.plan.outputs, strict=True):
                result[chunk] = values[output.step]
        given = [np.broadcast_to(mask, shape) for mask in masks if mask is not None]
        mask = np.logical_or.reduce(given) if given else None
        shaped = tuple(masked_as(result.reshape(shape), mask) for result in results)
        return shaped[0] if len(shaped) == 1 else shaped

    def floats(self, *values: ArrayLike) -> Any:
        """Quantise values (half to even, saturating), evaluate, and return the outputs as floats.

        Parameters
        ----------
        *values
            Floats of any size, in arrays as in a call. Integers are refused: they could be codes, which a call takes,
            or values, which ``astype(float)`` makes floats. Infinities saturate.

        Raises
        ------
        TypeError
            If values are not floats, or there are not as many arrays as inputs.
        ValueError
            If one is a NaN, or the code nearest to it is outside the range that its input is promised to keep, to which
            it is not limited; names its index.

        """
        inputs = self.plan.inputs
        self._check_count(values)
        # read_values first: what it refuses it calls by the input's name.
        read = [masked_as(*read_values(given, f"values of {n}")) for (n, _), given in zip(inputs, values, strict=True)]
        outputs = self(*(fmt.quantize(given) for (_, fmt), given in zip(inputs, read, strict=True)))
        if len(self.plan.outputs) == 1:
            return self.plan.outputs[0].format.to_float(outputs)
        return tuple(o.format.to_float(codes) for o, codes in zip(self.plan.outputs, outputs, strict=True))

    def trace(self, *codes: int) -> dict[str, int]:
        """Return the code of every step, by name, for one code per input.

        Raises
        ------
        TypeError, ValueError
            As for a call, or if there is other than one code for an input.

        """
        checked, masks = self._checked(codes)
        for (name, _), array, mask in zip(self.plan.inputs, checked, masks, strict=True):
            if array.size != 1 or mask is not None:
                held = "masked codes" if mask is not None else f"{array.size} codes"
                raise ValueError(f"trace takes one code of {name}, not {held}")
        arrays = [array.reshape(1) for array in checked]
        return {name: int(value[0]) for name, value in self._evaluate(arrays, keep=True).items()}

    def _check_count(self, given: tuple[ArrayLike, ...]) -> None:
        if len(given) != (count := len(self.plan.inputs)):
            arrays = "array was" if len(given) == 1 else "arrays were"
            raise TypeError(f"the plan has {count} input{'s' * (count != 1)}, but {len(given)} {arrays} given")

    def _checked(self, codes: tuple[ArrayLike, ...]) -> tuple[list[Array], list[Array | None]]:
        """Return the codes of every input, and the masks of those that have one."""
        self._check_count(codes)
        read = [
            _as_codes(name, fmt, self.plan.ranges[name], array)
            for (name, fmt), array in zip(self.plan.inputs, codes, strict=True)
        ]
        return [array for array, _ in read], [mask for _, mask in read]

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
                rule = RULES.get(type(operation))
                if rule is None:
                    raise op.unknown_operation(operation, "golden model")
                value = rule(operation, *operands)
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


def _as_codes(name: str, fmt: FixedFormat, held: op.Range, codes: ArrayLike) -> tuple[Array, Array | None]:
    """Return codes that the input may have, and their mask; under it they are as good as any."""
    array, mask = read_codes(codes, f"codes of {name}")
    if mask is not None:
        array = np.where(mask, np.asarray(min(max(0, held.low), held.high), dtype=object), array)
    if array.size and (int(array.min()) < held.low or int(array.max()) > held.high):
        wrong = np.array([not held.low <= code <= held.high for code in array.ravel().tolist()]).reshape(array.shape)
        place = first_place(wrong)
        code = int(array[place])
        which = f"the one{at(place)}" if place else "it"
        if held == op.Range.of(fmt):
            raise ValueError(f"codes of {name} must be within {held}, the codes of {fmt}, but {which} is {code}")
        raise ValueError(
            f"input {name} is promised to stay within {show_codes(held, fmt)}, "
            f"but {which} is {float(fmt.value(code)):.10g} (code {code})"
        )
    return array.astype(object if fmt.max_code >= 1 << 63 else np.int64, copy=False), mask


def _shapes(arrays: list[Array]) -> str:
    return " and ".join(str(array.shape) for array in arrays)
