"""Piecewise polynomials: coefficients fitted exactly to the whole fixed-point evaluation, or to the function alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import islice
from typing import Any

from ..accuracy.specification import Specification
from ..support.parameters import Parameter
from .base import Annealing, Candidate, Method, RefusalError
from .integer_polynomials.candidates import (
    DERIVATIONS,
    MAX_EXACT_DEGREE,
    SEARCHED_DEGREES,
    SHARINGS,
    SIGN_IN_SUMS,
    WHOLE,
    exact_candidates,
    exact_refusal,
)
from .integer_polynomials.folded_function import MOST_STEPS, FoldedFunction
from .integer_polynomials.inner_codes import inner_codes
from .real_polynomials.candidates import piecewise_candidates
from .real_polynomials.fits import find_fit, fit_classes
from .real_polynomials.fits.base import Fit
from .real_polynomials.fits.least_squares import LeastSquares
from .real_polynomials.fits.minimax import Minimax
from .real_polynomials.fits.samples import WEIGHTS
from .reduced import NONE, REDUCTION

__all__ = ["Polynomial"]

_MAX_DEGREE = 12
_MAX_SEGMENTS = 4096

_FOLDINGS = ("code", "complement", SIGN_IN_SUMS)

_PIECEWISE_LINEAR_BITS = 12
"""Bits of the inputs of a piecewise linear function for which polynomials are weighed, unless they are asked for."""

_EXACT = "exact"

_MOST_ANNEALED = 2
"""Candidates whose tables are searched if that is asked for, the cheapest first."""

_OF_EXACT = ("segmentation", "sharing", "coefficients", "products", "folding", "moves", "seed")
"""Parameters that say how the unit is built whose evaluation the coefficients are fitted to."""


_LONG_INTERVAL = 12
"""Clocks of an interval from which on the rows of a third product find a turn in the unit of the others."""


class Polynomial(Method):
    """A polynomial for each segment of power-of-two width, evaluated by Horner's rule.

    With an exact fit, products are rows of partial products, or whole for multiplier blocks. For every segment, all
    coefficients near a fit are found with which the unit is within the budget at each input, every truncation included.
    The simplest of these are taken.

    The other fits first find polynomials with real coefficients. The coefficients and the intermediate results are then
    rounded within the budget, which takes no longer for more inputs.
    """

    name = "polynomial"
    summary = "piecewise polynomials with coefficients fitted to the whole fixed-point evaluation, or in other ways"
    parameters = (
        Parameter(
            "fit",
            str,
            "how coefficients are found: for the whole fixed-point evaluation (exact), or for the function alone; "
            "exact unless given, and minimax where there are too many inputs to walk",
            choices=lambda: dict.fromkeys((_EXACT, *(fit.name for fit in fit_classes())), ()),
        ),
        Parameter(
            "weight",
            str,
            "of fit least_squares: whether an error counts for the same all over a segment (legendre, the default) or "
            "for more towards its ends (chebyshev)",
            choices=dict.fromkeys(WEIGHTS, ()),
        ),
        Parameter(
            "degree",
            int,
            f"degree of the polynomials, at most {MAX_EXACT_DEGREE} with fit exact; found unless given",
            minimum=0,
            maximum=_MAX_DEGREE,
        ),
        Parameter(
            "segments",
            int,
            "segments at most, over the folded, unsaturated input; found unless given",
            minimum=1,
            maximum=_MAX_SEGMENTS,
        ),
        Parameter(
            "segmentation",
            str,
            "whether segments have one width, or twice that in the tail (hierarchical); the smaller unless given",
            choices=dict.fromkeys(("uniform", "hierarchical"), ()),
        ),
        Parameter(
            "sharing",
            str,
            "what segments have in common: nothing, or pairs of them all coefficients but the highest, about the place "
            "between the two; the smaller unless given",
            choices=dict.fromkeys(SHARINGS, ()),
        ),
        Parameter(
            "coefficients",
            str,
            "whether each has a table (stored), or only the constant one, of which the others are the highest bits "
            "(derived), which suits functions like exp; the smaller unless given",
            choices=dict.fromkeys(DERIVATIONS, ()),
        ),
        Parameter(
            "products",
            str,
            "what makes the products: rows of partial products unless given, a multiplier block each (whole), or a "
            "block for the last and widest one",
            choices=dict.fromkeys(WHOLE, ()),
        ),
        Parameter(
            "folding",
            str,
            "what is cut into segments: the input's code, or with half as many its ones' complement if negative, after "
            "which the output is complemented (complement) or the operands of the last additions are (sums); unless "
            "given complement where it can be, with products in blocks the smaller, and sums where the adders of the "
            "target do that by themselves and it is the smaller",
            choices=dict.fromkeys(_FOLDINGS, ()),
        ),
        Parameter(
            "moves",
            int,
            "changes that a search for smaller tables tries, with fit exact; none unless given",
            minimum=1,
        ),
        Parameter("seed", int, "of that search: another number, another search; 1 unless given", minimum=0),
        REDUCTION,
    )
    searched = range(65)

    @classmethod
    def read(cls, given: Mapping[str, Any]) -> dict[str, Any]:
        read = super().read(given)
        asked = next((name for name in _OF_EXACT if read[name] is not None), None)
        fit = read["fit"] or (asked and _EXACT)  # a parameter of the exact fit alone implies that fit
        if fit != _EXACT and fit is not None:
            least, degree = find_fit(fit).least_degree, read["degree"]
            if asked is not None:
                raise ValueError(f"{asked} is a parameter of fit {_EXACT}, not of {fit}")
            if degree is not None and degree < least:
                raise ValueError(f"fit {fit} needs a degree of {least} or more, not {degree}")
        if read["seed"] is not None and read["moves"] is None:
            raise ValueError("seed is that of a search, which is to be asked for: moves=10000000")
        if read["weight"] is not None and fit != LeastSquares.name:
            other = f"not of {fit}" if fit else f"which is to be asked for: fit={LeastSquares.name}"
            raise ValueError(f"weight is a parameter of fit {LeastSquares.name}, {other}")
        return {**read, "fit": fit}

    @classmethod
    def refusal(cls, specification: Specification) -> str | None:
        """Return why no fit can serve the specification."""
        exact, function = exact_refusal(specification), specification.function
        if exact is None or function.analytic:
            return None
        return f"{exact}; the other fits need a function with a power series, and {function} {function.no_series}"

    @classmethod
    def searches(cls, specification: Specification) -> bool:
        pieces = specification.function.piecewise_linear
        if pieces is None:
            return super().searches(specification)
        # For more inputs, or if all slopes are mere shifts, method hard is smaller and finds its unit at once.
        few = (specification.codes.size - 1).bit_length() <= _PIECEWISE_LINEAR_BITS
        return few and not all(_is_shift(line.slope) for line in pieces.lines)

    @classmethod
    def with_blocks(
        cls, specification: Specification, dsp: int | None, bram: int | None
    ) -> Sequence[Mapping[str, Any]]:
        if exact_refusal(specification) is not None:
            return ()
        inner = inner_codes(specification)
        # A function of few constants takes no products.
        if FoldedFunction.of(specification if inner is None else inner.part).steps < MOST_STEPS:
            return ()
        if bram:
            return [{"products": "whole", "degree": degree, "sharing": "none"} for degree in SEARCHED_DEGREES]
        if dsp:  # tables of pairs are smaller, but have two indices and so could not share a block RAM
            one = {"products": "whole", "degree": 1, "sharing": "pairs"}
            return [one, {"products": "last" if dsp == 1 else "whole", "degree": 2, "sharing": "pairs"}]
        return ()

    @classmethod
    def with_complementing_adders(cls, specification: Specification) -> Sequence[Mapping[str, Any]]:
        if exact_refusal(specification) is not None:
            return ()
        inner = inner_codes(specification)
        function = FoldedFunction.of(specification if inner is None else inner.part)
        # A function of few constants takes no sums.
        if not function.takes_sign_in_sums or function.steps < MOST_STEPS:
            return ()
        return [{"folding": SIGN_IN_SUMS, REDUCTION.name: NONE}]

    @classmethod
    def with_interval(cls, specification: Specification, interval: int) -> Sequence[Mapping[str, Any]]:
        if interval < _LONG_INTERVAL or exact_refusal(specification) is not None:
            return ()
        return [{"degree": max(SEARCHED_DEGREES) + 1}]

    @classmethod
    def candidates(cls, specification: Specification, given: Mapping[str, Any]) -> Iterator[Candidate]:
        cls.check(specification)
        fit = given["fit"] or (_EXACT if exact_refusal(specification) is None else Minimax.name)
        if fit != _EXACT:
            return _fitted(specification, fit, given)
        refusal = exact_refusal(specification)
        if refusal is not None:
            raise RefusalError(refusal)
        degree = given["degree"]
        if degree is not None and degree > MAX_EXACT_DEGREE:
            raise RefusalError(f"fit {_EXACT} has degrees up to {MAX_EXACT_DEGREE}, not {degree}; use fit=minimax")
        if given["moves"] is None:
            return exact_candidates(specification, given)
        search = Annealing(given["moves"], 1 if given["seed"] is None else given["seed"])
        return _annealed(specification, exact_candidates(specification, given), search)


def _annealed(specification: Specification, made: Iterator[Candidate], search: Annealing) -> Iterator[Candidate]:
    """Yield the first candidates with the tables that a search makes smaller."""
    searched = (each.anneal(search) for each in made if each.anneal is not None)
    found = list(islice((each for each in searched if each is not None), _MOST_ANNEALED))
    if not found:
        raise RefusalError(f"no unit of {specification.function} has tables that can be searched; leave out moves")
    yield from sorted(found, key=lambda candidate: candidate.cost)


def _is_shift(slope: Fraction) -> bool:
    """Return whether multiplication by a slope is a shift."""
    numerator, denominator = abs(slope.numerator), slope.denominator
    return not numerator & (numerator - 1) and not denominator & (denominator - 1)


def _fitted(specification: Specification, fit: str, given: Mapping[str, Any]) -> Iterator[Candidate]:
    """Yield candidates with polynomials that are fitted to the function."""
    function = specification.function
    if not function.analytic:
        why = f"{function} {function.no_series}"
        raise RefusalError(f"fit {fit} needs a function with a power series; {why}, so use fit=exact")
    named = {"fit": fit} if given["weight"] is None else {"fit": fit, "weight": given["weight"]}
    made: Fit = LeastSquares(given["weight"]) if given["weight"] else find_fit(fit)()
    for candidate in piecewise_candidates(specification, made, given["degree"], given["segments"]):
        yield replace(candidate, parameters={**named, **candidate.parameters})
