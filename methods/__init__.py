"""Approximation methods, one file each, found by name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from ..accuracy.specification import Specification
from ..support.registry import find_named, load_classes
from .base import Annealing, Candidate, Method, RefusalError
from .mirrored import Mirrored
from .reduced import NONE, REDUCTION, Reduced

__all__ = [
    "Annealing",
    "Candidate",
    "Method",
    "RefusalError",
    "candidates",
    "find_method",
    "implied_method",
    "method_classes",
]


_NARROW_BITS = 8
"""Bits of the inputs up to which a reduction costs more than it saves."""


@cache
def method_classes() -> tuple[type[Method], ...]:
    """All methods, in order of their names."""
    return load_classes(__name__, __path__, Method)


def find_method(name: str) -> type[Method]:
    """Return the method called `name` (or an alias); `ValueError` with the nearest name if there is none."""
    return find_named("method", name, method_classes())


def implied_method(names: Iterable[str]) -> type[Method] | None:
    """Return `taylor`, the method implied by parameters alone, or None if none of the names is a parameter of it.

    Command lines and grid files may give parameters without naming a method. A reduction, which other methods have as
    well, implies none.
    """
    taylor = find_method("taylor")
    own = {parameter.name for parameter in taylor.parameters} - {REDUCTION.name}
    return taylor if own & set(names) else None


def candidates(method: type[Method], specification: Specification, given: Mapping[str, Any]) -> Iterator[Candidate]:
    """Yield the plans of a method that are worth trying, the cheapest first; those of symmetric units by magnitudes.

    Parameters
    ----------
    method
        The method.
    specification
        The specification of the unit.
    given
        The method's parameters, as `Method.read` returns them.

    Raises
    ------
    ValueError
        If the method cannot serve the specification.

    """
    if not specification.symmetric:
        yield from _reduced_or_whole(method, specification, given)
        return
    mirrored = Mirrored.of(specification)
    for candidate in _reduced_or_whole(method, mirrored.half, given):
        yield candidate.mapped(lambda each: replace(each, plan=mirrored.plan(each.plan)))


def _reduced_or_whole(
    method: type[Method], specification: Specification, given: Mapping[str, Any]
) -> Iterator[Candidate]:
    """Yield candidates for the reduced inputs of range reductions, or those for the input as it is, or both.

    Wide inputs that can be reduced are searched as they are only if that, or another parameter, is asked for.
    """
    asked, found = given.get("reduction"), False
    if asked not in (None, NONE) or (asked is None and _reduces(method, specification)):
        for reduced in Reduced.all_of(specification):
            if asked in (None, reduced.reduction.name) and method.refusal(reduced.part) is None:
                for candidate in method.candidates(reduced.part, given):
                    yield candidate.mapped(reduced.candidate)
                    found = True
    if asked == NONE or (asked is None and not (found and _is_free(method, given))):
        yield from method.candidates(specification, given)
    elif not found:
        formats = f"{specification.function} from {specification.domain} to {specification.output_format}"
        raise RefusalError(f"reduction {asked} finds no unit of {formats}; use reduction none")


def _reduces(method: type[Method], specification: Specification) -> bool:
    """Return whether a method serves reduced inputs, and inputs have enough bits for it to be worthwhile."""
    wide = (specification.codes.size - 1).bit_length() > _NARROW_BITS
    return wide and any(parameter.name == REDUCTION.name for parameter in method.parameters)


def _is_free(method: type[Method], given: Mapping[str, Any]) -> bool:
    """Return whether no parameter of a method is given."""
    return all(given.get(parameter.name) in (None, parameter.default) for parameter in method.parameters)
