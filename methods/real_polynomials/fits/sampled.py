"""The common part of fits to samples of the function."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Iterator
from dataclasses import replace
from fractions import Fraction
from typing import ClassVar

from flint import ctx, fmpq_poly

from ....accuracy.intervals import close_values
from ....accuracy.taylor_models import Truth, ratio
from ....functions.number_types.working_precision import PROOF_BITS
from ....plan.operations.base import Range
from ...range_reduction.reduced_input import ReducedInput
from ..segments import Segments, cut
from .base import Fit
from .samples import Samples

__all__ = ["SampledFit"]

_STEPS = 16
"""Tolerances of saturation that are tried, for every doubling."""

_TIGHT = 1 + Fraction(1, 64)
"""A bound this near to the estimated error is near enough."""

_FINE = Fraction(1, 1 << 40)
"""A bound in ulp that need not be better."""

_MOST_SUBINTERVALS = 1 << 14
"""The most subintervals: beyond, a bound is left as it is."""


class SampledFit(Fit):
    """Polynomials of one degree for all segments, fitted to samples of the function.

    A single segment covers the function up to where a constant is as good as the polynomial.
    """

    # Errors of roundings hardly ever come together: with half of the budget for them there is a bit less of everything.
    evaluation_shares = (Fraction(1, 4), Fraction(1, 2))

    joined: ClassVar[bool] = False
    """Whether a segment goes on to the first code of the next one."""

    def __init__(self) -> None:
        self._samples: dict[tuple[ReducedInput, int | None], Samples] = {}
        self._made: dict[tuple[ReducedInput, int | None, int], Segments] = {}

    @abstractmethod
    def fit(self, samples: Samples, degree: int) -> Segments:
        """Return the polynomials of a degree."""

    def polynomials(
        self, domain: ReducedInput, most: int, degrees: Iterable[int], allowance: Fraction | None
    ) -> Iterator[tuple[Segments, int]]:
        for degree in degrees:
            if most == 1:
                segments = self._of_one(domain, degree, allowance)
            else:
                segments = self._of_many(domain, most, degree, allowance)
            if segments is not None:
                yield segments, degree

    def _of_many(self, domain: ReducedInput, most: int, degree: int, allowance: Fraction | None) -> Segments | None:
        segments = cut(domain, most)
        key = (domain, segments.shift, degree)
        if key not in self._made:
            samples = self._samples.setdefault(key[:2], Samples(segments, self.joined and segments.shift != 0))
            if allowance is not None and samples.least_error(degree) > allowance:
                return None
            self._made[key] = self.fit(samples, degree)
        return self._made[key]

    def _of_one(self, domain: ReducedInput, degree: int, allowance: Fraction | None) -> Segments | None:
        key = (domain, None, degree)
        if key in self._made:
            return self._made[key]
        samples = self._samples.setdefault(key[:2], Samples(_one_segment(domain, domain.inside)))
        if allowance is not None and samples.least_error(degree) > allowance:
            return None
        found = self.fit(samples, degree)
        if allowance is None and domain.saturated != (None, None):
            found = self._saturated(domain, degree, found)
        self._made[key] = found
        return found

    def _saturated(self, domain: ReducedInput, degree: int, found: Segments) -> Segments:
        """Return the polynomial on fewer codes, where it is about as good as the constants beyond them."""
        few, many = 0, _STEPS * (domain.specification.output_format.width + 1)
        if found.estimates[-1] <= 1 / 2:
            return found
        # The wider the tolerance, the less is left, and the better the polynomial is there.
        while many - few > 1:
            step = (few + many) // 2
            tolerance = Fraction(2.0 ** (step / _STEPS - 1))
            inside = domain.unsaturated(tolerance)
            narrower = self.fit(Samples(_one_segment(domain, inside)), degree) if inside.size else None
            if narrower is None or narrower.estimates[-1] <= tolerance:
                many = step
            else:
                few = step
            if narrower is not None and narrower.estimates[-1] <= tolerance:
                found = replace(narrower, estimates=(*narrower.estimates[:-1], float(tolerance)))
        return found

    def approximation_error(self, segments: Segments, degree: int) -> Fraction | None:
        """Return a rigorous bound of the error in ulp: Taylor models of the function, subdivided until it is tight."""
        specification = segments.domain.specification
        truth = Truth(specification)
        enough = ratio(max(Fraction(segments.estimates[-1]) * _TIGHT, _FINE))
        worst, count_of_models = ratio(Fraction(0)), 0
        with ctx.workprec(PROOF_BITS + specification.output_format.width):
            for segment in range(segments.count):
                polynomial = fmpq_poly([ratio(coefficient) for coefficient in segments.coefficients[segment]])
                subintervals = [segments.covered(segment)]
                while subintervals:
                    low, high = subintervals.pop()
                    count_of_models += 1
                    middle, half = (specification.input_format.value(high + sign * low) / 2 for sign in (1, -1))
                    affine = fmpq_poly([ratio(middle - segments.centre(segment)), ratio(half)])
                    model, error = truth.unclamped(low, high)
                    size = (close_values(model - polynomial(affine)) + error).size
                    if size > enough and low < high and count_of_models < _MOST_SUBINTERVALS:
                        cut_at = (low + high) // 2
                        subintervals += [Range(low, cut_at), Range(cut_at + 1, high)]
                    else:
                        worst = max(worst, size)
        return Fraction(int(worst.p), int(worst.q))


def _one_segment(domain: ReducedInput, inside: Range) -> Segments:
    return Segments(domain, None, (inside.low + inside.high + 1) // 2, inside, ((),), ())
