"""Modulo schedules: the clocks in which operations that share units start, a new set of them every few clocks.

A unit that an operation occupies in a clock is taken in that clock of every interval, for the operation recurs with
each. So the clocks in which a unit is occupied must differ modulo the interval (B. R. Rau, Iterative modulo scheduling,
1994), and there are as many units of a kind as its operations need in one interval.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

__all__ = [
    "ModuloSchedule",
    "Reservations",
    "Source",
    "Tap",
    "Task",
    "cheapest_schedule",
    "modulo_schedules",
    "units_needed",
    "units_needed_for",
]

_CHOICES = 3
"""Starts that are tried for an operation, the earliest first."""

_SHIFTED = 2
"""The most clocks that a result waits in registers that move every clock; they serve all results of its unit."""


class Source(NamedTuple):
    """The operand of an operation: an output of an earlier one, or an input of the whole if that has no `output`."""

    name: str
    output: str = ""


class Tap(NamedTuple):
    """Where an operand is when it is read: behind so many registers, which move every clock or once in an interval.

    `owner` is a unit if all its results pass the registers, otherwise an operation or an input.
    """

    owner: str
    output: str
    registers: int
    held: bool


@dataclass(frozen=True)
class Task:
    """An operation to schedule: its operands, its duration and its kind of unit.

    Parameters
    ----------
    name
        Its name.
    kind
        The kind of unit that it takes a turn in; empty if it has one of its own.
    latency
        Clocks from its start to its result.
    operands
        What it reads when it starts, by the port of its unit.
    busy
        Clocks for which it occupies its unit.

    """

    name: str
    kind: str
    latency: int
    operands: tuple[tuple[str, Source], ...]
    busy: int = 1


@dataclass(frozen=True)
class ModuloSchedule:
    """A schedule.

    Parameters
    ----------
    tasks, interval
        What it is for (see `modulo_schedules`).
    starts
        The clock in which each operation starts, counted from the input, by name.
    units
        The number of the unit of each among those of its kind, by name.

    """

    tasks: tuple[Task, ...]
    interval: int
    starts: Mapping[str, int]
    units: Mapping[str, int]

    @cached_property
    def by_name(self) -> dict[str, Task]:
        """The operations by name."""
        return {task.name: task for task in self.tasks}

    def ready(self, name: str) -> int:
        """Return the clock in which the result of an operation is at its unit's outputs."""
        return self.starts[name] + self.by_name[name].latency

    @property
    def latency(self) -> int:
        """The clock by which all results are ready."""
        return max(map(self.ready, self.starts))

    def unit(self, name: str) -> str:
        """Return the name of an operation's unit."""
        kind = self.by_name[name].kind
        return f"{kind}{self.units[name]}" if kind else name

    def tap(self, source: Source, time: int) -> Tap:
        """Return where an operand is at a time."""
        if not source.output:
            return Tap(source.name, "", -(-time // self.interval), True)
        waits = time - self.ready(source.name)
        if waits <= min(_SHIFTED, self.interval):
            return Tap(self.unit(source.name), source.output, waits, False)
        return Tap(source.name, source.output, -(-waits // self.interval), True)

    def sources(self) -> dict[tuple[str, str], dict[Tap, list[int]]]:
        """Return what each port of each unit reads, and when."""
        found: dict[tuple[str, str], dict[Tap, list[int]]] = defaultdict(dict)
        for task in self.tasks:
            start = self.starts[task.name]
            for port, source in task.operands:
                found[self.unit(task.name), port].setdefault(self.tap(source, start), []).append(start)
        return dict(found)

    @property
    def cost(self) -> tuple[int, int, int]:
        """Sources that ports choose between, the latency, and the registers that operands wait in, in this order."""
        ports = self.sources().values()
        taps = {tap for port in ports for tap in port}
        return sum(len(port) - 1 for port in ports), self.latency, sum(tap.registers for tap in taps)


def units_needed(tasks: Sequence[Task], interval: int) -> dict[str, int]:
    """Return the fewest units of each kind that an interval allows."""
    return units_needed_for(((task.kind, task.busy) for task in tasks if task.kind), interval)


def units_needed_for(asked: Iterable[tuple[str, int]], interval: int) -> dict[str, int]:
    """Return the same for operations of a kind that each occupy a unit for some clocks."""
    busy: dict[str, int] = defaultdict(int)
    for kind, clocks in asked:
        busy[kind] += clocks
    return {kind: -(-clocks // interval) for kind, clocks in busy.items()}


class Reservations:
    """The clocks of an interval in which units are taken.

    Parameters
    ----------
    limits
        The number of units of each kind; one more is added where operations leave none of them enough clocks in a row.
    interval
        Clocks from one set of operations to the next.

    """

    def __init__(self, limits: Mapping[str, int], interval: int) -> None:
        self._limits, self._interval = dict(limits), interval
        self._taken: set[tuple[str, int, int]] = set()  # kind, unit, clock of the interval

    def take(self, kind: str, earliest: int, busy: int) -> tuple[int, int]:
        """Return the first start, from `earliest` on, at which a unit is free for some clocks, and its number."""
        for start in range(earliest, earliest + self._interval):
            for unit in range(self._limits[kind]):
                clocks = {(kind, unit, (start + clock) % self._interval) for clock in range(busy)}
                if not clocks & self._taken:
                    self._taken |= clocks
                    return start, unit
        self._limits[kind] += 1
        return self.take(kind, earliest, busy)


@lru_cache(maxsize=16)
def cheapest_schedule(tasks: tuple[Task, ...], interval: int) -> ModuloSchedule:
    """Return the schedule with the least `ModuloSchedule.cost` of those that `modulo_schedules` yields."""
    return min(modulo_schedules(tasks, interval), key=lambda found: found.cost)


def modulo_schedules(tasks: Sequence[Task], interval: int) -> Iterator[ModuloSchedule]:
    """Yield schedules with the fewest units that an interval allows.

    An operation that reads inputs alone is done as late as those that read it allow, so that it is next to them.

    Parameters
    ----------
    tasks
        The operations, each after those that it reads.
    interval
        Clocks from one set of operations to the next.

    """
    tasks = tuple(tasks)
    for starts, units in _placements(tasks, interval, units_needed(tasks, interval)):
        found = ModuloSchedule(tasks, interval, starts, units)
        for task in tasks:
            readers = [
                starts[other.name] for other in tasks for _, source in other.operands if source.name == task.name
            ]
            if readers and not any(source.output for _, source in task.operands):
                slack = min(readers) - found.ready(task.name)
                starts[task.name] += slack // interval * interval
        yield ModuloSchedule(tasks, interval, starts, units)


def _placements(
    tasks: tuple[Task, ...], interval: int, limits: Mapping[str, int]
) -> Iterator[tuple[dict[str, int], dict[str, int]]]:
    """Yield starts and units, by a search in the order of the operations."""
    starts: dict[str, int] = {}
    units: dict[str, int] = {}
    ready: dict[str, int] = {}
    taken: set[tuple[str, int, int]] = set()  # kind, unit, clock of the interval

    def search(number: int) -> Iterator[tuple[dict[str, int], dict[str, int]]]:
        if number == len(tasks):
            yield dict(starts), dict(units)
            return
        task = tasks[number]
        earliest = max((ready[source.name] for _, source in task.operands if source.output), default=0)
        for start, unit in _choices(task, earliest):
            clocks = {(task.kind, unit, (start + clock) % interval) for clock in range(task.busy if task.kind else 0)}
            starts[task.name], units[task.name], ready[task.name] = start, unit, start + task.latency
            taken.update(clocks)
            yield from search(number + 1)
            taken.difference_update(clocks)

    def _choices(task: Task, earliest: int) -> list[tuple[int, int]]:
        if not task.kind:
            return [(earliest, 0)]
        found: list[tuple[int, int]] = []
        for start in range(earliest, earliest + interval):
            fresh = False  # units that nothing occupies yet are alike
            for unit in range(limits[task.kind]):
                busy = any((task.kind, unit, (start + clock) % interval) in taken for clock in range(task.busy))
                empty = not any((task.kind, unit, clock) in taken for clock in range(interval))
                if not busy and not (empty and fresh):
                    found.append((start, unit))
                    fresh = fresh or empty
            if len(found) >= _CHOICES:
                break
        return found

    yield from search(0)
