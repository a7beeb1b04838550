"""Formats of either kind: read from text, and as plans hold them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from ..support.parameters import parse_number
from .affine_format import AffineFormat
from .format_spellings import MAX_WIDTH
from .formats import FixedFormat

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

__all__ = ["AffineCodes", "Format", "affine_format", "parse_format", "plan_format", "read_format"]

_FORM = re.compile(r"(u?)int(\d{1,9}):([^:]+)(?::([+-]?\d{1,20}))?", re.IGNORECASE | re.ASCII)

_TYPE = re.compile(r"u?int\d", re.IGNORECASE | re.ASCII)

_LEAST_SCALE = Fraction(1, 1 << 256)
"""The least scale that is read, and the inverse of the largest: far beyond those of float32."""


@dataclass(frozen=True, slots=True)
class AffineCodes(FixedFormat):
    """The codes of an affine format as the integers that they are: what plans and methods see of it.

    Its `value` of a code is the code. Its text, `quantize` and `to_float` are those of the affine format.
    """

    means: AffineFormat = field(kw_only=True)

    def __str__(self) -> str:
        return str(self.means)

    @property
    def shown(self) -> AffineFormat:
        """The affine format."""
        return self.means

    @property
    def code_of_zero(self) -> int:
        """The zero point."""
        return self.means.zero_point

    def quantize(self, values: ArrayLike) -> Any:
        """Return the codes nearest to values (see `AffineFormat.quantize`)."""
        return self.means.quantize(values)

    def to_float(self, codes: ArrayLike) -> Any:
        """Return the values of codes (see `AffineFormat.to_float`)."""
        return self.means.to_float(codes)


Format = FixedFormat | AffineFormat
"""A format of either kind."""


def plan_format(fmt: Format) -> FixedFormat:
    """Return a format as plans have it."""
    if isinstance(fmt, FixedFormat):
        return fmt
    return AffineCodes(fmt.signed, fmt.width, 0, means=fmt)


def parse_format(text: str | tuple[bool, int, int] | Format) -> Format:
    """Read a fixed-point format, as `FixedFormat.parse` does, or an affine one such as ``int8:0.047:-3``.

    An affine format is the type of its codes (``int8``, ``uint8``, ``int4``; 1 to 64 bits), its scale (``0.047``,
    ``1/256``, ``2^-12``; a decimal is exact) and its zero point, 0 if it is left out. If the scale is a power of two
    and the zero point 0, it is a fixed-point format.

    Raises
    ------
    TypeError, ValueError
        As by `FixedFormat.parse`; or if the scale is not a number above 0.

    """
    if isinstance(text, FixedFormat | AffineFormat):
        shown: Format = text.shown
        return shown
    written = "".join(text.split()) if isinstance(text, str) else ""
    match = _FORM.fullmatch(written)
    if match is None:
        if _TYPE.match(written):
            raise ValueError(
                f"format {text!r:.60} is invalid: an affine format is written as its type, scale and zero point, such "
                "as int8:0.047:-3"
            )
        return FixedFormat.parse(text)
    unsigned, width, scale, zero = match.groups()
    if not 1 <= int(width) <= MAX_WIDTH:
        raise ValueError(f"format {text!r:.60} has {width} bits; 1 to {MAX_WIDTH} are possible")
    try:
        step = parse_number(scale)
    except ValueError:
        raise ValueError(
            f"format {text!r:.60} has a scale that is not a number, {scale!r:.40}; write one above 0, such as 0.047 or "
            "1/256"
        ) from None
    if step <= 0:
        raise ValueError(f"format {text!r:.60} has a scale of {scale:.40}; it must be above 0")
    if not _LEAST_SCALE <= step <= 1 / _LEAST_SCALE:
        raise ValueError(f"format {text!r:.60} has a scale of {scale:.40}; it must be from 2^-256 to 2^256")
    return affine_format(FixedFormat(not unsigned, int(width), 0), step, int(zero or 0))


def affine_format(codes_format: FixedFormat, scale: Fraction, zero_point: int) -> Format:
    """Return the affine format, or the fixed-point format if that is the same."""
    top, bottom = scale.numerator, scale.denominator
    if zero_point or (top & (top - 1)) or (bottom & (bottom - 1)):
        return AffineFormat(codes_format, scale, zero_point)
    fraction = bottom.bit_length() - top.bit_length()
    return FixedFormat(codes_format.signed, codes_format.width - fraction, fraction)


def read_format(which: str, text: str | tuple[bool, int, int] | Format) -> Format:
    """Return a format that is given as the argument `which`, such as ``input``, which a message then names.

    Raises
    ------
    TypeError, ValueError
        As by `parse_format`.

    """
    try:
        return parse_format(text)
    except (TypeError, ValueError) as error:
        raise type(error)(f"{which} {error}") from None
