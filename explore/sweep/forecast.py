"""Forecast of the duration of a sweep, before anything is made."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from statistics import fmean
from typing import NamedTuple

from .grid import count_kinds
from .row import MEASURED
from .store import DATABASE, open_store

__all__ = ["Forecast", "forecast"]


class _Seconds(NamedTuple):
    """Seconds of one CPU for making and checking a point, for synthesising it, and for each seed of place and route."""

    make: float
    synthesise: float
    route: float

    def of_a_point(self, seeds: int) -> float:
        return self.make + self.synthesise + seeds * self.route


_UNIT = _Seconds(1.0, 0.7, 1.5)
"""Typical of units of 8 to 16 bits (``python -m benchmarks sweep``); large searches take several times as long."""

_COMPOSITE = _Seconds(14.0, 3.0, 7.0)
"""Those of a softmax of 10 elements and of recurrent cells, of 12 to 16 bits (docs/benchmarks.md)."""


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
    kinds = count_kinds(path)
    points = sum(kinds)
    if folder is not None and (folder / DATABASE).is_file():
        with open_store(folder) as store:
            taken = [sum(row.seconds.values()) for row in store.rows(*MEASURED)]
        if taken:
            return Forecast(points, fmean(taken), len(taken))
    seconds = [each.of_a_point(len(seeds)) for each in (_UNIT, _COMPOSITE)]
    taken_in_all = sum(count * each for count, each in zip(kinds, seconds, strict=True))
    return Forecast(points, taken_in_all / points if points else seconds[0], 0)
