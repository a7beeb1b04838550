"""Candidates of piecewise polynomials by Horner's rule: segments, degrees, and errors of evaluation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import islice

from ...accuracy.specification import Specification
from ..base import Candidate
from ..mirrored import Mirrored
from ..range_reduction.rectified_line import RectifiedLine
from ..range_reduction.reduced_input import ReducedInput
from .build import arrangements
from .fits.base import Fit
from .segments import Segments, cut

__all__ = ["piecewise_candidates"]

_EVALUATION_SHARE = Fraction(1, 4)
"""The share of the budget for rounding coefficients and intermediate results; without a budget, of one ulp."""

_ROUNDED_SHARES = tuple(Fraction(1, 1 << bits) for bits in (4, 8, 12, 16, 20))
"""Errors of evaluation to try, in ulp, under a budget that the final rounding alone may use up."""

_SEARCHED_DEGREES = range(8)
_SEARCHED_SEGMENTS = tuple(1 << bits for bits in range(11))


def piecewise_candidates(
    specification: Specification, fit: Fit, degree: int | None, count: int | None
) -> Iterator[Candidate]:
    """Yield plans worth trying, the cheapest first.

    Parameters
    ----------
    specification, fit
        The specification, and the fit that finds the polynomials.
    degree, count
        Degree, and the largest number of segments; None to search.

    """
    if _is_mirrored(specification):
        mirrored = Mirrored.of(specification)
        for candidate in piecewise_candidates(mirrored.half, fit, degree, count):
            yield replace(candidate, plan=mirrored.plan(candidate.plan))
        return
    domain = ReducedInput.of(specification)
    found = [
        candidate
        for share in _shares(specification, fit)
        for segments, power in _polynomials(fit, domain, degree, count, _allowance(specification, share))
        for candidate in arrangements(fit, segments, power, share)
    ]
    if not found and specification.budget is None:  # without a budget the closest is enough
        polynomials = list(_polynomials(fit, domain, degree, count, None))
        closest = min(segments.estimates[power] for segments, power in polynomials)
        for segments, power in polynomials:
            if segments.estimates[power] == closest:
                found += arrangements(fit, segments, power, _EVALUATION_SHARE)
    yield from sorted(found, key=lambda candidate: candidate.sort_key)


def _is_mirrored(specification: Specification) -> bool:
    """Return whether the function is even but for its rectified line, and has inputs of both signs."""
    line, codes = RectifiedLine.of(specification), specification.codes
    symmetry = specification.function.symmetry
    return bool(symmetry and symmetry.slope and codes.low < 0 < codes.high and line and line.rest(specification))


def _shares(specification: Specification, fit: Fit) -> tuple[Fraction, ...]:
    """Return errors of evaluation to try, in ulp of the output."""
    if specification.budget is None:
        return (_EVALUATION_SHARE,)
    limit = specification.budget.in_ulp(specification.output_format)
    room = limit - Fraction(1, 2)
    if room > limit * _EVALUATION_SHARE:
        return tuple(limit * share for share in fit.evaluation_shares if limit * share <= room)
    return _ROUNDED_SHARES


def _allowance(specification: Specification, share: Fraction) -> Fraction:
    """Return the largest error of the polynomials, in ulp, with which a candidate is worth building.

    Rounding adds half an ulp almost anywhere; but where a segment has few codes, none may lie where both are large.
    """
    limit = specification.budget.in_ulp(specification.output_format) if specification.budget else Fraction(1)
    return max(limit if limit > Fraction(1, 2) else Fraction(0), share)


def _polynomials(
    fit: Fit, domain: ReducedInput, degree: int | None, count: int | None, allowance: Fraction | None
) -> Iterator[tuple[Segments, int]]:
    """Yield polynomials and their degrees: as given, or all within the allowance; without an allowance, all."""
    degrees = _SEARCHED_DEGREES[fit.least_degree :] if degree is None else (degree,)
    shifts = set()
    for most in _SEARCHED_SEGMENTS if count is None else (count,):
        if most > 1:
            shift = cut(domain, most).shift
            if shift in shifts:  # the same segments again
                continue
            shifts.add(shift)
        searched = allowance is not None and (degree is None or count is None)
        polynomials = fit.polynomials(domain, most, degrees, allowance if searched else None)
        if allowance is not None and searched:
            # A higher degree on the same segments costs more: two more are tried in case the first fails.
            polynomials = islice((pair for pair in polynomials if pair[0].estimates[pair[1]] <= allowance), 3)
        yield from polynomials
