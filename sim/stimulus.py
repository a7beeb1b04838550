"""Stimulus of a simulation: all inputs, or the corners and a sample where they are too many."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..plan import operations as op
from ..plan.formats import FixedFormat
from ..plan.operations.base import Range
from ..plan.plan import Plan

__all__ = ["EXHAUSTIVE_BITS", "SAMPLES", "stimulus_codes"]

EXHAUSTIVE_BITS = 16
"""Input bits up to which a simulation drives every input."""

SAMPLES = 4096
"""Random inputs driven where not all can be."""

_MOST_PIECES = 1024
"""Edges of finer partitions of the input are left to chance."""


def stimulus_codes(plan: Plan, seed: int = 1, limit_bits: int = EXHAUSTIVE_BITS) -> NDArray[Any]:
    """Return the input codes to drive into a unit, one row per input port.

    Up to ``2**limit_bits`` combinations, that is all of them, in ascending order. Beyond, it is the corners (0, both
    ends, powers of two, limits and piece edges of the plan, each with its neighbours) and a random sample, half of it
    uniform and half concentrated towards 0. Codes outside the range that an input is promised to keep do not occur.

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
    if prod(held.size for held in ranges) <= 1 << limit_bits:
        grid = np.meshgrid(*(fmt.codes(*held) for fmt, held in zip(formats, ranges, strict=True)), indexing="ij")
        return np.stack([codes.reshape(-1).astype(dtype) for codes in grid])
    random = np.random.default_rng(seed)
    corners = [_corners(plan, name, fmt) for name, fmt in plan.inputs]
    samples = [_sample(random, held, fmt) for held, fmt in zip(ranges, formats, strict=True)]
    if len(formats) == 1:
        return np.array([sorted({*corners[0], *samples[0]})], dtype=dtype)
    # Corners of several inputs meet at random: their product has no bound.
    met = [[codes[at] for at in random.integers(0, len(codes), SAMPLES)] for codes in corners]
    return np.array([[*row, *sample] for row, sample in zip(met, samples, strict=True)], dtype=dtype)


def _dtype(formats: Iterable[FixedFormat]) -> type:
    """Return the type of an array that holds codes of all these formats, as the golden model takes them."""
    return object if any(fmt.code_dtype is np.uint64 for fmt in formats) else np.int64


def _sample(random: np.random.Generator, held: Range, fmt: FixedFormat) -> list[int]:
    codes = random.integers(held.low, held.high, SAMPLES, dtype=fmt.code_dtype, endpoint=True).tolist()
    shifts = random.integers(0, fmt.width, SAMPLES).tolist()
    shifts[::2] = [0] * (SAMPLES // 2)
    nearest = min(max(0, held.low), held.high)
    return [nearest + (code - nearest >> shift) for code, shift in zip(codes, shifts, strict=True)]


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
