"""The inputs at which a condition holds."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

__all__ = ["Regions", "UnknownRootError"]


class UnknownRootError(ValueError):
    """A branch of an expression whose ends are irrational, or cannot be found."""


@dataclass(frozen=True)
class Regions:
    """The set of inputs at which a condition holds.

    Attributes
    ----------
    points
        The inputs at which that may change, ascending.
    gaps
        Whether it holds below the first of them, between them, and above the last.
    at
        Whether it holds at each of them.

    """

    points: tuple[Fraction, ...]
    gaps: tuple[bool, ...]
    at: tuple[bool, ...]

    def holds(self, x: Fraction) -> bool:
        """Return whether the condition holds at `x`."""
        if x in self.points:
            return self.at[self.points.index(x)]
        return self.gaps[sum(point < x for point in self.points)]
