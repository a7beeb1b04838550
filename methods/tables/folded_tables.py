"""Admissible entries of a table within a budget, for every way to fold the input (see `folding`)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from ...accuracy.admissible import admissible, code_directions, ordered
from ...accuracy.budget import Budget
from ...accuracy.monotonic import chains, tighten
from ...accuracy.specification import Specification
from ...plan.operations.base import Range
from ...support.parameters import Parameter
from ..base import RefusalError
from .folding import FOLDINGS, HIGHEST, LOWEST, Folding, budget_of, neighbour_step

__all__ = ["FOLDING_PARAMETERS", "admitted", "foldings", "table_refusal"]

Codes = NDArray[np.int64]

_MOST_CODES = 1 << 20
"""Inputs whose entries are found within seconds."""

_MOST_BITS = 40
"""Bits of an output: those of which `admissible` knows what a budget admits."""

_MARGIN = Fraction(1, 1 << 40)
"""Ulp by which an error is to be below its limit where there is a choice."""

MOST_KEPT = 4
"""The most low bits of the output that are kept constant."""


FOLDING_PARAMETERS = (
    Parameter(
        "folding",
        str,
        "what addresses tables: the input's code, its ones' complement if negative, its magnitude, the same made by a "
        "ripple of logic, or with an output that is negated; the smallest unless given",
        choices=dict.fromkeys(FOLDINGS, ()),
    ),
    Parameter(
        "kept_bits",
        int,
        "lowest bits of the output that are the same almost everywhere; found unless given",
        minimum=0,
        maximum=MOST_KEPT,
    ),
    Parameter("table_bits", int, "bits that tables may have at most", default=1 << 16, minimum=1),
)
"""Parameters of the methods that make tables."""


def table_refusal(method: str, specification: Specification) -> str | None:
    """Return why no table can serve a specification, or None if one may."""
    codes, output = specification.codes, specification.output_format
    if codes.size > _MOST_CODES:
        inputs = f"{specification.domain} has {codes.size}"
        return f"method {method} looks at every input, at most {_MOST_CODES}; {inputs}"
    if output.width > _MOST_BITS:
        return f"method {method} makes outputs of at most {_MOST_BITS} bits; {output} has {output.width}"
    return None


def foldings(
    specification: Specification, kinds: Sequence[str] = FOLDINGS, kept_bits: int | None = None
) -> Iterator[Folding]:
    """Yield what tables may hold that meet the budget of a specification, one ulp if it has none.

    Parameters
    ----------
    specification
        What is asked for.
    kinds
        Which of `FOLDINGS` to try.
    kept_bits
        How many bits of the output are to be kept; all numbers that the budget may admit unless given.

    Raises
    ------
    ValueError
        As `admissible` does.
    RefusalError
        If as many bits are to be kept as the output has.

    """
    low, high = admitted(specification)
    if (low > high).any():
        return
    widest, width = int((high - low).max()) + 1, specification.output_format.width
    if kept_bits is not None and kept_bits >= width:
        output = specification.output_format
        raise RefusalError(f"kept_bits must be less than the width of the output {output}, {width}, not {kept_bits}")
    few = range(min(MOST_KEPT + 1, width))
    numbers = [bits for bits in few if 1 << bits <= widest] if kept_bits is None else [kept_bits]
    for kind in kinds:
        for kept in numbers:
            if (found := _folded(specification, kind, kept, low, high)) is not None:
                yield found


def admitted(specification: Specification) -> tuple[Codes, Codes]:
    """Return the lowest and the highest code within the budget at each input that occurs, of one ulp if there is none.

    Those that are within it by so little that only many digits tell are left out where there are others.
    """
    output = specification.output_format
    budget = budget_of(specification)
    low, high = admissible(specification, budget)
    limit = budget.in_ulp(output) - _MARGIN
    if limit <= 0:
        return low, high
    clear_low, clear_high = admissible(specification, Budget(limit * output.ulp, False))
    clear = clear_low <= clear_high
    return np.where(clear, clear_low, low), np.where(clear, clear_high, high)


def _folded(specification: Specification, kind: str, kept: int, low: Codes, high: Codes) -> Folding | None:
    codes, output = specification.codes, specification.output_format
    low, high = ordered(specification, low, high, folded=kind != "code" and codes.low < 0 <= codes.high)
    total = None
    if kind != "code":
        symmetry = specification.function.reflection
        if symmetry is None or symmetry.sign > 0 or not codes.low < 0 < codes.high:
            return None
        units = symmetry.total / output.ulp / (1 << kept)
        total = int(units)
        if units != total or total < 0 or total & (total - 1) or (not total and not output.signed):
            return None
    # For every value of the kept bits the entries that are admitted, and how many places have none.
    options = [_entries(codes, kind, kept, rest, total, low, high) for rest in range(1 << kept)]
    empty = [int((lows > highs).sum()) for lows, highs in options]
    half = (1 << kept) >> 1
    rest = min(range(1 << kept), key=lambda rest: (empty[rest], rest != half))
    lows, highs = options[rest]
    rests = np.where(lows == LOWEST, -1, rest)
    for other, (other_lows, other_highs) in enumerate(options):
        better = (lows > highs) & (other_lows <= other_highs)
        lows, highs = np.where(better, other_lows, lows), np.where(better, other_highs, highs)
        rests[better] = other
    along = _chains(specification, kind)
    _order(lows, highs, rests, rest, along)
    if (lows > highs).any():
        return None
    usual = tuple(chain[rests[chain] == rest] for _, chain in along)
    return _trimmed(
        Folding(
            specification, kind, kept, total, rest, _positions(codes, kind), lows, highs, rests, (None, None), usual
        )
    )


def _chains(specification: Specification, kind: str) -> list[tuple[int, Codes]]:
    """Return positions along which entries must not fall, and whether the outputs are those (1) or the mirrored (-1).

    There are none unless outputs are to be monotonic.
    """
    if not specification.monotonic:
        return []
    codes, along = specification.codes, chains(code_directions(specification))
    if kind == "code":
        return [(1, chain) for chain in along]
    zero, step = -codes.low, neighbour_step(kind)
    return [(1, (chain[chain >= zero] - zero) * step) for chain in along] + [
        (-1, (zero - 1 - chain[chain < zero][::-1]) * step + 1) for chain in along
    ]


def _order(low: Codes, high: Codes, rests: Codes, rest: int, along: Sequence[tuple[int, Codes]]) -> None:
    """Narrow intervals of entries, in place, to those of outputs that do not fall along chains of positions.

    An entry must rise where the kept bits fall, or rise if the output is mirrored. One whose kept bits are not the
    usual `rest` is settled, so that chains of the others are all that is left to be kept to.
    """
    for settled in (False, True):
        if settled and along:
            other = (rests >= 0) & (rests != rest)
            high[other] = np.minimum(low, high)[other]
        changed = bool(along)
        while changed and (low <= high).all():
            before = low.copy(), high.copy()
            for sign, chain in along:
                rise = np.cumsum(np.diff(sign * rests[chain], prepend=sign * rests[chain][:1]) < 0)
                low[chain] = np.maximum.accumulate(low[chain] - rise) + rise
                high[chain] = np.minimum.accumulate((high[chain] - rise)[::-1])[::-1] + rise
            changed = bool((before[0] != low).any() or (before[1] != high).any())


def _positions(codes: Range, kind: str) -> Range:
    if kind == "code":
        return codes
    if kind == "complement":
        return Range(0, 2 * max(-codes.low - 1, codes.high) + 1)
    return Range(0, max(-codes.low, codes.high))


def _entries(
    codes: Range, kind: str, kept: int, rest: int, total: int | None, low: Codes, high: Codes
) -> tuple[Codes, Codes]:
    """Return the lowest and highest entry at every position, if the kept bits are `rest`."""
    low, high = -((rest - low) >> kept), (high - rest) >> kept
    if total is None:
        return low, high
    held = _positions(codes, kind)
    lows, highs = np.full(held.size, LOWEST), np.full(held.size, HIGHEST)
    zero = -codes.low
    step = neighbour_step(kind)
    positive, negative = np.arange(codes.high + 1) * step, np.arange(zero) * step + 1  # of 0, 1 .. and of -1, -2 ..
    lows[positive], highs[positive] = low[zero:], high[zero:]
    # y = total - 1 - entry, from -1 downwards; within the bits of the total nothing else can be had.
    mirror = total if kind == "negation" else total - 1
    flipped_low, flipped_high = mirror - high[:zero][::-1], mirror - low[:zero][::-1]
    if total:
        flipped_low, flipped_high = np.maximum(flipped_low, 0), np.minimum(flipped_high, total - 1)
        if kind != "complement":  # one entry for both
            highs[: zero + 1] = np.minimum(highs[: zero + 1], total - 1)
    lows[negative] = np.maximum(lows[negative], flipped_low)
    highs[negative] = np.minimum(highs[negative], flipped_high)
    return lows, highs


def _trimmed(folding: Folding) -> Folding:
    """Leave out of the table what one entry serves, at either end, and fill up the block."""
    held, low, high = folding.block, folding.low, folding.high
    usual = (folding.rests == folding.rest) | (folding.rests < 0)
    low_run, high_run = np.where(usual, low, HIGHEST), np.where(usual, high, LOWEST)
    below = _run(low_run, high_run) if folding.kind == "code" else 0
    above = _run(low_run[::-1], high_run[::-1])
    above = min(above, held.size - 1)
    below = min(below, held.size - 1 - above)
    block = Range(held.low + below, held.high - above).block
    start, stop = max(block.low, held.low), min(block.high, held.high) + 1
    outside = slice(0, start - held.low), slice(stop - held.low, held.size)
    ends = tuple(_common(low[part], high[part]) if part.start < part.stop else None for part in outside)
    inside = slice(start - held.low, stop - held.low)
    if folding.chains:
        low, high = low.copy(), high.copy()
        for part, end in zip(outside, ends, strict=True):
            if end is not None:
                low[part] = high[part] = end
        tighten(low, high, folding.chains)
    places = (np.arange(stop - start) + start % block.size) % block.size  # a code may have 64 bits
    lows, highs = np.full(block.size, LOWEST), np.full(block.size, HIGHEST)
    rests = np.full(block.size, -1)
    lows[places], highs[places], rests[places] = low[inside], high[inside], folding.rests[inside]
    along = tuple(
        places[chain[(chain >= inside.start) & (chain < inside.stop)] - inside.start] for chain in folding.chains
    )
    return replace(folding, block=block, low=lows, high=highs, rests=rests, beyond=(ends[0], ends[1]), chains=along)


def _run(low: Codes, high: Codes) -> int:
    """Return how many places from the first on admit one code."""
    alike = np.maximum.accumulate(low) <= np.minimum.accumulate(high)
    return len(low) if alike.all() else int(np.argmin(alike))


def _common(low: Codes, high: Codes) -> int:
    """Return a code that all places admit: the one of all ones if there is one, which takes no multiplexer."""
    lowest, highest = int(low.max()), int(high.min())
    ones = (1 << max(lowest, 0).bit_length()) - 1
    return ones if lowest <= ones <= highest else min(max(lowest, 0), highest)
