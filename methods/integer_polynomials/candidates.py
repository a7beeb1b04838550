"""Candidates of exactly fitted polynomials: folding, saturation, degrees, segments and shapes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import product
from typing import Any

from ...accuracy.limits import SEARCHED_CODES
from ...accuracy.specification import Specification
from ...plan.lut_estimate import logic_size, table_size
from ..base import Annealing, Candidate, RefusalError
from .build import build
from .coefficient_choice import choose
from .coefficient_sets import FeasibleSet
from .datapath_shape import DatapathShape
from .fitter import Fitter
from .folded_function import MOST_STEPS, FoldedFunction
from .inner_codes import inner_codes
from .multiplicands import multiplicand_ranges
from .saturation import Saturation, find_saturations
from .segmentation import Segmentation
from .stored_tables import constant_bits, stored_tables
from .table_network import anneal_tables
from .word_lengths import feasible_shapes, narrow_multiplicands

__all__ = [
    "DERIVATIONS",
    "MAX_EXACT_DEGREE",
    "SEARCHED_DEGREES",
    "SHARINGS",
    "SIGN_IN_SUMS",
    "WHOLE",
    "exact_candidates",
    "exact_refusal",
]

MAX_EXACT_DEGREE = 4
SEARCHED_DEGREES = (1, 2)
_SEARCHED_SEGMENTS = 1024

_FEWEST_CODES = 2

_MOST_OUTPUT_BITS = 32

_PATIENCE = 2
"""Number of shapes in a row without an improvement after which the search for a segment size stops."""

_START_BITS = (5, 8, 64)
"""Numbers of high bits of the code at which saturation begins that may be 1, to try in turn.

With fewer bits the comparison is simpler, but the polynomials must reach further. Where units are correctly rounded
there may then be no coefficients, so at last every bit may be 1.
"""

_LEAST_TAIL = 3
"""The fewest bits below the bit that is 1 in a tail."""

_FEW_SEGMENTS = 64
"""Up to this number of segments, leaving out a quarter of them saves no look-up table of four inputs."""

_LEAST_SIGN_FREE_BITS = 3
"""The fewest offset bits of a sign-free datapath: those of two digits."""

SIGN_IN_SUMS = "sums"
"""The parameter `folding` of a sign-free datapath."""

SHARINGS = {"none": False, "pairs": True}
"""Whether segments come in pairs, by the parameter `sharing`."""

DERIVATIONS = {"stored": False, "derived": True}
"""Whether all coefficients but the constant one are derived from it, by the parameter `coefficients`."""

WHOLE = {"rows": 0, "last": 1, "whole": MAX_EXACT_DEGREE}
"""The most products that are whole, those of the lowest powers first, by the parameter `products`."""


def exact_refusal(specification: Specification) -> str | None:
    """Return why coefficients cannot be fitted to the whole evaluation; None if they can."""
    size = specification.codes.size
    if size < _FEWEST_CODES:
        return f"fit exact needs inputs that differ; {specification.domain} has one code"
    if size > SEARCHED_CODES and inner_codes(specification) is None:
        return (
            f"fit exact walks every input at which {specification.function} is neither a limit nor an asymptote; "
            f"{specification.domain} has more than {SEARCHED_CODES} of them"
        )
    if specification.output_format.width > _MOST_OUTPUT_BITS:
        return f"fit exact has outputs of at most {_MOST_OUTPUT_BITS} bits, not {specification.output_format}"
    return None


def exact_candidates(specification: Specification, given: Mapping[str, Any]) -> Iterator[Candidate]:
    """Yield the candidates whose coefficients are fitted to the whole evaluation."""
    if (inner := inner_codes(specification)) is not None:
        yield from inner.candidates(exact_candidates(inner.part, given))
        return
    folding, products = given.get("folding"), given.get("products") or "rows"
    function = FoldedFunction.of(specification, fold=folding != "code")
    _check_folding(function, given)
    found = _of_function(function, given)
    if function.line is not None and not function.folded:  # what is left may be no smaller
        found += _of_function(FoldedFunction.of(specification, fold=False), given)
    downwards = FoldedFunction.counted_down(specification)
    if downwards is not None and folding is None:
        found += _of_function(downwards, given)
    # Without the logic for the sign tables are twice as large, which defeats the purpose of pairs.
    if folding is None and products != "rows" and function.folded and given.get("sharing") != "pairs":
        found += _of_function(FoldedFunction.of(specification, fold=False), {**given, "sharing": "none"})
    yield from sorted(found, key=lambda candidate: candidate.cost)


def _check_folding(function: FoldedFunction, given: Mapping[str, Any]) -> None:
    """Raise `RefusalError` if the folding that is asked for does not suit the function or other parameters."""
    folding, specification = given.get("folding"), function.specification
    if folding not in ("complement", SIGN_IN_SUMS):
        return
    of_unit = f"{specification.function} from {specification.domain} to {specification.output_format}"
    if not function.folded:
        needs = "needs a symmetry and inputs of both signs"
        raise RefusalError(f"folding {folding} {needs}, which {of_unit} has not; use folding code")
    if folding == "complement":
        return
    if not function.takes_sign_in_sums:
        needs = "needs outputs for negative inputs that are complements of the others, or the same"
        raise RefusalError(f"folding {folding} {needs}, which {of_unit} has not; use folding complement")
    for name, only in (("products", "rows"), ("coefficients", "stored")):
        if given.get(name) not in (None, only):
            raise RefusalError(f"folding {folding} takes {name} {only}, not {given[name]}")
    if given.get("degree") == 0:
        raise RefusalError(f"folding {folding} needs a degree of 1 or more, not 0")


def _of_function(function: FoldedFunction, given: Mapping[str, Any]) -> list[Candidate]:
    """Return the candidates of a folded function with the simplest saturation that leaves any, perhaps also without."""
    if not function.feasible:
        return []
    degrees: Sequence[int] = SEARCHED_DEGREES if given.get("degree") is None else (given["degree"],)
    segments = given.get("segments") or _SEARCHED_SEGMENTS
    # Where a few constants suffice, many larger shapes are feasible too, and take long to find.
    if given.get("degree") is None and function.is_constant:
        degrees, segments = (0,), 1
    elif given.get("degree") is None and function.steps < MOST_STEPS:
        degrees = (0, 1)
    sign_free = given.get("folding") == SIGN_IN_SUMS
    if sign_free:
        degrees = tuple(degree for degree in degrees if degree)
    products = given.get("products") or "rows"
    given_parameters = {} if products == "rows" else {"products": products}
    if given_parameters or given.get("folding"):
        given_parameters["folding"] = SIGN_IN_SUMS if sign_free else "complement" if function.folded else "code"
    whole = WHOLE[products]

    # With rows, pairs take one more row, which costs about what they save in the tables.
    sharings = SHARINGS.values() if whole else [False]
    if given.get("sharing") is not None:
        sharings = [SHARINGS[given["sharing"]]]

    derivations = list(DERIVATIONS.values())
    if given.get("coefficients") is not None:
        derivations = [DERIVATIONS[given["coefficients"]]]
    elif sign_free:
        derivations = [False]

    def with_given_parameters(candidate: Candidate) -> Candidate:
        return replace(candidate, parameters={**candidate.parameters, **given_parameters})

    def candidates_with(saturations: tuple[Saturation, ...], covered: range) -> list[Candidate]:
        candidates = []
        for degree, paired in product(degrees, sharings):
            most = 0
            for segmentation in _segmentations(function, covered, given.get("segmentation")):
                if degree < paired or (segmentation.tail is not None and 0 < most <= _FEW_SEGMENTS):
                    continue
                fitter = Fitter(function, segmentation)
                of_segmentation = [
                    candidate
                    for derived in derivations
                    if not derived
                    or (degree and not paired and (segmentation.tail is None or given.get("segmentation")))
                    for candidate in _of_degree(
                        function,
                        fitter,
                        degree,
                        segments,
                        saturations,
                        min(whole, degree),
                        paired=paired,
                        derived=derived,
                        sign_free=sign_free,
                    )
                ]
                most = max((candidate.parameters["segments"] for candidate in of_segmentation), default=0)
                candidates += of_segmentation
        return [candidate.mapped(with_given_parameters) for candidate in candidates]

    saturation_choices = [find_saturations(function, bits) for bits in _START_BITS]
    # Where products take no logic, saturation is a good part of the logic; without it the tables may be larger.
    throughout = candidates_with((), range(function.size)) if whole and saturation_choices[0][0] else []
    return throughout + next(
        filter(None, (candidates_with(*saturation_choice) for saturation_choice in saturation_choices)), []
    )


def _segmentations(function: FoldedFunction, covered: range, segmentation: str | None) -> Iterator[Segmentation]:
    """Yield segmentations of u: uniform, or with a tail if u begins at 0."""
    if segmentation != "hierarchical":
        yield Segmentation(covered)
    tail = (covered.stop - 1).bit_length() - 1
    if segmentation != "uniform" and covered.start == function.origin == 0 and tail > _LEAST_TAIL:
        yield Segmentation(covered, tail)


def _of_degree(
    function: FoldedFunction,
    fitter: Fitter,
    degree: int,
    segments: int,
    saturations: tuple[Saturation, ...],
    whole: int,
    *,
    paired: bool,
    derived: bool,
    sign_free: bool,
) -> Iterator[Candidate]:
    """Yield candidates from the fewest segments on, until more of them cost more than they save."""
    fewest = _LEAST_SIGN_FREE_BITS - paired if sign_free else 2 if degree else 0
    for shift in range(fitter.segmentation.offset_bits(function) - paired, fewest - 1, -1):
        if fitter.segments(shift + paired) << paired > segments:
            break
        if fitter.is_hopeless(degree, shift):
            continue
        ratios = fitter.ratios(degree, shift) if derived else ()
        if ratios is None:
            continue
        best: tuple[float, int] | None = None
        worse = 0
        for shape in feasible_shapes(
            function, fitter, degree, shift, whole=whole, paired=paired, ratios=ratios, sign_free=sign_free
        ):
            candidate, tables = _candidate(function, fitter, shape, saturations)
            yield candidate
            if best is None or candidate.cost < best[0]:
                best, worse = (candidate.cost, tables), 0
            else:
                worse += 1
            if worse == _PATIENCE:
                break
        # Half as many codes in a segment double the tables, and save half a row of each product.
        if best is not None and best[1] > 2 * (best[0] - best[1]) / max(shift, 1):
            break


def _candidate(
    function: FoldedFunction, fitter: Fitter, shape: DatapathShape, saturations: tuple[Saturation, ...]
) -> tuple[Candidate, int]:
    """Return the plan for a shape that is known to be feasible, and the size of its tables."""
    tables = _tables(fitter, shape)
    narrower = narrow_multiplicands(fitter, shape, multiplicand_ranges(shape, function.signs, tables))
    if narrower != shape:
        shape, tables = narrower, _tables(fitter, narrower)
    plan = build(function, shape, tables, saturations, fitter.segmentation)
    cost = logic_size(plan, multipliers=shape.whole > 0)
    parameters: dict[str, Any] = {"degree": shape.degree, "segments": len(tables[-1])}
    if fitter.segmentation.tail is not None:
        parameters["segmentation"] = "hierarchical"
    if shape.paired:
        parameters["sharing"] = "pairs"
    if shape.ratios:
        parameters["coefficients"] = "derived"
    looked_up = tables[:1] if shape.ratios else tables

    def annealed(search: Annealing) -> Candidate | None:
        network = anneal_tables(
            _feasible_sets(fitter, shape),
            stored_tables(function, shape, looked_up),
            constant_bits(function, shape),
            search,
        )
        if network is None:
            return None
        smaller = build(function, shape, network.tables, saturations, fitter.segmentation, network)
        given = {**parameters, "moves": search.moves, "seed": search.seed}
        return Candidate(smaller, given, logic_size(smaller, multipliers=shape.whole > 0))

    candidate = Candidate(plan, parameters, cost, anneal=None if shape.paired else annealed)
    return candidate, sum(map(table_size, looked_up))


def _feasible_sets(fitter: Fitter, shape: DatapathShape) -> list[FeasibleSet]:
    choices = fitter.fit(shape)
    if choices is None:
        raise AssertionError(f"{shape} has no coefficients")
    return choices


def _tables(fitter: Fitter, shape: DatapathShape) -> list[tuple[int, ...]]:
    return choose(shape, _feasible_sets(fitter, shape))
