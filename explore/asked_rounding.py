"""The rounding that a design is asked for: by name, or by the modes of its output format."""

from __future__ import annotations

from typing import Any, NamedTuple

from ..accuracy.demands import ENDS
from ..plan.output_modes import split_modes
from ..plan.requantize import ROUNDINGS
from ..support.parameters import read_name

__all__ = ["AskedRounding", "read_rounding"]


class AskedRounding(NamedTuple):
    """The output format without modes, the rounding if one is asked for, and what goes with it."""

    output_format: Any
    rounding: str | None
    ends: str
    saturate: bool
    symmetric: bool


def read_rounding(
    output_format: Any, rounding: str | None, ends: str | None, max_error: Any, saturate: bool, symmetric: bool
) -> AskedRounding:
    """Return what the arguments of `softgate.design` ask of rounding.

    Raises
    ------
    TypeError, ValueError
        If one is wrong, or two contradict each other.

    """
    if isinstance(output_format, str):
        output_format, modes = split_modes(output_format)
        if rounding is not None and modes.rounding not in (None, rounding):
            raise ValueError(f"rounding is {rounding}, but the output format rounds {modes.rounding}; leave one out")
        rounding, saturate = modes.rounding if rounding is None else rounding, saturate or modes.saturate
        symmetric = symmetric or modes.symmetric
    if rounding is not None:
        rounding = read_name("rounding", rounding, ROUNDINGS)
        for name, given in (("max_error", max_error), ("ends", ends)):
            if given is not None:
                raise ValueError(f"rounding {rounding} gives the output at every input; leave out {name} {given}")
    if ends is None:
        ends = "exact" if rounding is None else "free"
    ends = read_name("ends", ends, ENDS)
    return AskedRounding(output_format, rounding, ends, saturate, symmetric)
