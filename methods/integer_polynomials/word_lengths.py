"""Shapes worth building: the shortest word lengths with which every segment has coefficients."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product

import numpy as np
from numpy.typing import NDArray

from ...plan.operations.base import Range
from .coefficient_scan import spread_indices
from .datapath_shape import DatapathShape
from .fitter import Fitter
from .folded_function import ANY, FoldedFunction
from .radix4_digits import origin_choices

__all__ = ["feasible_shapes", "narrow_multiplicands"]

_MOST_GUARD_BITS = 8

_MOST_ORIGINS = 2
"""Origins of t that are tried where coefficients are derived: the slope is then that at the origin, which a segment
bears best near its middle."""

_TRUNCATION = 0.5
"""Average loss of a truncated row, in units of the lowest place of its sum."""

_MOST_CARRIES = 4
"""Numbers of carries of a sign-free datapath that are tried, those nearest to what is likely best."""

_COUNTS = (64, 32, 16, 8)
"""Numbers of values to take differences of, to try in turn: fewer values have larger differences."""


def feasible_shapes(
    function: FoldedFunction,
    fitter: Fitter,
    degree: int,
    shift: int,
    *,
    whole: int = 0,
    paired: bool = False,
    ratios: tuple[int, ...] = (),
    sign_free: bool = False,
) -> Iterator[DatapathShape]:
    """Yield shapes of one degree and one segment size, each with every bit that it needs and no more.

    The products of the lowest `whole` powers are whole. With `paired`, segments come in pairs. With `ratios`, only the
    constant coefficient has a table. With `sign_free`, the last additions deal with the sign.

    More guard bits are tried until they save nothing: with them products are longer, but coefficients may be shorter.
    """
    best: tuple[int, ...] | None = None
    for guard in range(_MOST_GUARD_BITS + 1 if degree else 1):
        longest = _longest_shape(function, degree, shift, guard, whole, paired)
        base = replace(longest, ratios=ratios, sign_free=sign_free)
        started = _with_stored_bits(function, fitter, base)
        if not started:
            continue
        # Of derived coefficients no table becomes shorter, so that only bits of the constant one count.
        saved: tuple[int, ...] = (min(shape.stored for shape in started),)
        if ratios and best is not None and saved >= best:
            break
        found = list(dict.fromkeys(_shortened(fitter, shape) for shape in started))
        if not ratios:
            saved = min(shape.points[1:] for shape in found)
            if best is not None and saved >= best:
                break
        best = saved
        yield from found


def _longest_shape(
    function: FoldedFunction, degree: int, shift: int, guard: int, whole: int, paired: bool
) -> DatapathShape:
    """Return a shape with given guard bits and more of all other bits than it needs."""
    signs = _derivative_signs(function, degree)
    return DatapathShape(
        shift,
        points=(guard, *(power * (shift - 1) + 4 for power in range(1, degree + 1))),
        lowest=(0,) * degree,
        minus=tuple(sign != before for sign, before in zip(signs, (1, *signs), strict=False)),
        signed=tuple(not sign for sign in signs),
        widths=(None,) * degree,
        whole=whole,
        paired=paired,
        results=(function.results.low, function.results.high),
    )


def _with_stored_bits(function: FoldedFunction, fitter: Fitter, base: DatapathShape) -> list[DatapathShape]:
    """Return the shapes with the guard bits of `base` and the fewest bits of the constant coefficient.

    The first has at most as many carries as its additions take in; the second as many as help, which may take one more
    addition.
    """
    if base.sign_free:
        return list(_sign_free_with_stored_bits(function, fitter, base))
    full = 1 << base.guard
    carries = sorted({min(base.additions(function.signs), full), full})
    shapes = [_fewest_stored_bits(function, fitter, base, most) for most in carries]
    return [shape for shape in shapes if shape is not None]


def _shortened(fitter: Fitter, shape: DatapathShape) -> DatapathShape:
    """Return a feasible shape with the fewest fraction bits, digits and carries that leave it feasible."""
    for power in range(shape.degree, 0, -1):
        shape = _drop_fraction_bits(fitter, shape, power)
        if power > shape.whole and not (shape.sign_free and power == 1):  # its lowest digit is the one read raw
            shape = _drop_digits(fitter, shape, power)
    return shape if shape.sign_free else _drop_carries(fitter, shape)  # constant carries take no logic


def _fewest_stored_bits(
    function: FoldedFunction, fitter: Fitter, base: DatapathShape, carries: int
) -> DatapathShape | None:
    """Store the fewest bits of the constant coefficient, with at most `carries` carries; None if none are feasible."""
    origins = origin_choices(base.bits, signed=function.signs > 1)[:_MOST_ORIGINS] if base.ratios else [0]
    for stored, origin in product(range(base.guard + 1), origins):
        shape = _within_sources(replace(base, stored=stored, origin_choice=origin))
        if stored and function.mirror is not None:
            shape = replace(shape, carries=min((1 << base.guard) - shape.fill, carries))
        if fitter.is_feasible(shape):
            return shape
    return None


def _sign_free_with_stored_bits(
    function: FoldedFunction, fitter: Fitter, base: DatapathShape
) -> Iterator[DatapathShape]:
    """Yield the same for a sign-free datapath."""
    limits = [0] if function.mirror is None else [base.additions(function.signs), 1 << base.guard]
    found: DatapathShape | None = None
    for most in limits:
        if found is None or found.carries == limits[0]:
            shape = _fewest_stored_bits_sign_free(fitter, base, most, len(fitter.factor(base).digits))
            if shape is not None and shape != found:
                yield shape
            found = shape


def _fewest_stored_bits_sign_free(fitter: Fitter, base: DatapathShape, most: int, rows: int) -> DatapathShape | None:
    """Store the fewest bits of the constant coefficient in a sign-free datapath; None if none are feasible.

    Both signs need half an ulp before results are cut, and what truncated rows lack. The ones in place of bits that are
    not stored are in favour of one sign, the complement of those that are takes a unit from the other, and carries are
    for both.
    """
    for stored in range(base.guard + 1):
        shape = replace(base, stored=stored)
        wanted = ((1 << base.guard) - shape.fill + 1 + rows * _TRUNCATION) / 2
        nearest = sorted(range(most + 1), key=lambda carries: abs(carries - wanted))
        for carries in nearest[:_MOST_CARRIES]:
            if fitter.is_feasible(replace(shape, carries=carries)):
                return replace(shape, carries=carries)
    return None


def _within_sources(shape: DatapathShape) -> DatapathShape:
    """Leave a derived coefficient no more bits than the one below has."""
    for power, ratio in enumerate(shape.ratios, 1):
        points = list(shape.points)
        points[power] = min(points[power], ratio + shape.bits_below(power))
        shape = replace(shape, points=tuple(points))
    return shape


def _drop_fraction_bits(fitter: Fitter, shape: DatapathShape, power: int) -> DatapathShape:
    """Drop fraction bits of a coefficient while the shape stays feasible."""
    while shape.points[power] > 0:
        points = list(shape.points)
        points[power] -= 1
        shorter = _within_sources(replace(shape, points=tuple(points)))
        if not fitter.is_feasible(shorter):
            return shape
        shape = shorter
    return shape


def _drop_digits(fitter: Fitter, shape: DatapathShape, power: int) -> DatapathShape:
    """Drop the lowest digits of t from a product while the shape stays feasible."""
    digits = len(fitter.factor(shape).digits)
    while shape.lowest[power - 1] < digits - 1:
        lowest = list(shape.lowest)
        lowest[power - 1] += 1
        shorter = replace(shape, lowest=tuple(lowest))
        if not fitter.is_feasible(shorter):
            return shape
        shape = shorter
    return shape


def _drop_carries(fitter: Fitter, shape: DatapathShape) -> DatapathShape:
    """Drop carries of the additions while the shape stays feasible."""
    while shape.carries:
        shorter = replace(shape, carries=shape.carries - 1)
        if not fitter.is_feasible(shorter):
            return shape
        shape = shorter
    return shape


def narrow_multiplicands(fitter: Fitter, shape: DatapathShape, ranges: Sequence[Range]) -> DatapathShape:
    """Drop the highest bit of each multiplicand whose range is now known, where the shape stays feasible."""
    for power, (low, high) in enumerate(ranges, 1):
        if low >= 0 and high > 1:
            widths = list(shape.widths)
            widths[power - 1] = high.bit_length() - 1
            shorter = replace(shape, widths=tuple(widths))
            if fitter.is_feasible(shorter):
                shape = shorter
    return shape


def _derivative_signs(function: FoldedFunction, degree: int) -> tuple[int, ...]:
    """Return the sign of each derivative from differences: 1, -1, or 0 if it takes both signs."""
    low, high = function.bounds
    middle = ((low + high) / 2)[0][(high < ANY)[0]]
    return tuple(_difference_sign(middle, power) for power in range(1, degree + 1))


def _difference_sign(values: NDArray[np.float64], power: int) -> int:
    """Return the sign of differences of an order, among as many values as separate them from rounding errors."""
    for count in _COUNTS:
        thinned = values[spread_indices(len(values), count)]
        differences = np.diff(thinned, power)
        noise = float(1 << power)  # values are known to half an ulp or so
        up, down = bool((differences > noise).any()), bool((differences < -noise).any())
        if up or down:
            return up - down
    return 0
