"""The common part of fits that are made to samples of the function."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Iterator
from dataclasses import replace
from fractions import Fraction
from typing import ClassVar

from flint import ctx, fmpq_poly

from ....accuracy.intervals import close_values
from ....accuracy.taylor_models import PRECISION, Truth, ratio
from ....plan.operations.base import Range
from ...range_reduction.reduced_input import ReducedInput
from ..segments import Pieces, cut
from .base import Fit
from .samples import Samples

__all__ = ["SampledFit"]

_STEPS = 16
"""Tolerances of saturation that are tried, for every doubling."""

_TIGHT = 1 + Fraction(1, 64)
"""A bound this near to the estimated error is near enough."""

_FINE = Fraction(1, 1 << 40)
"""A bound in ulp that need not be better."""

_MOST_STRETCHES = 1 << 14
"""Beyond so many stretches a bound is left as it is."""


class SampledFit(Fit):
    """Polynomials of one degree for all pieces, made to samples of the function on each.

    One piece alone covers the function up to where a constant is as good as the polynomial.
    """

    # Errors of roundings hardly ever come together: with half of the budget for them there is a bit less of everything.
    evaluation_shares = (Fraction(1, 4), Fraction(1, 2))

    joined: ClassVar[bool] = False
    """Whether a piece goes on to the first code of the next one."""

    def __init__(self) -> None:
        self._samples: dict[tuple[ReducedInput, int | None], Samples] = {}
        self._made: dict[tuple[ReducedInput, int | None, int], Pieces] = {}

    @abstractmethod
    def fit(self, samples: Samples, degree: int) -> Pieces:
        """Return the polynomials of a degree."""

    def trials(
        self, domain: ReducedInput, segments: int, degrees: Iterable[int], allowance: Fraction | None
    ) -> Iterator[tuple[Pieces, int]]:
        for degree in degrees:
            if segments == 1:
                pieces = self._of_one(domain, degree, allowance)
            else:
                pieces = self._of_many(domain, segments, degree, allowance)
            if pieces is not None:
                yield pieces, degree

    def _of_many(self, domain: ReducedInput, segments: int, degree: int, allowance: Fraction | None) -> Pieces | None:
        pieces = cut(domain, segments)
        key = (domain, pieces.shift, degree)
        if key not in self._made:
            samples = self._samples.setdefault(key[:2], Samples(pieces, self.joined and pieces.shift != 0))
            if allowance is not None and samples.least_error(degree) > allowance:
                return None
            self._made[key] = self.fit(samples, degree)
        return self._made[key]

    def _of_one(self, domain: ReducedInput, degree: int, allowance: Fraction | None) -> Pieces | None:
        key = (domain, None, degree)
        if key in self._made:
            return self._made[key]
        samples = self._samples.setdefault(key[:2], Samples(_one_piece(domain, domain.inside)))
        if allowance is not None and samples.least_error(degree) > allowance:
            return None
        found = self.fit(samples, degree)
        if allowance is None and domain.saturated != (None, None):
            found = self._saturated(domain, degree, found)
        self._made[key] = found
        return found

    def _saturated(self, domain: ReducedInput, degree: int, found: Pieces) -> Pieces:
        """Return the polynomial that is about as good as the constants beyond it, which it then covers less for."""
        few, many = 0, _STEPS * (domain.specification.output_format.width + 1)
        if found.estimates[-1] <= 1 / 2:
            return found
        # The wider the tolerance, the less is left, and the better the polynomial is there.
        while many - few > 1:
            step = (few + many) // 2
            tolerance = Fraction(2.0 ** (step / _STEPS - 1))
            inside = domain.unsaturated(tolerance)
            trial = self.fit(Samples(_one_piece(domain, inside)), degree) if inside.size else None
            if trial is None or trial.estimates[-1] <= tolerance:
                many = step
            else:
                few = step
            if trial is not None and trial.estimates[-1] <= tolerance:
                found = replace(trial, estimates=(*trial.estimates[:-1], float(tolerance)))
        return found

    def remainder(self, pieces: Pieces, degree: int) -> Fraction | None:
        """Return a rigorous bound of the error in ulp: Taylor models of the function, subdivided until it is tight."""
        specification = pieces.domain.specification
        truth = Truth(specification)
        enough = ratio(max(Fraction(pieces.estimates[-1]) * _TIGHT, _FINE))
        worst, looked = ratio(Fraction(0)), 0
        with ctx.workprec(PRECISION + specification.output_format.width):
            for piece in range(pieces.count):
                polynomial = fmpq_poly([ratio(coefficient) for coefficient in pieces.coefficients[piece]])
                stretches = [pieces.covered(piece)]
                while stretches:
                    low, high = stretches.pop()
                    looked += 1
                    middle, half = (specification.input_format.value(high + sign * low) / 2 for sign in (1, -1))
                    place = fmpq_poly([ratio(middle - pieces.centre(piece)), ratio(half)])
                    model, error = truth.unclamped(low, high)
                    size = (close_values(model - polynomial(place)) + error).size
                    if size > enough and low < high and looked < _MOST_STRETCHES:
                        cut_at = (low + high) // 2
                        stretches += [Range(low, cut_at), Range(cut_at + 1, high)]
                    else:
                        worst = max(worst, size)
        return Fraction(int(worst.p), int(worst.q))


def _one_piece(domain: ReducedInput, inside: Range) -> Pieces:
    return Pieces(domain, None, (inside.low + inside.high + 1) // 2, inside, ((),), ())
