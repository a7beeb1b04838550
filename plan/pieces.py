"""The input of a function cut for piecewise approximation: folded by symmetry, saturated, split into equal pieces."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import floor
from typing import Any

from .arithmetic import FLOATS, to_ball, to_fraction
from .series import taylor_series
from .specification import Specification

__all__ = ["Domain", "Pieces", "cut", "one_centre"]

_PRECISION = 128

_TAIL_TERMS = 8
"""Terms beyond the degree that are bounded one by one: the remainder after them is small even if bounded loosely."""

_UNBOUNDED = Fraction(1 << 64)
"""Stands for a remainder that no bound was found for, in ulp."""


@dataclass(frozen=True)
class Domain:
    """What is left of the input to be approximated: magnitude codes ``0 .. codes - 1``.

    A folded input is replaced by its magnitude, up to and including that of the most negative code. From `codes` on,
    up to `top`, the function stays so close to its limit that `saturated`, in ulp of the output, stands for it.
    """

    specification: Specification
    folded: bool
    top: int
    codes: int
    saturated: int

    @classmethod
    def of(cls, specification: Specification) -> Domain:
        """Fold and saturate the input of a specification.

        The constant may be off by half an ulp, or by half the budget where that is more.
        """
        source, output, function = specification.input_format, specification.output_format, specification.function
        folded = source.signed and function.symmetry is not None
        top = -source.min_code if folded else source.max_code
        if function.limits is None:
            return cls(specification, folded, top, top + 1, 0)
        saturated = floor(function.limits[1] / output.ulp + Fraction(1, 2))
        tolerance = Fraction(1, 2)
        if specification.budget is not None:
            tolerance = max(tolerance, specification.budget.in_ulp(output) / 2)
        inside, outside = -1, top + 1  # a function with limits does not decrease: bisect
        while outside - inside > 1:
            middle = (inside + outside) // 2
            if abs(specification.true_value(source.value(middle)) - saturated) <= tolerance:
                outside = middle
            else:
                inside = middle
        return cls(specification, folded, top, max(outside, 1), saturated)


@dataclass(frozen=True)
class Pieces:
    """Taylor coefficients for pieces of a domain, in ulp of the output and powers of the input's value.

    Parameters
    ----------
    domain
        What is cut.
    shift
        Pieces hold ``2**shift`` codes each and are expanded about their middle; None for one centre at 0.
    codes
        Codes covered; beyond is saturation.
    coefficients
        For each piece, one coefficient for each power.
    remainders
        For each degree, a bound of the error of the polynomials in ulp, over every piece.
    proved
        Whether the remainders are rigorous, or estimates by floats.

    """

    domain: Domain
    shift: int | None
    codes: int
    coefficients: tuple[tuple[Fraction, ...], ...]
    remainders: tuple[Fraction, ...]
    proved: bool

    @property
    def count(self) -> int:
        """Number of pieces."""
        return len(self.coefficients)

    @property
    def reach(self) -> Fraction:
        """The largest distance from a centre."""
        if self.shift is None:
            return (self.codes - 1) * self.domain.specification.input_format.ulp
        return Fraction(1 << self.shift, 2) * self.domain.specification.input_format.ulp


def cut(domain: Domain, segments: int, degree: int) -> Pieces:
    """Cut a domain into at most `segments` pieces of equal power-of-two width, expanded up to `degree`."""
    from flint import ctx

    specification = domain.specification
    shift = max((-(-domain.codes // segments) - 1).bit_length(), 0)
    count = -(-domain.codes >> shift)
    unit = specification.input_format.ulp
    reach = Fraction(1 << shift, 2) * unit if shift else Fraction(0)
    terms = degree + 1 + _TAIL_TERMS
    coefficients, bounds = [], [Fraction(0)] * (degree + 1)
    with ctx.workprec(_PRECISION + specification.output_format.width):
        scale = to_ball(1 / specification.output_format.ulp)
        for piece in range(count):
            centre = (piece << shift) * unit + reach
            series = taylor_series(specification.function, centre, Fraction(1), terms, Fraction(0))
            wide = taylor_series(specification.function, centre, Fraction(1), terms + 1, reach)
            if series is None:
                raise ValueError(f"{specification.function} has no power series about {float(centre):g}")
            coefficients.append(tuple(to_fraction((term * scale).mid()) for term in series[: degree + 1]))
            # The error of degree k is at most the terms above k, and the Lagrange remainder beyond the last of them.
            tail = _upper(wide[terms] * scale) * reach**terms if wide else _UNBOUNDED
            for k in range(terms - 1, 0, -1):
                tail += _upper(series[k] * scale) * reach**k
                if k <= degree + 1:
                    bounds[k - 1] = max(bounds[k - 1], tail)
    return Pieces(domain, shift, min(count << shift, domain.top + 1), tuple(coefficients), tuple(bounds), True)


def _upper(ball: Any) -> Fraction:
    return to_fraction(ball.abs_upper())


def one_centre(domain: Domain, degree: int) -> Pieces:
    """Expand about 0 and saturate where the polynomial has become worse than the limit.

    The series of the logistic function converges for ``|x| < pi`` only, that of tanh for ``|x| < pi/2``; so the
    polynomial is followed up to the code where saturation is as good, and its error there is estimated by floats.
    """
    import numpy as np
    from flint import ctx

    specification = domain.specification
    with ctx.workprec(_PRECISION + specification.output_format.width):
        series = taylor_series(specification.function, Fraction(0), Fraction(1), degree + 1, Fraction(0))
        if series is None:
            raise ValueError(f"{specification.function} has no power series about 0")
        scale = to_ball(1 / specification.output_format.ulp)
        coefficients = tuple(to_fraction((term * scale).mid()) for term in series)
    step = max(domain.codes >> 12, 1)
    codes = np.unique(np.append(np.arange(0, domain.codes, step), domain.codes - 1))
    x = codes * float(specification.input_format.ulp)
    truth = specification.function(x, FLOATS) / float(specification.output_format.ulp)
    polynomial = np.polynomial.polynomial.polyval(x, [float(c) for c in coefficients])
    approximated = np.maximum.accumulate(np.abs(polynomial - truth))
    codes_covered, remainder = domain.codes, float(approximated[-1])
    if specification.function.limits is not None:
        better = np.flatnonzero(np.abs(truth - domain.saturated) < approximated)
        if len(better) and better[0] > 0:
            codes_covered = int(codes[better[0]])
            remainder = max(float(approximated[better[0] - 1]), abs(float(truth[better[0]]) - domain.saturated))
    remainders = (_UNBOUNDED,) * degree + (Fraction(remainder),)
    return Pieces(domain, None, codes_covered, (coefficients,), remainders, False)
