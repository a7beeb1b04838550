"""The golden model of RReLU in training, with the same sequence of slopes as the hardware."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ....plan.formats import FixedFormat
from ....plan.plan import Plan
from ....support.arrays import at, first_place, read_codes, read_values
from .base import Codes, CompositeModel

__all__ = ["RReluTrainingModel"]

_LAGS = (0, 1, 15, 16)
"""A bit of the sequence is the sum modulo 2 of those 61 before it and so many behind that."""

_WIDTH = 61


class RReluTrainingModel(CompositeModel):
    """x from 0 on, and x times the next slope of a random sequence below, rounded half up once and limited.

    Slope number t has ``slope_bits`` bits of the sequence, the first lowest: a number j, which stands for the code
    ``slope_first + j slope_step`` with ``slope_point`` fraction bits. Every element takes a slope, negative or not.
    """

    name: ClassVar[str] = "rrelu_training"

    def __init__(self, arguments: Mapping[str, Any], words: Mapping[str, int], plans: Mapping[str, Plan]) -> None:
        super().__init__(arguments, words, plans)
        self._input, self._output = (FixedFormat.parse(arguments[f"{name}_format"]) for name in ("input", "output"))
        self._bits = int(arguments["slope_bits"])

    def __repr__(self) -> str:
        return f"<RReluTrainingModel of x {self._input} -> {self._output}>"

    def __call__(self, codes: ArrayLike, *, start: int = 0) -> Codes:
        """Return the codes of the outputs of elements that are accepted one after another.

        Parameters
        ----------
        codes
            Integers of any shape; they come in the order of their axes, the last fastest.
        start
            Elements that were accepted since the reset, before the first of these.

        Returns
        -------
        array
            Codes of the output, of the same shape.

        Raises
        ------
        TypeError
            If codes are not integers.
        ValueError
            If a code is not one of the input format, or `start` is negative.

        """
        array, mask = read_codes(codes, "codes of x")
        if mask is not None:
            raise ValueError("codes of x must not be masked: every element takes a slope")
        wrong = (array < self._input.min_code) | (array > self._input.max_code)
        if wrong.any():
            place = first_place(wrong)
            raise ValueError(f"x{at(place)} is {array[place]}, not a code of {self._input}")
        x = array.astype(np.int64)
        return self.with_slopes(x, self.slopes(x.size, start=start).reshape(x.shape))

    def floats(self, values: ArrayLike, *, start: int = 0) -> Any:
        """Return the outputs as floats, for floats that are rounded to the input format first."""
        array, mask = read_values(values, "values of x")
        if mask is not None:
            raise ValueError("values of x must not be masked: every element takes a slope")
        return self._output.to_float(self(self._input.quantize(array), start=start))

    def slopes(self, count: int, *, start: int = 0) -> Codes:
        """Return the codes of `count` slopes, after the first `start`, each over ``2**slope_point``."""
        if start < 0:
            raise ValueError(f"start must be 0 or more, not {start}")
        bits = _sequence(_moved(self._words["state"], start * self._bits), count * self._bits)
        number = bits.reshape(count, self._bits).astype(np.int64) << np.arange(self._bits)
        return np.asarray(self._words["slope_first"] + number.sum(axis=1) * self._words["slope_step"])

    def with_slopes(self, codes: Codes, slopes: Codes) -> Codes:
        """Return the outputs of codes with given codes of slopes."""
        point, output = self._words["slope_point"], self._output
        exact = codes * np.where(codes < 0, slopes, 1 << point)
        excess = self._input.fraction_bits + point - output.fraction_bits
        rounded = (exact + (1 << excess - 1)) >> excess if excess > 0 else exact << -excess
        return np.asarray(np.clip(rounded, output.min_code, output.max_code), np.int64)

    def transfers(self, inputs: Sequence[Codes]) -> list[Codes]:
        return [self(inputs[0]), *inputs[1:]]


def _sequence(state: int, count: int) -> NDArray[np.uint8]:
    """Return the first bits of the sequence, of which `state` has 61, the first lowest.

    Modulo 2 the square of a polynomial has the squares of its terms, so the recurrence holds with all its lags doubled,
    and again: with longer lags more bits are made at once.
    """
    bits = np.zeros(max(count, _WIDTH), np.uint8)
    bits[:_WIDTH] = [state >> place & 1 for place in range(_WIDTH)]
    known = _WIDTH
    while known < count:
        scale = 1 << (known // _WIDTH).bit_length() - 1
        first = known - _WIDTH * scale
        size = min((_WIDTH - _LAGS[-1]) * scale, count - known)
        for lag in _LAGS:
            begins = first + lag * scale
            bits[known : known + size] ^= bits[begins : begins + size]
        known += size
    return bits[:count]


def _moved(state: int, bits: int) -> int:
    """Return the state that follows so many bits later.

    A bit of the sequence at place n + bits is the sum of those at n + i for each term x^i of x^bits modulo the
    polynomial of the recurrence.
    """
    power = 1
    for digit in f"{bits:b}":
        doubled = 0
        for place in range(_WIDTH):
            doubled ^= (power >> place & 1) << 2 * place
        power = _remainder(doubled << int(digit))
    known = _sequence(state, 2 * _WIDTH)
    terms = np.array([power >> place & 1 for place in range(_WIDTH)], np.uint8)
    later = [int(np.bitwise_xor.reduce(known[place : place + _WIDTH] & terms)) for place in range(_WIDTH)]
    return sum(bit << place for place, bit in enumerate(later))


def _remainder(value: int) -> int:
    for place in range(value.bit_length() - 1, _WIDTH - 1, -1):
        if value >> place & 1:
            value ^= 1 << place
            for lag in _LAGS:
                value ^= 1 << place - _WIDTH + lag
    return value
