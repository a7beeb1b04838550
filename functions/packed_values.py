"""Values of arrays as text: float64 in hexadecimal, by which manifests and sweeps make a function again."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from ..support.parameters import Parameter

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["MOST_VALUES", "PackedValues", "pack", "read_array", "summary", "unpack"]

MOST_VALUES = 1 << 20
"""The longest array: what a search that walks every input code takes."""

_DIGITS = 16
"""Hexadecimal digits of a value."""


@dataclass(frozen=True)
class PackedValues(Parameter):
    """A parameter that is an array of values, as text."""

    def read(self, value: Any) -> str:
        """Check the text of an array.

        Raises
        ------
        TypeError, ValueError
            If it is not the text of finite float64 values, such as `pack` returns.

        """
        if not isinstance(value, str):
            raise TypeError(f"{self.name} must be text such as `pack` returns, not {value!r:.60}")
        return pack(_checked(unpack(value), self.name))


def pack(array: NDArray[np.float64]) -> str:
    """Return values as 16 hexadecimal digits each, the sign first; of the zeros only the positive one is known."""
    return (array + 0.0).astype(">f8").tobytes().hex()


def unpack(text: str) -> NDArray[np.float64]:
    """Return the values of a text by `pack`, of shape (values,).

    Raises
    ------
    ValueError
        If it is no such text.

    """
    import numpy as np

    try:
        packed = bytes.fromhex(text)
    except ValueError:
        packed = b""
    if not packed or len(text) != 2 * len(packed) or len(text) % _DIGITS:
        raise ValueError(f"values must be {_DIGITS} hexadecimal digits for each float64, not {text!r:.40}")
    return np.frombuffer(packed, dtype=">f8").astype(np.float64)


def summary(text: str) -> str:
    """Return the number of packed values and the first digits of their hash, by which people tell arrays apart."""
    count = len(text) // _DIGITS
    return f"{count} {'value' if count == 1 else 'values'}, sha256 {sha256(text.encode()).hexdigest()[:12]}"


def read_array(given: Any, what: str) -> NDArray[np.float64]:
    """Return an array that a user gives as a function, of shape (values,).

    Parameters
    ----------
    given
        Floats of any size up to float64, which are values, exactly. Integers are refused: they may be codes.
    what
        What the array is called in messages.

    Raises
    ------
    TypeError
        If it does not hold floats.
    ValueError
        If it has other than one axis, too many values or none, or one that is not finite.

    """
    from ..support.arrays import read_values, split_mask

    array, mask = split_mask(given, what)
    if mask is not None and mask.any():
        raise ValueError(f"{what} must hold all its values, but some are masked")
    if array.dtype.kind in "iu":
        raise TypeError(
            f"{what} must hold values as floats, not {array.dtype.name}, which may be codes: convert values as in "
            "array.astype(float), and codes with a format's to_float(codes)"
        )
    if array.ndim != 1:
        raise ValueError(f"{what} must be an array of one axis, not of shape {array.shape}")
    values, _ = read_values(array, what)
    if values.dtype.itemsize > 8:
        raise TypeError(f"{what} must hold values of at most 64 bits, not {values.dtype.name}")
    return _checked(values, what)


def _checked(values: NDArray[np.float64], what: str) -> NDArray[np.float64]:
    """Return values, if there are as many as there may be, and all are finite."""
    import numpy as np

    if not 1 <= len(values) <= MOST_VALUES:
        raise ValueError(f"{what} must hold from 1 to {MOST_VALUES} values, not {len(values)}")
    finite = np.isfinite(values)
    if not finite.all():
        place = int(np.argmin(finite))
        raise ValueError(f"{what} must hold finite values, but there is {float(values[place])} at [{place}]")
    return values
