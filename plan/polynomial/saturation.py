"""Where constants stand for a function at the ends of its inputs."""

from __future__ import annotations

from dataclasses import dataclass

from .core import Core, End

__all__ = ["Saturation", "find_saturations"]


@dataclass(frozen=True)
class Saturation:
    """From the code `start` of u on (or before it, if `below`) the result is a constant, one for each sign."""

    start: int
    results: tuple[int, ...]
    below: bool = False


def find_saturations(core: Core, bits: int) -> tuple[tuple[Saturation, ...], range]:
    """Return where constants stand for the function, and the codes of u that are left."""
    unit = max(core.size >> bits, 1)
    below, above = core.ends
    found = []
    start, stop = 0, core.size
    if above and (least := core.size - min(end.count for end in above)) < core.size:
        stop = min(-(-max(least, 1) // unit) * unit, core.size)
        if stop < core.size:
            found.append(Saturation(stop, tuple(_result(core, sign, stop, end) for sign, end in enumerate(above))))
    if below and (start := min(end.count for end in below) // unit * unit) and start < stop:
        constants = tuple(_result(core, sign, start, end, below=True) for sign, end in enumerate(below))
        found.append(Saturation(start, constants, below=True))
    else:
        start = 0
    return tuple(found), range(start, stop)


def _result(core: Core, sign: int, start: int, end: End, *, below: bool = False) -> int:
    """Return what will do from a code of u on, or below it; in a monotonic unit, not on the wrong side of the others.

    Since windows are as narrow as monotonic results leave them, it is enough to go as far as they let it.
    """
    direction = core.directions[sign, start - 1]
    upwards = (direction > 0) != below if direction else not below
    if not direction:
        return end.high if upwards else end.low
    low, high = (limits[sign, :start] if below else limits[sign, start:] for limits in core.windows)
    return int(high.min()) if upwards else int(low.max())
