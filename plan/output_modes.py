"""Modes of rounding and overflow that are written into an output format, as those of `ap_fixed` and `ac_fixed`."""

from __future__ import annotations

import re
from typing import NamedTuple

__all__ = ["Modes", "split_modes"]


class Modes(NamedTuple):
    """The demands of a format's modes, by the arguments of `softgate.design`; None and false for nothing."""

    rounding: str | None = None
    saturate: bool = False
    symmetric: bool = False


_WITH_MODES = re.compile(
    r"((?:ap_)?u?fixed<[^,>]+,[^,>]+|ac_fixed<[^,>]+,[^,>]+(?:,(?:true|false))?),(?!(?:true|false)>)([^>]*)>",
    re.IGNORECASE | re.ASCII,
)
"""A format up to its modes, and these."""

_ROUNDING = {
    "RND": "half_up",
    "RND_INF": "half_away",
    "RND_CONV": "half_even",
    "TRN": "floor",
    "TRN_ZERO": "zero",
    "RND_ZERO": None,
    "RND_MIN_INF": None,
}
"""Modes of rounding and what `--rounding` calls them; None for what no unit is made for."""

_OVERFLOW = {"SAT": Modes(saturate=True), "SAT_SYM": Modes(saturate=True, symmetric=True)}


def split_modes(text: str) -> tuple[str, Modes]:
    """Return a format without its modes, and these; a text without modes as it is.

    Modes are those of AMD's `ap_fixed`, which hls4ml writes without ``AP_``, and of Siemens's `ac_fixed`. ``SAT_SYM``
    asks for symmetric outputs. A mode of overflow that is left out asks for nothing.

    Raises
    ------
    ValueError
        If a mode is unknown, or none that units have: those that wrap, and ties toward 0 or down.

    Examples
    --------
    >>> split_modes("ap_fixed<16,6,AP_RND,AP_SAT>")
    ('ap_fixed<16,6>', Modes(rounding='half_up', saturate=True, symmetric=False))

    """
    match = _WITH_MODES.fullmatch("".join(text.split()))
    if match is None:
        return text, Modes()
    bare, (rounding, *further) = match[1], match[2].split(",")
    what = f"output format {text!r:.60}"
    if _bare_mode(rounding) in _OVERFLOW:
        prefix = "" if rounding.upper() == _bare_mode(rounding) else rounding[:3]
        raise ValueError(
            f"{what} has the overflow {rounding} in the place of a rounding: write {bare},{prefix}RND,{rounding}>"
        )
    if (found := _ROUNDING.get(_bare_mode(rounding))) is None:
        known = ", ".join(name for name, meaning in _ROUNDING.items() if meaning)
        raise ValueError(f"{what} rounds by {rounding or 'nothing'}, for which no unit is made; choose one of {known}")
    if further[1:] not in ([], ["0"]):
        raise ValueError(
            f"{what} has {','.join(further[1:])} after its modes, bits that only wrapping has a use for: write "
            f"{bare},{rounding},{further[0]}>"
        )
    asked = Modes()
    if further:
        limited = _OVERFLOW.get(_bare_mode(further[0]))
        if limited is None:
            raise ValueError(
                f"{what} has the overflow {further[0] or 'nothing'}, for which no unit is made; choose SAT or SAT_SYM, "
                "or leave it out if the format holds all values"
            )
        asked = limited
    return f"{bare}>", asked._replace(rounding=found)


def _bare_mode(mode: str) -> str:
    return re.sub(r"^A[PC]_", "", mode.upper())
