"""Forecast of the duration of a sweep, before anything is made."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from statistics import fmean
from typing import NamedTuple

from .grid import count_points
from .row import MEASURED
from .store import DATABASE, open_store

__all__ = ["Forecast", "forecast"]

_SECONDS = {"make": 1.0, "synthesise": 0.7, "route": 1.5}
"""Seconds of one CPU for making and checking a unit, for synthesising it, and for each seed of place and route.

Typical of units of 8 to 16 bits (``python -m benchmarks sweep``); those of large searches take several times as long.
"""


class Forecast(NamedTuple):
    """The number of points of a sweep, the CPU seconds per point, and the number of points measured for that.

    If nothing was measured, `measured` is 0, and the seconds are typical ones.
    """

    points: int
    seconds: float
    measured: int


def forecast(path: str | Path, folder: Path | None, seeds: Sequence[int]) -> Forecast:
    """Return a forecast for a sweep.

    Parameters
    ----------
    path
        The grid file.
    folder
        The folder with the sweep's results, whose finished points are the basis of the forecast. None before the sweep
        has a folder.
    seeds
        Seeds of place and route; none for synthesis alone.

    Raises
    ------
    GridError
        If the file is wrong.
    StoreError
        If the folder's database cannot be read.
    OSError
        If the file cannot be read.

    """
    points = count_points(path)
    if folder is not None and (folder / DATABASE).is_file():
        with open_store(folder) as store:
            taken = [sum(row.seconds.values()) for row in store.rows(*MEASURED)]
        if taken:
            return Forecast(points, fmean(taken), len(taken))
    return Forecast(points, _SECONDS["make"] + _SECONDS["synthesise"] + len(seeds) * _SECONDS["route"], 0)
