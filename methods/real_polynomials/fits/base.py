"""The base of fits: a fit gives every piece of a cut domain a polynomial."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import ClassVar

from ...range_reduction.reduced_input import ReducedInput
from ..segments import Pieces

__all__ = ["Fit"]


class Fit(ABC):
    """A way to find polynomials for pieces. One subclass a file."""

    name: ClassVar[str]
    aliases: ClassVar[tuple[str, ...]] = ()

    least_degree: ClassVar[int] = 0
    """The lowest degree that there is a fit of."""

    evaluation_shares: ClassVar[tuple[Fraction, ...]] = (Fraction(1, 4),)
    """Shares of the budget, one after the other, that coefficients and intermediate roundings may use."""

    @abstractmethod
    def trials(
        self, domain: ReducedInput, segments: int, degrees: Iterable[int], allowance: Fraction | None
    ) -> Iterator[tuple[Pieces, int]]:
        """Yield the polynomials of each degree on at most so many pieces.

        Parameters
        ----------
        domain
            What is cut.
        segments
            Pieces at most. One piece may cover a part of the domain only, where it does better than a constant beyond.
        degrees
            Degrees in ascending order.
        allowance
            An error in ulp; what is sure to be worse may be left out.

        """

    @abstractmethod
    def remainder(self, pieces: Pieces, degree: int) -> Fraction | None:
        """Return a rigorous bound of the polynomials' error in ulp, wherever codes occur; None if there is none."""
