"""Codes of one format as codes of another, exactly rounded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..support.parameters import read_name
from .any_format import Format, read_format

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

__all__ = ["ROUNDINGS", "requantize"]

ROUNDINGS = ("half_even", "half_up", "half_away", "floor", "zero")
"""Roundings to a code: to the nearest with ties to even, upwards or away from zero; down; toward zero."""


def requantize(codes: ArrayLike, source: str | Format, target: str | Format, rounding: str = "half_even") -> Any:
    """Return the codes of format `target` for codes of format `source`.

    Parameters
    ----------
    codes
        Integers in an array of any shape, each a code of `source`. A masked array keeps its mask.
    source, target
        Formats such as ``SQ4.12`` or ``int8:0.047:-3``.
    rounding
        One of `ROUNDINGS`, for what lies between two codes of `target`; of an affine format, an even code is one that
        is an even number of units from the zero point.

    Returns
    -------
    array
        Of the shape of `codes`, in the type `FixedFormat.code_dtype` of `target`. Values beyond `target` give its
        lowest or its highest code.

    Raises
    ------
    TypeError
        If the codes are not integers, or a format is neither text nor a format.
    ValueError
        If a code is not one of `source`; names its index. If a format or the rounding is unknown.

    Examples
    --------
    >>> requantize([-3, 5, 6, 127], "SQ4.4", "SQ2.2")
    array([-1,  1,  2,  7])
    >>> requantize([-6, 6], "SQ4.4", "SQ2.2", "half_away")
    array([-2,  2])
    >>> requantize([-128, 0, 127], "int8:0.05:-3", "int8:0.1:4")
    array([-58,   6,  69])

    """
    import numpy as np

    from ..support.arrays import masked_as, read_codes

    source, target = read_format("source", source), read_format("target", target)
    rounding = read_name("rounding", rounding, ROUNDINGS)
    array, mask = read_codes(codes, "codes")
    if mask is not None:
        array = np.where(mask, 0, array)
    _check_within(array, source)
    # value / target.ulp == (code - zero) * top / bottom, all integers
    top, bottom = (source.ulp / target.ulp).as_integer_ratio()
    zero, target_zero = source.code_of_zero, target.code_of_zero
    reach = max(abs(source.min_code - zero), abs(source.max_code - zero)) * top
    fits = 2 * max(reach, bottom) + abs(zero) + abs(target_zero) < 1 << 62
    units = (array.astype(np.int64 if fits else object) - zero) * top
    rounded = _quotient(units, bottom, rounding) + target_zero
    limited = np.minimum(np.maximum(rounded, target.min_code), target.max_code) if rounded.size else rounded
    return masked_as(np.asarray(limited, dtype=target.code_dtype), mask)


def _quotient(numerators: NDArray[Any], denominator: int, rounding: str) -> Any:
    """Return quotients rounded to integers."""
    down = numerators // denominator
    rest = 2 * (numerators - down * denominator)  # in halves
    if rounding == "floor":
        return down
    if rounding == "zero":
        return down + ((numerators < 0) & (rest != 0))
    if rounding == "half_up":
        return down + (rest >= denominator)
    if rounding == "half_away":
        return down + ((rest > denominator) | ((rest == denominator) & (numerators >= 0)))
    return down + ((rest > denominator) | ((rest == denominator) & (down % 2 == 1)))


def _check_within(codes: NDArray[Any], source: Format) -> None:
    import numpy as np

    from ..support.arrays import at, first_place

    if codes.size and not source.min_code <= int(codes.min()) <= int(codes.max()) <= source.max_code:
        given = codes.astype(object)
        place = first_place(np.asarray((given < source.min_code) | (given > source.max_code)))
        which = f"the one{at(place)}" if place else "it"
        raise ValueError(
            f"codes must be from {source.min_code} to {source.max_code}, the codes of source {source}, "
            f"but {which} is {int(codes[place])}"
        )
