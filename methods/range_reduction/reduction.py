"""Range reductions: how an input becomes a reduced input, and a reduced result the output (decision 043)."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from ...accuracy.specification import Specification
from ...functions.base import Function
from ...plan.builder import PlanBuilder
from ...plan.formats import FixedFormat
from ...plan.operations.base import Range

__all__ = ["Reduction"]

Codes = NDArray[np.int64]


@dataclass(frozen=True)
class Reduction(ABC):
    """A way to compute a function from the same function of a reduced input.

    A subclass says the same thing in numpy and in steps of a plan: which reduced input an input has (`inputs_of`,
    `reduce`), and which reduced results become an admissible output (`results`, `restore`).

    Parameters
    ----------
    specification
        The specification of the unit.

    """

    specification: Specification

    name: ClassVar[str]
    summary: ClassVar[str]

    @classmethod
    @abstractmethod
    def of(cls, specification: Specification) -> Iterator[Reduction]:
        """Yield the reductions of this kind that a specification permits."""

    @property
    @abstractmethod
    def function(self) -> Function:
        """The function of the reduced input."""

    @property
    @abstractmethod
    def input_format(self) -> FixedFormat:
        """The format of the reduced input."""

    @property
    @abstractmethod
    def inputs(self) -> Range:
        """The codes of the reduced input that may occur."""

    @property
    @abstractmethod
    def fraction_bits(self) -> int:
        """Fraction bits of the reduced result."""

    @abstractmethod
    def inputs_of(self, codes: Codes) -> Codes:
        """Return the codes of the reduced input for input codes, an array of the same shape."""

    @abstractmethod
    def results(self, codes: Codes, low: Codes, high: Codes) -> tuple[Codes, Codes]:
        """Return the lowest and the highest reduced result that become an admissible output.

        Parameters
        ----------
        codes, low, high
            Input codes, and the lowest and highest output admitted at each; all of shape (inputs,), as are the results.

        """

    @abstractmethod
    def reduce(self, b: PlanBuilder, x: str) -> str:
        """Add the steps from the input to the reduced input; returns the name of the last."""

    @abstractmethod
    def restore(self, b: PlanBuilder, value: str) -> str:
        """Add the steps from the reduced result to the output, after those of `reduce`; returns the name of the last.

        The output may be beyond the output format only where it is to be clamped to that.
        """
