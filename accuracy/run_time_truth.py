"""The true values of a function with a parameter at run time, exactly and many at a time (decision 040)."""

from __future__ import annotations

from fractions import Fraction
from math import ceil, lcm
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..plan.operations.base import Range
from .run_time_specification import RunTimeSpecification

__all__ = ["RunTimeTruth"]

_FLOAT_BITS = 52
"""Bits of an integer that float64 holds with its sign, and that sums of a few do not take out of 64 bits."""


_SHORT = 1 << 38
"""Up to so large a number times a code of 24 bits is one of 64."""


class RunTimeTruth:
    """True values in ulp of the output, as integers over one denominator.

    Parameters
    ----------
    specification
        What the function is, and its formats.

    Attributes
    ----------
    denominator
        The denominator of all values.
    coefficients
        Of each line, in ascending order of inputs, the four numbers ``a, b, c, d`` of ``a x + b x p + c + d p`` in ulp
        of the output, where x and p are codes.
    cuts
        The first code of x on each line but the lowest.

    """

    def __init__(self, specification: RunTimeSpecification) -> None:
        self.specification = specification
        source, parameter = specification.input_format.ulp, specification.parameter_format.ulp
        ulp = specification.output_format.ulp
        self.coefficients = [
            (
                line.start.slope * source / ulp,
                line.change.slope * source * parameter / ulp,
                line.start.offset / ulp,
                line.change.offset * parameter / ulp,
            )
            for line in specification.function.lines
        ]
        self.denominator = lcm(*(number.denominator for line in self.coefficients for number in line))
        self.cuts = [ceil(kink / source) for kink in specification.function.kinks]

    def pieces(self) -> list[Range]:
        """Return the codes of x that lie on each line; of none, the high is below the low."""
        low, high = self.specification.codes
        starts = [low, *(min(max(cut, low), high + 1) for cut in self.cuts)]
        return [Range(first, after - 1) for first, after in zip(starts, [*starts[1:], high + 1], strict=True)]

    @property
    def fits(self) -> bool:
        """Whether float64 holds every value and every error as an integer over the denominator."""
        x = max(map(abs, self.specification.codes))
        p = max(map(abs, Range.of(self.specification.parameter_format)))
        reach = max(abs(a) * x + abs(b) * x * p + abs(c) + abs(d) * p for a, b, c, d in self.coefficients)
        return (reach + (1 << self.specification.output_format.width)) * self.denominator < 1 << _FLOAT_BITS

    def values(self, codes: NDArray[Any], parameters: NDArray[Any]) -> NDArray[Any]:
        """Return true values times the denominator, not clamped, for codes of x and of the parameter.

        Parameters
        ----------
        codes, parameters
            Arrays that broadcast: of int64 where `fits` holds, else of Python's integers.

        """
        piece = np.zeros(codes.shape, dtype=np.int64)
        for cut in self.cuts:
            piece += np.asarray(codes >= cut, dtype=bool)
        a, b, c, d = (
            np.array([int(line[at] * self.denominator) for line in self.coefficients], dtype=codes.dtype)[piece]
            for at in range(4)
        )
        found: NDArray[Any] = a * codes + c + (b * codes + d) * parameters
        return found

    def clamped(self, values: NDArray[Any]) -> NDArray[Any]:
        """Return values times the denominator limited to the output's codes."""
        low, high = self.specification.outputs
        found: NDArray[Any] = np.minimum(np.maximum(values, low * self.denominator), high * self.denominator)
        return found

    def required(self, codes: NDArray[Any], parameters: NDArray[Any]) -> NDArray[np.bool_]:
        """Return where outputs are exact unless the ends are free, for arrays that broadcast.

        That is on the first and the last line where its values are output codes, and at 0 where f(0) is one.
        """
        found: NDArray[np.bool_] = np.zeros(np.broadcast_shapes(codes.shape, parameters.shape), dtype=bool)
        pieces = self.pieces()
        for (a, b, c, d), held in ((self.coefficients[at], pieces[at]) for at in (0, -1)):
            on_codes = self._is_whole(a, b, parameters) & self._is_whole(c, d, parameters)
            found |= on_codes & np.asarray((codes >= held.low) & (codes <= held.high), dtype=bool)
        at_zero = self.values(np.zeros_like(codes), parameters) % self.denominator == 0
        found |= np.asarray(codes == 0, dtype=bool) & np.asarray(at_zero, dtype=bool)
        return found

    @staticmethod
    def _is_whole(start: Fraction, change: Fraction, parameters: NDArray[Any]) -> NDArray[np.bool_]:
        """Return where ``start + change * parameter`` is a whole number."""
        unit = lcm(start.denominator, change.denominator)
        first, each = int(start * unit) % unit, int(change * unit) % unit
        wide = unit > _SHORT or parameters.dtype == object
        return np.asarray((first + each * parameters.astype(object if wide else np.int64)) % unit == 0, dtype=bool)
