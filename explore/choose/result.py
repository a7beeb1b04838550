"""The result of a search: a design, or the error when no unit meets the budget."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

from ...hdl.approximation import Approximation
from ...hdl.build_options import BuildKeywords, BuildOptions
from ...sim.golden.model import GoldenModel, golden
from ...support.exceptions import SoftgateError
from .choice import Choice, as_chosen

if TYPE_CHECKING:
    from ...hdl.manifest import Manifest
    from ...hdl.scheduling.schedule import Schedule
    from ...hdl.unit import Unit
    from ..emission import Extras

__all__ = ["BudgetError", "Design"]


_BESIDE_CLOCK = {"interface", "tlast", "margin"}
"""Options that have no influence on where a clock has registers placed."""


class BudgetError(SoftgateError):
    """No unit meets the budget; the message names the best one found."""

    exit_code = 1


@dataclass(frozen=True, repr=False)
class Design(Approximation):
    """A plan that meets a specification, ready to become hardware.

    Attributes
    ----------
    specification : Specification
        The function, formats and budget asked for.
    method, parameters
        The method and the parameters that the plan was made with.
    plan : Plan
        The computation.
    errors : ErrorMetrics
        Its error against the true function.
    further : Mapping of str to Approximation
        Of a unit of several outputs: what is promised of all but the first, by name. `plan` is then that of all of
        them, and what is above is about the first; `outputs` has every one.
    tried : int
        Number of plans measured until this one met the budget.
    choice : Choice or None
        The candidates it was weighed against; None if there were none.
    options : BuildOptions
        The options that it was designed for, and is emitted with unless others are given then.
    reached : float or None
        MHz that place and route reached with these options, the median of three seeds; None if it was not routed.

    """

    tried: int = 1
    choice: Choice | None = None
    options: BuildOptions = field(default_factory=BuildOptions)
    reached: float | None = None

    @property
    def misses(self) -> bool:
        """Whether place and route showed that it is slower than the clock that it was built for."""
        clock = self.options.clock
        return clock is not None and self.reached is not None and self.reached < clock

    def __repr__(self) -> str:
        asked = self.specification
        return (
            f"<Design {asked.function}, {asked.domain} -> {asked.output_format}: {self.method}, "
            f"error {self.errors.limit_text}>"
        )

    def _repr_html_(self) -> str:
        """Return what a notebook shows: the design in a line, its error figure and its datapath."""
        from ..figures.notebook import notebook_html

        return notebook_html(repr(self)[1:-1], self.plan, self.specification, self.schedule())

    @cached_property
    def golden(self) -> GoldenModel:
        """The bit-accurate numpy model."""
        return golden(self.plan)

    def built(self, **options: Unpack[BuildKeywords]) -> BuildOptions:
        """Return the options that it was designed for, with those given here in their place.

        The registers of its tables stay as they were when it was chosen, unless the objective changes, and so does the
        margin of its clock, unless anything changes that it depends on.
        """
        kept = replace(self.options, margin=None) if options.keys() - _BESIDE_CLOCK else self.options
        return as_chosen(self.choice, kept.changed(**options))

    def schedule(self, **options: Unpack[BuildKeywords]) -> Schedule:
        """Return the schedule (see `choose_schedule`), as designed except for the options given here."""
        from ...hdl.unit import schedule_for

        return schedule_for(self.plan, self.built(**options))

    def unit(self, **options: Unpack[BuildKeywords]) -> Unit:
        """Return the Amaranth component (see `Unit`), as designed except for the options given here."""
        from ...hdl.unit import Unit

        return Unit(self.plan, **self.built(**options).keywords)

    def emit(
        self,
        folder: str | Path,
        *,
        name: str | None = None,
        extras: Extras | None = None,
        force: bool = False,
        notes: Callable[[str], None] = lambda _: None,
        **options: Unpack[BuildKeywords],
    ) -> Manifest:
        """Write ``<name>.v`` and ``<name>.json`` into `folder`, which is made if it does not exist.

        The unit is built as it was designed, except for the options given here: interface, tlast, target, frequency,
        latency, stages, registers, objective, compact, dsp, bram and interval. `emit_unit` describes the other
        parameters and the errors.
        """
        from ..emission import emit_unit

        built = self.built(**options)
        choice = None if self.choice is None else self.choice.as_dict()
        return emit_unit(self, folder, built, choice=choice, name=name, extras=extras, force=force, notes=notes)
