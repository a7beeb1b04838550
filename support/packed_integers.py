"""Arrays of integers as JSON values: words in hexadecimal, as the tables of plans are, with their shape and hash."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["pack_integers", "unpack_integers"]

_FIELDS = {"shape", "digits", "signed", "hex", "sha256"}


def pack_integers(array: NDArray[np.int64]) -> dict[str, Any]:
    """Return integers of any shape as JSON values.

    ``hex`` holds two's complement words of ``digits`` digits each, the first element first and the last axis fastest.
    """
    codes = [int(code) for code in array.reshape(-1)]
    signed = min(codes, default=0) < 0
    bits = max((max(code, ~code).bit_length() for code in codes), default=1) + signed
    digits = max((bits + 3) // 4, 1)
    text = "".join(f"{code & (1 << 4 * digits) - 1:0{digits}x}" for code in codes)
    return {
        "shape": list(array.shape),
        "digits": digits,
        "signed": signed,
        "hex": text,
        "sha256": sha256(text.encode()).hexdigest(),
    }


def unpack_integers(name: str, given: Any) -> NDArray[np.int64]:
    """Return what `pack_integers` made JSON values of.

    Raises
    ------
    ValueError
        If they are others, or the hash is not that of the words; names what they are called.

    """
    import numpy as np

    if not isinstance(given, dict) or set(given) != _FIELDS:
        raise ValueError(f"{name} must be an object with shape, digits, signed, hex and sha256, not {given!r:.60}")
    shape, digits, text = given["shape"], given["digits"], given["hex"]
    sound = isinstance(shape, list) and all(type(size) is int and size >= 0 for size in shape)
    sound = sound and type(digits) is int and 1 <= digits <= 16 and isinstance(given["signed"], bool)
    if not sound or not isinstance(text, str) or not re.fullmatch(r"[0-9a-f]*", text):
        raise ValueError(f"{name} must have words of 1 to 16 hexadecimal digits and a shape of whole numbers")
    count = 1
    for size in shape:
        count *= size
    if len(text) != count * digits:
        raise ValueError(f"{name} must have {count} words of {digits} digits for shape {shape}, not {len(text)} digits")
    if sha256(text.encode()).hexdigest() != given["sha256"]:
        raise ValueError(f"{name} were changed: the hash of their words is not sha256")
    words = [int(text[at : at + digits], 16) for at in range(0, len(text), digits)]
    half = 1 << (4 * digits - 1)
    codes = [word - 2 * half if given["signed"] and word >= half else word for word in words]
    return np.array(codes, np.int64).reshape(shape)
