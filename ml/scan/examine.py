"""From a scan to units: searched for, checked in the model, and narrowed to a budget."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ...explore.choose.result import Design
from .budget import ModelBudget
from .check import Comparison, Reference
from .packages import ScanError
from .propose import Proposal
from .record import record_of
from .scan import Scan
from .smallest import NO_UNIT, Search, smallest
from .units import luts_of, unit_names, with_units

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Examination", "examine"]


@dataclass(frozen=True, eq=False)
class Examination:
    """A scan with the units that were searched for.

    Attributes
    ----------
    found : Scan
        The scan, with the proposals that there are units for.
    target : str or None
        The target that they are for.
    units : Mapping of Proposal to Design
        The unit of each distinct proposal; none if no units were asked for.
    change : Comparison or None
        What the model loses with them; None if that was not asked for.
    search : Search or None
        How they were narrowed to a budget; None without one.

    """

    found: Scan
    target: str | None
    units: Mapping[Proposal, Design]
    change: Comparison | None = None
    search: Search | None = None

    @cached_property
    def names(self) -> dict[Proposal, str]:
        """The name of the unit of each distinct proposal."""
        return unit_names(self.found.proposals)

    @cached_property
    def luts(self) -> dict[Proposal, float]:
        """The predicted look-up tables of each unit."""
        return {proposal: luts_of(unit) for proposal, unit in self.units.items()}

    @property
    def record(self) -> dict[str, Any]:
        """The scan as JSON values."""
        return record_of(self.found, self.names, self.luts, self.target, self.change)


def examine(
    found: Scan,
    *,
    target: str | None = None,
    units: bool = False,
    check: bool = False,
    labels: NDArray[Any] | None = None,
    budget: ModelBudget | None = None,
    at: Callable[[str], None] = lambda _: None,
) -> Examination:
    """Search for the units of a scan, and run the model with their golden models.

    Parameters
    ----------
    found
        The scan.
    target
        The target by whose models look-up tables are predicted; None for no particular one.
    units
        Whether to search for units though neither a target nor a check nor a budget is given.
    check
        Whether to run the model with golden models in place of its activations.
    labels
        The right class of each sample (see `Reference`).
    budget
        What the model may lose by the smallest formats; None to leave the proposals as they are.
    at
        Called with a text before each step.

    Raises
    ------
    ScanError
        If the labels do not fit, or there is no unit to run the model with.
    BudgetError
        If the budget cannot be met.

    """
    if budget is not None:
        search = smallest(Reference(found, labels), budget, target, at)
        return Examination(search.found, target, search.units, search.change, search)
    # Faulty labels are refused before the search.
    reference = Reference(found, labels) if check else None
    designs: Mapping[Proposal, Design] = {}
    if units or check or target is not None:
        found, designs = with_units(found, target, at)
    if reference is None:
        return Examination(found, target, designs)
    if not designs:
        raise ScanError(NO_UNIT.format(str(found.model.path)))
    at("checking")
    models = {site.activation: designs[site.proposal].golden for site in found.sites if site.proposal is not None}
    return Examination(found, target, designs, reference.compare(models))
