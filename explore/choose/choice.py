"""The record of a choice: the candidates that were weighed, and their figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from math import floor
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ...hdl.build_options import BuildOptions

__all__ = ["EFFORTS", "Choice", "Weighed", "as_chosen", "megahertz"]

EFFORTS = ("quick", "normal", "high")
"""Efforts of a choice: the cost model alone; the best few synthesised; many more synthesised."""


@dataclass(frozen=True)
class Weighed:
    """A candidate that was weighed.

    Attributes
    ----------
    method, parameters
        Its method, and the parameters that it was made with.
    luts, dsp, bram, fmax
        Its look-up tables, blocks, and clock in MHz, as the target's models predict.
    latency
        Clocks from input to output.
    compact
        Whether registers stand before and after tables (see `choose_schedule`).
    measured_luts, measured_fmax
        Look-up tables after synthesis, and MHz after place and route (median of the seeds); None if not measured.
    chosen
        Whether it was chosen.
    refused
        The reason why it cannot be chosen; None if it can.
    further
        Of a unit of several outputs: the method of each but the first, with its parameters, by the output's name.

    """

    method: str
    parameters: Mapping[str, Any]
    luts: float | None = None
    dsp: int | None = None
    bram: int | None = None
    fmax: float | None = None
    latency: int | None = None
    compact: bool = False
    measured_luts: int | None = None
    measured_fmax: float | None = None
    chosen: bool = False
    refused: str | None = None
    further: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """Return JSON values; without `further` of a unit of one output."""
        values = asdict(self)
        if not self.further:
            del values["further"]
        return values

    @property
    def size(self) -> float | None:
        """Look-up tables: measured if available, otherwise predicted."""
        return self.luts if self.measured_luts is None else self.measured_luts

    @property
    def clock(self) -> float | None:
        """Clock in MHz: measured if available, otherwise predicted."""
        return self.fmax if self.measured_fmax is None else self.measured_fmax


@dataclass(frozen=True)
class Choice:
    """The record of how a unit was chosen, with all candidates, the best first.

    `frequency` is the clock in MHz that all were built for; None where no clock placed their registers.
    """

    objective: str
    effort: str
    target: str
    frequency: float | None
    weighed: tuple[Weighed, ...]

    @property
    def chosen(self) -> Weighed:
        """The chosen candidate."""
        return next(each for each in self.weighed if each.chosen)

    def misses(self, weighed: Weighed) -> bool:
        """Whether place and route showed that a candidate is slower than the clock that it was built for."""
        reached = weighed.measured_fmax
        return self.frequency is not None and reached is not None and reached < self.frequency

    @property
    def others(self) -> int:
        """The number of candidates besides the chosen one."""
        return len(self.weighed) - 1

    def as_dict(self) -> dict[str, Any]:
        """Return JSON values."""
        return {**asdict(self), "weighed": [each.as_dict() for each in self.weighed]}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Choice:
        """Read what `as_dict` wrote.

        Raises
        ------
        TypeError
            If a field is missing or unknown.

        """
        return cls(**{**data, "weighed": tuple(Weighed(**each) for each in data["weighed"])})


def megahertz(reached: float) -> str:
    """Return a measured clock as text, rounded down, so that a near miss does not look as if it met the clock."""
    return f"{floor(100 * reached) / 100:.2f}"


def as_chosen(choice: Choice | None, options: BuildOptions) -> BuildOptions:
    """Return the options with the registers of the chosen candidate, if the objective is the same."""
    if choice is None or choice.objective != options.objective or options.compact is not None:
        return options
    return replace(options, compact=choice.chosen.compact)
