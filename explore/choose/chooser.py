"""The chooser: candidates of methods, built for a target and weighed; the best that is proved is taken (decision 014).

The methods find candidates that meet the budget. Which of them is best depends on the target, the clock and the
objective. So every candidate that may win is scheduled, the target's models predict its size and its clock
(`weighing`), and with more effort the best of them are synthesised, and placed and routed if the clock matters
(`finalists`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple

from ...accuracy.specification import Specification
from ...hdl.build_options import BuildOptions
from ...methods import Candidate, Method, method_classes
from ...plan.lut_estimate import logic_size, logic_sizes
from ...support.progress import reported_to
from .choice import EFFORTS, Choice
from .finalists import annealed, routed, synthesised
from .first_within_budget import first_within_budget, with_ends
from .left_out import candidates_of, failing_left_out
from .result import BudgetError, Design
from .weighing import Entry, rank, weigh

__all__ = ["best_of", "choose", "choose_of"]


class _Extent(NamedTuple):
    """Numbers of candidates to schedule and, of these, to synthesise, to place and route, and to anneal."""

    scheduled: int
    synthesised: int = 0
    routed: int = 0
    annealed: int = 0


_EXTENTS = dict(zip(EFFORTS, (_Extent(8), _Extent(24, 12, 3), _Extent(80, 40, 8, 2)), strict=True))

_OF_EACH = 2
"""Candidates of every method that are weighed however large they are."""


class _Found(NamedTuple):
    """A candidate of a method, its approximate size, and the kind that it belongs to."""

    size: int
    kind: str
    method: type[Method]
    candidate: Candidate


def choose(
    specification: Specification,
    methods: Iterable[type[Method]],
    options: BuildOptions,
    effort: str,
    progress: Callable[[str], None] = lambda _: None,
    *,
    wait: bool = True,
) -> Design | None:
    """Return the best unit of these methods, or None if none of them has one.

    Parameters
    ----------
    specification
        The specification to meet.
    methods
        Methods all of whose candidates are likely to meet the budget.
    options, effort
        What to build the candidates for, and how far to look (see `EFFORTS`).
    progress
        Called with a short text for each step.
    wait
        Whether slow searches are made, too, if few look-up tables are the only objective.

    Raises
    ------
    ValueError
        If no candidate can be built with these options; the message is that of the smallest.
    TimingError
        If the reason is that it does not keep the clock.

    """
    found = []
    for method in methods:
        progress(f"method {method.name}")
        found += _sized(method, candidates_of(method, specification, {}, optional=True))
        found += _for_blocks(specification, method, options)
        found += _for_adders(specification, method, options)
        found += _for_interval(specification, method, options, effort)
    if options.objective == "luts" and wait:
        found += _worth_the_wait(specification, options, effort, progress)
    return _best(specification, found, options, effort, progress)


def choose_of(
    specification: Specification,
    method: type[Method],
    given: Mapping[str, Any],
    options: BuildOptions,
    effort: str,
    progress: Callable[[str], None] = lambda _: None,
) -> Design:
    """Return the best unit of one method, with these parameters if any are given.

    If no weighed candidate is within the budget, return the first one that is. A single candidate is not weighed. It
    raises what `choose` raises, and:

    Raises
    ------
    BudgetError
        If no candidate is within the budget; the message names the best one.

    """
    if method.efforts and not given:
        found = _by_effort(specification, method, effort, progress)
    else:
        progress(f"method {method.name}")
        with reported_to(progress):
            found = _sized(method, candidates_of(method, specification, given))
    if not given:
        found += _for_blocks(specification, method, options)
        found += _for_adders(specification, method, options)
        found += _for_interval(specification, method, options, effort)
    made = [each.candidate for each in found]
    if len(found) > 1 and _is_certain(specification, made):
        best = _best(specification, found, options, effort, progress)
        return best or first_within_budget(specification, method, made, progress)
    # Before anything is built or synthesised: there may be no candidate within the budget.
    first = first_within_budget(specification, method, made, progress)
    best = _best(specification, found, options, effort, progress) if len(found) > 1 else None
    return best or first


def _is_certain(specification: Specification, made: Iterable[Candidate]) -> bool:
    """Return whether the method's own proof shows that a candidate meets the budget, which is much faster to decide."""
    budget, output = specification.budget, specification.output_format
    if budget is None or specification.monotonic or specification.max_bias is not None or specification.rounding:
        return False
    bounds = (candidate.proved_error for candidate in made)
    return any(bound is not None and budget.admits(bound, output) for bound in bounds)


def _sized(method: type[Method], made: Iterable[Candidate]) -> list[_Found]:
    return [_Found(logic_size(each.plan), method.name, method, each) for each in made]


def _for_blocks(specification: Specification, method: type[Method], options: BuildOptions) -> list[_Found]:
    """Return a method's candidates for the blocks granted, in which products and tables need not be logic."""
    found = []
    for given in method.with_blocks(specification, options.most_products, options.bram):
        for each in candidates_of(method, specification, given, optional=True):
            sizes = logic_sizes(each.plan)
            found.append(_Found(sizes["sums"] + sizes["logic"], f"{method.name} {given}", method, each))
    return found


def _for_adders(specification: Specification, method: type[Method], options: BuildOptions) -> list[_Found]:
    """Return a method's candidates for adders that complement an addend, if those of the target do."""
    found = []
    for given in method.with_complementing_adders(specification) if options.device.complements_addends else ():
        for each in candidates_of(method, specification, given, optional=True):
            size = sum(logic_sizes(each.plan, complements=True).values())
            found.append(_Found(size, f"{method.name} {given}", method, each))
    return found


def _for_interval(
    specification: Specification, method: type[Method], options: BuildOptions, effort: str
) -> list[_Found]:
    """Return a method's candidates for an interval, which take long to find: not with effort ``quick``."""
    found: list[_Found] = []
    if effort != "quick" and options.objective == "luts":
        for given in method.with_interval(specification, options.interval):
            made = candidates_of(method, specification, given, optional=True)
            found += [each._replace(kind=f"{method.name} {given}") for each in _sized(method, made)]
    return found


def _worth_the_wait(
    specification: Specification, options: BuildOptions, effort: str, progress: Callable[[str], None]
) -> list[_Found]:
    """Return the candidates of slow searches, of all methods for which the wait is worthwhile."""
    found = []
    for method in method_classes():
        if method.efforts and method.is_worth_the_wait(specification, options.device.lut_inputs):
            found += _by_effort(specification, method, effort, progress)
    return found


def _by_effort(
    specification: Specification, method: type[Method], effort: str, progress: Callable[[str], None]
) -> list[_Found]:
    """Return the candidates that a method finds with an effort."""
    found = []
    for number, given in enumerate(method.efforts[effort], 1):
        progress(f"method {method.name}, {number} of {len(method.efforts[effort])}")
        with reported_to(progress):
            found += _sized(method, candidates_of(method, specification, given, optional=True))
    return found


def _best(
    specification: Specification,
    found: Iterable[_Found],
    options: BuildOptions,
    effort: str,
    progress: Callable[[str], None],
) -> Design | None:
    """Return the best unit of these candidates whose error is within the budget, or None."""
    entries = []
    for each in _pool(found, _EXTENTS[effort].scheduled):
        with failing_left_out(each.method, specification):
            entries += weigh(each.method, each.candidate.mapped(partial(with_ends, specification)), options)

    def proved(entry: Entry) -> Design:
        return first_within_budget(specification, entry.method, [entry.candidate], progress)

    return best_of(entries, proved, options, effort, progress)


def best_of(
    entries: Sequence[Entry],
    proved: Callable[[Entry], Design],
    options: BuildOptions,
    effort: str,
    progress: Callable[[str], None],
) -> Design | None:
    """Return the best of weighed candidates that is proved, with the record of the choice; None if none of them is.

    Parameters
    ----------
    entries
        What was weighed.
    proved
        Makes a design of one of them, or raises `BudgetError`.
    options, effort
        What they are built for, and how far to look.
    progress
        Called with a short text for each step.

    Raises
    ------
    ValueError
        If none of them can be built with these options; the message is that of the first.

    """
    extent = _EXTENTS[effort]
    possible = [entry for entry in entries if entry.schedule is not None]
    impossible = [entry for entry in entries if entry.schedule is None]
    failures = [entry.failure for entry in impossible if entry.failure is not None]
    if failures and not possible:
        raise failures[0]
    possible.sort(key=lambda entry: rank(entry.weighed, options))
    finalists = synthesised(possible[: extent.synthesised], options, progress)
    finalists = annealed(finalists, extent.annealed, options, progress)
    finalists = routed(finalists, extent.routed, options, progress)
    ranked = [*finalists, *possible[extent.synthesised :]]
    weighed = [entry.weighed for entry in [*ranked, *impossible]]
    for number, entry in enumerate(ranked):
        try:
            design = proved(entry)
        except BudgetError as error:
            weighed[number] = replace(weighed[number], refused=str(error))
            continue
        weighed[number] = replace(weighed[number], chosen=True)
        choice = Choice(options.objective, effort, options.device.name, options.clock, tuple(weighed))
        return replace(design, choice=choice, reached=weighed[number].measured_fmax)
    return None


def _pool(found: Iterable[_Found], least: int) -> list[_Found]:
    """Return the candidates to weigh without duplicate plans, at least `least` if there are as many, by rising size."""
    kept: dict[str, _Found] = {}
    of_kind: Counter[str] = Counter()
    for each in sorted(found, key=lambda each: each.size):
        of_kind[each.kind] += 1
        if len(kept) < least or of_kind[each.kind] <= _OF_EACH:
            kept.setdefault(each.candidate.plan.sha256, each)
    return list(kept.values())
