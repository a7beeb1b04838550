"""Candidates for the higher coefficients tried at the inputs of a segment: which constant ones go with them.

For given higher coefficients, everything but the constant one is known at every input of a segment; each input then
says of the constant coefficient that it lies in an interval, and the intersection of these holds all that will do
(T. Orloski, S. Coward, T. Drane, Automatic Generation of Complete Polynomial Interpolation Design Space for Hardware
Architectures, 2022, for other datapaths).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .coefficient_scan import least_squares, nearest, scanned, spread
from .coefficient_sets import Choices
from .datapath_shape import Factor, Shape
from .output_window import Window, is_monotonic, monotonic_choices

__all__ = ["MOST_VALUES", "has_nearest", "within"]

Codes = NDArray[np.int64]

MOST_VALUES = 1 << 15
"""The most values, of candidates at inputs, to compute at a time: so many are still in the cache when they are used."""

_SAMPLES = (8, 48, 384)
"""Inputs of a segment at which candidates are tried first: most fail at one of a few."""

_NEAREST = 64
"""The candidates nearest to a fit, which are tried before the others: mostly one of them will do."""

_MOST_AT_EVERY_INPUT = 1 << 17
"""The most values to compute at every input of a segment, of the nearest candidates that did at the samples: with more
of them to choose from, tables are hardly smaller."""


def within(
    shape: Shape,
    factor: Factor,
    window: Window,
    fitted: NDArray[np.float64],
    room: float,
    *,
    first: bool = False,
    most: int | None = None,
) -> Choices | None:
    """Return the choices for one segment, or if `first` some of them, of so many at most around a fit.

    Parameters
    ----------
    shape, factor, window
        What is evaluated, at every place of the segment, and what it may give there.
    fitted
        The coefficients of the fit, the constant one first, in ulp of the output.
    room
        How many ulp at most the results at one place may lie apart.
    first
        Whether it is enough that some will do.
    most
        How many candidates are tried at most, the nearest first.

    """
    places = np.flatnonzero(window.occurs)
    if not len(places):
        return Choices.anything(shape.degree)
    bottom, top = window.limits(shape.guard)
    higher = scanned(shape, factor.t[places].astype(float), fitted, room)[:most]
    samples = [places[spread(len(places), count)] for count in _SAMPLES if count < len(places)]
    found = []
    for part in (higher[:_NEAREST], higher[_NEAREST:]):
        kept = part
        for chosen in samples:
            passing = _passing(shape, factor.at(chosen), kept, bottom[chosen], top[chosen])
            kept = np.concatenate([kept[:0], *(each[0] for each in passing)])
        kept = kept[: max(_MOST_AT_EVERY_INPUT // len(places), 1)]
        for passed, tried in _passing(shape, factor.at(places), kept, bottom[places], top[places]):
            choices = passed, tried.low, tried.high
            if window.directions.any():
                choices = monotonic_choices(shape, window, places, tried.rest, *choices)
            if len(choices[0]):
                found.append(choices)
                if first:
                    return Choices(*choices)
    return Choices(*(np.concatenate(parts) for parts in zip(*found, strict=True))) if found else None


def has_nearest(shape: Shape, factor: Factor, windows: Window) -> NDArray[np.bool_]:
    """Return for each of several segments whether coefficients next to a least-squares fit will do.

    Of the candidates for a segment that is tried at every place which is best at some; the others may do as well.

    Parameters
    ----------
    shape, factor
        What is evaluated, at every place of a segment.
    windows
        What the segments may give, along a first axis more; every place is that of an input.

    """
    bottom, top = (limits.reshape(-1, 1, len(factor.t)) for limits in windows.limits(shape.guard))
    t = factor.t.astype(float)
    fitted = least_squares(t, (bottom + top)[:, 0].T / 2.0 ** (shape.guard + 1), shape.degree).T
    higher, good = nearest(shape, t, fitted)
    chosen = spread(len(t), _SAMPLES[1])
    tried = _try(shape, factor.at(chosen), higher, bottom[..., chosen], top[..., chosen])
    best = np.where(good & tried.held, tried.high - tried.low, -1).argmax(axis=1)[:, None]
    higher, good = np.take_along_axis(higher, best[..., None], 1), np.take_along_axis(good, best, 1)
    tried = _try(shape, factor, higher, bottom, top)
    does = (good & tried.does)[:, 0]
    if windows.directions.any():
        does &= is_monotonic(windows, tried.rest[:, 0])
    return np.asarray(does)


class _Trial(NamedTuple):
    """The outcome of trying candidates.

    Attributes
    ----------
    low, high
        The lowest and the highest constant coefficient that goes with each; none if the lowest is above the highest.
    held
        Whether all its multiplicands have the bits that they may.
    rest
        What is added to the constant coefficient: a row for each candidate, a column for each input.

    """

    low: Codes
    high: Codes
    held: NDArray[np.bool_]
    rest: Codes

    @property
    def does(self) -> NDArray[np.bool_]:
        """Whether a candidate will do, with some constant coefficient."""
        return self.held & (self.low <= self.high)


def _passing(shape: Shape, factor: Factor, higher: Codes, bottom: Codes, top: Codes) -> Iterator[tuple[Codes, _Trial]]:
    """Yield the candidates that will do at some inputs, in parts of which few values are computed at a time."""
    size = max(MOST_VALUES // len(bottom), 1)
    for start in range(0, len(higher), size):
        part = higher[start : start + size]
        tried = _try(shape, factor, part, bottom, top)
        good = tried.does
        yield part[good], _Trial(tried.low[good], tried.high[good], tried.held[good], tried.rest[good])


def _try(shape: Shape, factor: Factor, higher: Codes, bottom: Codes, top: Codes) -> _Trial:
    """Try candidates, whose coefficients are along the last axis, at some inputs with their limits."""
    rest: Codes = np.zeros((*higher.shape[:-1], 1), dtype=np.int64)
    held = np.ones(higher.shape[:-1], dtype=bool)
    for power in range(shape.degree, 0, -1):
        multiplicand = higher[..., power - 1, None] + rest
        width = shape.widths[power - 1]
        if width is not None:
            held &= ((multiplicand >= 0) & (multiplicand < 1 << width)).all(axis=-1)
        rest = factor.product(shape, power, multiplicand)
    fraction = shape.guard - shape.stored
    low, high = -((rest - bottom) >> fraction).min(axis=-1), ((top - rest) >> fraction).min(axis=-1)
    return _Trial(low, high, held, rest)
