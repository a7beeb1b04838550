"""Run of a sweep: the jobs for the workers, their order, and the record of their results."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Mapping
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, CancelledError, Future, wait
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ...support.files import FULL
from ...support.tools import MissingToolError, ToolError
from .evaluate import make_unit, measure_unit
from .grid import Grid
from .point import Point
from .recorder import Recorder
from .workers import Workers

__all__ = ["run_sweep"]

_TRIES = 2
"""Attempts at a job whose worker dies."""


@dataclass(frozen=True)
class _Task:
    """A point whose unit is to be made or, with the name of a measurement, measured."""

    point: Point
    measurement: str | None = None
    deaths: int = 0


def run_sweep(
    grid: Grid,
    folder: Path,
    workers: Workers,
    *,
    retry: bool = False,
    progress: Callable[[Counter[str]], None] = lambda _: None,
) -> Counter[str]:
    """Process the points that have no result in the database in `folder` yet.

    Results go into the database at once. Whatever ends the sweep, it can be started again, and then repeats only the
    jobs that were running.

    Parameters
    ----------
    grid
        The points of the sweep.
    folder
        The folder of the database; made if it is missing.
    workers
        The workers that make and measure the units.
    retry
        Try points again that failed.
    progress
        Called with the number of points of each status, initially and whenever it changes.

    Returns
    -------
    Counter
        The number of points of each status.

    Raises
    ------
    StoreError
        If the folder cannot be used, or its figures were made with other versions of the tools.
    ToolError
        If a tool is missing, or no workers are left.

    """
    with Recorder(folder) as recorder:
        recorder.begin(grid, retry=retry)
        progress(recorder.counts())
        _Sweep(recorder, workers, progress).run()
        return recorder.counts()


class _Sweep:
    """A sweep under way."""

    def __init__(self, recorder: Recorder, workers: Workers, progress: Callable[[Counter[str]], None]) -> None:
        self._recorder = recorder
        self._workers = workers
        self._progress = progress
        self._to_measure = deque(_Task(point, key) for key, point in recorder.unmeasured())
        self._measuring = {task.measurement for task in self._to_measure}
        self._to_make = deque(map(_Task, recorder.waiting()))
        self._running: dict[Future[Any], _Task] = {}

    def run(self) -> None:
        while self._to_measure or self._to_make or self._running:
            self._submit()
            finished, _ = wait(self._running, timeout=1, return_when=FIRST_COMPLETED)
            for future in finished:
                self._take(self._running.pop(future), future)

    def _submit(self) -> None:
        """Keep the workers busy, measurements first, so that few units are made but not measured."""
        capacity = self._workers.capacity()
        while len(self._running) < capacity and (self._to_measure or self._to_make):
            task = (self._to_measure or self._to_make).popleft()
            submit = self._workers.executor.submit
            if task.measurement is None:
                future = submit(make_unit, task.point.as_dict())
            else:
                future = submit(measure_unit, task.point.as_dict(), *self._recorder.unit(task.measurement))
            self._running[future] = task

    def _take(self, task: _Task, future: Future[Any]) -> None:
        try:
            answer = future.result()
        except MissingToolError:
            raise
        except ImportError as error:
            raise ToolError(f"a worker lacks a package: {error}") from None
        except CancelledError:
            raise ToolError("the workers are gone") from None
        except BrokenExecutor as error:
            again = replace(task, deaths=task.deaths + 1)
            if again.deaths < _TRIES:
                (self._to_make if task.measurement is None else self._to_measure).appendleft(again)
            else:
                self._give_up(task, f"tried {_TRIES} times: {error}")
        except OSError as error:
            if error.errno in FULL:  # not the fault of the point
                raise
            self._give_up(task, f"{type(error).__name__}: {error}")
        except Exception as error:
            self._give_up(task, f"{type(error).__name__}: {error}")
        else:
            self._record(task, answer)
        self._progress(self._recorder.counts())

    def _record(self, task: _Task, answer: Mapping[str, Any]) -> None:
        if task.measurement is not None:
            self._recorder.measured(task.measurement, answer)
            self._measuring.discard(task.measurement)
            return
        key = self._recorder.made(task.point, answer)
        if key is not None and key not in self._measuring:  # otherwise another point has the same unit
            self._measuring.add(key)
            self._to_measure.append(_Task(task.point, key))

    def _give_up(self, task: _Task, reason: str) -> None:
        if task.measurement is None:
            self._recorder.failed(task.point, reason)
        else:
            self._recorder.unmeasurable(task.measurement, reason)
            self._measuring.discard(task.measurement)
