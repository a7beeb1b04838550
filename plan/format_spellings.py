"""The ways in which formats are written, here and elsewhere, each read into a sign and the bits about the point."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

__all__ = ["MAX_WIDTH", "Bits", "fault_of", "possible", "read_spelling"]

MAX_WIDTH = 64
"""The widest format, in bits."""

_FARTHEST = 64
"""The most places that the binary point may lie outside the word."""


class Bits(NamedTuple):
    """The meaning of a spelling: whether codes are signed, and the bits before and after the binary point."""

    signed: bool
    integer: int
    fraction: int


_N = r"(-?\d{1,9})"
_W = r"(\d{1,9})"


def _of_width(unsigned: str | None, width: str, integer: str = "") -> Bits:
    """Return a format of `width` bits, of which `integer` stand before the point: all unless given."""
    before = int(integer or width)
    return Bits(not unsigned, before, int(width) - before)


def _matlab(sign: str, width: str, negative: str | None, exponent: str | None) -> Bits:
    """Return a format whose last place is ``2**-exponent`` (``En12``) or ``2**exponent`` (``E3``)."""
    fraction = int(exponent or 0) * (1 if negative else -1)
    return Bits(sign.lower() == "s", int(width) - fraction, fraction)


def _qkeras(kind: str, width: str, integer: str) -> Bits:
    """Return a format whose sign, of `bits`, is not among its integer bits."""
    signed = kind.lower() == "bits"
    return Bits(signed, int(integer) + signed, int(width) - int(integer) - signed)


_SPELLINGS: Mapping[str, Callable[..., Bits]] = {
    rf"([SU])Q{_N}\.{_N}": lambda sign, integer, fraction: Bits(sign.upper() == "S", int(integer), int(fraction)),
    rf"(?:ap_)?(u?)fixed<{_W},{_N}>": _of_width,
    rf"ap_(u?)int<{_W}>": _of_width,
    rf"ac_fixed<{_W},{_N}(?:,(?:true|(false)))?>": lambda width, integer, false: _of_width(false, width, integer),
    rf"ac_int<{_W}(?:,(?:true|(false)))?>": lambda width, false: _of_width(false, width),
    r"([su])fix(\d{1,9})(?:_E(n)?(\d{1,9}))?": _matlab,
    rf"quantized_(bits|relu)\({_W},{_N}(?:,alpha=1(?:\.0?)?)?\)": _qkeras,
}
"""Spellings without blanks, and what makes a format of their groups: this project's; those of AMD's `ap_fixed` (hls4ml
writes ``fixed``) and `ap_int`; of Siemens's `ac_fixed` and `ac_int`; of MATLAB's `numerictype`; and of QKeras.
"""

_COMPILED = [(re.compile(form, re.IGNORECASE | re.ASCII), read) for form, read in _SPELLINGS.items()]

_BARE_Q = re.compile(rf"Q{_W}\.{_W}", re.IGNORECASE | re.ASCII)
_WITH_MODES = re.compile(r"((?:ap_)?u?fixed|ac_fixed)<(\d{1,9},-?\d{1,9}(?:,(?:true|false))?),.*>", re.IGNORECASE)


def read_spelling(text: str) -> Bits:
    """Return what a text says of a format.

    Raises
    ------
    ValueError
        If it is spelt in no known way, or is a bare ``Q4.12``: one convention counts the sign bit among the four,
        another does not.

    """
    written = "".join(text.split())
    for form, read in _COMPILED:
        if match := form.fullmatch(written):
            return read(*match.groups())
    if match := _BARE_Q.fullmatch(written):
        integer, fraction = map(int, match.groups())
        readings = {
            Bits(True, integer, fraction): f" if its {integer} integer bits include the sign",
            Bits(True, integer + 1, fraction): " if the sign comes on top",
            Bits(False, integer, fraction): " if there is no sign",
        }
        if not integer:
            del readings[Bits(True, 0, fraction)]  # in no convention is the sign a fraction bit
        if not any(1 <= bits.integer + bits.fraction <= MAX_WIDTH for bits in readings):
            raise ValueError(f"format {written!r:.60} has more than {MAX_WIDTH} bits; write one such as SQ4.12")
        raise ValueError(f"format {written!r:.60} is ambiguous: write {possible(readings)}")
    if match := _WITH_MODES.fullmatch(written):
        raise ValueError(
            f"format {written!r:.60} has modes of rounding or overflow, which only the output format of a unit may "
            f"have: write {match[1]}<{match[2]}>"
        )
    raise ValueError(
        f"format {text!r:.60} is invalid: write SQ4.12 (signed, 4 integer bits with the sign, 12 fraction bits), "
        "UQ0.16 (unsigned), ap_fixed<16,4>, ap_uint<8>, ac_fixed<16,4,false>, sfix16_En12, quantized_bits(8,0) or "
        "int8:0.047:-3 (type, scale and zero point)"
    )


def fault_of(integer: int, fraction: int) -> str | None:
    """Return why no format has so many bits before and after the binary point; None if there is one."""
    width, outside = integer + fraction, -min(integer, fraction)
    if not 1 <= width <= MAX_WIDTH:
        return f"has {_bits(width)}; 1 to {MAX_WIDTH} are possible"
    if outside > _FARTHEST:
        return f"has its binary point {outside} places outside its {_bits(width)}; at most {_FARTHEST} are possible"
    return None


def _bits(count: int) -> str:
    return f"{count:.12g} bit{'s' * (count != 1)}"


def possible(readings: Mapping[Bits, str]) -> str:
    """Return those of some formats that there are, each with a remark: nobody is to write what is then refused."""
    named = []
    for (signed, integer, fraction), remark in readings.items():
        if 1 <= integer + fraction <= MAX_WIDTH:
            named.append(f"{'S' if signed else 'U'}Q{integer}.{fraction}{remark} ({_bits(integer + fraction)})")
    return ", ".join(named[:-1]) + (" or " if named[1:] else "") + named[-1]
