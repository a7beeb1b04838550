"""Affine formats: integer codes with a scale and a zero point, as quantised models have them."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from numbers import Rational
from typing import TYPE_CHECKING, Any, SupportsIndex

from ..support.parameters import show_number
from .affine_parameters import affine_fault, read_codes_format, read_scale, read_zero_point, show_scale
from .formats import FixedFormat

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray

__all__ = ["AffineFormat"]

_UNDECIDED = 2.0**-20
"""A quotient this near to half-way between two integers is divided once more, exactly."""


@dataclass(frozen=True, slots=True, init=False)
class AffineFormat:
    """Integer codes that stand for ``scale * (code - zero_point)``: the formats of quantised models.

    It has the attributes and methods of a `FixedFormat`. Hardware and model compute with the codes, and the function is
    rescaled to them (decision 045). If the scale is a power of two and the zero point 0, whatever takes a format takes
    it as the fixed-point format that does the same.

    Parameters
    ----------
    codes_format
        The format of the codes, without fraction bits, or its type as text: ``int8``, ``uint4``.
    scale
        The value of one unit in the last place, from ``2**-64`` to ``2**64``: a fraction, an integer or a float of
        Python or numpy. It is taken exactly: a scale from a model in float32 is the fraction that this float is, and
        0.1 is a little more than 1/10.
    zero_point
        The code that stands for 0, an integer of Python or numpy. It may lie outside the codes.

    Raises
    ------
    TypeError
        If an argument is of the wrong kind.
    ValueError
        If the codes have fraction bits, or the scale or the zero point is out of range.

    Examples
    --------
    >>> from softgate.plan import parse_format
    >>> fmt = parse_format("int8:0.5:-3")
    >>> fmt.value(5), fmt.quantize([0.0, 4.1])
    (Fraction(4, 1), array([-3,  5]))
    >>> parse_format("int16:2^-12:0")
    FixedFormat('SQ4.12')
    >>> import numpy as np
    >>> AffineFormat("int8", np.float32(0.1), np.int8(-3)).scale
    Fraction(13421773, 134217728)

    """

    codes_format: FixedFormat
    scale: Fraction
    zero_point: int

    def __init__(
        self, codes_format: FixedFormat | str, scale: Rational | float | np.floating[Any], zero_point: SupportsIndex = 0
    ) -> None:
        codes, step, zero = read_codes_format(codes_format), read_scale(scale), read_zero_point(zero_point)
        if fault := affine_fault(show_number(step), step, zero):
            raise ValueError(f"an affine format {fault}")
        for name, value in (("codes_format", codes), ("scale", step), ("zero_point", zero)):
            object.__setattr__(self, name, value)  # as dataclasses do it where an instance is frozen

    def __str__(self) -> str:
        kind = "int" if self.signed else "uint"
        return f"{kind}{self.width}:{show_scale(self.scale)}:{self.zero_point}"

    def __repr__(self) -> str:
        return f"AffineFormat('{self}')"

    @property
    def shown(self) -> AffineFormat:
        """The format by which people read codes: this one."""
        return self

    @property
    def code_of_zero(self) -> int:
        """The zero point."""
        return self.zero_point

    @property
    def signed(self) -> bool:
        """Whether codes are two's complement."""
        return self.codes_format.signed

    @property
    def width(self) -> int:
        """Bits in all."""
        return self.codes_format.width

    @property
    def min_code(self) -> int:
        """The most negative code, 0 if unsigned."""
        return self.codes_format.min_code

    @property
    def max_code(self) -> int:
        """The largest code."""
        return self.codes_format.max_code

    @property
    def ulp(self) -> Fraction:
        """The value of one unit in the last place."""
        return self.scale

    def value(self, code: int) -> Fraction:
        """Return the exact value of `code`."""
        return (code - self.zero_point) * self.scale

    @property
    def code_dtype(self) -> type[np.signedinteger[Any] | np.unsignedinteger[Any]]:
        """The numpy type that holds every code: int64, or uint64 for 64 unsigned bits."""
        return self.codes_format.code_dtype

    @property
    def narrow_dtype(self) -> type[np.signedinteger[Any] | np.unsignedinteger[Any]]:
        """The narrowest numpy type that holds every code."""
        return self.codes_format.narrow_dtype

    def codes(self, low: int | None = None, high: int | None = None) -> NDArray[Any]:
        """The codes from `low` to `high` in ascending order; from the first to the last unless given."""
        return self.codes_format.codes(low, high)

    def quantize(self, values: ArrayLike) -> Any:
        """Return the codes nearest to values, saturated at the format's limits.

        A value half-way between two codes goes to the one that is an even number of units from the zero point, as in
        ONNX's QuantizeLinear: ``round_half_even(value / scale) + zero_point``, with an exact quotient.

        Parameters and errors are those of `FixedFormat.quantize`.
        """
        import numpy as np

        from ..support.arrays import masked_as, read_values, split_mask

        given, mask = split_mask(values, "values")
        if given.dtype.kind in "iu":
            exact = np.vectorize(self._nearest, otypes=[object])(given.astype(object)) if given.size else given
            return masked_as(np.asarray(exact, dtype=self.code_dtype), mask)
        array, mask = read_values(values, "values")
        return masked_as(self.nearest_codes(array), mask)

    def nearest_codes(self, values: NDArray[np.floating[Any]]) -> NDArray[Any]:
        """Return the codes nearest to an array of floats without NaN, as `quantize` does."""
        import numpy as np

        wide = values.astype(np.result_type(values, np.float64))
        with np.errstate(over="ignore"):
            quotients = wide / float(self.scale)
        # Limits beside the codes: what is beyond stays beyond, and what is within keeps its digits.
        low, high = self.min_code - self.zero_point, self.max_code - self.zero_point
        limited = np.asarray(np.clip(quotients, float(low) - 1, float(high) + 1))
        units = np.rint(limited)
        undecided = np.abs(limited - units) >= 0.5 - _UNDECIDED
        if max(abs(low), abs(high)) >= 1 << 30:  # a float has no digits left to tell
            undecided = np.ones_like(undecided)
        codes = np.clip(units, low, high).astype(object) if self.width > 52 else np.clip(units, low, high)
        result = np.asarray(codes, dtype=object if self.width > 52 else np.int64) + self.zero_point
        result = np.asarray(result)
        if undecided.any():
            for place in map(tuple, np.argwhere(undecided & np.isfinite(wide))):
                result[place] = self._nearest(Fraction(float(wide[place])))
        return np.asarray(result, dtype=self.code_dtype)

    def _nearest(self, value: Fraction | int) -> int:
        return min(max(round(value / self.scale) + self.zero_point, self.min_code), self.max_code)

    def to_float(self, codes: ArrayLike) -> Any:
        """Return the values of integer `codes` as floats, rounded to nearest. A masked array keeps its mask.

        Raises
        ------
        TypeError
            If the codes are not integers.

        """
        import numpy as np

        from ..support.arrays import masked_as, read_codes

        array, mask = read_codes(codes, "codes")
        array = array if mask is None else np.where(mask, 0, array)
        top, bottom = self.scale.numerator, self.scale.denominator
        reach = max(abs(self.min_code - self.zero_point), abs(self.max_code - self.zero_point))
        if max(reach * top, bottom) < 1 << 53:  # then the quotient is rounded once
            return masked_as((array.astype(np.int64) - self.zero_point) * top / bottom, mask)
        exact = np.vectorize(lambda code: float(self.value(int(code))), otypes=[np.float64])
        return masked_as(exact(array) if array.size else array.astype(np.float64), mask)
