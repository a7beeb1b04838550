"""The tables within a budget: every folding, every number of kept bits, and the entries that are then admitted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from ...accuracy.admissible import admissible, code_directions, ordered
from ...accuracy.budget import Budget
from ...accuracy.limits import SEARCHED_CODES, WALKED_OUTPUT_BITS
from ...accuracy.monotonic import chains, tighten
from ...accuracy.specification import Specification
from ...plan.operations.base import Range
from ...support.parameters import Parameter
from ..base import RefusalError
from . import FOLDINGS
from .folded_table import FoldedTable, budget_or_ulp
from .folding import HIGHEST, LOWEST, Chain, Folding
from .kept_bits import KeptBits

__all__ = ["TABLE_PARAMETERS", "admitted", "feasible_tables", "table_refusal"]

Codes = NDArray[np.int64]

_MARGIN = Fraction(1, 1 << 40)
"""The distance in ulp that an error keeps from its limit where there is a choice."""

_MOST_KEPT = 4
"""The most bits of the output that are kept out of a table."""


TABLE_PARAMETERS = (
    Parameter(
        "folding",
        str,
        "what addresses tables: the input's code, its ones' complement if negative, its magnitude, the same made by a "
        "ripple of logic, or with an output that is negated, the magnitude for an even function, or the code; in the "
        "last two a rectified line is added where f(-x) = f(x) + slope x; the smallest unless given",
        choices=dict.fromkeys(FOLDINGS, ()),
    ),
    Parameter(
        "kept_bits",
        int,
        "lowest bits of the output that are the same almost everywhere; found unless given",
        minimum=0,
        maximum=_MOST_KEPT,
    ),
    Parameter("table_bits", int, "bits that tables may have at most", default=1 << 16, minimum=1),
)
"""Parameters of the methods that make tables."""


def table_refusal(method: str, specification: Specification) -> str | None:
    """Return why no table can serve a specification, or None if one can."""
    codes, output = specification.codes, specification.output_format
    if codes.size > SEARCHED_CODES:
        inputs = f"{specification.domain} has {codes.size}"
        return f"method {method} looks at every input, at most {SEARCHED_CODES}; {inputs}"
    if output.width > WALKED_OUTPUT_BITS:
        return f"method {method} makes outputs of at most {WALKED_OUTPUT_BITS} bits; {output} has {output.width}"
    return None


def feasible_tables(
    specification: Specification, names: Iterable[str] = FOLDINGS, kept_bits: int | None = None
) -> Iterator[FoldedTable]:
    """Yield the tables that meet the budget of a specification, one ulp if it has none.

    Parameters
    ----------
    specification
        The specification of the unit.
    names
        The names of the foldings to try.
    kept_bits
        The number of kept bits; every number that the budget may admit unless given.

    Raises
    ------
    ValueError
        As `admissible` does.
    RefusalError
        If `kept_bits` is not less than the width of the output.

    """
    low, high = admitted(specification)
    if (low > high).any():
        return
    widest, output = int((high - low).max()) + 1, specification.output_format
    if kept_bits is not None and kept_bits >= output.width:
        raise RefusalError(
            f"kept_bits must be less than the width of the output {output}, {output.width}, not {kept_bits}"
        )
    few = range(min(_MOST_KEPT + 1, output.width))
    counts = [bits for bits in few if 1 << bits <= widest] if kept_bits is None else [kept_bits]
    for name in names:
        for count in counts:
            if FOLDINGS[name].serves(specification, count):
                table = _table(FOLDINGS[name](specification, count), low, high)
                if table is not None:
                    yield table


def admitted(specification: Specification) -> tuple[Codes, Codes]:
    """Return the lowest and the highest output within the budget (one ulp if there is none) at each input that occurs.

    Both are of shape (inputs,). Outputs so close to the limit that only many digits decide are avoided where there are
    others.
    """
    output = specification.output_format
    budget = budget_or_ulp(specification)
    low, high = admissible(specification, budget)
    limit = budget.in_ulp(output) - _MARGIN
    if limit <= 0:
        return low, high
    clear_low, clear_high = admissible(specification, Budget(limit * output.shown.ulp, False))
    clear = clear_low <= clear_high
    return np.where(clear, clear_low, low), np.where(clear, clear_high, high)


def _table(folding: Folding, low: Codes, high: Codes) -> FoldedTable | None:
    """Return the table for a folding, or None if some address admits no entry.

    `low` and `high` are those of `admitted`.
    """
    specification, count = folding.specification, folding.kept_bits
    codes = specification.codes
    low, high = ordered(specification, low, high, folded=folding.by_sign and codes.low < 0 <= codes.high)
    # For each value of the kept bits the intervals of entries, and the number of addresses where they are empty.
    options = [folding.intervals(-((value - low) >> count), (high - value) >> count) for value in range(1 << count)]
    empty = [int((lows > highs).sum()) for lows, highs in options]
    half = (1 << count) >> 1
    usual = min(range(1 << count), key=lambda value: (empty[value], value != half))
    lows, highs = options[usual]
    values = np.where(lows == LOWEST, -1, usual)
    for other, (other_lows, other_highs) in enumerate(options):
        better = (lows > highs) & (other_lows <= other_highs)
        lows, highs = np.where(better, other_lows, lows), np.where(better, other_highs, highs)
        values[better] = other
    kept = KeptBits(count, usual, values)
    chains_ = folding.chains(chains(code_directions(specification))) if specification.monotonic else []
    _order(lows, highs, kept, chains_)
    if (lows > highs).any():
        return None
    usual_chains = tuple(chain.rows[values[chain.rows] == usual] for chain in chains_)
    return _trimmed(FoldedTable(folding, kept, folding.addresses, lows, highs, (None, None), usual_chains))


def _order(low: Codes, high: Codes, kept: KeptBits, along: Sequence[Chain]) -> None:
    """Narrow intervals of entries, in place, to those of outputs that do not fall along chains of addresses.

    Where the kept bits fall along a chain (or rise, if the outputs are mirrored), the entry has to rise. An entry with
    unusual kept bits is fixed to one value; after that, the chains of all others are the only conditions left.

    Parameters
    ----------
    low, high
        The intervals, of shape (addresses,).
    kept
        The kept bits at each address.
    along
        The chains of addresses.

    """
    for fixed in (False, True):
        if fixed and along:
            high[kept.exceptional] = np.minimum(low, high)[kept.exceptional]
        changed = bool(along)
        while changed and (low <= high).all():
            before = low.copy(), high.copy()
            for sign, rows in along:
                values = sign * kept.values[rows]
                rise = np.cumsum(np.diff(values, prepend=values[:1]) < 0)
                low[rows] = np.maximum.accumulate(low[rows] - rise) + rise
                high[rows] = np.minimum.accumulate((high[rows] - rise)[::-1])[::-1] + rise
            changed = bool((before[0] != low).any() or (before[1] != high).any())


def _trimmed(table: FoldedTable) -> FoldedTable:
    """Return a table without the addresses at either end that one entry serves, filled up to an aligned range."""
    held, low, high, values = table.addresses, table.low, table.high, table.kept.values
    low_run = np.where(table.kept.exceptional, HIGHEST, low)
    high_run = np.where(table.kept.exceptional, LOWEST, high)
    below = 0 if table.folding.by_sign else _run(low_run, high_run)  # 0, where the signs meet, is not saturated
    above = min(_run(low_run[::-1], high_run[::-1]), held.size - 1)
    below = min(below, held.size - 1 - above)
    aligned = Range(held.low + below, held.high - above).block
    start, stop = max(aligned.low, held.low) - held.low, min(aligned.high, held.high) + 1 - held.low
    outside = slice(0, start), slice(stop, held.size)
    ends = tuple(_common(low[part], high[part]) if part.start < part.stop else None for part in outside)
    if table.chains:
        low, high = low.copy(), high.copy()
        for part, end in zip(outside, ends, strict=True):
            if end is not None:
                low[part] = high[part] = end
        tighten(low, high, table.chains)
    indices = (np.arange(stop - start) + (start + held.low) % aligned.size) % aligned.size  # codes may have 64 bits
    lows, highs = np.full(aligned.size, LOWEST), np.full(aligned.size, HIGHEST)
    kept = np.full(aligned.size, -1)
    lows[indices], highs[indices], kept[indices] = (part[start:stop] for part in (low, high, values))
    inside = tuple(indices[chain[(chain >= start) & (chain < stop)] - start] for chain in table.chains)
    usual = KeptBits(table.kept.count, table.kept.usual, kept)
    return FoldedTable(table.folding, usual, aligned, lows, highs, (ends[0], ends[1]), inside)


def _run(low: Codes, high: Codes) -> int:
    """Return for how many intervals from the first on there is one code in all of them."""
    alike = np.maximum.accumulate(low) <= np.minimum.accumulate(high)
    return len(low) if alike.all() else int(np.argmin(alike))


def _common(low: Codes, high: Codes) -> int:
    """Return a code that lies in all intervals: one of all ones if possible, since it takes no multiplexer."""
    lowest, highest = int(low.max()), int(high.min())
    ones = (1 << max(lowest, 0).bit_length()) - 1
    return ones if lowest <= ones <= highest else min(max(lowest, 0), highest)
