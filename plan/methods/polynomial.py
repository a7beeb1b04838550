"""Piecewise polynomials whose coefficients are fitted to the whole fixed-point evaluation, exactly."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import product
from typing import Any

from ..logic_size import logic_size, table_size
from ..parameters import Parameter
from ..polynomial.build import build
from ..polynomial.choose import choose
from ..polynomial.core import Core
from ..polynomial.fit import Fitter, multiplicands
from ..polynomial.places import Places
from ..polynomial.saturation import Saturation, find_saturations
from ..polynomial.search import narrowed, shapes
from ..polynomial.shape import Shape
from ..specification import Specification
from .base import Candidate, Method

__all__ = ["Polynomial"]

_MAX_DEGREE = 3
_SEARCHED_DEGREES = (1, 2)
_MAX_SEGMENTS = 4096
_SEARCHED_SEGMENTS = 1024

_MOST_CODES = 1 << 20
"""Inputs beyond which the walk over all of them, again for every shape that is tried, takes too long."""

_PATIENCE = 2
"""How many more guard bits that make a unit larger are tried before it is left at that."""

_START_BITS = (5, 8)
"""Bits of the code at which saturation begins that need not be 0, to try one after the other.

With fewer the comparison is simpler; but up to that code the polynomials must do.
"""


_LEAST_TAIL = 3
"""The bit that tells a tail has so many bits below it at least."""

_FEW_SEGMENTS = 64
"""So many segments take the same look-up tables of four inputs if a quarter of them is left out."""

_FOLDINGS = ("code", "complement")

_SHARINGS = {"none": False, "pairs": True}
"""Whether segments come in pairs, by the parameter `sharing`."""

_WHOLE = {"rows": 0, "last": 1, "whole": _MAX_DEGREE}
"""How many products at most are whole, that with the first coefficient first, by the parameter `products`."""


class Polynomial(Method):
    """A polynomial for each segment of power-of-two width, evaluated by Horner's rule.

    Products are rows of partial products, or whole for multiplier blocks. For every segment all coefficients are found
    for which the unit is within the budget at each of its inputs, every truncation included; of these the simplest are
    taken.
    """

    name = "polynomial"
    summary = "piecewise polynomials with coefficients fitted exactly to the whole fixed-point evaluation"
    parameters = (
        Parameter("degree", int, "degree of the polynomials; found unless given", minimum=0, maximum=_MAX_DEGREE),
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
            choices=dict.fromkeys(_SHARINGS, ()),
        ),
        Parameter(
            "products",
            str,
            "what makes the products: rows of partial products, a multiplier block each (whole), or a block for the "
            "last and widest one",
            default="rows",
            choices=dict.fromkeys(_WHOLE, ()),
        ),
        Parameter(
            "folding",
            str,
            "what is cut into segments: the input's code, or with half as many its ones' complement if negative; the "
            "latter where it can be unless given, and with products in blocks the smaller",
            choices=dict.fromkeys(_FOLDINGS, ()),
        ),
    )
    searched = range(21)  # fitted to every one of more inputs, they would take minutes

    @classmethod
    def refusal(cls, specification: Specification) -> str | None:
        size = specification.codes.size
        if size > _MOST_CODES:
            return f"method polynomial walks every input; {specification.domain} has {size}, more than {_MOST_CODES}"
        if specification.output_format.width > 32:
            return f"method polynomial fits outputs of at most 32 bits, not {specification.output_format}"
        return None

    @classmethod
    def with_blocks(cls, dsp: int | None, bram: int | None) -> Sequence[Mapping[str, Any]]:
        if bram:
            return [{"products": "whole", "degree": degree, "sharing": "none"} for degree in _SEARCHED_DEGREES]
        if dsp:  # tables of pairs are smaller, but have two indices: they would not share a block RAM
            one = {"products": "whole", "degree": 1, "sharing": "pairs"}
            return [one, {"products": "last" if dsp == 1 else "whole", "degree": 2, "sharing": "pairs"}]
        return ()

    @classmethod
    def candidates(cls, specification: Specification, given: Mapping[str, Any]) -> Iterator[Candidate]:
        cls.check(specification)
        folding, products = given.get("folding"), given["products"]
        core = Core.of(specification, fold=folding != "code")
        if folding == "complement" and not core.folded:
            raise ValueError(
                f"folding complement needs a symmetry and inputs of both signs, which {specification.function} from "
                f"{specification.domain} to {specification.output_format} has not; use folding code"
            )
        found = _of_core(core, given)
        # Without the logic for the sign tables are twice as large, which is what pairs are against.
        if folding is None and products != "rows" and core.folded and given.get("sharing") != "pairs":
            found += _of_core(Core.of(specification, fold=False), {**given, "sharing": "none"})
        yield from sorted(found, key=lambda candidate: candidate.cost)


def _of_core(core: Core, given: Mapping[str, Any]) -> list[Candidate]:
    """Return the candidates of a core, with the simplest saturation that leaves any, or also without."""
    if not core.feasible:
        return []
    degrees = _SEARCHED_DEGREES if given.get("degree") is None else (given["degree"],)
    segments = given.get("segments") or _SEARCHED_SEGMENTS
    products = given["products"]
    told = {} if products == "rows" else {"products": products}
    if told or given.get("folding"):
        told["folding"] = "complement" if core.folded else "code"
    whole = _WHOLE[products]

    # Rows pay with one more for what pairs save in the tables, about.
    sharings = _SHARINGS.values() if whole else [False]
    if given.get("sharing") is not None:
        sharings = [_SHARINGS[given["sharing"]]]

    def found(saturations: tuple[Saturation, ...], covered: range) -> list[Candidate]:
        candidates = []
        for degree, paired in product(degrees, sharings):
            most = 0
            for places in _places(core, covered, given.get("segmentation")):
                if degree < paired or (places.tail is not None and 0 < most <= _FEW_SEGMENTS):
                    continue
                fitter = Fitter(core, places)
                of_way = list(
                    _of_degree(core, fitter, degree, segments, saturations, min(whole, degree), paired=paired)
                )
                most = max((candidate.parameters["segments"] for candidate in of_way), default=0)
                candidates += of_way
        return [replace(candidate, parameters={**candidate.parameters, **told}) for candidate in candidates]

    ways = [find_saturations(core, bits) for bits in _START_BITS]
    # Where products take no logic, saturation is a good part of what does; but the tables may be larger without.
    throughout = found((), range(core.size)) if whole and ways[0][0] else []
    return throughout + next(filter(None, (found(*way) for way in ways)), [])


def _places(core: Core, covered: range, segmentation: str | None) -> Iterator[Places]:
    """Yield the ways to cut u into segments: alike, or with a tail if u begins where the function may bend."""
    if segmentation != "hierarchical":
        yield Places(covered)
    tail = (covered.stop - 1).bit_length() - 1
    if segmentation != "uniform" and covered.start == core.origin == 0 and tail > _LEAST_TAIL:
        yield Places(covered, tail)


def _of_degree(
    core: Core,
    fitter: Fitter,
    degree: int,
    segments: int,
    saturations: tuple[Saturation, ...],
    whole: int,
    *,
    paired: bool,
) -> Iterator[Candidate]:
    """Yield candidates from the fewest segments on, until more of them cost more than they save."""
    for shift in range(fitter.places.width(core) - paired, 1 if degree else -1, -1):
        if fitter.segments(shift + paired) << paired > segments:
            break
        if fitter.hopeless(degree, shift):
            continue
        best: tuple[float, int] | None = None
        worse = 0
        for shape in shapes(core, fitter, degree, shift, whole=whole, paired=paired):
            candidate, tables = _candidate(core, fitter, shape, saturations)
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


def _candidate(core: Core, fitter: Fitter, shape: Shape, saturations: tuple[Saturation, ...]) -> tuple[Candidate, int]:
    """Return the plan for a shape that is known to be feasible, and the size of its tables."""
    tables = _tables(fitter, shape)
    less = narrowed(fitter, shape, multiplicands(shape, core.signs, tables))
    if less != shape:
        shape, tables = less, _tables(fitter, less)
    plan = build(core, shape, tables, saturations, fitter.places)
    parameters: dict[str, Any] = {"degree": shape.degree, "segments": len(tables[-1])}
    if fitter.places.tail is not None:
        parameters["segmentation"] = "hierarchical"
    if shape.paired:
        parameters["sharing"] = "pairs"
    return Candidate(plan, parameters, logic_size(plan, multipliers=shape.whole > 0)), sum(map(table_size, tables))


def _tables(fitter: Fitter, shape: Shape) -> list[tuple[int, ...]]:
    choices = fitter.fit(shape)
    if choices is None:
        raise AssertionError(f"{shape} has no coefficients")
    return choose(shape, choices)
