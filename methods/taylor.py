"""Taylor polynomials, one for each segment of the input, evaluated by Horner's rule."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..accuracy.specification import Specification
from ..support.parameters import Parameter
from .base import Candidate, Method
from .real_polynomials.candidates import piecewise_candidates
from .real_polynomials.fits.taylor import TaylorFit
from .reduced import REDUCTION

__all__ = ["Taylor"]

_MAX_DEGREE = 12
_MAX_SEGMENTS = 4096


class Taylor(Method):
    """The Taylor polynomial about the middle of each segment of power-of-two width, or a single polynomial.

    An input of both signs is folded if the function has a symmetry, and saturated where the function is close enough to
    a limit.
    """

    name = "taylor"
    summary = "Taylor polynomials about one or several centres, evaluated by Horner's rule"
    parameters = (
        Parameter("degree", int, "degree of the polynomials; found unless given", minimum=0, maximum=_MAX_DEGREE),
        Parameter(
            "segments",
            int,
            "segments at most, over the folded, unsaturated input; 1 is one centre, 0 if that is an input; "
            "found unless given",
            minimum=1,
            maximum=_MAX_SEGMENTS,
        ),
        REDUCTION,
    )
    # For fewer bits, exact fits are smaller; for more, the minimax polynomials of method polynomial are.
    searched = range(13, 21)

    @classmethod
    def refusal(cls, specification: Specification) -> str | None:
        function = specification.function
        if not function.analytic:
            other = "polynomial" if function.piecewise_linear is None else "hard"
            why = f"{function} {function.no_series}"
            return f"method taylor needs a function with a power series; {why}, so use method {other}"
        return None

    @classmethod
    def candidates(cls, specification: Specification, given: Mapping[str, Any]) -> Iterator[Candidate]:
        cls.check(specification)
        yield from piecewise_candidates(specification, TaylorFit(), given.get("degree"), given.get("segments"))
