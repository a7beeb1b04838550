"""The steps that tell saturated inputs, and replace values by constants there."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from ...plan import operations as op
from ...plan.builder import PlanBuilder
from .saturation import Saturation

__all__ = ["SaturationSteps"]

_MOST_TOP_BITS = 12
"""The most bits of a code that one table compares with that at which saturation begins: more take synthesis long."""

_LOW_BITS = 8
"""Bits of the index of a table that compares the lowest of them."""

_CONSTANTS = ("constant", "opposite")
"""Names of the constants at saturated inputs, that of negative ones last."""


class SaturationSteps:
    """Adds saturations at one end of u to a plan; each overrides those further in.

    Parameters
    ----------
    b
        The plan so far.
    size
        Number of codes of u.
    address, negative
        Names of the steps that are u, and 1 for a negative input.
    saturations
        The saturations, the innermost first.

    """

    def __init__(
        self, b: PlanBuilder, size: int, address: str, negative: str, saturations: Sequence[Saturation]
    ) -> None:
        self.b, self.size, self.address, self.negative = b, size, address, negative
        self.saturations = saturations
        self._told: dict[int, str] = {}

    def limited(
        self,
        value: str,
        constants: Sequence[Sequence[op.Constant]],
    ) -> str:
        """Add a step that is a value, or a constant where the input is saturated.

        Parameters
        ----------
        value
            Name of the step that is the value.
        constants
            For every saturation, one constant for both signs, or one for each, that for negative inputs last.

        """
        b = self.b
        first, *others = self.saturations
        suffix = "_below" if first.below else ""
        saturated = self._saturated(0, suffix, "whether the function is as good as constant")
        limits = [b.let(_CONSTANTS[sign] + suffix, constant) for sign, constant in enumerate(constants[0])]
        for number in range(len(others)):
            where = f"_beyond{number + 1 if number else ''}"
            beyond = self._saturated(number + 1, where, "whether another constant is required", first.start)
            for sign, limit in enumerate(limits):
                constant = constants[number + 1][sign]
                if constant != constants[0][sign]:
                    there = op.Select(beyond, b.let(_CONSTANTS[sign] + where, constant), limit)
                    limits[sign] = b.let(f"{_CONSTANTS[sign]}_there{where.removeprefix('_beyond')}", there)
        limit, *opposite = limits
        if opposite:
            limit = b.let(f"limit{suffix}", op.Select(self.negative, opposite[0], limit))
        return b.let(f"limited{suffix}", op.Select(saturated, limit, value))

    def limited_to(self, value: str, constants: Sequence[int], name: str) -> str:
        """Add a step that is a value, or one of some integers where the input is saturated: one for every saturation.

        Bits that are the same in all of them are constant in what the value is replaced by.
        """
        b, point = self.b, self.b.point(value)
        saturated = self._saturated(0, "", "whether the function is as good as constant")
        limit = b.let(f"{name}_limit", op.Constant(constants[0], point))
        for number, (inner, outer) in enumerate(pairwise(constants), 1):
            if inner != outer:
                where = f"_beyond{number if number > 1 else ''}"
                note, start = "whether another constant is required", self.saturations[0].start
                beyond = self._saturated(number, where, note, start)
                changed = b.let(f"{name}_changed{number}", op.Constant(inner ^ outer, point))
                same = b.let(f"{name}_same{number}", op.Constant(0, point))
                change = b.let(f"{name}_change{number}", op.Select(beyond, changed, same))
                limit = b.let(f"{name}_limit{number}", op.Bitwise("xor", limit, change))
        return b.let(f"{name}_limited", op.Select(saturated, limit, value))

    def _saturated(self, number: int, suffix: str, note: str, least: int = 0) -> str:
        """Return the step that says whether u is a code of a saturation, which is added when it is first read.

        Below `least` the answer may be wrong.
        """
        if number not in self._told:
            self._told[number] = self._is_saturated(self.saturations[number], suffix, note, least)
        return self._told[number]

    def _is_saturated(self, saturation: Saturation, suffix: str, note: str, least: int) -> str:
        b, start = self.b, saturation.start
        zeros = (start & -start).bit_length() - 1
        bits = (least ^ self.size - 1).bit_length() - zeros  # those above are the same from `least` on
        first = start >> zeros & (1 << bits) - 1
        reached = ""
        while bits > _MOST_TOP_BITS:
            taken = _LOW_BITS - bool(reached)
            part = b.let(f"low{zeros}{suffix}", op.Bits(self.address, zeros, taken), "its lowest bits")
            reached = self._reached(f"reached{zeros}{suffix}", part, reached, first & (1 << taken) - 1, taken)
            zeros, bits, first = zeros + taken, bits - taken, first >> taken
        top = b.let(f"top{suffix}", op.Bits(self.address, zeros, bits), "bits that tell")
        return self._reached(f"saturated{suffix}", top, reached, first, bits, below=saturation.below, note=note)

    def _reached(
        self, name: str, part: str, lower: str, first: int, bits: int, *, below: bool = False, note: str = ""
    ) -> str:
        """Add whether a part of a code reaches `first` (if `below`: whether not), `lower` saying so of lower bits."""
        b = self.b
        if not lower:
            table = tuple(int((code < first) == below) for code in range(1 << bits))
            return b.let(name, op.Lookup(part, table), note)
        index = b.let(f"{name}_by", op.Concatenate(part, lower, 1, 0), "and whether the bits below it do")
        table = tuple(int((code < first << 1 | 1) == below) for code in range(2 << bits))
        return b.let(name, op.Lookup(index, table), note)
