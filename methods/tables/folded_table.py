"""A table behind a folding: what it may hold, and the steps from an input to its index and from an entry to the output.

The table covers an aligned range of addresses. Beyond it, where the function is saturated, one entry serves on each
side. The lowest bits of the output, the kept bits, may be left out of the table.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from ...accuracy.budget import Budget
from ...accuracy.specification import Specification
from ...plan import operations as op
from ...plan.builder import PlanBuilder
from ...plan.operations.base import Range
from .folding import Folding
from .kept_bits import KeptBits

__all__ = ["FoldedTable", "budget_or_ulp"]

Codes = NDArray[np.int64]


@dataclass(frozen=True)
class FoldedTable:
    """The entries that a table may have.

    Parameters
    ----------
    folding
        How the table is addressed, with the specification of the unit.
    kept
        The lowest bits of the output, which are not part of the entries.
    addresses
        The addresses in the table: ``2**n`` of them, the index of an address being its lowest n bits.
    low, high
        The lowest and the highest entry admitted at each index, of shape (indices,).
    beyond
        The entry at the addresses below the table's and at those above; None where no input has such an address.
    chains
        Indices along which entries must not fall, if the outputs are to be monotonic; each of shape (neighbours,).

    """

    folding: Folding
    kept: KeptBits
    addresses: Range
    low: Codes
    high: Codes
    beyond: tuple[int | None, int | None]
    chains: tuple[Codes, ...] = ()

    @property
    def specification(self) -> Specification:
        """The specification of the unit."""
        return self.folding.specification

    @property
    def index_bits(self) -> int:
        """Bits of the index."""
        return (len(self.low) - 1).bit_length()

    @property
    def entries(self) -> Range:
        """The range of the fewest bits that holds an admitted entry for every index."""
        bottom, top = int(self.high.min()), int(self.low.max())
        if top <= bottom:  # one entry serves all indices
            bottom = top = min(max(0, top), bottom)
        half = 1 << max(top, -bottom - 1, 0).bit_length()
        return Range(-half if bottom < 0 else 0, half - 1)

    @property
    def size(self) -> int:
        """Bits of the table and of that of its kept bits."""
        return len(self.low) * self.entries.width + self.kept.size

    @property
    def bound(self) -> Fraction:
        """The largest error that was admitted, in ulp of the output."""
        return budget_or_ulp(self.specification).in_ulp(self.specification.output_format)

    @property
    def point(self) -> int:
        """Fraction bits of an entry."""
        return self.specification.output_format.fraction_bits - self.kept.count

    def index(self, b: PlanBuilder, address: str) -> str:
        """Add the index of an address; returns its name, or the address's if there is nothing to cut off or look up."""
        held = b.range(address)
        if len(self.low) == 1 or (held.low >= 0 and held.high < len(self.low) and not b.point(address)):
            return address
        return b.let("place", op.Bits(address, 0, self.index_bits), "place in the table")

    def output(self, b: PlanBuilder, x: str, address: str, index: str, entry: str) -> str:
        """Add the steps from an entry to the output's code; returns the name of the last.

        Parameters
        ----------
        b
            Where the steps go.
        x, address, index, entry
            The names of the input, of its address, of the index of that, and of the entry there.

        """
        value = entry
        usual, kept = self.kept.add(b, index) if self.kept.count else ("", "")
        varies = kept != usual
        for side, constant in zip(("below", "above"), self.beyond, strict=True):
            if constant is None:
                continue
            outside = self._is_beyond(b, address, side)
            limit = b.let(f"limit_{side}", op.Constant(constant, self.point), f"the entry {side} the table")
            value = b.let(f"value_{side}", op.Select(outside, limit, value))
            if varies:
                kept = b.let(f"rest_{side}", op.Select(outside, usual, kept))
        value = self.folding.output(b, x, value)
        if not self.kept.count:
            return value
        fraction = self.specification.output_format.fraction_bits
        return b.let("result", op.Concatenate(value, kept, self.kept.count, fraction))

    def _is_beyond(self, b: PlanBuilder, address: str, side: str) -> str:
        """Add whether an address is beyond the table's on a side, ``below`` or ``above``."""
        crossing = self.addresses.low < 0 <= self.addresses.high
        shift = self.index_bits - crossing
        top = b.let(f"top_{side}", op.ShiftRight(address, shift, 0), "the bits above the place")
        end = self.addresses.high if side == "above" else self.addresses.low
        number = b.let(f"end_{side}", op.Constant(end >> shift))
        relation = "ne" if b.range(top).low == end >> shift == 0 else "gt" if side == "above" else "lt"
        return b.let(f"is_{side}", op.Compare(relation, top, number), f"whether the position is {side} the table")


def budget_or_ulp(specification: Specification) -> Budget:
    """Return the budget of a specification, one ulp if it has none."""
    return specification.budget or Budget(Fraction(1), True)
