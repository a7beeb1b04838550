"""Statistics of the values that reach an activation: their number and range."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Statistics", "statistics_of"]

_TAIL = 0.0005
"""The share of the values on either side of the central range."""


@dataclass(frozen=True)
class Statistics:
    """The values that were seen before an activation.

    Attributes
    ----------
    count : int
        How many, those that are not finite among them.
    low, high : float
        The least and the greatest finite one.
    central : tuple of float
        The range of the middle 99.9 %.
    nonfinite : int
        How many are infinite or NaN.
    nan : int
        How many of these are NaN.

    """

    count: int
    low: float
    high: float
    central: tuple[float, float]
    nonfinite: int = 0
    nan: int = 0


def statistics_of(parts: Sequence[NDArray[Any]]) -> Statistics | None:
    """Return the statistics of values in several arrays; None if none is finite."""
    import numpy as np

    values = np.concatenate([np.ravel(part) for part in parts]) if parts else np.zeros(0)
    finite = values[np.isfinite(values)]
    if not finite.size:
        return None
    low, high = (float(each) for each in np.quantile(finite, [_TAIL, 1 - _TAIL]))
    nonfinite, nan = values.size - finite.size, int(np.isnan(values).sum())
    return Statistics(values.size, float(finite.min()), float(finite.max()), (low, high), nonfinite, nan)
