"""Pareto fronts."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["pareto_front"]


def pareto_front(first: ArrayLike, second: ArrayLike) -> NDArray[np.bool_]:
    """Return which points are on the front of two costs.

    A point is on it unless another one is at least as good in both costs and better in one. Equal points are on the
    front together or not at all.

    Parameters
    ----------
    first, second
        The costs of each point, less being better. NaN stands for a cost that is not known: such a point is not on the
        front, and no point is off it because of that one.

    Returns
    -------
    ndarray
        A boolean for each point, in their order.

    Examples
    --------
    >>> pareto_front([1, 2, 2, 3, np.nan], [9, 4, 5, 4, 0])
    array([ True,  True, False, False, False])

    """
    x, y = (np.asarray(costs, dtype=np.float64) for costs in (first, second))
    if x.ndim != 1 or x.shape != y.shape:
        raise ValueError(f"first and second must be as long as one another, not of shapes {x.shape} and {y.shape}")
    front = np.zeros(len(x), dtype=np.bool_)
    known = np.flatnonzero(~(np.isnan(x) | np.isnan(y)))
    order = known[np.lexsort((y[known], x[known]))]  # by x, and by y where x is the same
    x, y = x[order], y[order]
    best = np.minimum.accumulate(y)
    since = np.searchsorted(-best, -best)  # where the best y so far was met first
    front[order] = (y == best) & (x == x[since])
    return front
