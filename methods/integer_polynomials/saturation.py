"""Where constants stand for a function at the ends of its inputs."""

from __future__ import annotations

from dataclasses import dataclass

from ...accuracy.required import roundest
from .folded_function import Core, End

__all__ = ["Saturation", "find_saturations"]


@dataclass(frozen=True)
class Saturation:
    """From the code `start` of u on (or before it, if `below`) the result is a constant, one for each sign."""

    start: int
    results: tuple[int, ...]
    below: bool = False


def find_saturations(core: Core, bits: int) -> tuple[tuple[Saturation, ...], range]:
    """Return where constants stand for the function, each overriding those before it, and the codes of u left.

    The highest `bits` of u tell where they begin, or the fewest more that leave no input to the polynomials at which an
    exact output is required.
    """
    unit = max(core.size >> bits, 1)
    below, above = core.ends
    found: list[Saturation] = []
    start, stop = 0, core.size
    if above and (least := core.size - min(end.count for end in above)) < core.size:
        stop = _told(core, least, unit)
        if stop < core.size:
            found = _with_others_before(core, least, stop, unit) or [_over(core, stop, core.size)]
            stop = found[0].start
    if below and (start := min(end.count for end in below) // unit * unit) and start < stop:
        constants = tuple(_result(core, sign, start, end, below=True) for sign, end in enumerate(below))
        found.append(Saturation(start, constants, below=True))
    else:
        start = 0
    return tuple(found), range(start, stop)


def _told(core: Core, least: int, unit: int) -> int:
    """Return where saturation begins that may begin at a code of u or later."""
    start = min(-(-max(least, 1) // unit) * unit, core.size)
    exact = core.exact_from
    return roundest(max(least, 1), exact) if exact is not None and least <= exact < start else start


def _with_others_before(core: Core, least: int, stop: int, unit: int) -> list[Saturation]:
    """Return other constants before those that are required exactly, if they leave fewer bits to tell segments by."""
    if core.exact_from is None:
        return []
    outer = roundest(max(least, 1), max(core.exact_from, least))
    first = -(-max(outer - min(end.count for end in core.upper_ends(outer)), 1) // unit) * unit
    if first >= outer or (first - 1).bit_length() == (stop - 1).bit_length():
        return []
    return [_over(core, first, outer), _over(core, outer, core.size)]


def _over(core: Core, start: int, stop: int) -> Saturation:
    """Return the saturation from a code of u to before another one."""
    ends = core.upper_ends(stop)
    return Saturation(start, tuple(_result(core, sign, start, end, stop) for sign, end in enumerate(ends)))


def _result(core: Core, sign: int, start: int, end: End, stop: int | None = None, *, below: bool = False) -> int:
    """Return what will do from a code of u on, to before `stop`, or below it.

    In a monotonic unit it is not on the wrong side of the other results. Since windows are as narrow as
    monotonic results leave them, it is enough to go as far as they let it.
    """
    direction = core.directions[sign, start - 1]
    upwards = (direction > 0) != below if direction else not below
    if not direction:
        return end.high if upwards else end.low
    low, high = (limits[sign, :start] if below else limits[sign, start:stop] for limits in core.windows)
    return int(high.min()) if upwards else int(low.max())
