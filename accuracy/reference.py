"""The true function on every code of an input format, in ulp of the output, with rigorous bounds.

All inputs are walked in floats with a proved bound (`walk`). Where that bound leaves a question open, single codes are
settled in ball arithmetic (decision 003).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import cached_property, lru_cache
from itertools import pairwise
from math import ceil
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..functions.base import Function
from ..functions.critical_points import monotonicity
from ..functions.number_types.working_precision import VALUE_BITS
from ..functions.properties import Monotonicity
from ..plan.formats import FixedFormat
from ..plan.operations.base import Range
from .decide import Enclosure, decide, enclosed
from .required import Inputs, Required, required_outputs
from .span import Span, joined
from .walk import Walk

__all__ = ["Reference", "make_reference"]

_KEPT_CODES = 1 << 18
"""Up to so many inputs are walked once and kept: a search comes back to them."""

_KEPT_ENCLOSURES = 1 << 14
"""Up to so many true values are kept: every candidate of a wide unit is looked at at the same inputs."""


class Reference:
    """A function between two formats: its true values in ulp of the output, clamped to the codes that outputs may have.

    Parameters
    ----------
    function, input_format, output_format
        The function, and the formats of its argument and of its value.
    codes
        The input codes that occur; all of the format unless given.
    outputs
        The output codes that values are clamped to; all of the format unless given.

    """

    def __init__(
        self,
        function: Function,
        input_format: FixedFormat,
        output_format: FixedFormat,
        codes: Range | None = None,
        outputs: Range | None = None,
    ) -> None:
        self.function = function
        self.input_format = input_format
        self.output_format = output_format
        self.codes = codes or Range.of(input_format)
        self.outputs = outputs or Range.of(output_format)
        self._kept: list[Span] | None = None
        self._enclosures: dict[tuple[int, int], Enclosure] = {}

    @cached_property
    def required(self) -> tuple[Required, ...]:
        """The outputs at saturated inputs and at 0 that are exact unless a unit's ends are free."""
        asked = self.function, self.input_format, self.output_format, self.codes, self.outputs
        return required_outputs(Inputs(*asked))

    def enclosure(self, code: int, precision: int = VALUE_BITS) -> tuple[Fraction, Fraction]:
        """Return bounds of the clamped true value at an input code, in ulp; equal where the value is known exactly."""
        known = self._enclosed(code, precision)
        return known.low, known.high

    def decided(self, code: int, decided: Callable[[Enclosure], bool] = lambda _: True) -> Enclosure:
        """Return the clamped true value at an input code, in ulp, as closely as decides a question (see `decide`)."""
        return decide(lambda precision: self._enclosed(code, precision), decided)

    @cached_property
    def monotonicity(self) -> Monotonicity:
        """Where the function rises and falls over the codes that occur, in input codes."""
        low, high = map(self.input_format.value, self.codes)
        return monotonicity(self.function, low, high).in_units(self.input_format.ulp)

    def between_critical_points(self, codes: NDArray[Any]) -> Iterator[slice]:
        """Yield the parts of ascending codes over each of which the function goes one way."""
        cuts = [ceil(point) for point in self.monotonicity.points]
        places = [0, *(int(np.searchsorted(codes, cut)) for cut in cuts), len(codes)]
        yield from (slice(*pair) for pair in pairwise(places))

    def _enclosed(self, code: int, precision: int) -> Enclosure:
        if (kept := self._enclosures.get((code, precision))) is not None:
            return kept
        fmt = self.output_format
        known = enclosed(self.function, self.input_format.value(code), fmt.ulp, precision + fmt.width)
        known = known.clamped(*map(Fraction, self.outputs))
        if len(self._enclosures) < _KEPT_ENCLOSURES:
            self._enclosures[code, precision] = known
        return known

    def spans(self) -> Iterator[Span]:
        """Walk the input codes in ascending order."""
        walk = Walk(self.function, self.input_format, self.output_format, self.codes, self.outputs)
        if self.codes.size > _KEPT_CODES:
            yield from walk.spans()
            return
        if self._kept is None:
            self._kept = joined(list(walk.spans()))
        yield from self._kept


@lru_cache(maxsize=16)
def make_reference(
    function: Function,
    input_format: FixedFormat,
    output_format: FixedFormat,
    codes: Range | None = None,
    outputs: Range | None = None,
) -> Reference:
    """Return the `Reference` of a function between two formats; the last few keep the values they walked."""
    return Reference(function, input_format, output_format, codes, outputs)
