"""Finalists: the best candidates, synthesised, and placed and routed if the clock matters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from ...hdl.build_options import BuildOptions
from ...support.programs import crew
from ..flows.measure import SEEDS, measure
from .weighing import Entry, rank

__all__ = ["routed", "synthesised"]


def synthesised(entries: Sequence[Entry], options: BuildOptions, progress: Callable[[str], None]) -> list[Entry]:
    """Return entries with their look-up tables after synthesis, the best first."""
    done: list[Entry] = []
    with crew(2) as threads:  # synthesis runs in child processes
        for number, measured in enumerate(threads.map(lambda entry: _measured(entry, options, ()), entries), 1):
            done.append(measured)
            best = min(done, key=lambda entry: rank(entry.weighed, options)).weighed
            progress(f"synthesised {number} of {len(entries)}; best so far {best.method}, {best.measured_luts} LUTs")
    return sorted(done, key=lambda entry: rank(entry.weighed, options))


def routed(entries: Sequence[Entry], most: int, options: BuildOptions, progress: Callable[[str], None]) -> list[Entry]:
    """Return entries, the first of them placed and routed where the clock matters, in the order that this shows.

    For the fastest, as many as `most` are routed; for a clock, be it the target's ordinary one, until one keeps it.
    """
    if options.device.flow is None or (options.clock is None and options.objective != "fmax"):
        return list(entries)
    done: list[Entry] = []
    for number, entry in enumerate(entries[:most], 1):
        done.append(_measured(entry, options, SEEDS))
        progress(f"routed {number} of {most}: {entry.weighed.method}")
        if options.objective != "fmax" and _keeps_clock(done[-1], options):
            break
    left = entries[len(done) :]
    if options.objective == "fmax":
        return [*sorted(done, key=lambda entry: rank(entry.weighed, options)), *left]
    kept = [entry for entry in done if _keeps_clock(entry, options)]
    slow = [entry for entry in done if not _keeps_clock(entry, options)]
    return [*kept, *sorted(slow, key=lambda entry: -(entry.weighed.clock or 0.0)), *left]


def _keeps_clock(entry: Entry, options: BuildOptions) -> bool:
    """Return whether an entry reaches the clock that it is built for, as far as is known."""
    reached = entry.weighed.measured_fmax
    return options.clock is None or reached is None or reached >= options.clock


def _measured(entry: Entry, options: BuildOptions, seeds: Sequence[int]) -> Entry:
    if entry.schedule is None:
        return entry
    result = measure(
        options.device,
        entry.schedule,
        options.interface,
        seeds=seeds,
        frequency=options.clock,
        dsp=options.dsp != 0,
        bram=options.bram != 0,
    )
    weighed = replace(
        entry.weighed, measured_luts=result.luts, dsp=result.dsp, bram=result.bram, measured_fmax=result.fmax
    )
    return replace(entry, weighed=weighed)
