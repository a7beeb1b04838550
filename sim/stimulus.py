"""Stimulus of a simulation: all inputs, or the corners and a sample where they are too many."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import product
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..plan import operations as op
from ..plan.formats import FixedFormat
from ..plan.operations.base import Range
from ..plan.plan import Plan

__all__ = ["EXHAUSTIVE_BITS", "SAMPLES", "codes_in_order", "combinations", "stimulus_codes"]

EXHAUSTIVE_BITS = 16
"""Input bits up to which a simulation drives every input."""

SAMPLES = 4096
"""Random inputs driven where not all can be."""

_MOST_PIECES = 1024
"""Edges of finer partitions of the input are left to chance."""


def combinations(plan: Plan) -> int:
    """Return the number of different inputs of a plan: combinations of codes that its inputs may have."""
    return prod(plan.ranges[name].size for name, _ in plan.inputs)


def codes_in_order(plan: Plan, start: int, stop: int) -> list[NDArray[Any]]:
    """Return the inputs from number `start` up to `stop`, one array per input port; those of the last change fastest.

    Examples
    --------
    >>> from softgate.plan import FixedFormat, PlanBuilder
    >>> b = PlanBuilder()
    >>> x = b.input("x", FixedFormat.parse("SQ1.1"))
    >>> y = b.input("y", FixedFormat.parse("UQ0.1"))
    >>> plan = b.build(z=(x, FixedFormat.parse("SQ1.1")))
    >>> combinations(plan), codes_in_order(plan, 1, 4)
    (8, [array([-2, -1, -1]), array([1, 0, 1])])

    """
    places = [np.arange(start, stop)]
    for name, _ in reversed(plan.inputs[1:]):
        places[:1] = np.divmod(places[0], plan.ranges[name].size)
    lows = [fmt.code_dtype(plan.ranges[name].low) for name, fmt in plan.inputs]
    return [place.astype(type(low)) + low for place, low in zip(places, lows, strict=True)]


def stimulus_codes(plan: Plan, seed: int = 1, limit_bits: int = EXHAUSTIVE_BITS) -> NDArray[Any]:
    """Return the input codes to drive into a unit, one row per input port.

    Up to ``2**limit_bits`` combinations, that is all of them, in ascending order. Beyond, it is the corners (0, both
    ends, powers of two, limits and piece edges of the plan, each with its neighbours) and a random sample, half of it
    uniform and half concentrated towards 0. Codes outside the range that an input is promised to keep do not occur.

    Of several inputs, ends and 0 occur in every combination and other corners in random ones; the sample is stratified:
    each input has a code in each of `SAMPLES` equal parts of its range.

    Examples
    --------
    >>> from softgate.plan import FixedFormat, PlanBuilder
    >>> b = PlanBuilder()
    >>> x = b.input("x", FixedFormat.parse("SQ1.1"))
    >>> stimulus_codes(b.build(y=(x, FixedFormat.parse("SQ1.1"))))
    array([[-2, -1,  0,  1]])

    """
    formats = [fmt for _, fmt in plan.inputs]
    ranges = [plan.ranges[name] for name, _ in plan.inputs]
    dtype = _dtype(formats)
    if combinations(plan) <= 1 << limit_bits:
        grid = np.meshgrid(*(fmt.codes(*held) for fmt, held in zip(formats, ranges, strict=True)), indexing="ij")
        return np.stack([codes.reshape(-1).astype(dtype) for codes in grid])
    random = np.random.default_rng(seed)
    corners = [_corners(plan, name, fmt) for name, fmt in plan.inputs]
    if len(formats) == 1:
        return np.array([sorted({*corners[0], *_sample(random, ranges[0], formats[0])})], dtype=dtype)
    rows = list(zip(*_extremes(random, ranges), strict=True))
    # Further corners of several inputs meet at random: their product has no bound.
    rows += zip(*([codes[at] for at in random.integers(0, len(codes), SAMPLES)] for codes in corners), strict=True)
    rows += zip(*(_strata(random, held, fmt) for held, fmt in zip(ranges, formats, strict=True)), strict=True)
    return np.array(rows, dtype=dtype).T


def _dtype(formats: Iterable[FixedFormat]) -> type:
    """Return the type of an array that holds codes of all these formats, as the golden model takes them."""
    return object if any(fmt.code_dtype is np.uint64 for fmt in formats) else np.int64


def _sample(random: np.random.Generator, held: Range, fmt: FixedFormat) -> list[int]:
    codes = random.integers(held.low, held.high, SAMPLES, dtype=fmt.code_dtype, endpoint=True).tolist()
    shifts = random.integers(0, fmt.width, SAMPLES).tolist()
    shifts[::2] = [0] * (SAMPLES // 2)
    nearest = min(max(0, held.low), held.high)
    return [nearest + (code - nearest >> shift) for code, shift in zip(codes, shifts, strict=True)]


def _extremes(random: np.random.Generator, ranges: list[Range]) -> list[list[int]]:
    """Return the combinations of the ends of all inputs, and of the codes nearest to 0; at random if they are many."""
    sets = [sorted({held.low, held.high, min(max(0, held.low), held.high)}) for held in ranges]
    if prod(map(len, sets)) <= SAMPLES:
        return [list(column) for column in zip(*product(*sets), strict=True)]
    return [[codes[at] for at in random.integers(0, len(codes), SAMPLES)] for codes in sets]


def _strata(random: np.random.Generator, held: Range, fmt: FixedFormat) -> list[int]:
    """Return random codes, one in each of `SAMPLES` equal parts of a range, in random order; then, nearer to 0."""
    parts = random.permutation(SAMPLES).tolist()
    within = random.integers(0, 1 << 62, SAMPLES).tolist()
    codes = [
        held.low + (((part << 62) + place) * held.size >> 62) // SAMPLES
        for part, place in zip(parts, within, strict=True)
    ]
    shifts = random.integers(0, fmt.width, SAMPLES).tolist()
    nearest = min(max(0, held.low), held.high)
    return codes + [nearest + (code - nearest >> shift) for code, shift in zip(codes, shifts, strict=True)]


def _corners(plan: Plan, port: str, fmt: FixedFormat) -> list[int]:
    held = plan.ranges[port]
    centres = {0, *held, *(1 << bit for bit in range(fmt.width)), *_landmarks(plan, port)}
    near = {sign * centre + offset for centre in centres for sign in (1, -1) for offset in (-1, 0, 1)}
    return sorted(code for code in near if code in held)


def _landmarks(plan: Plan, port: str) -> Iterator[int]:
    """Yield the codes at which a plan may change its mind about an input: limits, and edges of its pieces."""
    # The input itself, and what is the same up to its sign or beyond a limit.
    like_input = {port}
    for step in plan.steps:
        match step.operation:
            case op.Absolute(source) | op.Narrow(source=source) if source in like_input:
                like_input.add(step.name)
            case op.Clamp(source, low, high) if source in like_input:
                like_input.add(step.name)
                yield from (low, high)
            case op.Compare(left=left, right=right) if left in like_input:
                limits = plan.ranges[right]
                if limits.low == limits.high:
                    yield limits.low
            case op.ShiftRight(source=source, bits=low) | op.Bits(source=source, low=low) if source in like_input:
                held = plan.ranges[port]
                if low > 0 and held.size >> low <= _MOST_PIECES:
                    yield from range(held.low >> low << low, held.high + 1, 1 << low)
