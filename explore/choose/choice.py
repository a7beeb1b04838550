"""The record of a choice: the candidates that were weighed, and how."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from math import floor
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ...hdl.build_options import BuildOptions

__all__ = ["EFFORTS", "Choice", "Weighed", "as_chosen", "megahertz"]

EFFORTS = ("quick", "normal", "high")
"""How far a choice goes: by the cost model alone; the best few synthesised; many more of them."""


@dataclass(frozen=True)
class Weighed:
    """A candidate that was weighed.

    Attributes
    ----------
    method, parameters
        What it is.
    luts, dsp, bram, fmax
        What it takes and the clock in MHz that it keeps, as the target's models predict.
    latency
        Clocks from input to output.
    compact
        Whether registers stand before and after tables (see `choose_schedule`).
    measured_luts, measured_fmax
        Look-up tables after synthesis, and MHz after place and route (median of the seeds); None if not measured.
    chosen
        Whether it was taken.
    refused
        Why it could not be; None if it could.

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

    @property
    def size(self) -> float | None:
        """Look-up tables, measured if they were."""
        return self.luts if self.measured_luts is None else self.measured_luts

    @property
    def clock(self) -> float | None:
        """MHz, measured if they were."""
        return self.fmax if self.measured_fmax is None else self.measured_fmax


@dataclass(frozen=True)
class Choice:
    """The record of how a unit was chosen, and among which candidates, the best first.

    `frequency` is the clock in MHz that all were built for; None where no clock placed their registers.
    """

    objective: str
    effort: str
    target: str
    frequency: float | None
    weighed: tuple[Weighed, ...]

    @property
    def chosen(self) -> Weighed:
        """The one that was taken."""
        return next(each for each in self.weighed if each.chosen)

    def misses(self, weighed: Weighed) -> bool:
        """Whether place and route showed that a candidate is slower than the clock that it was built for."""
        reached = weighed.measured_fmax
        return self.frequency is not None and reached is not None and reached < self.frequency

    @property
    def others(self) -> int:
        """How many more than the chosen one were weighed."""
        return len(self.weighed) - 1

    def as_dict(self) -> dict[str, Any]:
        """Return JSON values."""
        return {**asdict(self), "weighed": [asdict(each) for each in self.weighed]}

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
    """Return a measured clock as text, rounded down: what misses a clock by little is not to look as if it kept it."""
    return f"{floor(100 * reached) / 100:.2f}"


def as_chosen(choice: Choice | None, options: BuildOptions) -> BuildOptions:
    """Return the options with the registers as they were when the unit was chosen for the same objective."""
    if choice is None or choice.objective != options.objective or options.compact is not None:
        return options
    return replace(options, compact=choice.chosen.compact)
