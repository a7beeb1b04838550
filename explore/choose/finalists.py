"""Finalists: the best candidates, synthesised, their tables annealed, and placed and routed if the clock matters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from ...hdl.build_options import BuildOptions
from ...methods import Annealing
from ...support.programs import crew
from ...support.progress import reported_to
from ..flows.measure import SEEDS, measure
from .weighing import Entry, rank, weigh

__all__ = ["annealed", "routed", "synthesised"]

_MOVES = 30_000_000
"""Moves of the search for smaller tables: half a minute."""

_MOST_INPUTS = 4
"""The most inputs of look-up tables for which tables are searched: with six, 64 segments take one a bit."""


def synthesised(entries: Sequence[Entry], options: BuildOptions, progress: Callable[[str], None]) -> list[Entry]:
    """Return entries with their look-up tables after synthesis, the best first."""
    done: list[Entry] = []
    with crew(2) as threads:  # synthesis runs in child processes
        for number, measured in enumerate(threads.map(lambda entry: _measured(entry, options, ()), entries), 1):
            done.append(measured)
            best = min(done, key=lambda entry: rank(entry.weighed, options)).weighed
            progress(f"synthesised {number} of {len(entries)}; best so far {best.method}, {best.measured_luts} LUTs")
    return sorted(done, key=lambda entry: rank(entry.weighed, options))


def annealed(
    entries: Sequence[Entry], most: int, options: BuildOptions, progress: Callable[[str], None]
) -> list[Entry]:
    """Return entries, the best first, and with them those that a search for smaller tables makes of up to `most`.

    Only few look-up tables as the objective, and small ones, are worth the wait; registers must separate the levels of
    the networks, or synthesis makes larger tables of them.
    """
    if options.objective != "luts" or options.interface == "comb" or options.device.lut_inputs > _MOST_INPUTS:
        return list(entries)
    search = Annealing(_MOVES, seed=1, lut_inputs=options.device.lut_inputs)
    found: list[Entry] = []
    searched: set[str] = set()
    for entry in entries:
        anneal, plan = entry.candidate.anneal, entry.candidate.plan.sha256
        if anneal is None or plan in searched or len(searched) == most:
            continue
        searched.add(plan)
        with reported_to(progress):
            candidate = anneal(search)
        if candidate is not None:
            found += weigh(entry.method, candidate, options)
    built = [entry for entry in found if entry.schedule is not None]
    return sorted([*entries, *synthesised(built, options, progress)], key=lambda entry: rank(entry.weighed, options))


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
