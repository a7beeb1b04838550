"""Finalists: the best of what was weighed, synthesised, and placed and routed where the clock matters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from ...support.programs import crew
from ..flows.measure import SEEDS, measure
from .weighing import Entry, How

__all__ = ["routed", "synthesised"]


def synthesised(entries: Sequence[Entry], how: How, progress: Callable[[str], None]) -> list[Entry]:
    """Return entries with the look-up tables that synthesis makes of them, the best first."""
    done: list[Entry] = []
    with crew(2) as threads:  # synthesis runs in processes of its own
        for number, measured in enumerate(threads.map(lambda entry: _measured(entry, how, ()), entries), 1):
            done.append(measured)
            best = min(done, key=lambda entry: how.rank(entry.weighed)).weighed
            progress(f"synthesised {number} of {len(entries)}; best so far {best.method}, {best.measured_luts} LUTs")
    return sorted(done, key=lambda entry: how.rank(entry.weighed))


def routed(entries: Sequence[Entry], most: int, how: How, progress: Callable[[str], None]) -> list[Entry]:
    """Return entries, the first of them placed and routed where the clock matters, in the order that this shows.

    For the fastest, as many as `most` are routed; for a clock, be it the target's ordinary one, until one keeps it.
    """
    if how.target.flow is None or (how.clock is None and how.objective != "fmax"):
        return list(entries)
    done: list[Entry] = []
    for number, entry in enumerate(entries[:most], 1):
        done.append(_measured(entry, how, SEEDS))
        progress(f"routed {number} of {most}: {entry.weighed.method}")
        if how.objective != "fmax" and _keeps_clock(done[-1], how):
            break
    left = entries[len(done) :]
    if how.objective == "fmax":
        return [*sorted(done, key=lambda entry: how.rank(entry.weighed)), *left]
    kept = [entry for entry in done if _keeps_clock(entry, how)]
    slow = [entry for entry in done if not _keeps_clock(entry, how)]
    return [*kept, *sorted(slow, key=lambda entry: -(entry.weighed.clock or 0.0)), *left]


def _keeps_clock(entry: Entry, how: How) -> bool:
    """Return whether an entry reaches the clock that it is built for, as far as is known."""
    reached = entry.weighed.measured_fmax
    return how.clock is None or reached is None or reached >= how.clock


def _measured(entry: Entry, how: How, seeds: Sequence[int]) -> Entry:
    if entry.schedule is None:
        return entry
    result = measure(
        how.target,
        entry.schedule,
        how.interface,
        seeds=seeds,
        frequency=how.clock,
        dsp=how.dsp != 0,
        bram=how.bram != 0,
    )
    weighed = replace(
        entry.weighed, measured_luts=result.luts, dsp=result.dsp, bram=result.bram, measured_fmax=result.fmax
    )
    return replace(entry, weighed=weighed)
