"""The smallest formats that keep a model's accuracy, or its outputs, within a budget."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from ...explore.choose.result import BudgetError, Design
from ...support.parameters import parse_number
from .check import Comparison, Reference
from .packages import ScanError
from .propose import NoUnitError, Proposal, propose
from .scan import BITS, Scan, Site
from .units import design_of, luts_of

__all__ = ["ModelBudget", "Search", "smallest"]

_LEAST, _MOST = 2, 16
"""The widths that are tried."""


@dataclass(frozen=True)
class ModelBudget:
    """What a model may lose.

    Parameters
    ----------
    kind
        ``accuracy``, in points of a percentage, or ``output``, the largest change of any output.
    amount
        How much, 0 or more.

    """

    kind: str
    amount: float

    @classmethod
    def parse(cls, text: str) -> ModelBudget:
        """Read ``accuracy=0.5`` or ``output=1e-3``.

        Raises
        ------
        ScanError
            If it is written otherwise, or the amount is below 0.

        """
        kind, _, amount = text.partition("=")
        kind = kind.strip().lower()
        try:
            number = float(parse_number(amount.strip()))
        except ValueError:
            number = -1.0
        if kind not in {"accuracy", "output"} or number < 0:
            raise ScanError(
                f"--budget takes accuracy=POINTS, such as accuracy=0.5, or output=CHANGE, such as output=1e-3, not "
                f"{text!r:.60}"
            )
        return cls(kind, number)

    def __str__(self) -> str:
        return f"{self.kind}={self.amount:g}"

    def holds(self, change: Comparison) -> bool:
        """Whether a change is within the budget."""
        # An accuracy is a percentage of a count: the difference of two is rounded.
        return change.lost <= self.amount + 1e-9 if self.kind == "accuracy" else change.output <= self.amount


@dataclass(frozen=True)
class Search:
    """What a search found.

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


class _State:
    """Units by proposal and proposals by site and width, each found once."""

    def __init__(self, reference: Reference, target: str | None, at: Callable[[str], None]) -> None:
        self.reference, self.target, self.at = reference, target, at
        self.sites = [site for site in reference.found.sites if site.proposal is not None]
        self._units: dict[Proposal, Design | None] = {}

    def proposal(self, site: Site, bits: int) -> Proposal:
        activation = site.activation
        if activation.function is None or site.seen is None:
            raise NoUnitError("it is no function of one element")
        return propose(
            activation.function, site.seen, bits, {"input": activation.input, "output": activation.output}
        )

    def unit(self, site: Site, bits: int) -> Design | None:
        """Return the unit of a site at a width; None if there is none."""
        try:
            asked = self.proposal(site, bits)
        except NoUnitError:
            return None
        if asked not in self._units:
            self.at(f"unit for {asked.function} from {asked.input} to {asked.output}")
            try:
                self._units[asked] = design_of(asked, self.target)
            except (BudgetError, ValueError):
                self._units[asked] = None
        return self._units[asked]

    def luts(self, site: Site, bits: int) -> float:
        unit = self.unit(site, bits)
        return float("inf") if unit is None else luts_of(unit)

    def total(self, widths: Sequence[int]) -> float:
        return sum(self.luts(site, bits) for site, bits in zip(self.sites, widths, strict=True))

    def change(self, widths: Sequence[int]) -> Comparison | None:
        """Return what the model loses at some widths; None if there is no unit for one of them."""
        units = [self.unit(site, bits) for site, bits in zip(self.sites, widths, strict=True)]
        self.at(f"running the model at {min(widths)} to {max(widths)} bits")
        models = {}
        for site, unit in zip(self.sites, units, strict=True):
            if unit is None:
                return None
            models[site.activation] = unit.golden
        return self.reference.compare(models)


def smallest(
    reference: Reference, budget: ModelBudget, target: str | None, at: Callable[[str], None] = lambda _: None
) -> Search:
    """Return small units with which a model stays within a budget.

    All formats are first narrowed together, bit by bit. Then, one activation at a time, the width is lowered that saves
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
    state = _State(reference, target, at)
    count = len(state.sites)

    def holds(widths: Sequence[int]) -> bool:
        change = state.change(widths)
        return change is not None and budget.holds(change)

    start = next((bits for bits in range(BITS, _MOST + 1) if holds([bits] * count)), None)
    if start is None:
        change = state.change([_MOST] * count)
        raise BudgetError(f"formats of {_MOST} bits do not meet the budget {budget}: {_shown(change, budget)}")
    bits = start
    while bits > _LEAST and holds([bits - 1] * count):
        bits -= 1
    widths = [bits] * count
    free = set(range(count))
    while free:
        savings = {
            place: state.luts(state.sites[place], widths[place]) - state.luts(state.sites[place], widths[place] - 1)
            for place in free
            if widths[place] > _LEAST
        }
        place = max(savings, key=lambda each: (savings[each], -each), default=None)
        if place is None or savings[place] <= 0:
            break
        lowered = [each - (number == place) for number, each in enumerate(widths)]
        if holds(lowered):
            widths = lowered
        else:
            free.discard(place)
    change = state.change(widths)
    if change is None or not budget.holds(change):
        raise AssertionError("a step of the search was judged wrongly")
    proposals = {
        site.activation: state.proposal(site, each) for site, each in zip(state.sites, widths, strict=True)
    }
    sites = [replace(site, proposal=proposals.get(site.activation)) for site in reference.found.sites]
    found = replace(reference.found, sites=sites)
    units = {each: design_of(each, target) for each in found.proposals}
    return Search(found, units, change, state.total(widths), start, state.total([start] * count))


def _shown(change: Comparison | None, budget: ModelBudget) -> str:
    if change is None:
        return "there is no unit for one of its activations"
    if budget.kind == "accuracy":
        return f"{change.lost:.4g} points of accuracy are lost"
    return f"outputs change by up to {change.output:.4g}"
