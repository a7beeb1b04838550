"""The function folded by its symmetry: the part to compute once exclusive ors have dealt with the sign.

A symmetric function is computed at ``u = x`` for an input that is not negative and at ``u = -x - 1``, its ones'
complement, for one that is. The folded function gives ``p``. For an even function that is the output; for one with
``f(-x) = s - f(x)`` the output for a negative input is ``s - 1 - p``: the complement of p if s is 0 or a power of two.
That u is one short of the magnitude, which the folded function makes up for by the sign; neither side needs a negation.
Of a function with asymptotes that slope, p is the rest beside its rectified line, which is added last.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ...accuracy.admissible import admissible, code_directions, ordered
from ...accuracy.admitted import ANY
from ...accuracy.budget import Budget
from ...accuracy.specification import Specification
from ...functions.properties import Symmetry
from ...plan.operations.base import Range
from ..range_reduction.rectified_line import RectifiedLine

__all__ = ["ANY", "MOST_STEPS", "End", "FoldedFunction"]

MOST_STEPS = 8
"""The number up to which the constants that a unit needs are counted."""


@dataclass(frozen=True)
class FoldedFunction:
    """The admissible results of a folded function.

    Attributes
    ----------
    specification : Specification
        What is asked for.
    folded : bool
        Whether u is as above; if not, it is the input counted from `origin`.
    mirror : int or None
        ``s - 1`` in ulp of the output, if the input is folded and the function not even.
    origin : int
        The input code at which u is 0.
    low, high : int64, (signs, codes)
        The lowest and the highest admissible p.
    line : RectifiedLine or None
        What is added to p, where the function has asymptotes that slope.
    descending : bool
        Whether u is the ones' complement of the input throughout, so that it counts from 0 downwards.

    """

    specification: Specification
    folded: bool
    mirror: int | None
    origin: int
    low: NDArray[np.int64]
    high: NDArray[np.int64]
    line: RectifiedLine | None = None
    descending: bool = False

    @classmethod
    def counted_down(cls, specification: Specification) -> FoldedFunction | None:
        """Return the function of ``u = -x - 1``; None where inputs above 0 occur, or none below.

        What is steep near 0 and flat far below, such as exp, is so served by segments that grow with u.
        """
        codes = specification.codes
        if codes.high > 0 or codes.low >= 0:
            return None
        low, high = ordered(specification, *admissible(specification), folded=codes.high == 0)
        places = ~np.arange(codes.low, codes.high + 1) % codes.block.size
        lows, highs = np.full((1, codes.block.size), -ANY), np.full((1, codes.block.size), ANY)
        lows[0, places], highs[0, places] = low, high
        return cls(specification, False, None, 0, lows, highs, descending=True)

    @classmethod
    def of(cls, specification: Specification, budget: Budget | None = None, *, fold: bool = True) -> FoldedFunction:
        """Return the folded function of a specification.

        It is folded if `fold` is True, its inputs have both signs and its symmetry permits.
        """
        low, high = admissible(specification, budget)
        codes, symmetry = specification.codes, specification.function.reflection
        # Outputs may fall where the line rises by more, so that its rest says nothing of what is monotonic.
        line = RectifiedLine.of(specification) if fold and not specification.monotonic else None
        if line is not None:
            values = line.at(specification.input_format.codes(*codes))
            low, high, symmetry = low - values, high - values, line.rest(specification)
        found = cls._of(specification, low, high, symmetry if fold else None)
        return found if line is None else replace(found, line=line)

    @classmethod
    def _of(
        cls, specification: Specification, low: NDArray[np.int64], high: NDArray[np.int64], symmetry: Symmetry | None
    ) -> FoldedFunction:
        """Return the function with these admissible results, folded if it has a symmetry that permits it."""
        codes = specification.codes
        if codes.low < 0 < codes.high and symmetry is not None:
            total = symmetry.total / specification.output_format.ulp
            if symmetry.sign == 1 and total == 0:
                return cls._folded(specification, None, low, high)
            if symmetry.sign == -1 and total == int(total):
                function = cls._folded(specification, int(total) - 1, low, high)
                mirrored = Range(int(total) - 1 - function.results.high, int(total) - 1 - function.results.low)
                if Range.of(specification.output_format).covers(function.results.union(mirrored)):
                    return function
        block = codes.block
        shape = (1, block.size)
        lows, highs = np.full(shape, -ANY), np.full(shape, ANY)
        inside = slice(codes.low - block.low, codes.high - block.low + 1)
        lows[0, inside], highs[0, inside] = ordered(specification, low, high)
        return cls(specification, False, None, block.low, lows, highs)

    @classmethod
    def _folded(
        cls, specification: Specification, mirror: int | None, low: NDArray[np.int64], high: NDArray[np.int64]
    ) -> FoldedFunction:
        codes = specification.codes
        low, high = ordered(specification, low, high, folded=True)
        shape = (2, codes.block.size // 2)
        lows, highs = np.full(shape, -ANY), np.full(shape, ANY)
        zero = -codes.low  # the place of input code 0
        lows[0, : codes.high + 1], highs[0, : codes.high + 1] = low[zero:], high[zero:]
        below = low[:zero][::-1], high[:zero][::-1]
        if mirror is not None:
            free = below[1] >= ANY
            below = np.where(free, -ANY, mirror - below[1]), np.where(free, ANY, mirror - below[0])
        lows[1, :zero], highs[1, :zero] = below
        return cls(specification, True, mirror, 0, lows, highs)

    @property
    def signs(self) -> int:
        """2 if the input is folded, else 1."""
        return len(self.low)

    @property
    def size(self) -> int:
        """Number of codes of u, a power of two."""
        return int(self.low.shape[1])

    @property
    def stop(self) -> int:
        """The code of u before which all inputs lie but, counted downwards, that of 0."""
        return self.size // 2 if self.descending and self.specification.codes.high == 0 else self.size

    @property
    def width(self) -> int:
        """Bits of u."""
        return self.size.bit_length() - 1

    @property
    def feasible(self) -> bool:
        """Whether every input has an admissible result."""
        return bool((self.low <= self.high).all())

    @property
    def is_complemented(self) -> bool:
        """Whether the output for a negative input is the complement of p, but for bits that all results share."""
        mirror = self.mirror
        if mirror is None or mirror & (mirror + 1):
            return False
        return mirror == -1 or Range(0, mirror).covers(self.results)

    @property
    def takes_sign_in_sums(self) -> bool:
        """Whether the additions of a sign-free datapath can deal with the sign (see `DatapathShape`)."""
        return self.folded and (self.mirror is None or self.is_complemented)

    @property
    def is_constant(self) -> bool:
        """Whether one result is admissible at every input."""
        return bool(self.low.max() <= self.high.min())

    @cached_property
    def steps(self) -> int:
        """The fewest constants, each for consecutive u, that serve every input; at most `MOST_STEPS`."""
        found = 0
        for low, high in zip(self.low, self.high, strict=True):
            start = 0
            while start < len(low) and found < MOST_STEPS:
                start += _end(low[start:], high[start:]).count
                found += 1
        return found

    @cached_property
    def results(self) -> Range:
        """The smallest aligned block of results that holds one for every input."""
        occurs = self.high < ANY
        low, high = int(self.high[occurs].min()), int(self.low[occurs].max())
        return Range(min(low, high), max(low, high)).block

    @cached_property
    def directions(self) -> NDArray[np.int8]:
        """Required direction of p from each u to the next: int8, (signs, codes); 1 not falling, -1 not rising.

        It is 0 if p need not be monotonic, and from and to inputs that do not occur.
        """
        found = np.zeros((self.signs, self.size), dtype=np.int8)
        if self.specification.monotonic:
            codes, there = self.specification.codes, code_directions(self.specification)
            if self.descending:
                last = min(codes.high, -1)
                found[0, ~last : ~codes.low] = -there[: last - codes.low][::-1]
            elif not self.folded:
                start = codes.low - self.origin
                found[0, start : start + len(there)] = there
            else:
                zero = -codes.low
                found[0, : codes.high] = there[zero:]
                # The other way round, and once more if the output is complemented.
                found[1, : zero - 1] = (-1 if self.mirror is None else 1) * there[: zero - 1][::-1]
        return found

    @cached_property
    def bounds(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Lowest and highest p within `results`, -ANY and ANY where no input occurs: int64, (signs, codes)."""
        occurs = self.high < ANY
        low = np.where(occurs, np.maximum(self.low, self.results.low), -ANY)
        return low, np.where(occurs, np.minimum(self.high, self.results.high), ANY)

    @cached_property
    def ends(self) -> tuple[tuple[End, ...], tuple[End, ...]]:
        """Constants for the lower and for the upper end of u, for every sign; none for the lower end if folded."""
        low, high = self.bounds
        return () if self.folded else (_end(low[0], high[0]),), self.upper_ends(self.size)

    def upper_ends(self, stop: int) -> tuple[End, ...]:
        """Return the constants admissible at the last codes of u before `stop`, for every sign."""
        low, high = (limits[:, :stop][:, ::-1] for limits in self.bounds)
        return tuple(_end(*rows) for rows in zip(low, high, strict=True))

    @property
    def exact_from(self) -> int | None:
        """The code of u from which on exact outputs are required for every sign; None if none are."""
        codes, starts = self.specification.codes, []
        for required in self.specification.reference.required if self.specification.ends == "exact" else ():
            if required.codes.low == codes.low and (self.folded or self.descending):
                starts.append(-required.codes.high - 1)
            elif required.codes.high == codes.high and not self.descending:
                starts.append(required.codes.low - self.origin)
        return max(starts, default=None)


@dataclass(frozen=True)
class End:
    """The constants p from `low` to `high`, admissible at all `count` codes of an end."""

    count: int
    low: int
    high: int


def _end(low: NDArray[np.int64], high: NDArray[np.int64]) -> End:
    highest, lowest = np.maximum.accumulate(low), np.minimum.accumulate(high)
    count = int((highest <= lowest).sum())  # those at the start: neither turns back
    return End(count, int(highest[count - 1]), int(lowest[count - 1]))
