"""Arrays from users: codes distinguished from values, masks kept, positions in the array's own shape."""

from __future__ import annotations

from collections.abc import Callable
from numbers import Integral
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["at", "first_place", "masked_as", "read_codes", "read_values", "split_mask"]

Array = NDArray[Any]


def split_mask(given: Any, what: str) -> tuple[Array, Array | None]:
    """Return an argument as an array, and its mask; None if it is not a masked array.

    Raises
    ------
    ValueError
        If it is made of lists of different lengths.

    """
    if isinstance(given, list | tuple) and any(isinstance(each, np.ma.MaskedArray) for each in given):
        given = np.ma.array(given)
    if isinstance(given, np.ma.MaskedArray):
        return np.asarray(given.data), np.ma.getmaskarray(given)
    try:
        return np.asarray(given), None
    except ValueError:
        raise ValueError(f"{what} must be an array, not lists of different lengths or depths") from None


def masked_as(array: Array, mask: Array | None) -> Any:
    """Return the array under a mask; the array itself if the mask is None."""
    return array if mask is None else np.ma.MaskedArray(array, mask=mask)


def first_place(wrong: Array) -> tuple[int, ...]:
    """Return the index of the first true element, in the array's own shape."""
    return tuple(int(index) for index in np.unravel_index(int(np.argmax(wrong)), wrong.shape))


def at(place: tuple[int, ...]) -> str:
    """Return the position of an element for a message, as in `` at [1, 0, 2]``; empty for an array without axes."""
    return f" at {list(place)}" if place else ""


def read_values(given: ArrayLike, what: str) -> tuple[Array, Array | None]:
    """Return values as floats, and their mask if they have one (decision 027). Masked elements are 0.

    Floats of any size and byte order are values and keep their type; object arrays of them become float64.

    Raises
    ------
    TypeError
        If they are not floats; integers could as well be codes.
    ValueError
        If one is not a number, or lists of different lengths are given.

    """
    array, mask = split_mask(given, what)
    kind = array.dtype.kind
    if kind in "iu":
        raise TypeError(
            f"{what} must be floats, not {_kind(array)}, which may be codes: call golden(codes) for codes, "
            "or make floats of values, as in numpy.asarray(values, float)"
        )
    if kind == "O":
        _refuse(array, mask, lambda value: isinstance(value, float | np.floating), f"{what} must be floats")
    elif kind != "f":
        raise TypeError(f"{what} must be floats, not {_kind(array)}")
    if mask is not None:
        array = np.where(mask, array.dtype.type(0), array)
    array = array.astype(np.float64) if kind == "O" else array
    if (wrong := np.isnan(array)).any():
        raise ValueError(f"{what} must be numbers, but there is a NaN{at(first_place(wrong))}")
    return array, mask


def read_codes(given: ArrayLike, what: str, for_floats: str = "") -> tuple[Array, Array | None]:
    """Return codes as numpy integers, or as Python integers if no numpy type holds them all, and their mask if any.

    Parameters
    ----------
    given, what
        The codes, and what a message calls them.
    for_floats
        What to do with floats, for the end of the message that refuses them.

    Raises
    ------
    TypeError
        If they are not integers.
    ValueError
        If lists of different lengths are given.

    """
    array, mask = split_mask(given, what)
    if array.dtype.kind in "iu":
        return array, mask
    rule = f"{what} must be integers"
    hint = f"; {for_floats}" if for_floats else ""
    if isinstance(given, np.ndarray) and array.dtype.kind != "O" and array.size:
        raise TypeError(f"{rule}, not {_kind(array)}{hint if array.dtype.kind == 'f' else ''}")
    # numpy makes floats of empty lists and of lists with codes on both sides of 2**63: look at the elements instead.
    array = np.asarray(given, dtype=object) if mask is None else array.astype(object)
    _refuse(array, mask, lambda code: isinstance(code, Integral) and not isinstance(code, bool), rule, hint)
    return array, mask


def _kind(array: Array) -> str:
    return {"U": "text", "S": "bytes"}.get(array.dtype.kind, array.dtype.name)


def _refuse(array: Array, mask: Array | None, accepted: Callable[[Any], bool], rule: str, hint: str = "") -> None:
    """Raise if an element of an object array is neither masked nor accepted; a hint is for floats."""
    hidden = np.zeros(array.shape, bool) if mask is None else mask
    for place in np.ndindex(array.shape):
        if not hidden[place] and not accepted(array[place]):
            where = f", but the one{at(place)} is" if place else ", not"
            advice = hint if isinstance(array[place], float | np.floating) else ""
            raise TypeError(f"{rule}{where} {array[place]!r:.100}{advice}")
