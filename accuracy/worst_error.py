"""The largest error of all inputs, and the lowest code that has it, told exactly from floats that are not exact."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .decide import Enclosure
from .reference import Reference

__all__ = ["WorstError", "alike"]


def alike(
    reference: Reference, codes: NDArray[Any], outputs: NDArray[Any], places: NDArray[np.int64]
) -> Iterator[NDArray[np.int64]]:
    """Yield those of the places, ascending, where the output is the same and the function goes one way."""
    for part in reference.between_critical_points(codes[places]):
        there = places[part]
        changes = np.flatnonzero(outputs[there[1:]] != outputs[there[:-1]]) + 1
        yield from (each for each in np.split(there, changes) if len(each))


@dataclass(frozen=True)
class _Suspects:
    """Ascending inputs with one output, between which the function does not turn, and their largest error at most."""

    codes: NDArray[Any]
    output: int
    size: float


class WorstError:
    """The inputs that may turn out to be the worst, as outputs are added in ascending order of their inputs.

    Parameters
    ----------
    reference
        The truth.
    limits
        Limits in ulp that the largest error is to be told from.

    """

    def __init__(self, reference: Reference, limits: Sequence[Fraction]) -> None:
        self.reference = reference
        self.limits = limits
        self.largest = 0.0  # a lower bound of the largest error
        self.suspects: list[_Suspects] = []
        self.undecided: set[int] = set()
        """The codes at which 4,096 bits do not tell an error from a limit; after `found`."""

    def add(self, codes: NDArray[np.int64], outputs: NDArray[Any], sizes: NDArray[np.float64], bound: float) -> None:
        """Add outputs with the sizes of their errors in ulp, which are known to within a bound."""
        self.largest = max(self.largest, float(sizes.max()) - bound)
        suspects = np.flatnonzero(sizes + bound >= self.largest)
        if bound == 0:  # exact quotients: equal errors are equal floats, and the first of them will do
            suspects = suspects[sizes[suspects] == self.largest][:1]
        for part in alike(self.reference, codes, outputs, suspects):
            self.suspects.append(_Suspects(codes[part], int(outputs[part[0]]), float(sizes[part].max()) + bound))

    def found(self) -> tuple[int, Fraction, bool]:
        """Return the lowest code with the largest error, an upper bound of that error, and whether it is below that."""
        # Where the output is the same and the function goes one way, the error is largest at one of the ends.
        ends = [
            (suspects, code, self._distance(code, suspects.output))
            for suspects in self.suspects
            if suspects.size >= self.largest
            for code in dict.fromkeys((int(suspects.codes[0]), int(suspects.codes[-1])))
        ]
        largest = max(known.low for _, _, known in ends)
        ends = [end for end in ends if end[2].high >= largest]
        suspects, code, _ = ends[0]
        if code != suspects.codes[0]:
            code = self._first(suspects, largest)
        closer = [self._closer(code, suspects.output) for suspects, code, _ in ends]
        high = max(known.high for known in closer)
        return code, high, all(known.below_high for known in closer if known.high == high)

    def _first(self, suspects: _Suspects, largest: Fraction) -> int:
        """Return the first code whose error is the largest, if that of the last one is and that of the first is not."""
        low, high = 0, len(suspects.codes) - 1
        while high - low > 1:
            middle = (low + high) // 2
            is_largest = self._distance(int(suspects.codes[middle]), suspects.output).high >= largest
            low, high = (low, middle) if is_largest else (middle, high)
        return int(suspects.codes[high])

    def _distance(self, code: int, output: int) -> Enclosure:
        return self.reference.decided(code).distance(output)

    def _closer(self, code: int, output: int) -> Enclosure:
        """Return what is known of an error once it is told from every limit, or at the one that it is not told from."""

        def open_limits(known: Enclosure) -> list[Fraction]:
            error = known.distance(output)
            return [limit for limit in self.limits if error.side(limit) is None]

        known = self.reference.decided(code, lambda known: not open_limits(known))
        if not (left := open_limits(known)):
            return known.distance(output)
        self.undecided.add(code)
        return Enclosure(left[0], left[0])
