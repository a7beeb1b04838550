"""Results of a flow."""

from __future__ import annotations

import statistics
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

__all__ = ["SynthesisResult"]


@dataclass(frozen=True)
class SynthesisResult:
    """The area and the clock frequency of a unit on an FPGA.

    Attributes
    ----------
    resources
        What the unit takes, in the family's own words and always in the same order; among them ``FF`` (flip-flops),
        ``DSP`` (multiplier blocks) and ``BRAM`` (block RAMs). The flow's file says what each word counts.
    luts
        Look-up tables in all, those included that other cells, such as carry cells, take the place of.
    fmax_by_seed
        MHz that place and route reached, by seed, for the unit between registers.
    why_no_fmax
        Why `fmax_by_seed` is empty; None where it is not.

    """

    resources: Mapping[str, int]
    luts: int
    fmax_by_seed: Mapping[int, float] = field(default_factory=dict)
    why_no_fmax: str | None = None

    @property
    def ff(self) -> int:
        """Flip-flops."""
        return self.resources["FF"]

    @property
    def dsp(self) -> int:
        """Multiplier blocks."""
        return self.resources["DSP"]

    @property
    def bram(self) -> int:
        """Block RAMs."""
        return self.resources["BRAM"]

    @property
    def fmax(self) -> float | None:
        """Median MHz over the seeds; None without place and route."""
        return statistics.median(self.fmax_by_seed.values()) if self.fmax_by_seed else None

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> SynthesisResult:
        """Read what `as_dict` wrote."""
        by_seed = {int(seed): frequency for seed, frequency in data["fmax_by_seed"].items()}
        return cls(data["resources"], data["luts"], by_seed, data["why_no_fmax"])

    def as_dict(self) -> dict[str, Any]:
        """Return all figures as JSON values, the seeds as strings."""
        return {
            "resources": dict(self.resources),
            "luts": self.luts,
            "ff": self.ff,
            "dsp": self.dsp,
            "bram": self.bram,
            "fmax": self.fmax,
            "fmax_by_seed": {str(seed): frequency for seed, frequency in self.fmax_by_seed.items()},
            "why_no_fmax": self.why_no_fmax,
        }
