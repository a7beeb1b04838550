"""A function of few values as a binary search among the inputs at which its output changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from math import floor
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..accuracy.admissible import ordered
from ..accuracy.limits import SEARCHED_CODES
from ..accuracy.specification import Specification
from ..plan import operations as op
from ..plan.builder import PlanBuilder
from ..plan.lut_estimate import logic_size
from .base import Candidate, Method, RefusalError
from .piecewise_linear.pieces import pieces_of
from .tables.feasible_tables import admitted, table_refusal
from .tables.folded_table import budget_or_ulp

__all__ = ["BinarySearch"]

Codes = NDArray[np.int64]

_HALF = Fraction(1, 2)

_MOST_STEPS = 1 << 12
"""The most steps: the bounds of the last bit are then a table as large as `table` makes by default."""


class _Staircase(NamedTuple):
    """Runs of consecutive input codes that share an output: the first code and the output of each, ascending."""

    starts: list[int]
    outputs: list[int]


class BinarySearch(Method):
    """A staircase: one comparison for each bit of the number of steps, with a bound that the bits so far look up.

    It is what thresholds ask for where inputs have too many bits for a table: log2(n) comparisons instead of n.
    """

    name = "binary_search"
    summary = "a binary search among the inputs at which the output changes, for functions of few values"

    @classmethod
    def refusal(cls, specification: Specification) -> str | None:
        return None if _is_staircase(specification) else table_refusal(cls.name, specification)

    @classmethod
    def searches(cls, specification: Specification) -> bool:
        return specification.function.rounded or _is_staircase(specification)

    @classmethod
    def candidates(cls, specification: Specification, given: Mapping[str, Any]) -> Iterator[Candidate]:
        cls.check(specification)
        if specification.codes.size > SEARCHED_CODES:
            stairs = _rounded(specification)
        else:
            low, high = ordered(specification, *admitted(specification))
            if (low > high).any():
                return
            stairs = _staircase(specification, low, high)
        if len(stairs.starts) > _MOST_STEPS:
            raise RefusalError(
                f"method binary_search makes functions of at most {_MOST_STEPS} steps; {specification.function} from "
                f"{specification.domain} to {specification.output_format} has {len(stairs.starts)}"
            )
        bound = budget_or_ulp(specification).in_ulp(specification.output_format)
        plan = _Search(specification, stairs).plan()
        yield Candidate(plan, {}, logic_size(plan), lambda: max(bound, _HALF))


def _is_staircase(specification: Specification) -> bool:
    """Return whether the function is constant between its kinks."""
    pieces = specification.function.piecewise_linear
    return pieces is not None and not any(line.slope for line in pieces.lines)


def _rounded(specification: Specification) -> _Staircase:
    """Return the steps of a staircase, correctly rounded, whatever the number of inputs."""
    pieces, (lowest, highest) = pieces_of(specification, specification.codes), specification.outputs
    outputs = [min(max(floor(piece.offset + _HALF), lowest), highest) for piece in pieces]
    return _Staircase([piece.codes.low for piece in pieces], outputs)


def _staircase(specification: Specification, low: Codes, high: Codes) -> _Staircase:
    """Return the fewest runs with outputs that are admitted all along; `low` and `high` are of shape (inputs,)."""
    changes = np.flatnonzero((np.diff(low) != 0) | (np.diff(high) != 0)) + 1
    starts, outputs = [specification.codes.low], [int(low[0])]
    highest = int(high[0])
    for place in changes.tolist():
        lowest, highest = max(outputs[-1], int(low[place])), min(highest, int(high[place]))
        if lowest <= highest:
            outputs[-1] = lowest
        else:
            starts.append(specification.codes.low + place)
            outputs.append(int(low[place]))
            highest = int(high[place])
    return _Staircase(starts, outputs)


class _Search:
    """The plan of a search.

    The steps are padded to a power of two by steps that begin beyond the last input.
    """

    def __init__(self, specification: Specification, stairs: _Staircase) -> None:
        self.specification, self.stairs = specification, stairs
        self.bits = (len(stairs.starts) - 1).bit_length()
        count = 1 << self.bits
        lasts = [start - 1 for start in stairs.starts[1:]]
        self.lasts = [*lasts, *[specification.codes.high] * (count - 1 - len(lasts))]
        self.outputs = [*stairs.outputs, *stairs.outputs[-1:] * (count - len(stairs.outputs))]
        self.b = PlanBuilder()

    def plan(self) -> Any:
        b, output = self.b, self.specification.output_format
        note = f"argument of {self.specification.function}"
        x = b.input("x", self.specification.input_format, note, self.specification.codes)
        if not self.bits:
            only = op.Constant(self.outputs[0], output.fraction_bits)
            return b.build(y=(b.let("only", only, "the same for every input"), output))
        step = ""
        for level in range(self.bits):
            step = self._level(x, step, level)
        return b.build(y=(self._output(step), output))

    def _level(self, x: str, step: str, level: int) -> str:
        """Add the next bit of the step's number; returns the name of the number so far."""
        b, half = self.b, 1 << (self.bits - level - 1)
        lasts = self.lasts[half - 1 :: 2 * half]
        zeros = min(b.range(x).width - 1, *map(_trailing_ones, lasts))
        compared = b.let(f"input_{level}", op.ShiftRight(x, zeros, 0), "the bits that tell")
        last = b.let(f"last_{level}", self._looked_up(step, [each >> zeros for each in lasts]), "of the lower half")
        bit = b.let(f"upper_{level}", op.Compare("gt", compared, last), "whether the step is in the upper half")
        return bit if not level else b.let(f"step_{level}", op.Concatenate(step, bit, 1, 0), "the bits of its number")

    def _looked_up(self, step: str, entries: Sequence[int], point: int = 0) -> op.Lookup | op.Constant:
        if len(set(entries)) == 1:
            return op.Constant(entries[0], point)
        return op.Lookup(step, tuple(entries), point)

    def _output(self, step: str) -> str:
        b, point, first = self.b, self.specification.output_format.fraction_bits, self.outputs[0]
        counted = all(each == first + place for place, each in enumerate(self.stairs.outputs))
        held = b.range(step)
        if counted and first + held.high <= self.specification.outputs.high:
            number = b.let("number", op.ShiftRight(step, 0, point), "the number of the step")
            if not first:
                return number
            return b.let(
                "counted", op.Add(number, b.let("first", op.Constant(first, point))), "the first output is 0's"
            )
        return b.let("result", self._looked_up(step, self.outputs, point), "the output of the step")


def _trailing_ones(value: int) -> int:
    return ((value + 1) & -(value + 1)).bit_length() - 1 if value != -1 else 64
