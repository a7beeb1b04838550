"""The number of thresholds that the input reaches: the activation of a quantised network."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING, Any

from .base import Function
from .number_types import BALLS, FLOATS, FRACTIONS, Arithmetic, ball_ends
from .packed_values import PackedValues, pack, read_array, summary, unpack
from .properties import Line, PiecewiseLinear

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["Thresholds"]


@dataclass(frozen=True)
class Thresholds(Function):
    """The number of thresholds at or below x, a staircase of steps that belong to the upper side.

    This is `MultiThreshold` of FINN (Y. Umuroglu et al., FINN: A Framework for Fast, Scalable Binarized Neural Network
    Inference, 2017) for one channel, with a scale of 1 and a bias of 0: ``sum(x >= t for t in thresholds)``.
    """

    name = "thresholds"
    summary = "the number of thresholds at or below x"
    listed = False
    rounded = True
    parameters = (PackedValues("values", str, "the thresholds, as 16 hexadecimal digits of a float64 each"),)

    values: str

    def __post_init__(self) -> None:
        if self.values is None:
            raise ValueError("function thresholds needs its values: give an array (--thresholds FILE, from_thresholds)")
        ordered = pack(self.array)
        if ordered != self.values:  # the same number in any order
            object.__setattr__(self, "values", ordered)

    @classmethod
    def of(cls, array: Any, what: str = "thresholds") -> Thresholds:
        """Return the function of an array of thresholds, shape (thresholds,), in any order."""
        return cls(pack(read_array(array, what)))

    @cached_property
    def array(self) -> NDArray[np.float64]:
        """The thresholds, ascending, of shape (thresholds,)."""
        import numpy as np

        return np.sort(unpack(self.values))

    @cached_property
    def piecewise_linear(self) -> PiecewiseLinear:
        flat, kinks, counts = Fraction(0), list[Fraction](), [0]
        for threshold, equal in groupby(self.array.tolist()):
            kinks.append(Fraction(threshold))
            counts.append(counts[-1] + len(list(equal)))
        lines = tuple(Line(flat, Fraction(count)) for count in counts)
        return PiecewiseLinear(lines, tuple(kinks), (True,) * len(kinks))

    def exact(self, x: Fraction) -> Fraction:
        return self.piecewise_linear.lines[bisect_right(self.piecewise_linear.kinks, x)].offset

    def __call__(self, x: Any, m: Arithmetic) -> Any:
        import numpy as np

        if m is FRACTIONS:
            return self.exact(x)
        if m is FLOATS:
            return np.searchsorted(self.array, x, side="right").astype(float)[()]
        below, above = ball_ends(x if m is BALLS else x[0])
        kinks = self.piecewise_linear.kinks
        if m is not BALLS and bisect_left(kinks, below) != bisect_right(kinks, above):
            raise ValueError("there is no power series at a threshold")
        low, high = (m.rational(self.exact(end)) for end in (below, above))
        return low if m is not BALLS else low.union(high)

    def __str__(self) -> str:
        return f"thresholds({summary(self.values)})"
