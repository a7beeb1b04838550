"""Formats of either kind: read from text, and as plans hold them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from ..support.parameters import parse_number
from .affine_format import AffineFormat
from .affine_parameters import affine_fault
from .format_spellings import fault_of
from .formats import FixedFormat

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

__all__ = ["AffineCodes", "Format", "affine_format", "parse_format", "plan_format", "read_format"]

_FORM = re.compile(r"(u?)int(\d+):([^:]+)(?::([^:]*))?", re.IGNORECASE | re.ASCII)

_TYPE = re.compile(r"u?int\d", re.IGNORECASE | re.ASCII)

_WHOLE = re.compile(r"[+-]?\d{1,20}", re.ASCII)


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

    def nearest_codes(self, values: NDArray[Any]) -> NDArray[Any]:
        """Return the codes nearest to floats (see `AffineFormat.nearest_codes`)."""
        return self.means.nearest_codes(values)

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
        return _simplest(shown)
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
    try:
        step = parse_number(scale)
    except ValueError:
        raise ValueError(
            f"format {text!r:.60} has a scale that is not a number, {scale!r:.40}; write one above 0, such as 0.047 or "
            "1/256"
        ) from None
    if zero is not None and not _WHOLE.fullmatch(zero):
        raise ValueError(
            f"format {text!r:.60} has a zero point that is not a whole number, {zero!r:.40}; write one such as -3, or "
            "leave it out for 0"
        )
    fault = fault_of(int(width[:20]), 0) or affine_fault(scale, step, int(zero or 0))
    if fault:
        raise ValueError(f"format {text!r:.60} {fault}")
    return affine_format(FixedFormat(not unsigned, int(width), 0), step, int(zero or 0))


def affine_format(codes_format: FixedFormat, scale: Fraction, zero_point: int) -> Format:
    """Return the affine format, or the fixed-point format if that is the same."""
    return _simplest(AffineFormat(codes_format, scale, zero_point))


def _simplest(fmt: Format) -> Format:
    """Return a format; as a fixed-point format if it is an affine one whose scale does the same as a binary point."""
    top, bottom = fmt.ulp.as_integer_ratio()
    if isinstance(fmt, FixedFormat) or fmt.zero_point or (top & (top - 1)) or (bottom & (bottom - 1)):
        return fmt
    fraction = bottom.bit_length() - top.bit_length()
    return FixedFormat(fmt.signed, fmt.width - fraction, fraction)


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
