"""Foldings of functions that are even, or even but for a line: one entry serves x and -x."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ...accuracy.specification import Specification
from ...plan import operations as op
from ...plan.builder import PlanBuilder
from ...plan.operations.base import Range
from ..range_reduction.rectified_line import RectifiedLine
from .folding import HIGHEST, LOWEST, Chain, Folding

__all__ = ["Even", "Line"]

Codes = NDArray[np.int64]


class Line(Folding):
    """The input code as address of what is left of a function beside its rectified line."""

    name = "line"
    by_sign = False

    @classmethod
    def serves(cls, specification: Specification, kept_bits: int) -> bool:
        # With a line added, neither kept bits nor entries that rise say anything of the output.
        return RectifiedLine.of(specification) is not None and not kept_bits and not specification.monotonic

    @property
    def addresses(self) -> Range:
        return self.specification.codes

    def addresses_of(self, codes: Codes) -> Codes:
        return codes

    def outputs_of(self, codes: Codes, entries: Codes) -> Codes:
        return entries + self._line(codes)

    def intervals(self, low: Codes, high: Codes) -> tuple[Codes, Codes]:
        codes = self.specification.codes
        inputs = np.arange(codes.low, codes.high + 1)
        line, places = self._line(inputs), self.addresses_of(inputs) - self.addresses.low
        lows, highs = np.full(self.addresses.size, LOWEST), np.full(self.addresses.size, HIGHEST)
        np.maximum.at(lows, places, low - line)
        np.minimum.at(highs, places, high - line)
        return lows, highs

    def address(self, b: PlanBuilder, x: str) -> str:
        return x

    def output(self, b: PlanBuilder, x: str, value: str) -> str:
        line = RectifiedLine.of(self.specification)
        return value if line is None else line.add(b, x, value, self.specification.output_format)

    def chains(self, neighbours: Sequence[Codes]) -> list[Chain]:
        return []

    def _line(self, codes: Codes) -> Codes:
        line = RectifiedLine.of(self.specification)
        return np.zeros_like(codes) if line is None else line.at(codes)


class Even(Line):
    """The magnitude as address of an even function, or of what is left beside its rectified line."""

    name = "even"

    @classmethod
    def serves(cls, specification: Specification, kept_bits: int) -> bool:
        codes, line = specification.codes, RectifiedLine.of(specification)
        rest = specification.function.reflection if line is None else line.rest(specification)
        if rest is None or rest.sign != 1 or rest.total or not codes.low < 0 < codes.high:
            return False
        return line is None or super().serves(specification, kept_bits)

    @property
    def addresses(self) -> Range:
        codes = self.specification.codes
        return Range(0, max(-codes.low, codes.high))

    def addresses_of(self, codes: Codes) -> Codes:
        return np.abs(codes)

    def address(self, b: PlanBuilder, x: str) -> str:
        return b.let("magnitude", op.Absolute(x))

    def chains(self, neighbours: Sequence[Codes]) -> list[Chain]:
        places = np.abs(np.arange(self.specification.codes.low, self.specification.codes.high + 1))
        return [Chain(1, places[chain]) for chain in neighbours]
