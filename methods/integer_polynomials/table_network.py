"""Tables of all coefficients as one network of look-up tables, found among all feasible coefficients (decision 062).

A segment admits an interval of constant coefficients for each combination of the higher ones. In a word with the
constant coefficient in its lowest bits, that is a set of intervals of words: the relation of a network whose inputs are
the bits of the segment's number. The search for a small network then chooses coefficients and logic together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...plan.operations.base import Range
from ..base import Annealing
from ..lut_networks.annealing import smaller
from ..lut_networks.compiled_moves import MOST_INPUTS
from ..lut_networks.network import Network
from ..lut_networks.relation import Relation
from .coefficient_sets import FeasibleSet

__all__ = ["Column", "TableNetwork", "anneal_tables"]

_DEPTH = 5
"""The most look-up tables from the segment's number to a bit of a coefficient (decision 062)."""

_MOST_WORD_BITS = 60

_MOST_ROWS = 1 << 12
"""The most combinations of the higher coefficients that are admitted in a segment, those nearest to a fit: with a
strict budget there are a few dozen."""


@dataclass(frozen=True)
class Column:
    """The bits of one coefficient in the word of all: where they begin, their number, and whether it is signed."""

    low: int
    width: int
    signed: bool


@dataclass(frozen=True)
class TableNetwork:
    """A network of the segment's number for the coefficients of each power that has a table, from 0 on.

    Attributes
    ----------
    network
        Its outputs are the bits of a word.
    columns
        Where each coefficient is in the word.
    tables
        The coefficients of every power, with one entry for each segment; the constant one as it is stored.

    """

    network: Network
    columns: tuple[Column, ...]
    tables: list[tuple[int, ...]]


def anneal_tables(
    sets: Sequence[FeasibleSet],
    tables: Sequence[Sequence[int]],
    constant_bits: int,
    search: Annealing,
) -> TableNetwork | None:
    """Return a small network for the tables of coefficients; None if they are too large for a search.

    Parameters
    ----------
    sets
        The feasible coefficients of each segment. Segments must not come in pairs.
    tables
        The coefficients to start from: of each power that has a table, with an entry for each value of the index. Its
        first entries are those of the segments.
    constant_bits
        Bits of the constant coefficient that are stored; those above are the same for all.
    search
        How to search.

    """
    inputs = (len(tables[0]) - 1).bit_length()
    columns = _columns(tables, constant_bits)
    width = columns[-1].low + columns[-1].width
    if not 0 < inputs <= MOST_INPUTS or width > _MOST_WORD_BITS:
        return None
    relation = Relation([_intervals(each, columns) for each in _of_all_indices(sets, 1 << inputs)], width, signed=False)
    found = smaller(
        _start(tables, columns),
        relation,
        moves=search.moves,
        depth=_DEPTH,
        seed=search.seed,
        lut_inputs=search.lut_inputs,
    )
    words = found.codes(signed=False)[: len(sets)]
    made = [_entries(words, column) for column in columns]
    if len(columns) == 1:
        made += _derived(sets, made[0], 1 << columns[0].width)
    return TableNetwork(found.simplified(), columns, made)


def _columns(tables: Sequence[Sequence[int]], constant_bits: int) -> tuple[Column, ...]:
    """Return the columns of a word that holds any entries of the width of these."""
    columns = [Column(0, max(constant_bits, 1), signed=False)]
    for table in tables[1:]:
        held = Range(min(table), max(table))
        columns.append(Column(columns[-1].low + columns[-1].width, held.width, signed=held.low < 0))
    return tuple(columns)


def _of_all_indices(sets: Sequence[FeasibleSet], count: int) -> list[FeasibleSet]:
    """Return the sets of all values of an index; what is no segment is not constrained."""
    return [*sets, *[FeasibleSet.unconstrained(sets[0].higher.shape[1])] * (count - len(sets))]


def _intervals(feasible: FeasibleSet, columns: Sequence[Column]) -> NDArray[np.int64]:
    """Return the admitted words of a segment as disjoint, rising intervals: int64, (intervals, 2)."""
    last, constant = columns[-1], 1 << columns[0].width
    if feasible.is_unconstrained:
        return np.array([[0, (1 << last.low + last.width) - 1]])
    higher, low, high = (part[:_MOST_ROWS] for part in (feasible.higher, feasible.low, feasible.high))
    key, fits = np.zeros(len(low), dtype=np.int64), np.ones(len(low), dtype=bool)
    for column, values in zip(columns[1:], higher.T, strict=False):  # derived coefficients have no column
        half = 1 << column.width - 1 if column.signed else 0
        fits &= (values >= -half) & (values < (1 << column.width) - half)
        key |= (values & (1 << column.width) - 1) << column.low
    key, low, high = key[fits], low[fits], high[fits]
    count = np.minimum(high - low + 1, constant)
    first = low % constant
    until = np.minimum(first + count, constant)  # what is beyond begins again at 0
    left = first + count - until
    rows = np.concatenate(
        [np.column_stack([key + first, key + until - 1]), np.column_stack([key, key + left - 1])[left > 0]]
    )
    return _united(rows)


def _united(rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return rising, disjoint intervals that hold the same words as these."""
    rows = rows[np.argsort(rows[:, 0], kind="stable")]
    reach = np.maximum.accumulate(rows[:, 1])
    begins = np.flatnonzero(np.concatenate([[True], rows[1:, 0] > reach[:-1]]))
    return np.column_stack([rows[begins, 0], reach[np.append(begins[1:], len(rows)) - 1]])


def _start(tables: Sequence[Sequence[int]], columns: Sequence[Column]) -> Network:
    """Return the network with a node for each bit of each table."""
    network = Network((len(tables[0]) - 1).bit_length())
    for table, column in zip(tables, columns, strict=True):
        for bit in range(column.width):
            network.outputs.append(network.add(range(network.inputs), [entry >> bit & 1 for entry in table]))
    return network.simplified()


def _derived(sets: Sequence[FeasibleSet], constants: Sequence[int], modulus: int) -> list[tuple[int, ...]]:
    """Return the higher coefficients that go with constant ones, which are known but for multiples of a modulus."""
    rows = []
    for feasible, constant in zip(sets, constants, strict=True):
        fits = (constant - feasible.low) % modulus <= feasible.high - feasible.low
        rows.append(feasible.higher[int(np.argmax(fits))])
    return [tuple(map(int, column)) for column in np.array(rows).T]


def _entries(words: NDArray[np.int64], column: Column) -> tuple[int, ...]:
    """Return the coefficients of a column."""
    codes = words >> column.low & (1 << column.width) - 1
    if column.signed:
        codes = codes - (codes >> column.width - 1 << column.width)
    return tuple(map(int, codes))
