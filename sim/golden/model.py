"""The golden model: the bit-accurate evaluation of a plan in numpy integers.

It shares no code with the datapath builder. `plan_evaluation` goes through the steps; here are the arguments, codes or
values of any shape and type, and the results.
"""

from __future__ import annotations

from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from ...plan import operations as op
from ...plan.plan import Plan
from ...support.arrays import masked_as, read_codes, read_values
from .arguments import FOR_FLOATS, as_codes, broadcast, unmasked, unmasked_values
from .code_table import DeferredTable
from .plan_evaluation import PlanEvaluation, RangeError
from .rules import Array

__all__ = ["GoldenModel", "golden"]

_CHUNK = 1 << 14
"""Codes evaluated at a time: the arrays of one chunk stay in the processor's cache."""

LISTED_CODES = 1 << 24
"""The most entries of a table that `GoldenModel.table` returns."""


class GoldenModel:
    """Evaluates a plan on arrays of integer codes, exactly, whatever the widths.

    A plan with one input that has at most ``2**20`` codes is evaluated once at all of them as soon as that pays, and
    looked up from then on.

    Parameters
    ----------
    plan
        The plan to evaluate.

    """

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self._evaluate = PlanEvaluation(plan)
        # A table is made an array for every chunk.
        tables = [len(step.operation.table) for step in plan.steps if isinstance(step.operation, op.Lookup)]
        self._chunk = max(_CHUNK, *tables) if tables else _CHUNK
        self._table = (
            DeferredTable(self._list_outputs, plan.ranges[plan.inputs[0][0]]) if len(plan.inputs) == 1 else None
        )

    def __repr__(self) -> str:
        inputs = ", ".join(f"{name} {fmt}" for name, fmt in self.plan.inputs)
        outputs = ", ".join(f"{output.name} {output.format}" for output in self.plan.outputs)
        return f"<GoldenModel {inputs} -> {outputs}>"

    def __call__(self, *codes: ArrayLike, dtype: str | None = None) -> Any:
        """Return the output codes for input codes: one array per input port, one per output port.

        Parameters
        ----------
        *codes
            Integers, in arrays of any shape, which are broadcast together. What is masked in any of them is not looked
            at.
        dtype
            ``"narrow"`` for the narrowest integer type that holds the output's codes. By default int64, or uint64 for
            an output of 64 unsigned bits.

        Returns
        -------
        array or tuple of arrays
            Of the shape of the inputs; masked where an input is a masked array. A plan with one output returns its
            array, otherwise a tuple.

        Raises
        ------
        TypeError
            If codes are not integers, or there are not as many arrays as inputs.
        ValueError
            If a code is outside its input's format, or outside the range that the input is promised to keep; names its
            index. If shapes cannot be broadcast together, or `dtype` is another.
        RangeError
            If a value leaves the range of its step; names the step and the first offending input.

        """
        types = self._code_types(dtype)
        self._check_count(codes)
        if len(codes) == 1:
            array, mask = read_codes(codes[0], f"codes of {self.plan.inputs[0][0]}", FOR_FLOATS)
            array = unmasked(array, mask, self.plan.ranges[self.plan.inputs[0][0]])
            if self._table and array.dtype.kind in "iu" and (table := self._table.after(array.size)) is not None:
                found = table.outputs(array, types)
                if found is not None:
                    masked = tuple(masked_as(each, mask) for each in found)
                    return masked[0] if len(masked) == 1 else masked
        checked, masks = self._checked(codes)
        shape, flat = broadcast(checked)
        results = tuple(np.empty(flat[0].size, dtype=dtype) for dtype in types)
        for start in range(0, flat[0].size, self._chunk):
            chunk = slice(start, start + self._chunk)
            values = self._evaluate([array[chunk] for array in flat])
            for result, output in zip(results, self.plan.outputs, strict=True):
                result[chunk] = values[output.step]
        return self._shaped(results, shape, masks)

    def floats(self, *values: ArrayLike) -> Any:
        """Quantise values (half to even, saturating), evaluate, and return the outputs as floats.

        Parameters
        ----------
        *values
            Floats of any size, in arrays as in a call. Integers are refused: they could be codes, which a call takes,
            or values, which ``astype(float)`` makes floats. Infinities saturate.

        Returns
        -------
        array or tuple of arrays
            As from a call. In float32 if all values are float32 or float16 and the output has at most 24 bits, which
            float32 holds exactly; otherwise in float64, rounded to nearest where 53 bits do not hold the output.

        Raises
        ------
        TypeError
            If values are not floats, or there are not as many arrays as inputs.
        ValueError
            If one is a NaN, or the code nearest to it is outside the range that its input is promised to keep, to which
            it is not limited; names its index.

        """
        inputs, outputs = self.plan.inputs, self.plan.outputs
        self._check_count(values)
        # read_values first: what it refuses it calls by the input's name.
        read = [read_values(given, f"values of {n}") for (n, _), given in zip(inputs, values, strict=True)]
        shape, flat = broadcast(
            [unmasked_values(*each, fmt, self.plan.ranges[n]) for (n, fmt), each in zip(inputs, read, strict=True)]
        )
        single = all(array.dtype.itemsize <= 4 for array in flat)
        types = [np.float32 if single and output.format.width <= 24 else np.float64 for output in outputs]
        results = tuple(np.empty(flat[0].size, dtype=dtype) for dtype in types)
        # Each chunk goes all the way, so that codes take no memory beside values.
        for start in range(0, flat[0].size, _CHUNK):
            chunk = slice(start, start + _CHUNK)
            codes = [fmt.nearest_codes(array[chunk]) for (_, fmt), array in zip(inputs, flat, strict=True)]
            try:
                found = self(*codes)
            except ValueError:  # the same for all, so that the message has the place among them
                whole = [fmt.quantize(masked_as(*each)) for (_, fmt), each in zip(inputs, read, strict=True)]
                self._checked(tuple(whole))
                raise
            for result, output, each in zip(results, outputs, found if len(outputs) > 1 else (found,), strict=True):
                result[chunk] = output.format.to_float(each)
        return self._shaped(results, shape, [mask for _, mask in read])

    def table(self) -> Any:
        """Return the output codes at every input code that may occur, in ascending order of the input's code.

        Returns
        -------
        array or tuple of arrays
            Integers as from a call, of shape (codes,); a tuple if the plan has several outputs.

        Raises
        ------
        ValueError
            If the plan has several inputs, or more than ``2**24`` input codes.

        """
        if len(self.plan.inputs) != 1:
            raise ValueError(f"a table takes a plan of one input, not of {len(self.plan.inputs)}")
        ((name, fmt),) = self.plan.inputs
        if (count := self.plan.ranges[name].size) > LISTED_CODES:
            raise ValueError(f"a table has at most {LISTED_CODES} entries, but {name} has {count} codes")
        return self(fmt.codes(*self.plan.ranges[name]))

    def trace(self, *codes: int) -> dict[str, int]:
        """Return the code of every step, by name, for one code per input.

        Raises
        ------
        TypeError, ValueError
            As for a call, or if there is other than one code for an input.

        """
        self._check_count(codes)
        checked, masks = self._checked(codes)
        for (name, _), array, mask in zip(self.plan.inputs, checked, masks, strict=True):
            if array.size != 1 or mask is not None:
                held = "masked codes" if mask is not None else f"{array.size} codes"
                raise ValueError(f"trace takes one code of {name}, not {held}")
        arrays = [array.reshape(1) for array in checked]
        return {name: int(value[0]) for name, value in self._evaluate(arrays, keep=True).items()}

    def _list_outputs(self) -> tuple[Array, ...] | None:
        """Return the output codes at every input code; None if one leaves the range of a step."""
        ((name, fmt),) = self.plan.inputs
        try:
            found = self(fmt.codes(*self.plan.ranges[name]))
        except RangeError:  # perhaps at other inputs than are asked for
            return None
        return found if isinstance(found, tuple) else (found,)

    def _code_types(self, dtype: str | None) -> list[Any]:
        if dtype is None:
            return [output.format.code_dtype for output in self.plan.outputs]
        if dtype != "narrow":
            raise ValueError(f'dtype must be None or "narrow", not {dtype!r:.60}')
        return [output.format.narrow_dtype for output in self.plan.outputs]

    def _shaped(self, results: tuple[Array, ...], shape: tuple[int, ...], masks: list[Array | None]) -> Any:
        """Return results in their shape, under the masks of the inputs; a single one by itself."""
        given = [np.broadcast_to(mask, shape) for mask in masks if mask is not None]
        mask = reduce(np.logical_or, given) if given else None
        shaped = tuple(masked_as(result.reshape(shape), mask) for result in results)
        return shaped[0] if len(shaped) == 1 else shaped

    def _check_count(self, given: tuple[ArrayLike, ...]) -> None:
        if len(given) != (count := len(self.plan.inputs)):
            arrays = "array was" if len(given) == 1 else "arrays were"
            raise TypeError(f"the plan has {count} input{'s' * (count != 1)}, but {len(given)} {arrays} given")

    def _checked(self, codes: tuple[ArrayLike, ...]) -> tuple[list[Array], list[Array | None]]:
        """Return the codes of every input, and the masks of those that have one."""
        read = [
            as_codes(name, fmt, self.plan.ranges[name], array)
            for (name, fmt), array in zip(self.plan.inputs, codes, strict=True)
        ]
        return [array for array, _ in read], [mask for _, mask in read]


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
