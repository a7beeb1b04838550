"""Least squares: projections on orthogonal polynomials."""

from __future__ import annotations

from ..segments import Segments
from .sampled import SampledFit
from .samples import Samples

__all__ = ["LeastSquares"]


class LeastSquares(SampledFit):
    """The polynomial with the least mean square error: the function's projection on orthogonal polynomials.

    These are those of A.-M. Legendre (Recherches sur l'attraction des sphéroïdes homogènes, 1785), for which every
    offset of a segment counts the same, or of P. Chebyshev (Théorie des mécanismes connus sous le nom de
    parallélogrammes, 1854), for which the ends count more: their largest error is nearly the least there is (J.-M.
    Muller, Elementary Functions: Algorithms and Implementation, 2016, chapter 3).
    """

    name = "least_squares"

    def __init__(self, weight: str = "legendre") -> None:
        super().__init__()
        self._weight = weight

    def fit(self, samples: Samples, degree: int) -> Segments:
        return samples.fitted(samples.projection(self._weight, degree))
