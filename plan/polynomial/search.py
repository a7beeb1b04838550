"""Shapes worth building: for every cut of the input the fewest bits with which each segment has coefficients."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from .core import ANY, Core
from .fit import Fitter
from .shape import Shape

__all__ = ["shapes"]

_MOST_GUARD_BITS = 8

_COUNTS = (64, 32, 16, 8)
"""Numbers of values to take differences of: the fewer, the larger they are."""


def shapes(core: Core, fitter: Fitter, degree: int, shift: int, whole: int = 0) -> Iterator[Shape]:
    """Yield shapes of one degree and one size of segments, each with every bit that it needs and no more.

    So many of their products as `whole` says are whole, those with the first coefficients.

    More guard bits are tried until they save nothing: with them products are longer, but coefficients may be shorter.
    """
    best: tuple[int, ...] | None = None
    for guard in range(_MOST_GUARD_BITS + 1 if degree else 1):
        found = _least(core, fitter, degree, shift, guard, whole)
        if found is None:
            continue
        if best is not None and found.points[1:] >= best:
            break
        best = found.points[1:]
        yield found


def _least(core: Core, fitter: Fitter, degree: int, shift: int, guard: int, whole: int) -> Shape | None:
    """Return the shape with the fewest bits for so many guard bits, or None if there is none."""
    shape = _generous(core, fitter, degree, shift, guard, whole)
    if shape is None:
        return None
    for power in range(degree, 0, -1):
        shape = _lowered(fitter, shape, power)
        if power > max(whole, 1):
            shape = _shortened(fitter, shape, power)
    return shape


def _generous(core: Core, fitter: Fitter, degree: int, shift: int, guard: int, whole: int) -> Shape | None:
    """Return a shape with more bits than it needs, but no more guard bits; with the fewest of them stored."""
    signs = _signs(core, degree)
    minus = tuple(sign != before for sign, before in zip(signs, (1, *signs), strict=False))
    points = (guard, *(power * (shift - 1) + 4 for power in range(1, degree + 1)))
    none = (0,) * degree
    for stored in range(guard + 1):
        shape = Shape(shift, points, stored, none, none, minus, tuple(not sign for sign in signs), whole)
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
    digits = shape.shift // 2 + 1
    while shape.lowest[power - 1] < digits - 1:
        lowest = list(shape.lowest)
        lowest[power - 1] += 1
        tried = replace(shape, lowest=tuple(lowest))
        if not fitter.feasible(tried):
            return shape
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
        thinned = values[np.linspace(0, len(values) - 1, min(count, len(values))).astype(int)]
        differences = np.diff(thinned, power)
        noise = float(1 << power)  # values are known to half an ulp or so
        up, down = bool((differences > noise).any()), bool((differences < -noise).any())
        if up or down:
            return up - down
    return 0
