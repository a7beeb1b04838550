"""Fixed-point formats: how an integer code stands for a real number."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray

__all__ = ["MAX_WIDTH", "FixedFormat"]

MAX_WIDTH = 64
"""The widest format, in bits."""

_Q_FORM = re.compile(r"([SU])Q(\d{1,20})\.(\d{1,20})", re.IGNORECASE | re.ASCII)
_BARE_Q_FORM = re.compile(r"Q(\d{1,20})\.(\d{1,20})", re.IGNORECASE | re.ASCII)
_AP_FORM = re.compile(r"ap_(u?)fixed<\s*(\d{1,20})\s*,\s*(-?\d{1,20})\s*>", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True, slots=True)
class FixedFormat:
    """A binary fixed-point format of 1 to 64 bits.

    A code ``c`` (an integer) stands for the value ``c * 2**-fraction_bits``. Signed codes are two's complement.

    Parameters
    ----------
    signed
        Whether codes are two's complement.
    integer_bits
        Bits before the binary point; those of a signed format include the sign bit, so it has at least one.
    fraction_bits
        Bits after the binary point.

    Raises
    ------
    TypeError
        If an argument is of the wrong kind.
    ValueError
        If there are no bits, more than 64, or no bit for the sign.

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
            if value < 0:
                raise ValueError(f"{name} must be 0 or more, not {value}")
        if not 1 <= self.width <= MAX_WIDTH:
            raise ValueError(f"format {self!s:.40} has {self.width:.6g} bits; 1 to {MAX_WIDTH} are possible")
        if self.signed and self.integer_bits == 0:
            bits = self.fraction_bits
            raise ValueError(
                f"format {self} has no sign bit: the integer bits of a signed format include the sign, so write "
                + _possible((True, 1, bits - 1), (True, 1, bits), (False, 0, bits))
            )

    @classmethod
    def parse(cls, text: str | FixedFormat) -> FixedFormat:
        """Read ``SQ4.12``, ``UQ0.16``, ``ap_fixed<16,4>`` or ``ap_ufixed<16,0>``.

        A bare ``Q4.12`` is refused: one convention counts the sign bit among the four, another does not.
        """
        if isinstance(text, FixedFormat):
            return text
        if not isinstance(text, str):
            raise TypeError(f"format must be text such as 'SQ4.12', not {text!r}")
        stripped = text.strip()
        if match := _Q_FORM.fullmatch(stripped):
            sign, integer, fraction = match.groups()
            return cls(sign.upper() == "S", int(integer), int(fraction))
        if match := _AP_FORM.fullmatch(stripped):
            unsigned, width, integer = match.groups()
            if not 0 <= int(integer) <= int(width):
                raise ValueError(
                    f"format {stripped!r} has its binary point outside its {width} bits: integer bits must be from "
                    f"0 to {width}, not {integer}"
                )
            return cls(not unsigned, int(integer), int(width) - int(integer))
        if match := _BARE_Q_FORM.fullmatch(stripped):
            integer, fraction = map(int, match.groups())
            readings = {
                (True, integer, fraction): f" if its {integer} integer bits include the sign",
                (True, integer + 1, fraction): " if the sign comes on top",
                (False, integer, fraction): " if there is no sign",
            }
            raise ValueError(f"format {stripped!r:.60} is ambiguous: write {_possible(*readings, why=readings)}")
        raise ValueError(
            f"format {text!r:.60} is invalid: write SQ4.12 (signed, 4 integer bits with the sign, 12 fraction bits), "
            "UQ0.16 (unsigned), ap_fixed<16,4> or ap_ufixed<16,0>"
        )

    def __str__(self) -> str:
        return f"{'S' if self.signed else 'U'}Q{self.integer_bits}.{self.fraction_bits}"

    def __repr__(self) -> str:
        return f"FixedFormat('{self}')"

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
        return Fraction(1, 1 << self.fraction_bits)

    def value(self, code: int) -> Fraction:
        """Return the exact value of `code`."""
        return Fraction(code, 1 << self.fraction_bits)

    @property
    def code_dtype(self) -> type[np.signedinteger[Any] | np.unsignedinteger[Any]]:
        """The numpy type that holds every code: int64, or uint64 for 64 unsigned bits."""
        import numpy as np

        return np.uint64 if self.max_code >= 1 << 63 else np.int64

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
            scaled = given.astype(object) * (1 << self.fraction_bits)
            clipped = np.clip(scaled, self.min_code, self.max_code)
            return masked_as(np.asarray(clipped, dtype=self.code_dtype), mask)
        array, mask = read_values(values, "values")
        with np.errstate(over="ignore"):
            scaled = np.rint(np.ldexp(array, self.fraction_bits))
        # The comparisons are made against powers of two, which floats hold exactly at any width.
        above = scaled >= float(self.max_code + 1)
        below = scaled < float(self.min_code)
        inside = np.where(above | below, 0.0, scaled)
        codes = inside.astype(self.code_dtype)
        codes[above] = self.max_code
        codes[below] = self.min_code
        return masked_as(codes, mask)

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
        return masked_as(np.ldexp(array.astype(np.float64), -self.fraction_bits), mask)


def _possible(*formats: tuple[bool, int, int], why: Mapping[tuple[bool, int, int], str] | None = None) -> str:
    """Return in words those of some formats that exist, so that no message proposes one that is refused."""
    named = []
    for signed, integer, fraction in formats:
        if fraction >= 0 and integer >= signed and 1 <= integer + fraction <= MAX_WIDTH:
            bits = "" if why is None else f"{why[signed, integer, fraction]} ({integer + fraction} bits)"
            named.append(f"{'S' if signed else 'U'}Q{integer}.{fraction}{bits}")
    named = named or [f"a format of 1 to {MAX_WIDTH} bits, such as SQ4.12"]
    return ", ".join(named[:-1]) + (" or " if named[1:] else "") + named[-1]
