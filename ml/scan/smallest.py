"""The smallest formats with which a model stays within a budget."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from ...explore.choose.result import BudgetError, Design
from .budget import ModelBudget
from .check import Comparison, Reference
from .packages import ScanError
from .propose import NoUnitError, Proposal, propose
from .scan import BITS, Scan, Site
from .units import design_of, luts_of, rounded_model

__all__ = ["NO_UNIT", "Search", "smallest"]

NO_UNIT = "{!r} has no activation that there is a unit for"
"""The message about a model in which nothing can be replaced."""

_LEAST, _MOST = 2, 16
"""The widths that are tried."""

_FARTHEST = 3
"""Bits that a width is lowered by in one step at most."""


@dataclass(frozen=True)
class Search:
    """The result of a search.

    Attributes
    ----------
    found : Scan
        The scan with the proposals that were found.
    units : dict
        Their units.
    change : Comparison
        What the model loses with these units, by a run of their golden models.
    luts : float
        The look-up tables of a unit for each activation.
    uniform_bits, uniform_luts : int, float
        The width of all formats that the search began with, and the look-up tables there.

    """

    found: Scan
    units: dict[Proposal, Design]
    change: Comparison
    luts: float
    uniform_bits: int
    uniform_luts: float


class _Widths:
    """The widths of the formats of every activation, judged by running the model."""

    def __init__(
        self, reference: Reference, budget: ModelBudget, target: str | None, at: Callable[[str], None]
    ) -> None:
        self.reference, self.budget, self.target, self.at = reference, budget, target, at
        self.sites = [site for site in reference.found.sites if site.proposal is not None]
        self._units: dict[Proposal, Design | None] = {}

    def proposal(self, site: Site, bits: int) -> Proposal | None:
        """Return what to ask of a unit at a width; None if there is no such unit."""
        if site.activation.function is None or site.seen is None:
            return None
        try:
            return propose(site.activation, site.seen, bits)
        except NoUnitError:
            return None

    def unit(self, site: Site, bits: int) -> Design | None:
        """Return the unit of an activation at a width, or None."""
        asked = self.proposal(site, bits)
        if asked is None:
            return None
        if asked not in self._units:
            self.at(f"unit for {asked.function} from {asked.input} to {asked.output}")
            try:
                self._units[asked] = design_of(asked, self.target)
            except (BudgetError, ValueError):
                self._units[asked] = None
        return self._units[asked]

    def luts(self, site: Site, bits: int) -> float:
        """Return the look-up tables of that unit, infinite if there is none."""
        unit = self.unit(site, bits)
        return math.inf if unit is None else luts_of(unit)

    def total(self, widths: Sequence[int]) -> float:
        """Return the look-up tables of a unit for each activation."""
        return sum(self.luts(site, bits) for site, bits in zip(self.sites, widths, strict=True))

    def change(self, widths: Sequence[int], *, rounded: bool) -> Comparison | None:
        """Return what the model loses; None if there is no unit for one of the widths.

        It is run with the golden models of the units, or with correctly rounded functions, which need no search.
        """
        models = {}
        for site, bits in zip(self.sites, widths, strict=True):
            asked = self.proposal(site, bits)
            unit = None if rounded else self.unit(site, bits)
            if asked is None or (unit is None and not rounded):
                return None
            models[site.activation] = rounded_model(asked) if unit is None else unit.golden
        self.at(f"running the model at {min(widths)} to {max(widths)} bits")
        return self.reference.compare(models)

    def hold(self, widths: Sequence[int], *, rounded: bool) -> bool:
        """Whether the model stays within the budget."""
        change = self.change(widths, rounded=rounded)
        return change is not None and self.budget.holds(change)


def smallest(
    reference: Reference, budget: ModelBudget, target: str | None, at: Callable[[str], None] = lambda _: None
) -> Search:
    """Return small units with which a model stays within a budget.

    First, all formats have the same width, the least with which the budget is met: looked for with correctly rounded
    functions, which need no search, and then verified. Then, one activation at a time, the width is lowered that saves
    most look-up tables, until no other one can be. Every step is judged by running the model with the golden models of
    its units, so that what is returned was run as it is.

    Parameters
    ----------
    reference
        The model as it is, with labels for a budget of accuracy.
    budget
        What it may lose.
    target
        The target by whose models look-up tables are predicted; None for no particular one.
    at
        Called with a text before each step.

    Raises
    ------
    BudgetError
        If the budget is not met by formats of 16 bits.

    """
    judged = _Widths(reference, budget, target, at)
    count = len(judged.sites)
    if not count:
        raise ScanError(NO_UNIT.format(str(reference.found.model.path)))
    uniform = [[bits] * count for bits in range(_MOST, _LEAST - 1, -1)]
    possible = [widths for widths in uniform if judged.hold(widths, rounded=True)]
    widths = next((each for each in reversed(possible) if judged.hold(each, rounded=False)), None)
    if widths is None:
        change = judged.change(uniform[0], rounded=False)
        raise BudgetError(f"formats of {_MOST} bits do not meet the budget {budget}: {_shown(change, budget)}")
    start = [max(BITS, *widths)] * count
    return _found(judged, _lowered(judged, widths), start)


def _lowered(judged: _Widths, widths: list[int]) -> list[int]:
    """Return the widths after lowering one at a time as long as the budget is met.

    Accuracy does not fall evenly: a width that fails does not end the search, since one of the next may do, and what
    failed is tried once more when others have changed.
    """
    tried = list(widths)
    improved = False
    while True:
        narrower = [_narrower(judged, site, *each) for site, *each in zip(judged.sites, widths, tried, strict=True)]
        possible = [(saved, -place, bits) for place, each in enumerate(narrower) if each for bits, saved in [each]]
        if not possible:
            if not improved:
                return widths
            tried, improved = list(widths), False
            continue
        _, place, bits = max(possible)
        lowered = [bits if number == -place else each for number, each in enumerate(widths)]
        tried[-place] = bits
        if judged.hold(lowered, rounded=False):
            widths, improved = lowered, True


def _narrower(judged: _Widths, site: Site, width: int, tried: int) -> tuple[int, float] | None:
    """Return the next width to try for a site, and the look-up tables that it saves, or None.

    It lies below what was `tried`, and takes no more look-up tables than the present `width`.
    """
    now = judged.luts(site, width)
    if site.activation.input is not None and site.activation.output is not None:
        return None  # the model gives both formats
    for bits in range(tried - 1, max(_LEAST, width - _FARTHEST) - 1, -1):
        if (luts := judged.luts(site, bits)) <= now:
            return bits, now - luts
    return None


def _found(judged: _Widths, widths: list[int], uniform: list[int]) -> Search:
    reference = judged.reference
    change = judged.change(widths, rounded=False)
    proposals = {site.activation: judged.proposal(site, bits) for site, bits in zip(judged.sites, widths, strict=True)}
    sites = [replace(site, proposal=proposals.get(site.activation)) for site in reference.found.sites]
    units: dict[Proposal, Design] = {}
    for site, bits in zip(judged.sites, widths, strict=True):
        asked, unit = proposals[site.activation], judged.unit(site, bits)
        if asked is not None and unit is not None:
            units[asked] = unit
    if change is None:
        raise ValueError("the widths were not run")
    found = replace(reference.found, sites=sites)
    return Search(found, units, change, judged.total(widths), uniform[0], judged.total(uniform))


def _shown(change: Comparison | None, budget: ModelBudget) -> str:
    if change is None:
        return "there is no unit for one of the activations"
    if budget.kind == "accuracy":
        return f"{change.lost:.4g} points of accuracy are lost"
    return f"outputs change by up to {change.output:.4g}"
