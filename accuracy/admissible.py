"""Admissible output codes: all that an error budget allows at every input code, rigorously."""

from __future__ import annotations

from fractions import Fraction
from functools import partial
from math import ceil, floor
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .budget import Budget
from .decide import Enclosure, stretches
from .limits import EXHAUSTIVE_CODES, WALKED_OUTPUT_BITS
from .monotonic import chains, directions, tighten
from .reference import Reference
from .rounding import budget_of, chosen
from .span import Span
from .specification import Specification

__all__ = ["admissible", "code_directions", "ordered"]

Codes = NDArray[np.int64]


def admissible(
    specification: Specification, budget: Budget | None = None
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the lowest and the highest output code within the budget at every input code that occurs, ascending.

    Unless the ends are free, no other code is admitted where one is required (see `Reference.required`). A code that is
    admitted is proved to be within the budget, unless 4,096 bits do not tell the true value from a limit that may be
    reached: then it counts as that. Where no code is within, the lowest exceeds the highest. Where a specification says
    itself what is admitted, that is returned, whatever the budget.

    Parameters
    ----------
    specification
        What is asked for: the function, the formats and the inputs.
    budget
        The budget; that of the specification unless given, or else one ulp.

    Raises
    ------
    ValueError
        If there are more than `EXHAUSTIVE_CODES` input codes, or if the output has more than
        `WALKED_OUTPUT_BITS` bits.

    """
    if specification.admitted is not None:
        return specification.admitted.low, specification.admitted.high
    output = specification.output_format
    if specification.codes.size > EXHAUSTIVE_CODES:
        raise ValueError(
            f"{specification.domain} has {specification.codes.size} codes; at most {EXHAUSTIVE_CODES} are walked"
        )
    if output.width > WALKED_OUTPUT_BITS:
        raise ValueError(
            f"output {output} has {output.width} bits; codes within a budget are found for at most {WALKED_OUTPUT_BITS}"
        )
    budget = budget or specification.budget or Budget(Fraction(1), True)
    if specification.rounding is not None:
        budget = budget_of(specification.rounding)
    limit, reference = budget.in_ulp(output), specification.reference
    pairs = [_within(reference, span, limit, strict=budget.strict) for span in reference.spans()]
    low, high = (np.concatenate(ends) for ends in zip(*pairs, strict=True))
    low, high = np.maximum(low, specification.outputs.low), np.minimum(high, specification.outputs.high)
    if specification.rounding is not None:
        only = chosen(specification.rounding, low, high, output.code_of_zero)
        return only, only
    if specification.ends == "exact":
        for required in reference.required:
            part = slice(
                required.codes.low - specification.codes.low, required.codes.high - specification.codes.low + 1
            )
            outputs = required.outputs(specification.input_format.codes(*required.codes))
            low[part], high[part] = np.maximum(low[part], outputs), np.minimum(high[part], outputs)
    return low, high


def ordered(specification: Specification, low: Codes, high: Codes, *, folded: bool = False) -> tuple[Codes, Codes]:
    """Return what is left of output codes that are admitted, if the outputs are to be monotonic.

    Parameters
    ----------
    specification
        What is asked for; unless that is monotonic, nothing changes.
    low, high
        The lowest and the highest code admitted at every input code that occurs, ascending.
    folded
        Whether inputs of the two signs are dealt with apart: then some code lies between the outputs at -1 and 0, and
        they need not be compared.

    """
    if not specification.monotonic:
        return low, high
    low, high = low.copy(), high.copy()
    direction = code_directions(specification)
    along = chains(direction)
    tighten(low, high, along)
    zero = -specification.codes.low
    if folded and direction[zero - 1]:
        between = (low[zero] + high[zero]) // 2
        lower, upper = (zero - 1, zero) if direction[zero - 1] > 0 else (zero, zero - 1)
        high[lower], low[upper] = min(high[lower], between), max(low[upper], between)
        tighten(low, high, along)
    return low, high


def code_directions(specification: Specification) -> NDArray[np.int8]:
    """Return the `directions` of a specification's input codes."""
    fmt = specification.input_format
    return directions(fmt.codes(*specification.codes), specification.reference.monotonicity)


def _within(
    reference: Reference, span: Span, limit: Fraction, *, strict: bool
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    if span.numerators is not None:
        return _exactly(span.numerators, span.denominator, limit, strict=strict)
    # The distance of a value from an integer is known to within the span's bound and a rounding of this subtraction.
    values = -span.errors(np.zeros(len(span.codes), dtype=np.int64))
    slack = span.bound + 2.0**-50 * (np.abs(values).max() + float(limit))
    below, above = values - float(limit), values + float(limit)
    low, high = np.ceil(below).astype(np.int64), np.floor(above).astype(np.int64)
    close = np.minimum(np.abs(below - np.rint(below)), np.abs(above - np.rint(above))) <= slack
    if span.clamped is not None:
        close &= ~span.clamped
        for end in reference.outputs:
            there = span.clamped & (values == end)
            low[there], high[there] = _interval(Fraction(end), limit, strict=strict)
    places = np.flatnonzero(close)
    settle = partial(_settled, reference, limit=limit, strict=strict)
    for part in reference.between_critical_points(
        span.codes[places]
    ):  # there the limits go one way, as the function does
        for first, last, ends in stretches(span.codes[places[part]], settle):
            at = places[part][first : last + 1]
            low[at], high[at] = ends
    return low, high


def _exactly(numerators: NDArray[Any], denominator: int, limit: Fraction, *, strict: bool) -> tuple[Codes, Codes]:
    """Return the intervals about ratios of integers."""
    unit, reach = denominator * limit.denominator, limit.numerator * denominator
    if int(np.abs(numerators).max()) * limit.denominator + reach + unit >= 1 << 62:
        numerators = numerators.astype(object)
    middles = numerators * limit.denominator
    if strict:
        low, high = (middles - reach) // unit + 1, -((-middles - reach) // unit) - 1
    else:
        low, high = -((reach - middles) // unit), (middles + reach) // unit
    return low.astype(np.int64), high.astype(np.int64)


def _settled(reference: Reference, code: int, limit: Fraction, *, strict: bool) -> tuple[int, int]:
    """Return the interval at one input code."""
    known = reference.decided(code, lambda known: _certain(known, limit, strict) == _possible(known, limit, strict))
    return (_certain if strict else _possible)(known, limit, strict)


def _certain(known: Enclosure, limit: Fraction, strict: bool) -> tuple[int, int]:
    """Return the codes that are within the limit wherever the value is."""
    low, high = known.high - limit, known.low + limit
    return (
        ceil(low) if known.below_high or not strict else floor(low) + 1,
        floor(high) if known.above_low or not strict else ceil(high) - 1,
    )


def _possible(known: Enclosure, limit: Fraction, strict: bool) -> tuple[int, int]:
    """Return the codes that are within the limit at some place where the value may be."""
    low, high = known.low - limit, known.high + limit
    return (
        floor(low) + 1 if known.above_low or strict else ceil(low),
        ceil(high) - 1 if known.below_high or strict else floor(high),
    )


def _interval(value: Fraction, limit: Fraction, *, strict: bool) -> tuple[int, int]:
    return _certain(Enclosure(value, value), limit, strict)
