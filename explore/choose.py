"""The chooser: candidates of several methods, built for a target and weighed; the best that is proved is taken.

The methods find what meets the budget. What of it is best depends on the target, the clock and what is wanted: so
every candidate that may win is scheduled, the target's models foretell its size and its clock, and with more effort the
best of them are synthesised, and placed and routed where the clock matters.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import NamedTuple

from ..hdl.costs import foretell_cost
from ..hdl.delays import longest_stage, size
from ..hdl.schedule import Schedule
from ..hdl.targets import Target
from ..hdl.targets import target as find_target
from ..hdl.timing import TimingError
from ..hdl.unit import Pipelining, choose_schedule
from ..plan.logic_size import logic_size, logic_sizes
from ..plan.methods import Candidate, Method
from ..plan.specification import Specification
from .choice import EFFORTS, Choice, Weighed
from .measure import SEEDS, measure
from .within_budget import BudgetError, Design, first_within_budget

__all__ = ["How", "choose"]


class _Extent(NamedTuple):
    """How many candidates are scheduled, and how many of those synthesised, and placed and routed."""

    scheduled: int
    synthesised: int = 0
    routed: int = 0


_EXTENTS = dict(zip(EFFORTS, (_Extent(8), _Extent(24, 12, 3), _Extent(80, 40, 8)), strict=True))

_OF_EACH = 2
"""So many of the candidates of every method are weighed however large they are."""


@dataclass(frozen=True)
class How:
    """What a unit is built for: interface, register placement, what is wanted of it, and how far to look."""

    interface: str
    pipelining: Pipelining
    effort: str

    @property
    def target(self) -> Target:
        """The target, or none in particular."""
        return find_target(self.pipelining.get("target") or "generic")

    def limit(self, block: str) -> int | None:
        """Return how many of `dsp` or `bram` may be used; None if nothing was said of it."""
        return self.pipelining.get("dsp") if block == "dsp" else self.pipelining.get("bram")

    def size(self, weighed: Weighed) -> float:
        """Return the look-up tables of a candidate, and of its blocks as many as there are to one on the device.

        Blocks whose number was given are there to be used, and count for nothing.
        """
        size, target = weighed.size or 0.0, self.target
        for block, count, limit in (
            (target.multiplier, weighed.dsp, self.limit("dsp")),
            (target.block_ram, weighed.bram, self.limit("bram")),
        ):
            if block is not None and count and limit is None:
                size += count * block.worth
        return size

    @property
    def objective(self) -> str:
        """What the best is best at."""
        return self.pipelining.get("objective", "balanced")


@dataclass(frozen=True)
class _Entry:
    """A candidate with its method, its schedule, and what is known of it."""

    method: type[Method]
    candidate: Candidate
    schedule: Schedule | None
    weighed: Weighed


def choose(
    specification: Specification,
    methods: Iterable[type[Method]],
    how: How,
    progress: Callable[[str], None] = lambda _: None,
) -> Design | None:
    """Return the best unit of these methods, or None if none of them has one.

    Parameters
    ----------
    specification
        What is asked for.
    methods
        Methods all of whose candidates are likely to meet the budget.
    how
        What to build the candidates for.
    progress
        Called with a short text for each step.

    Raises
    ------
    ValueError
        If there is no such effort or objective, or nothing measures for the target.
    TimingError
        If no candidate keeps the clock; the message is the smallest one's.

    """
    extent = _EXTENTS[how.effort]
    target = how.target
    if extent.synthesised and target.flow is None:
        refusal = f"effort {how.effort} synthesises candidates, which nothing does for target {target.name}"
        raise ValueError(f"{refusal}; name another target, such as ecp5, or choose effort quick")
    entries = [
        entry
        for method, candidate in _pool(specification, methods, how, progress)
        for entry in _placed(method, candidate, how)
    ]
    possible = sorted((entry for entry in entries if entry.schedule is not None), key=lambda entry: _rank(entry, how))
    impossible = [entry for entry in entries if entry.schedule is None]
    if impossible and not possible:
        raise TimingError(impossible[0].weighed.refused)
    finalists = _measured(possible[: extent.synthesised], how, progress)
    finalists = _routed(sorted(finalists, key=lambda entry: _rank(entry, how)), extent, how, progress)
    ranked = [*finalists, *possible[len(finalists) :]]
    return _first_proved(specification, ranked, impossible, how, progress)


def _pool(
    specification: Specification,
    methods: Iterable[type[Method]],
    how: How,
    progress: Callable[[str], None],
) -> list[tuple[type[Method], Candidate]]:
    """Return the candidates to weigh, about the smallest first: the same plan once."""
    found: list[tuple[int, str, type[Method], Candidate]] = []
    for method in methods:
        progress(f"method {method.name}")
        for each in method.candidates(specification, method.read({})):
            found.append((logic_size(each.plan), method.name, method, each))
        for given in method.with_blocks if how.limit("dsp") or how.limit("bram") else ():
            for each in method.candidates(specification, method.read(given)):
                sizes = logic_sizes(each.plan)
                found.append((sizes["sums"] + sizes["logic"], f"{method.name} {given}", method, each))
    found.sort(key=lambda entry: entry[0])
    kept: dict[str, tuple[type[Method], Candidate]] = {}
    of_kind: Counter[str] = Counter()
    for _, kind, method, candidate in found:
        of_kind[kind] += 1
        if len(kept) < _EXTENTS[how.effort].scheduled or of_kind[kind] <= _OF_EACH:
            kept.setdefault(candidate.plan.sha256, (method, candidate))
    return list(kept.values())


def _placed(method: type[Method], candidate: Candidate, how: How) -> list[_Entry]:
    """Return a candidate with its registers, for few look-up tables in both ways that may lead there."""
    placed = _weigh(method, candidate, how, compact=how.objective == "luts")
    if how.objective != "luts" or how.interface == "comb":
        return [placed]
    other = _weigh(method, candidate, how, compact=False)
    alike = placed.schedule is not None and other.schedule is not None and placed.schedule == other.schedule
    return [placed] if alike or other.schedule is None else [placed, other]


def _weigh(method: type[Method], candidate: Candidate, how: How, *, compact: bool) -> _Entry:
    """Schedule a candidate, and foretell what it takes."""
    weighed = Weighed(method.name, dict(candidate.parameters), compact=compact)
    try:
        placed: Pipelining = {**how.pipelining, "compact": compact}
        schedule = choose_schedule(candidate.plan, how.interface, **placed)
    except TimingError as error:
        return _Entry(method, candidate, None, replace(weighed, refused=str(error)))
    target, plan = how.target, schedule.plan
    cost = foretell_cost(schedule, target)
    period = target.delays.register + longest_stage(plan, schedule.stages, target.spread(size(plan)), schedule.blocks)
    weighed = replace(
        weighed,
        luts=round(cost.luts, 1),
        dsp=cost.dsp,
        bram=cost.bram,
        fmax=round(1000 / period, 1),
        latency=schedule.latency,
    )
    return _Entry(method, candidate, schedule, weighed)


def _rank(entry: _Entry, how: How) -> tuple[float, float]:
    """Return what the best has least of."""
    weighed = entry.weighed
    luts, clocks = how.size(weighed), (weighed.latency or 0) + 1
    match how.objective:
        case "luts":
            return luts, clocks
        case "latency":
            return clocks, luts
        case "fmax":
            return -(weighed.clock or 0.0), luts
        case _:
            return luts * clocks, luts


def _measured(entries: list[_Entry], how: How, progress: Callable[[str], None]) -> list[_Entry]:
    """Return the same with the look-up tables that synthesis makes of them."""
    done = []
    with ThreadPoolExecutor(2) as threads:  # synthesis runs in processes of its own
        for number, measured in enumerate(threads.map(lambda entry: _synthesis(entry, how, ()), entries), 1):
            done.append(measured)
            best = min(done, key=lambda entry: _rank(entry, how)).weighed
            progress(f"synthesised {number} of {len(entries)}; best so far {best.method}, {best.measured_luts} LUTs")
    return done


def _routed(entries: list[_Entry], extent: _Extent, how: How, progress: Callable[[str], None]) -> list[_Entry]:
    """Return the same, the first of them placed and routed where the clock matters, and by what that shows.

    For the fastest, so many are routed as the effort allows; for a clock that is asked for, until one keeps it.
    """
    frequency = how.pipelining.get("frequency")
    if how.target.flow is None or (frequency is None and how.objective != "fmax"):
        return entries
    done: list[_Entry] = []
    for number, entry in enumerate(entries[: extent.routed], 1):
        done.append(_synthesis(entry, how, SEEDS))
        progress(f"routed {number} of {extent.routed}: {entry.weighed.method}")
        reached = done[-1].weighed.measured_fmax
        if how.objective != "fmax" and frequency is not None and (reached is None or reached >= frequency):
            break
    if how.objective == "fmax":
        return sorted(done, key=lambda entry: _rank(entry, how)) + entries[len(done) :]
    kept = [each for each in done if _keeps(each, frequency)]
    slow = sorted((each for each in done if not _keeps(each, frequency)), key=lambda each: -(each.weighed.clock or 0))
    return [*kept, *slow, *entries[len(done) :]]


def _keeps(entry: _Entry, frequency: float | None) -> bool:
    reached = entry.weighed.measured_fmax
    return frequency is None or reached is None or reached >= frequency


def _synthesis(entry: _Entry, how: How, seeds: tuple[int, ...]) -> _Entry:
    if entry.schedule is None:
        return entry
    result = measure(
        how.target,
        entry.schedule,
        how.interface,
        seeds=seeds,
        frequency=how.pipelining.get("frequency"),
        dsp=how.limit("dsp") != 0,
        bram=how.limit("bram") != 0,
    )
    weighed = replace(
        entry.weighed, measured_luts=result.luts, dsp=result.dsp, bram=result.bram, measured_fmax=result.fmax
    )
    return replace(entry, weighed=weighed)


def _first_proved(
    specification: Specification,
    ranked: list[_Entry],
    impossible: list[_Entry],
    how: How,
    progress: Callable[[str], None],
) -> Design | None:
    """Return the first whose error is proved to be within the budget, with all that was weighed."""
    weighed = [entry.weighed for entry in [*ranked, *impossible]]
    for number, entry in enumerate(ranked):
        try:
            design = first_within_budget(specification, entry.method, [entry.candidate], progress)
        except BudgetError as error:
            weighed[number] = replace(weighed[number], refused=str(error))
            continue
        weighed[number] = replace(weighed[number], chosen=True)
        frequency = how.pipelining.get("frequency") or how.target.frequency
        choice = Choice(how.objective, how.effort, how.target.name, frequency, tuple(weighed))
        return replace(design, choice=choice)
    return None
