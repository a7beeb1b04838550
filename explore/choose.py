"""The chooser: candidates of several methods, built for a target and weighed; the best that is proved is taken.

The methods find what meets the budget. What of it is best depends on the target, the clock and what is wanted: so
every candidate that may win is scheduled, the target's models foretell its size and its clock (`weighing`), and with
more effort the best of them are synthesised, and placed and routed where the clock matters (`finalists`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import NamedTuple

from ..hdl.timing import TimingError
from ..plan.logic_size import logic_size, logic_sizes
from ..plan.methods import Candidate, Method
from ..plan.specification import Specification
from .choice import EFFORTS, Choice
from .finalists import routed, synthesised
from .weighing import Entry, How, weigh
from .within_budget import BudgetError, Design, first_within_budget

__all__ = ["choose"]


class _Extent(NamedTuple):
    """How many candidates are scheduled, and how many of those synthesised, and placed and routed."""

    scheduled: int
    synthesised: int = 0
    routed: int = 0


_EXTENTS = dict(zip(EFFORTS, (_Extent(8), _Extent(24, 12, 3), _Extent(80, 40, 8)), strict=True))

_OF_EACH = 2
"""So many of the candidates of every method are weighed however large they are."""


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
    if extent.synthesised and how.target.flow is None:
        refusal = f"effort {how.effort} synthesises candidates, which nothing does for target {how.target.name}"
        raise ValueError(f"{refusal}; name another target, such as ecp5, or choose effort quick")
    entries = [
        entry
        for method, candidate in _pool(specification, methods, how, progress)
        for entry in weigh(method, candidate, how)
    ]
    possible = [entry for entry in entries if entry.schedule is not None]
    impossible = [entry for entry in entries if entry.schedule is None]
    if impossible and not possible:
        raise TimingError(impossible[0].weighed.refused)
    possible.sort(key=lambda entry: how.rank(entry.weighed))
    finalists = synthesised(possible[: extent.synthesised], how, progress)
    finalists = routed(finalists, extent.routed, how, progress)
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
        for given in method.with_blocks if how.dsp or how.bram else ():
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


def _first_proved(
    specification: Specification,
    ranked: list[Entry],
    impossible: list[Entry],
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
        frequency = how.frequency or how.target.frequency
        choice = Choice(how.objective, how.effort, how.target.name, frequency, tuple(weighed))
        return replace(design, choice=choice)
    return None
