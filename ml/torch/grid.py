"""Rounding of tensors to a format, exactly as the golden model rounds: half to even, saturating."""

from __future__ import annotations

import math
from fractions import Fraction

import torch
from torch import Tensor

from ...plan.any_format import Format
from ...plan.formats import FixedFormat
from ...plan.operations.base import Range

__all__ = ["FLOATS_TAKEN", "Grid", "read_floats"]

FLOATS_TAKEN = (torch.float16, torch.bfloat16, torch.float32, torch.float64)
"""Types of values."""

_MOST_STEPS = 1 << 20
"""The most codes of a format for which the limits between them are listed."""


def read_floats(x: Tensor, hint: str) -> Tensor:
    """Return a tensor if it is one of values.

    Raises
    ------
    TypeError
        If it is not a tensor of floats; integers may be codes, about which `hint` says what to do.

    """
    if not isinstance(x, Tensor):
        raise TypeError(f"x must be a tensor, not {type(x).__name__}; torch.as_tensor makes one")
    if x.dtype in FLOATS_TAKEN:
        return x
    name = str(x.dtype).removeprefix("torch.")
    if x.dtype == torch.bool or x.is_complex() or x.is_floating_point():
        raise TypeError(f"x must be float16, bfloat16, float32 or float64, not {name}")
    raise TypeError(f"x must be floats, not {name}, which may be codes: {hint}, or convert values with x.float()")


class Grid:
    """The codes of a format from `held.low` to `held.high`, counted from 0, as floats.

    Parameters
    ----------
    source
        The format.
    held
        The codes to which values are limited.

    Attributes
    ----------
    steps
        The least float64 that belongs to each code, if a quotient with the scale does not decide ties; shape
        (codes + 1,). It is for the owner to keep on the device, and to hand to `places`.

    Raises
    ------
    ValueError
        If ties of the format are only decided by such a list, and it has more than ``2**20`` codes.

    """

    def __init__(self, source: Format, held: Range) -> None:
        self.zero, self.first, self.last = source.code_of_zero, held.low, held.high
        self.low, self.high = float(source.value(held.low)), float(source.value(held.high))
        ratio = 1 / source.ulp
        self.shift, self.factor, self.divisor = _split(ratio)
        # Codes and ties are then floats of 24 bits, and a product with a power of two is one.
        self.single = isinstance(source, FixedFormat) and source.width <= 23 and abs(self.shift) < 100
        reach = max(abs(self.first - self.zero), abs(self.last - self.zero)).bit_length()
        self._decided = {bits: self._decides(reach, bits) for bits in (24, 53)}
        self.steps: Tensor | None = None
        if not self._decided[53]:
            if held.size > _MOST_STEPS:
                raise ValueError(
                    f"format {source} has {held.size} codes; with its scale, which is no float32, at most "
                    f"{_MOST_STEPS} are possible"
                )
            self.steps = torch.tensor(_limits(source, held), dtype=torch.float64)

    def _decides(self, reach: int, bits: int) -> bool:
        """Whether floats of that many bits, times the factor and over the divisor in float64, are ties only if exact.

        The product is exact; and a quotient that is no tie is further from one than half of a float64's last place.
        """
        exact = self.factor.bit_length() + bits <= 53 or self.factor == 1
        return exact and self.divisor.bit_length() + reach + 2 <= 53

    def places(self, x: Tensor, steps: Tensor | None) -> Tensor:
        """Return the code of every value less the first code, as floats; NaN where the value is."""
        values = x.to(torch.float32 if self.single and x.dtype != torch.float64 else torch.float64)
        units = values * (float(self.factor) * 2.0**self.shift) if self.divisor == 1 else self._quotient(values)
        below = float(self.first - self.zero)
        places = units.round_().clamp(below, float(self.last - self.zero)).sub_(below)
        if steps is None or (x.dtype != torch.float64 and self._decided[24]):
            return places
        # The quotient was off by less than one code: the limits beside it decide.
        index = places.nan_to_num(nan=0.0).to(torch.int64).reshape(-1)
        above = torch.index_select(steps, 0, index + 1).reshape(values.shape) <= values
        beyond = torch.index_select(steps, 0, index).reshape(values.shape) > values
        return places + above.to(places.dtype) - beyond.to(places.dtype)

    def _quotient(self, values: Tensor) -> Tensor:
        return values * float(self.factor) / float(self.divisor) * 2.0**self.shift

    def value(self, places: Tensor) -> Tensor:
        """Return the values of codes counted from the first, as floats."""
        units = places + float(self.first - self.zero)
        if self.divisor == 1 and self.factor == 1:
            return units * 2.0**-self.shift
        return units * float(self.divisor) / float(self.factor) * 2.0**-self.shift

    def holds(self, x: Tensor) -> Tensor:
        """Return where values lie from the value of the first code to that of the last, both included."""
        return (x >= self.low) & (x <= self.high)


def _split(ratio: Fraction) -> tuple[int, int, int]:
    """Return a ratio as a power of two, and an odd numerator and denominator."""
    top, bottom = ratio.as_integer_ratio()
    twos_above, twos_below = (top & -top).bit_length() - 1, (bottom & -bottom).bit_length() - 1
    return twos_above - twos_below, top >> twos_above, bottom >> twos_below


def _limits(source: Format, held: Range) -> list[float]:
    """Return the least float64 nearest to each code: all below the first belongs to it, none to what follows."""
    found = [-math.inf]
    for code in range(held.low + 1, held.high + 1):
        tie = source.value(code) - source.ulp / 2
        limit = float(tie)
        if Fraction(limit) < tie or (Fraction(limit) == tie and (code - source.code_of_zero) % 2):
            limit = math.nextafter(limit, math.inf)
        found.append(limit)
    return [*found, math.nan]
