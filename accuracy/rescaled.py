"""A function between the codes of affine formats: the function of values, rescaled at both ends (decision 045)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from ..functions.base import Function
from ..functions.number_types import Arithmetic
from ..functions.properties import Asymptote, Line, PiecewiseLinear, Symmetry
from ..plan.any_format import Format
from ..plan.formats import FixedFormat
from ..support.parameters import Parameter

__all__ = ["Rescaled", "between_codes"]


@dataclass(frozen=True)
class _Scale:
    """The change of variable ``value = scale * (place - zero)``."""

    scale: Fraction
    zero: int

    @classmethod
    def from_format(cls, fmt: Format) -> _Scale:
        """Return that from codes to values of an affine format, and the identity for a fixed-point one."""
        if isinstance(fmt, FixedFormat):
            return cls(Fraction(1), 0)
        return cls(fmt.scale, fmt.zero_point)

    def value(self, place: Fraction) -> Fraction:
        return self.scale * (place - self.zero)

    def place(self, value: Fraction) -> Fraction:
        return value / self.scale + self.zero


@dataclass(frozen=True)
class Rescaled(Function):
    """A function of values as one of codes: ``f(scale * (x - zero)) / scale + zero``.

    To people it is f: its text, parameters and unit name are those of f.
    """

    name = "rescaled"
    summary = "a function between the codes of affine formats"
    listed = False

    of: Function
    source: _Scale
    target: _Scale

    def __call__(self, x: Any, m: Arithmetic) -> Any:
        value = self.of((x - m.rational(Fraction(self.source.zero))) * m.rational(self.source.scale), m)
        return value / m.rational(self.target.scale) + m.rational(Fraction(self.target.zero))

    def exact(self, x: Fraction) -> Fraction | None:
        value = self.of.exact(self.source.value(x))
        return None if value is None else self.target.place(value)

    @property
    def ends(self) -> tuple[Asymptote | None, Asymptote | None]:
        below, above = map(self._end, self.of.ends)
        return below, above

    def _end(self, end: Asymptote | None) -> Asymptote | None:
        if end is None:
            return None
        line = self._line(end)
        # The side is known for values of one sign, which are codes of one sign if the zero point is 0.
        return Asymptote(line.slope, line.offset, 0 if self.source.zero else end.side)

    def _line(self, line: Line) -> Line:
        slope = line.slope * self.source.scale / self.target.scale
        return Line(slope, self.target.place(line(self.source.value(Fraction(0)))))

    def strict_limits(self, x: Fraction) -> tuple[Fraction | None, Fraction | None]:
        limits = self.of.strict_limits(self.source.value(x))
        above, below = (None if limit is None else self.target.place(limit) for limit in limits)
        return above, below

    @cached_property
    def symmetry(self) -> Symmetry | None:
        """That of f, if the zero point of the input is 0."""
        found = self.of.symmetry
        if found is None or self.source.zero:
            return None
        total = found.total / self.target.scale + (1 - found.sign) * self.target.zero
        return Symmetry(found.sign, total, found.slope * self.source.scale / self.target.scale)

    @property
    def kinks(self) -> tuple[Fraction, ...]:
        return tuple(map(self.source.place, self.of.kinks))

    @cached_property
    def piecewise_linear(self) -> PiecewiseLinear | None:
        pieces = self.of.piecewise_linear
        if pieces is None:
            return None
        kinks = tuple(map(self.source.place, pieces.kinks))
        return PiecewiseLinear(tuple(map(self._line, pieces.lines)), kinks, pieces.closed)

    @property
    def turning_range(self) -> tuple[Fraction | None, Fraction | None]:
        below, above = (None if end is None else self.source.place(end) for end in self.of.turning_range)
        return below, above

    def undefined(self, low: Fraction, high: Fraction) -> Fraction | None:
        """Return a value, not a code, at which f is undefined."""
        return self.of.undefined(self.source.value(low), self.source.value(high))

    @property
    def spelling(self) -> str:
        return self.of.spelling

    @property
    def module_name(self) -> str:
        return self.of.module_name

    @property
    def description(self) -> str:
        return self.of.description

    @property
    def declared_parameters(self) -> tuple[Parameter, ...]:
        return self.of.declared_parameters

    def as_dict(self) -> dict[str, str]:
        return self.of.as_dict()


def between_codes(function: Function, source: Format, target: Format) -> Function:
    """Return a function of values as one of codes, as far as the formats are affine."""
    if isinstance(source.shown, FixedFormat) and isinstance(target.shown, FixedFormat):
        return function
    return Rescaled(function, _Scale.from_format(source.shown), _Scale.from_format(target.shown))
