"""The base of the golden models of composites."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from ....plan.plan import Plan
from ..model import GoldenModel

__all__ = ["Codes", "CompositeModel", "vector_bounds"]

Codes = NDArray[np.int64]


class CompositeModel(ABC):
    """A golden model of a composite (see `composite_model`)."""

    name: ClassVar[str]
    aliases: ClassVar[tuple[str, ...]] = ()

    def __init__(self, arguments: Mapping[str, Any], words: Mapping[str, int], plans: Mapping[str, Plan]) -> None:
        self._words = words
        self._parts = {part: GoldenModel(plan) for part, plan in plans.items()}

    @abstractmethod
    def transfers(self, inputs: Sequence[Codes]) -> list[Codes]:
        """Return what comes out for what goes in, transfer by transfer.

        Parameters
        ----------
        inputs
            The fields of the transfers into the unit, in the order of its ports (``last`` after the data): codes of
            shape (transfers,).

        Returns
        -------
        list of arrays
            The fields of the transfers out of it, likewise. What waits for more input is left out.

        """

    def answered(self, inputs: Sequence[Codes]) -> Codes:
        """Return how many transfers have come out, at most, once so many have gone in.

        Parameters
        ----------
        inputs
            As for `transfers`.

        Returns
        -------
        array
            Of shape (transfers + 1,), for none, one and so on up to all of them; as many as went in, unless the
            composite says otherwise.

        """
        return np.arange(len(inputs[0]) + 1)


def vector_bounds(last: Codes) -> tuple[Codes, Codes]:
    """Return where the vectors of a stream start and end, each of shape (vectors,); the last may be incomplete.

    Parameters
    ----------
    last
        Whether each transfer is the last one of its vector, of shape (transfers,).

    """
    ends = np.flatnonzero(last) + 1
    return np.concatenate([[0], ends])[: len(ends)].astype(np.int64), ends
