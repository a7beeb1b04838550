"""The base of fits: a fit gives every segment of a domain a polynomial."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import ClassVar

from ...range_reduction.reduced_input import ReducedInput
from ..segments import Segments

__all__ = ["Fit"]


class Fit(ABC):
    """A way to find polynomials for segments. One subclass a file."""

    name: ClassVar[str]
    aliases: ClassVar[tuple[str, ...]] = ()

    least_degree: ClassVar[int] = 0
    """The lowest degree that the fit supports."""

    evaluation_shares: ClassVar[tuple[Fraction, ...]] = (Fraction(1, 4),)
    """Shares of the budget for rounding coefficients and intermediate results, to try in turn."""

    @abstractmethod
    def polynomials(
        self, domain: ReducedInput, most: int, degrees: Iterable[int], allowance: Fraction | None
    ) -> Iterator[tuple[Segments, int]]:
        """Yield the polynomials of each degree, with the degree, on at most `most` segments.

        Parameters
        ----------
        domain
            The domain to cut.
        most
            The most segments. A single one may cover only the part of the domain where it beats a constant.
        degrees
            Degrees in ascending order.
        allowance
            An error in ulp; polynomials that surely exceed it may be left out.

        """

    @abstractmethod
    def approximation_error(self, segments: Segments, degree: int) -> Fraction | None:
        """Return a rigorous bound of the polynomials' error in ulp over all codes that occur; None if unknown."""
