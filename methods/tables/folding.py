"""Foldings: how an input addresses a table, and how the entry found there becomes the output.

A table is looked up at an *address*, which is the input itself or, for a function with a symmetry, the same for inputs
of both signs. The *kept bits*, the lowest of the output, are beside the table: entries stand for the bits above them.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...accuracy.specification import Specification
from ...plan.builder import PlanBuilder
from ...plan.operations.base import Range

__all__ = ["HIGHEST", "LOWEST", "Chain", "Code", "Folding"]

Codes = NDArray[np.int64]

LOWEST, HIGHEST = -(1 << 48), 1 << 48
"""Limits of an entry at an address that no input has."""


class Chain(NamedTuple):
    """Addresses along which entries must not fall, as array indices of shape (neighbours,), and the outputs' sign.

    The sign is 1 where outputs rise with the entries, and -1 where they fall.
    """

    sign: int
    rows: Codes


@dataclass(frozen=True)
class Folding(ABC):
    """A way to address a table with the input of a unit.

    A subclass says the same thing in numpy and in steps of a plan: which address an input has (`addresses_of`,
    `address`), how an entry becomes an output (`outputs_of`, `output`), and hence which entries are admitted.

    Parameters
    ----------
    specification
        The specification of the unit.
    kept_bits
        How many of the lowest bits of the output are not made of entries.

    """

    specification: Specification
    kept_bits: int

    name: ClassVar[str]

    step: ClassVar[int] = 1
    """The distance of the addresses of neighbouring inputs of one sign."""

    by_sign: ClassVar[bool] = True
    """Whether inputs of the two signs are treated differently, so that -1 and 0 are not neighbours in the table."""

    @classmethod
    @abstractmethod
    def serves(cls, specification: Specification, kept_bits: int) -> bool:
        """Return whether a table can be folded in this way."""

    @property
    @abstractmethod
    def addresses(self) -> Range:
        """The range of the addresses of the inputs that occur."""

    @abstractmethod
    def addresses_of(self, codes: Codes) -> Codes:
        """Return the addresses of input codes, an array of the same shape."""

    @abstractmethod
    def outputs_of(self, codes: Codes, entries: Codes) -> Codes:
        """Return the outputs above the kept bits from codes and their entries, arrays of the same shape."""

    @abstractmethod
    def intervals(self, low: Codes, high: Codes) -> tuple[Codes, Codes]:
        """Return the lowest and the highest entry admitted at each address.

        Parameters
        ----------
        low, high
            The lowest and the highest output above the kept bits at each input that occurs, of shape (inputs,).

        Returns
        -------
        tuple of arrays
            Both ends of the intervals of entries, of shape (addresses,): from `LOWEST` to `HIGHEST` where there is no
            input, and empty where inputs that share an address have no entry in common.

        """

    @abstractmethod
    def address(self, b: PlanBuilder, x: str) -> str:
        """Add the steps from the input to its address; returns the name of the last."""

    @abstractmethod
    def output(self, b: PlanBuilder, x: str, value: str) -> str:
        """Add the steps from an entry to the output's bits above the kept ones; returns the name of the last."""

    @abstractmethod
    def chains(self, neighbours: Sequence[Codes]) -> list[Chain]:
        """Return the chains of addresses for those of inputs, given as indices of inputs of shape (neighbours,)."""

    @property
    def estimated_as(self) -> Folding:
        """The folding by whose steps the logic is estimated."""
        return self

    def estimate_correction(self, index_bits: int) -> int:
        """Return how many look-up tables to add to that estimate, for a table with an index of `index_bits`."""
        return 0


class Code(Folding):
    """The input code itself as address: nothing is folded."""

    name = "code"
    by_sign = False

    @classmethod
    def serves(cls, specification: Specification, kept_bits: int) -> bool:
        return True

    @property
    def addresses(self) -> Range:
        return self.specification.codes

    def addresses_of(self, codes: Codes) -> Codes:
        return codes

    def outputs_of(self, codes: Codes, entries: Codes) -> Codes:
        return entries

    def intervals(self, low: Codes, high: Codes) -> tuple[Codes, Codes]:
        return low, high

    def address(self, b: PlanBuilder, x: str) -> str:
        return x

    def output(self, b: PlanBuilder, x: str, value: str) -> str:
        return value

    def chains(self, neighbours: Sequence[Codes]) -> list[Chain]:
        return [Chain(1, chain) for chain in neighbours]
