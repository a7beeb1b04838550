"""Constants of a composite from arrays: values or codes, refused where a format does not hold them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...support.arrays import at, first_place, read_codes, read_values
from ...support.packed_integers import unpack_integers
from ...support.parameters import parse_number

__all__ = ["read_constants"]


def read_constants(name: str, given: Any, low: int, high: int, fraction_bits: int, what: str) -> NDArray[np.int64]:
    """Return constants as codes.

    Parameters
    ----------
    name
        What messages call the argument.
    given
        An array, a number, or what `pack_integers` made of codes. Floats are values, which are rounded to the nearest
        code (half to even); integers are codes; a number as text, such as ``1/4``, is a value.
    low, high
        The codes that there are.
    fraction_bits
        Fraction bits of a code.
    what
        What holds these codes, for a message.

    Returns
    -------
    array
        Codes, of the shape that was given.

    Raises
    ------
    TypeError
        If it holds no numbers.
    ValueError
        If it holds something masked, a NaN, or a number that the format does not hold; names its place.

    """
    unit = 2.0**-fraction_bits
    if isinstance(given, dict):
        codes = unpack_integers(name, given)
    elif isinstance(given, str):
        codes = np.array(_read_number(name, given, fraction_bits))
    else:
        codes = _read_array(name, given, fraction_bits)
    wrong = (codes < low) | (codes > high)
    if wrong.any():
        place = first_place(wrong)
        raise ValueError(
            f"{name}{at(place)} must be from {low * unit:g} to {high * unit:g}, which {what} holds, not "
            f"{float(codes[place]) * unit:g}"
        )
    return codes.astype(np.int64)


def _read_number(name: str, given: str, fraction_bits: int) -> int:
    try:
        return round(parse_number(given) * (1 << fraction_bits))
    except ValueError:
        raise ValueError(f"{name} must be a number such as 0.25, or an array (.npy), not {given!r:.60}") from None


def _read_array(name: str, given: Any, fraction_bits: int) -> NDArray[Any]:
    array = np.asarray(given) if not isinstance(given, np.ma.MaskedArray) else given
    if array.dtype.kind == "f":
        values, mask = read_values(given, name)
        if not np.isfinite(values).all():
            place = first_place(~np.isfinite(values))
            raise ValueError(f"{name}{at(place)} must be finite, not {float(values[place])}")
        codes = np.rint(np.ldexp(values.astype(np.float64), fraction_bits))  # floats still, since they may be large
    else:
        codes, mask = read_codes(given, name)
    if mask is not None and mask.any():
        raise ValueError(f"{name} must hold all its numbers, but some are masked")
    return codes
