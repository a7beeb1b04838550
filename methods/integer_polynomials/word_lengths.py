"""Shapes worth building: for every cut of the input the fewest bits with which each segment has coefficients."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ...plan.operations.base import Range
from .coefficient_scan import spread
from .datapath_shape import Shape
from .fitter import Fitter
from .folded_function import ANY, Core

__all__ = ["narrowed", "shapes"]

_MOST_GUARD_BITS = 8

_COUNTS = (64, 32, 16, 8)
"""Numbers of values to take differences of: the fewer, the larger they are."""


def shapes(
    core: Core, fitter: Fitter, degree: int, shift: int, *, whole: int = 0, paired: bool = False
) -> Iterator[Shape]:
    """Yield shapes of one degree and one size of segments, each with every bit that it needs and no more.

    So many of their products as `whole` says are whole, those with the first coefficients; and if `paired`, segments
    come in pairs.

    More guard bits are tried until they save nothing: with them products are longer, but coefficients may be shorter.
    """
    best: tuple[int, ...] | None = None
    for guard in range(_MOST_GUARD_BITS + 1 if degree else 1):
        base = _base(core, degree, shift, guard, whole, paired)
        found = list(dict.fromkeys(_least(core, fitter, base)))
        if not found:
            continue
        points = min(shape.points[1:] for shape in found)
        if best is not None and points >= best:
            break
        best = points
        yield from found


def _base(core: Core, degree: int, shift: int, guard: int, whole: int, paired: bool) -> Shape:
    """Return a shape with more bits than it needs, but no more guard bits."""
    signs = _signs(core, degree)
    return Shape(
        shift,
        points=(guard, *(power * (shift - 1) + 4 for power in range(1, degree + 1))),
        lowest=(0,) * degree,
        minus=tuple(sign != before for sign, before in zip(signs, (1, *signs), strict=False)),
        signed=tuple(not sign for sign in signs),
        widths=(None,) * degree,
        whole=whole,
        paired=paired,
    )


def _least(core: Core, fitter: Fitter, base: Shape) -> Iterator[Shape]:
    """Yield shapes with the fewest bits that will do, and no more guard bits.

    The first has no more carries than its additions take in; the second as many as help, which may take one addition
    more.
    """
    full = 1 << base.guard
    for limit in sorted({min(base.additions(core.signs), full), full}):
        shape = _stored(core, fitter, base, limit)
        if shape is not None:
            for power in range(base.degree, 0, -1):
                shape = _lowered(fitter, shape, power)
                if power > base.whole:
                    shape = _shortened(fitter, shape, power)
            yield _less_carried(fitter, shape)


def _stored(core: Core, fitter: Fitter, base: Shape, carries: int) -> Shape | None:
    """Return a shape with the fewest bits of the constant coefficient stored and so many carries at most, if any."""
    for stored in range(base.guard + 1):
        shape = replace(base, stored=stored)
        if stored and core.mirror is not None:
            shape = replace(shape, carries=min((1 << base.guard) - shape.fill, carries))
        if fitter.feasible(shape):
            return shape
    return None


def _lowered(fitter: Fitter, shape: Shape, power: int) -> Shape:
    """Take fraction bits from a coefficient."""
    while shape.points[power] > 0:
        points = list(shape.points)
        points[power] -= 1
        tried = replace(shape, points=tuple(points))
        if not fitter.feasible(tried):
            return shape
        shape = tried
    return shape


def _shortened(fitter: Fitter, shape: Shape, power: int) -> Shape:
    """Take the lowest digits of t from a product."""
    digits = len(fitter.factor(shape).digits)
    while shape.lowest[power - 1] < digits - 1:
        lowest = list(shape.lowest)
        lowest[power - 1] += 1
        tried = replace(shape, lowest=tuple(lowest))
        if not fitter.feasible(tried):
            return shape
        shape = tried
    return shape


def _less_carried(fitter: Fitter, shape: Shape) -> Shape:
    """Take carries from the additions."""
    while shape.carries:
        tried = replace(shape, carries=shape.carries - 1)
        if not fitter.feasible(tried):
            return shape
        shape = tried
    return shape


def narrowed(fitter: Fitter, shape: Shape, held: Sequence[Range]) -> Shape:
    """Take the highest bit from multiplicands that are now in some ranges, where one bit is all that it takes."""
    for power, (low, high) in enumerate(held, 1):
        if low >= 0 and high > 1:
            widths = list(shape.widths)
            widths[power - 1] = high.bit_length() - 1
            tried = replace(shape, widths=tuple(widths))
            if fitter.feasible(tried):
                shape = tried
    return shape


def _signs(core: Core, degree: int) -> tuple[int, ...]:
    """Return for each power the sign of that derivative, from divided differences: 1, -1, or 0 if it has both."""
    low, high = core.windows
    middle = ((low + high) / 2)[0][(high < ANY)[0]]
    return tuple(_sign(middle, power) for power in range(1, degree + 1))


def _sign(values: NDArray[np.float64], power: int) -> int:
    """Return the sign of differences of a power, between as many values as tell them from rounding."""
    for count in _COUNTS:
        thinned = values[spread(len(values), count)]
        differences = np.diff(thinned, power)
        noise = float(1 << power)  # values are known to half an ulp or so
        up, down = bool((differences > noise).any()), bool((differences < -noise).any())
        if up or down:
            return up - down
    return 0
