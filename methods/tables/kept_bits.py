"""The lowest bits of an output, which are the same almost everywhere and so need hardly any table."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ...plan import operations as op
from ...plan.builder import PlanBuilder
from .entries import choose_entries

__all__ = ["KeptBits"]

Codes = NDArray[np.int64]


@dataclass(frozen=True)
class KeptBits:
    """The value of the kept bits at each index of a table.

    Parameters
    ----------
    count
        How many of the lowest bits of the output these are.
    usual
        Their value at most indices.
    values
        Their value at each index, of shape (indices,); -1 where any value is admitted.

    """

    count: int
    usual: int
    values: Codes

    @property
    def exceptional(self) -> NDArray[np.bool_]:
        """Whether each index must have another value than the usual one, of shape (indices,)."""
        exceptional: NDArray[np.bool_] = (self.values >= 0) & (self.values != self.usual)
        return exceptional

    @property
    def size(self) -> int:
        """Bits of their own table; none where fewer than two indices have another value than the usual one."""
        return len(self.values) * self.count if np.count_nonzero(self.exceptional) > 1 else 0

    @cached_property
    def entries(self) -> Codes:
        """The values at all indices, chosen for little logic, of shape (indices,)."""
        free = self.values < 0
        return choose_entries(np.where(free, 0, self.values), np.where(free, (1 << self.count) - 1, self.values))

    def add(self, b: PlanBuilder, index: str) -> tuple[str, str]:
        """Add the steps of the usual value, and of the value at an index; returns their names.

        Both are one step where the value is the usual one at every index.
        """
        usual = b.let("rest", op.Constant(self.usual), "the lowest bits of the output")
        exceptions = np.flatnonzero(self.exceptional)
        if not len(exceptions):
            return usual, usual
        if len(exceptions) > 1:
            table = op.Lookup(index, tuple(self.entries.tolist()))
            return usual, b.let("rest_entry", table, "the lowest bits of the output")
        other = b.let("other_rest", op.Constant(int(self.values[exceptions[0]])), "but at one place")
        if len(self.values) == 1:
            return usual, other
        exception = b.let("exception", op.Constant(int(exceptions[0])))
        there = b.let("is_exception", op.Compare("eq", index, exception), "whether it is that place")
        return usual, b.let("rest_there", op.Select(there, other, usual))
