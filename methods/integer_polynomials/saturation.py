"""Saturation: constants that stand for a function at the ends of its inputs."""

from __future__ import annotations

from dataclasses import dataclass

from ...accuracy.required import roundest
from .folded_function import ANY, End, FoldedFunction

__all__ = ["Saturation", "find_saturations"]


@dataclass(frozen=True)
class Saturation:
    """Constant results, one for each sign, from the code `start` of u on; or before it, if `below`."""

    start: int
    results: tuple[int, ...]
    below: bool = False


def find_saturations(function: FoldedFunction, bits: int) -> tuple[tuple[Saturation, ...], range]:
    """Return saturations, each overriding those before it, and the codes of u that polynomials must cover.

    Each begins where all but the highest `bits` bits of u are 0; or, if an exact output would then be required of the
    polynomials, at the roundest code that avoids it.
    """
    unit = max(function.size >> bits, 1)
    below, above = function.ends[0], function.upper_ends(function.stop)
    found: list[Saturation] = []
    stop = function.stop
    if above and (least := stop - min(end.count for end in above)) < stop:
        stop = _start_of(function, least, unit)
        if stop < function.stop and _occur(function, stop, function.stop):
            found = _preceded_by_simpler(function, least, stop, unit) or [_between(function, stop, function.stop)]
            stop = found[0].start
    if function.stop < function.size:  # an input of 0, counted downwards
        found.append(_between(function, function.stop, function.size))
    start = min((end.count for end in below), default=0) // unit * unit
    if start < stop and _occur(function, 0, start):
        constants = tuple(_constant(function, sign, start, end, below=True) for sign, end in enumerate(below))
        found.append(Saturation(start, constants, below=True))
    else:
        start = 0
    return tuple(found), range(start, stop)


def _occur(function: FoldedFunction, start: int, stop: int) -> bool:
    """Return whether inputs occur from a code of u up to another."""
    return bool((function.high[:, start:stop] < ANY).any())


def _start_of(function: FoldedFunction, least: int, unit: int) -> int:
    """Return the code at which a saturation begins that may begin at `least` or later."""
    start = min(-(-max(least, 1) // unit) * unit, function.stop)
    exact = function.exact_from
    return roundest(max(least, 1), exact) if exact is not None and least <= exact < start else start


def _preceded_by_simpler(function: FoldedFunction, least: int, stop: int, unit: int) -> list[Saturation]:
    """Return two saturations, the outer one exact, if the inner one shortens the index of segments; else none."""
    if function.exact_from is None:
        return []
    outer = roundest(max(least, 1), max(function.exact_from, least))
    first = -(-max(outer - min(end.count for end in function.upper_ends(outer)), 1) // unit) * unit
    if first >= outer or (first - 1).bit_length() == (stop - 1).bit_length():
        return []
    return [_between(function, first, outer), _between(function, outer, function.stop)]


def _between(function: FoldedFunction, start: int, stop: int) -> Saturation:
    """Return the saturation that holds from a code of u up to another."""
    ends = function.upper_ends(stop)
    return Saturation(start, tuple(_constant(function, sign, start, end, stop) for sign, end in enumerate(ends)))


def _constant(
    function: FoldedFunction, sign: int, start: int, end: End, stop: int | None = None, *, below: bool = False
) -> int:
    """Return a constant admissible from a code of u up to `stop`, or below that code.

    In a monotonic unit it is not on the wrong side of the other results. Since bounds are as narrow as
    monotonic results leave them, it is enough to go as far as they let it.
    """
    direction = function.directions[sign, start - 1]
    upwards = (direction > 0) != below if direction else not below
    if not direction:
        return end.high if upwards else end.low
    low, high = (bound[sign, :start] if below else bound[sign, start:stop] for bound in function.bounds)
    return int(high.min()) if upwards else int(low.max())
