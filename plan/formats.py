"""Fixed-point formats: how an integer code stands for a real number."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from .format_spellings import MAX_WIDTH, fault_of, read_spelling

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray

__all__ = ["MAX_WIDTH", "FixedFormat"]


@dataclass(frozen=True, slots=True)
class FixedFormat:
    """A binary fixed-point format of 1 to 64 bits.

    A code ``c`` (an integer) stands for the value ``c * 2**-fraction_bits``. Signed codes are two's complement. The
    binary point may lie outside the word: SQ-2.10 has 8 bits, the values from -2**-3 to below 2**-3.

    Parameters
    ----------
    signed
        Whether codes are two's complement.
    integer_bits
        Bits before the binary point, those of a signed format with the sign bit; negative if the first bit stands
        behind the point.
    fraction_bits
        Bits after the binary point; negative if the last bit stands before the point.

    Raises
    ------
    TypeError
        If an argument is of the wrong kind.
    ValueError
        If there are no bits or more than 64, or the binary point lies more than 64 places outside them.

    Examples
    --------
    >>> FixedFormat.parse("SQ4.12")
    FixedFormat('SQ4.12')
    >>> FixedFormat.parse("ap_ufixed<16,0>").max_code
    65535

    """

    signed: bool
    integer_bits: int
    fraction_bits: int

    def __post_init__(self) -> None:
        if not isinstance(self.signed, bool):
            raise TypeError(f"signed must be True or False, not {self.signed!r}")
        for name in ("integer_bits", "fraction_bits"):
            value = getattr(self, name)
            if not isinstance(value, int) or isinstance(value, bool):
                raise TypeError(f"{name} must be an integer, not {value!r}")
        if fault := fault_of(self.integer_bits, self.fraction_bits):
            raise ValueError(f"format {self!s:.60} {fault}")

    @classmethod
    def parse(cls, text: str | tuple[bool, int, int] | FixedFormat) -> FixedFormat:
        """Read a format, however it is written.

        As ``SQ4.12`` or ``UQ0.16``; ``ap_fixed<16,4>``, ``ap_ufixed<16,0>``, ``fixed<16,4>``, ``ap_int<8>``,
        ``ap_uint<8>``; ``ac_fixed<16,4,true>``, ``ac_int<8,false>``; ``sfix16_En12``, ``ufix8``;
        ``quantized_bits(8,0)``, ``quantized_relu(8,0)``; or as a tuple of `signed`, `integer_bits`, `fraction_bits`.

        Raises
        ------
        TypeError
            If it is neither text nor a tuple.
        ValueError
            If it is written otherwise, or a bare ``Q4.12``, which two conventions read differently.

        """
        if isinstance(text, FixedFormat):
            return text
        if isinstance(text, tuple) and len(text) == 3:
            return cls(*text)
        if not isinstance(text, str):
            raise TypeError(f"format must be text such as 'SQ4.12', or (True, 4, 12), not {text!r:.60}")
        bits = read_spelling(text)
        if fault := fault_of(bits.integer, bits.fraction):
            raise ValueError(f"format {text!r:.60} {fault}")
        return cls(*bits)

    def __str__(self) -> str:
        return f"{'S' if self.signed else 'U'}Q{self.integer_bits}.{self.fraction_bits}"

    def __repr__(self) -> str:
        return f"FixedFormat('{self}')"

    @property
    def shown(self) -> Any:
        """The format by which people read codes: this one, unless codes are those of an affine format."""
        return self

    @property
    def code_of_zero(self) -> int:
        """The code that stands for 0, which may lie outside the codes of an affine format."""
        return 0

    @property
    def width(self) -> int:
        """Bits in all."""
        return self.integer_bits + self.fraction_bits

    @property
    def min_code(self) -> int:
        """The most negative code, 0 if unsigned."""
        return -(1 << (self.width - 1)) if self.signed else 0

    @property
    def max_code(self) -> int:
        """The largest code."""
        return (1 << (self.width - 1)) - 1 if self.signed else (1 << self.width) - 1

    @property
    def ulp(self) -> Fraction:
        """The value of one unit in the last place."""
        return self.value(1)

    def value(self, code: int) -> Fraction:
        """Return the exact value of `code`."""
        bits = self.fraction_bits
        return Fraction(code, 1 << bits) if bits >= 0 else Fraction(code * (1 << -bits))

    @property
    def code_dtype(self) -> type[np.signedinteger[Any] | np.unsignedinteger[Any]]:
        """The numpy type that holds every code: int64, or uint64 for 64 unsigned bits."""
        import numpy as np

        return np.uint64 if self.max_code >= 1 << 63 else np.int64

    @property
    def narrow_dtype(self) -> type[np.signedinteger[Any] | np.unsignedinteger[Any]]:
        """The narrowest numpy type that holds every code, such as int16 for SQ4.12."""
        import numpy as np

        types = (np.int8, np.int16, np.int32, np.int64) if self.signed else (np.uint8, np.uint16, np.uint32, np.uint64)
        return next(each for each in types if np.iinfo(each).bits >= self.width)

    def codes(self, low: int | None = None, high: int | None = None) -> NDArray[Any]:
        """The codes from `low` to `high` in ascending order; from the first to the last unless given.

        Raises
        ------
        ValueError
            If there are more than 2**28.

        """
        import numpy as np

        low, high = self.min_code if low is None else low, self.max_code if high is None else high
        if high - low >= 1 << 28:
            raise ValueError(f"{high - low + 1} codes of {self} are too many to list; 2**28 at most")
        # From 0, because numpy's ranges cannot end where uint64 does.
        codes: NDArray[Any] = np.arange(high - low + 1, dtype=self.code_dtype)
        codes += self.code_dtype(low)
        return codes

    def quantize(self, values: ArrayLike) -> Any:
        """Return the integer codes nearest to values: rounded half to even, saturated at the format's limits.

        Parameters
        ----------
        values
            Floats or integers, in an array of any shape or what numpy makes one of. Infinities saturate. A masked array
            keeps its mask.

        Raises
        ------
        TypeError
            If they are not numbers.
        ValueError
            If one is a NaN; names its index.

        """
        import numpy as np

        from ..support.arrays import masked_as, read_values, split_mask

        given, mask = split_mask(values, "values")
        if given.dtype.kind in "iu":  # Python's integers, which hold the product
            scaled = given.astype(object)
            if self.fraction_bits >= 0:
                scaled *= 1 << self.fraction_bits
            else:
                scaled = np.vectorize(lambda value: round(value / self.ulp), otypes=[object])(scaled)
            clipped = np.clip(scaled, self.min_code, self.max_code)
            return masked_as(np.asarray(clipped, dtype=self.code_dtype), mask)
        array, mask = read_values(values, "values")
        return masked_as(self.nearest_codes(array), mask)

    def nearest_codes(self, values: NDArray[np.floating[Any]]) -> NDArray[Any]:
        """Return the codes nearest to an array of floats without NaN, as `quantize` does."""
        import numpy as np

        with np.errstate(over="ignore"):
            # A product with a power of two is exact, and a float of at least 53 bits holds it.
            scaled = np.rint(values.astype(np.result_type(values, np.float64)) * 2.0**self.fraction_bits)
        if self.width <= 53:  # then floats hold the limits, too
            limited: NDArray[Any] = np.asarray(np.clip(scaled, self.min_code, self.max_code)).astype(self.code_dtype)
            return limited
        # The comparisons are made against powers of two, which floats hold exactly at any width.
        above = scaled >= float(self.max_code + 1)
        below = scaled < float(self.min_code)
        codes = np.where(above | below, 0.0, scaled).astype(self.code_dtype)
        codes[above] = self.max_code
        codes[below] = self.min_code
        return codes

    def to_float(self, codes: ArrayLike) -> Any:
        """Return the values of integer `codes` as floats, rounded to nearest where 53 bits do not hold them.

        A masked array keeps its mask.

        Raises
        ------
        TypeError
            If the codes are not integers.

        """
        import numpy as np

        from ..support.arrays import masked_as, read_codes

        array, mask = read_codes(codes, "codes")
        array = array if mask is None else np.where(mask, 0, array)
        return masked_as(array.astype(np.float64) * 2.0**-self.fraction_bits, mask)
