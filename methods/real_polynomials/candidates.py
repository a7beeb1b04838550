"""Candidates of piecewise polynomials by Horner's rule: cuts, degrees, and errors of evaluation."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import islice

from ...accuracy.specification import Specification
from ..base import Candidate
from ..range_reduction.reduced_input import ReducedInput
from .build import arrangements
from .fits.base import Fit
from .segments import Pieces, cut

__all__ = ["piecewise_candidates"]

_EVALUATION_SHARE = Fraction(1, 4)
"""Coefficients and intermediate roundings may use this share of the budget (of one ulp if there is none)."""

_ROUNDED_SHARES = tuple(Fraction(1, 1 << bits) for bits in (4, 8, 12, 16, 20))
"""Errors of evaluation, in ulp, to try under a budget that rounding alone may use up."""

_SEARCHED_DEGREES = range(8)
_SEARCHED_SEGMENTS = tuple(1 << bits for bits in range(11))


def piecewise_candidates(
    specification: Specification, fit: Fit, degree: int | None, segments: int | None
) -> Iterator[Candidate]:
    """Yield plans worth trying, the cheapest first, for a degree and segments that are given or None."""
    domain = ReducedInput.of(specification)
    found = [
        candidate
        for share in _shares(specification, fit)
        for pieces, power in _trials(fit, domain, degree, segments, _allowance(specification, share))
        for candidate in arrangements(fit, pieces, power, share)
    ]
    if not found and specification.budget is None:  # nothing is enforced: the closest will do
        trials = list(_trials(fit, domain, degree, segments, None))
        closest = min(pieces.estimates[power] for pieces, power in trials)
        for pieces, power in trials:
            if pieces.estimates[power] == closest:
                found += arrangements(fit, pieces, power, _EVALUATION_SHARE)
    yield from sorted(found, key=lambda candidate: candidate.place)


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
    """Return the largest error of the polynomials, in ulp, with which a candidate is worth a trial.

    Rounding adds half an ulp almost anywhere; but where a piece has few codes, none may lie where both are large.
    """
    limit = specification.budget.in_ulp(specification.output_format) if specification.budget else Fraction(1)
    return max(limit if limit > Fraction(1, 2) else Fraction(0), share)


def _trials(
    fit: Fit, domain: ReducedInput, degree: int | None, segments: int | None, allowance: Fraction | None
) -> Iterator[tuple[Pieces, int]]:
    """Yield cuts and degrees: those given, or all that are worth building; without an allowance, all there are."""
    degrees = _SEARCHED_DEGREES[fit.least_degree :] if degree is None else (degree,)
    shifts = set()
    for count in _SEARCHED_SEGMENTS if segments is None else (segments,):
        if count > 1:
            shift = cut(domain, count).shift
            if shift in shifts:  # the same cut once more
                continue
            shifts.add(shift)
        searched = allowance is not None and (degree is None or segments is None)
        trials = fit.trials(domain, count, degrees, allowance if searched else None)
        if allowance is not None and searched:
            # A higher degree on the same cut costs more: further ones are for luck with the first.
            trials = islice((trial for trial in trials if trial[0].estimates[trial[1]] <= allowance), 3)
        yield from trials
