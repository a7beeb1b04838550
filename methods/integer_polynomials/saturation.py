"""Where constants stand for a function at the ends of its inputs."""

from __future__ import annotations

from dataclasses import dataclass

from ...accuracy.required import roundest
from .folded_function import End, FoldedFunction

__all__ = ["Saturation", "find_saturations"]


@dataclass(frozen=True)
class Saturation:
    """From the code `start` of u on (or before it, if `below`) the result is a constant, one for each sign."""

    start: int
    results: tuple[int, ...]
    below: bool = False


def find_saturations(function: FoldedFunction, bits: int) -> tuple[tuple[Saturation, ...], range]:
    """Return where constants stand for the function, each overriding those before it, and the codes of u left.

    The highest `bits` of u tell where they begin, or the fewest more that leave no input to the polynomials at which an
    exact output is required.
    """
    unit = max(function.size >> bits, 1)
    below, above = function.ends
    found: list[Saturation] = []
    start, stop = 0, function.size
    if above and (least := function.size - min(end.count for end in above)) < function.size:
        stop = _start_of(function, least, unit)
        if stop < function.size:
            found = _preceded_by_simpler(function, least, stop, unit) or [_between(function, stop, function.size)]
            stop = found[0].start
    if below and (start := min(end.count for end in below) // unit * unit) and start < stop:
        constants = tuple(_constant(function, sign, start, end, below=True) for sign, end in enumerate(below))
        found.append(Saturation(start, constants, below=True))
    else:
        start = 0
    return tuple(found), range(start, stop)


def _start_of(function: FoldedFunction, least: int, unit: int) -> int:
    """Return where saturation begins that may begin at a code of u or later."""
    start = min(-(-max(least, 1) // unit) * unit, function.size)
    exact = function.exact_from
    return roundest(max(least, 1), exact) if exact is not None and least <= exact < start else start


def _preceded_by_simpler(function: FoldedFunction, least: int, stop: int, unit: int) -> list[Saturation]:
    """Return other constants before those that are required exactly, if they leave fewer bits to tell segments by."""
    if function.exact_from is None:
        return []
    outer = roundest(max(least, 1), max(function.exact_from, least))
    first = -(-max(outer - min(end.count for end in function.upper_ends(outer)), 1) // unit) * unit
    if first >= outer or (first - 1).bit_length() == (stop - 1).bit_length():
        return []
    return [_between(function, first, outer), _between(function, outer, function.size)]


def _between(function: FoldedFunction, start: int, stop: int) -> Saturation:
    """Return the saturation from a code of u to before another one."""
    ends = function.upper_ends(stop)
    return Saturation(start, tuple(_constant(function, sign, start, end, stop) for sign, end in enumerate(ends)))


def _constant(
    function: FoldedFunction, sign: int, start: int, end: End, stop: int | None = None, *, below: bool = False
) -> int:
    """Return what will do from a code of u on, to before `stop`, or below it.

    In a monotonic unit it is not on the wrong side of the other results. Since windows are as narrow as
    monotonic results leave them, it is enough to go as far as they let it.
    """
    direction = function.directions[sign, start - 1]
    upwards = (direction > 0) != below if direction else not below
    if not direction:
        return end.high if upwards else end.low
    low, high = (bound[sign, :start] if below else bound[sign, start:stop] for bound in function.bounds)
    return int(high.min()) if upwards else int(low.max())
