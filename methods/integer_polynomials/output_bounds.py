"""Admissible results at every address, for all segments at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .coefficient_scan import spread_indices
from .folded_function import ANY

__all__ = ["OutputBounds", "Targets"]

_MOST_TARGETS = 128
"""Inputs of a segment that a preliminary polynomial is fitted to."""


@dataclass(frozen=True)
class Targets:
    """Values that a preliminary polynomial should be near to, at some inputs of a range of addresses.

    The arrays have shape ``(inputs,)``.

    Attributes
    ----------
    t : float64
        The offset from the first address, plus 1 for a negative input: the same variable for both signs.
    centre : float64
        The middle of the admissible results, in ulp of the output; `OutputBounds.shortfall` is added.
    width : int64
        Number of admissible results.

    """

    t: NDArray[np.float64]
    centre: NDArray[np.float64]
    width: NDArray[np.int64]


@dataclass(frozen=True)
class OutputBounds:
    """Admissible results of a folded function.

    Attributes
    ----------
    low, high : int64, (signs, addresses)
        The lowest and the highest admissible result, in ulp of the output; `ANY` where no input occurs.
    directions : int8, (signs, addresses)
        Required direction from each address to the next: 1 for not falling, -1 for not rising, 0 for no requirement.
    shortfall : int64, (signs, 1)
        How far a result lies below the function's value because its complement is the output: 1 ulp for negative inputs
        of a mirrored function, else 0. With it added, results of both signs lie on one curve in `Targets.t`.

    """

    low: NDArray[np.int64]
    high: NDArray[np.int64]
    directions: NDArray[np.int8]
    shortfall: NDArray[np.int64]

    @property
    def feasible(self) -> bool:
        """Whether every input has an admissible result."""
        return bool((self.low <= self.high).all())

    def targets(self, addresses: slice) -> Targets:
        """Return targets for a polynomial on a range of addresses, at evenly spread inputs; empty if none occurs."""
        low, high = self.low[:, addresses] + self.shortfall, self.high[:, addresses] + self.shortfall
        occurs = self.high[:, addresses] < ANY
        signs, offsets = low.shape
        t = (np.arange(offsets) + np.arange(signs)[:, None]).astype(float)[occurs]
        chosen = spread_indices(len(t), _MOST_TARGETS)
        return Targets(t[chosen], (low + high)[occurs][chosen] / 2, (high + 1 - low)[occurs][chosen])
