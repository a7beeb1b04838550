"""Units for what a scan proposes, and their predicted sizes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from ...explore.choose.result import BudgetError, Design
from ...explore.design import design
from ...explore.rounded import rounded
from ...plan.lut_estimate import logic_size
from ...sim.golden.model import GoldenModel
from .propose import Proposal
from .scan import Scan

__all__ = ["OPTIONS", "design_of", "luts_of", "rounded_model", "unit_names", "with_units"]

OPTIONS: Mapping[str, Any] = {"objective": "luts", "dsp": 0, "bram": 0}
"""Build options of every unit of a scan: look-up tables alone, and few of them, so that sizes can be added up."""

_MODELS = 256
"""Correctly rounded functions that are kept."""


def design_of(proposal: Proposal, target: str | None) -> Design:
    """Return the unit of a proposal, as it was found before or after a search.

    Raises
    ------
    BudgetError, ValueError
        If there is no such unit.

    """
    return design(
        proposal.function,
        proposal.input,
        proposal.output,
        target=target,
        cache=True,
        **OPTIONS,
        **proposal.arguments,
    )


def with_units(
    found: Scan, target: str | None, at: Callable[[str], None] = lambda _: None
) -> tuple[Scan, dict[Proposal, Design]]:
    """Return a scan whose proposals are those that there are units for, and these units.

    Parameters
    ----------
    found
        The scan.
    target
        The target that units are for; None for no particular one.
    at
        Called with a text before each search.

    """
    units: dict[Proposal, Design] = {}
    reasons: dict[Proposal, str] = {}
    proposals = found.proposals
    for number, each in enumerate(proposals, start=1):
        at(f"unit {number} of {len(proposals)}, {each.function} from {each.input} to {each.output}")
        try:
            units[each] = design_of(each, target)
        except (BudgetError, ValueError) as error:
            reasons[each] = str(error)
    sites = [
        replace(site, proposal=None, reason=reasons[site.proposal]) if site.proposal in reasons else site
        for site in found.sites
    ]
    return replace(found, sites=sites), units


@lru_cache(_MODELS)
def rounded_model(proposal: Proposal) -> GoldenModel:
    """Return the correctly rounded function of a proposal, which needs no search."""
    return rounded(
        proposal.function,
        proposal.input,
        proposal.output,
        saturate=True,
        clip=proposal.clip,
        **dict[str, Any](proposal.parameters),
    )


def luts_of(unit: Design) -> float:
    """Return the look-up tables of a unit, as its target's models predict."""
    predicted = None if unit.choice is None else unit.choice.chosen.luts
    return float(logic_size(unit.plan)) if predicted is None else predicted


def unit_names(proposals: Sequence[Proposal]) -> dict[Proposal, str]:
    """Return a name for the unit of each distinct proposal: its function's, with a number from the second on."""
    counts: dict[str, int] = {}
    names = {}
    for each in proposals:
        counts[each.function] = counts.get(each.function, 0) + 1
        number = counts[each.function]
        names[each] = each.function if number == 1 else f"{each.function}_{number}"
    return names
