"""A function as its values at equally spaced inputs, such as all codes of a format: a trained table."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import ceil, floor, lcm
from typing import TYPE_CHECKING, Any

from ..support.parameters import Parameter, parse_number
from .base import Function
from .number_types import BALLS, FLOATS, FRACTIONS, Arithmetic, ball_ends
from .packed_values import PackedValues, pack, read_array, summary, unpack
from .properties import Monotonicity, Symmetry

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["ValueTable"]


_ROUNDING = 2.0**-50
"""The part of a value by which a pair may miss a symmetry: a few roundings of float64.

That is no claim about values: methods look for units by it, and these are held to the values themselves.
"""


@dataclass(frozen=True)
class ValueTable(Function):
    """A function known by its values at ``first``, ``first + step``, ...; between two inputs it is that at the lower.

    Each value is a float64, exactly. Nothing is said of what lies beyond the first and the last input, except that a
    table with a symmetry has a value at the one input more that mirrors the most negative code of two's complement.
    """

    name = "value_table"
    summary = "the values of an array, one for each input"
    listed = False
    rounded = True
    no_series = "is known by its values alone"
    parameters = (
        Parameter("first", Fraction, "the first input"),
        Parameter("step", Fraction, "the distance of the inputs"),
        PackedValues("values", str, "the values, as 16 hexadecimal digits of a float64 each"),
    )

    first: Fraction
    step: Fraction
    values: str

    def __post_init__(self) -> None:
        for name in ("first", "step", "values"):
            if getattr(self, name) is None:
                raise ValueError(f"function value_table needs its {name}: give an array (--table FILE, from_table)")
        if self.step <= 0:
            raise ValueError(f"step must be above 0, not {self.step}")

    @classmethod
    def of(cls, array: Any, first: Any, step: Any, what: str = "table") -> ValueTable:
        """Return the function of an array of values, shape (inputs,), in ascending order of the inputs."""
        return cls(parse_number(first), parse_number(step), pack(read_array(array, what)))

    @cached_property
    def array(self) -> NDArray[np.float64]:
        """The values, of shape (inputs,)."""
        return unpack(self.values)

    @property
    def analytic(self) -> bool:
        return False

    @cached_property
    def symmetry(self) -> Symmetry | None:
        """The symmetry of the values, up to the rounding of floats; one with a slope is not looked for."""
        import numpy as np

        inputs = len(self.array)
        centre = -2 * self.first / self.step  # inputs i and centre - i are each other's negative
        if centre not in (inputs, inputs - 1) or inputs < 3:
            return None
        right = self.array[int(centre) - inputs + 1 :]
        left = right[::-1]
        with np.errstate(over="ignore"):
            total = left[0] + right[0] if len(right) % 2 == 0 else 2 * right[len(right) // 2]
            off = [np.abs(left - right), np.abs(left + right - total)]
        even, odd = (bool((each <= _ROUNDING * np.maximum(np.abs(left), np.abs(right))).all()) for each in off)
        if even:
            return Symmetry(1, Fraction(0))
        return Symmetry(-1, Fraction(float(total))) if odd else None

    @cached_property
    def _extended(self) -> NDArray[np.float64]:
        """The values, and that of the input that mirrors the first one if there is a symmetry."""
        import numpy as np

        if self.symmetry is None or -self.first != self.first + len(self.array) * self.step:
            return self.array
        return np.append(self.array, self.symmetry.sign * self.array[0] + float(self.symmetry.total))

    def samples(self, first: Fraction, step: Fraction, count: int) -> NDArray[np.float64]:
        import numpy as np

        start, stride = (first - self.first) / self.step, step / self.step
        unit = lcm(start.denominator, stride.denominator)
        places = (int(start * unit) + int(stride * unit) * np.arange(count, dtype=np.int64)) // unit
        return self._extended[places]

    def turns_between(self, low: Fraction, high: Fraction) -> Monotonicity:
        import numpy as np

        first = ceil((low - self.first) / self.step)
        values = self._extended[first : floor((high - self.first) / self.step) + 1]
        rises = (values[1:] > values[:-1]).astype(int) - (values[1:] < values[:-1])
        moves = np.flatnonzero(rises)
        turns = moves[:-1][rises[moves[1:]] != rises[moves[:-1]]] + 1
        points = tuple(self.first + (first + place) * self.step for place in turns.tolist())
        return Monotonicity(points, not len(moves) or bool(rises[moves[0]] > 0))

    def undefined(self, low: Fraction, high: Fraction) -> Fraction | None:
        last = self.first + (len(self._extended) - 1) * self.step
        return low if low < self.first else high if high > last else None

    def exact(self, x: Fraction) -> Fraction:
        return Fraction(float(self._extended[floor((x - self.first) / self.step)]))

    def __call__(self, x: Any, m: Arithmetic) -> Any:
        import numpy as np

        if m is FRACTIONS:
            return self.exact(x)
        if m is FLOATS:
            places = np.floor((np.asarray(x, dtype=float) - float(self.first)) / float(self.step))
            values = self._extended[np.clip(places, 0, len(self._extended) - 1).astype(int)]
            return np.where((places >= 0) & (places < len(self._extended)), values, np.nan)[()]
        if m is not BALLS:
            raise ValueError("a table has no power series")
        low, high = (floor((end - self.first) / self.step) for end in ball_ends(x))
        values = self._extended[max(low, 0) : high + 1]
        low_ball, high_ball = (m.rational(Fraction(float(end))) for end in (values.min(), values.max()))
        return low_ball.union(high_ball)

    def __str__(self) -> str:
        return f"value_table({summary(self.values)})"
