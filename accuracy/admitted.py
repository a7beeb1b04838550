"""Output codes admitted at every input, given as they stand rather than by a budget."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["ANY", "Admitted"]

ANY = 1 << 40
"""Beyond every output: limits of -ANY and ANY leave an output free, as where an input does not occur."""


@dataclass(frozen=True, eq=False)
class Admitted:
    """The output codes admitted at each input code, where a budget alone does not say them.

    Two of them are equal only if they are the same object.

    Attributes
    ----------
    low, high : int64, (inputs,)
        The lowest and the highest, for the input codes that occur, ascending; -ANY and ANY where any output will do.

    """

    low: NDArray[np.int64]
    high: NDArray[np.int64]
