"""The derivative of a function, as a function."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from ..support.parameters import Parameter
from .base import Function
from .number_types import BALLS, FLOATS, FRACTIONS, Arithmetic, Dual, Duals, IrrationalError, to_ball
from .number_types.working_precision import VALUE_BITS
from .properties import Asymptote, Domain, Line, PiecewiseLinear, Symmetry

__all__ = ["Derivative"]


@dataclass(frozen=True)
class Derivative(Function):
    """``f'(x)``, from the definition of f by the rules of differentiation, over any number type.

    At a kink it is what PyTorch takes for it: 0 for relu at 0 (``threshold_backward``), for hard tanh, hard logistic
    and relu6 at both ends (``hardtanh_backward``, ``hardsigmoid_backward``) and for the shrinkages at both limits, 0
    for ``abs`` at 0 (``sgn``), and where branches meet the derivative of the branch that the value is taken from. So
    ``max``, ``min`` and ``clip`` of expressions have the slopes of PyTorch's relu, leaky_relu and hardtanh, and neither
    the mean of both slopes, which ``torch.maximum`` has, nor the 1 of ``torch.clamp``.

    Floats are as accurate as the rules are in float64, which lose digits where terms cancel; where they overflow they
    are replaced, one by one and slowly, by values from ball arithmetic.
    """

    name = "derivative"
    summary = "the derivative of a function"
    listed = False

    function: Function

    def __call__(self, x: Any, m: Arithmetic) -> Any:
        if m is FLOATS:
            return self._floats(x)
        return self._slope(x, m)

    def _slope(self, x: Any, m: Arithmetic) -> Any:
        found = self.function(Dual(x, m.rational(Fraction(1))), Duals(m))
        slope = found.slope if isinstance(found, Dual) else m.rational(Fraction(0))
        if m is FRACTIONS and not isinstance(slope, Fraction | int):
            raise IrrationalError("a derivative that is not known as a fraction")
        return slope

    def _floats(self, x: Any) -> Any:
        import numpy as np
        from flint import ctx

        x = np.asarray(x, dtype=float)
        with np.errstate(all="ignore"):
            slopes = np.array(self._slope(x[()], FLOATS) + np.zeros(x.shape))
        with ctx.workprec(VALUE_BITS):
            for place in map(tuple, np.argwhere(np.isnan(slopes) & np.isfinite(x))):
                slopes[place] = float(self._slope(to_ball(Fraction(float(x[place]))), BALLS))
        return slopes[()]

    def exact(self, x: Fraction) -> Fraction | None:
        try:
            return super().exact(x)
        except ZeroDivisionError:
            return None

    @property
    def spelling(self) -> str:
        return f"{self.function.spelling}.prime"

    @property
    def module_name(self) -> str:
        return f"{self.function.module_name}_derivative"

    @property
    def description(self) -> str:
        return f"the derivative of {self.function.description}"

    @property
    def declared_parameters(self) -> tuple[Parameter, ...]:
        return self.function.declared_parameters

    @property
    def ends(self) -> tuple[Asymptote | None, Asymptote | None]:
        """The slopes of the function's own asymptotes: none of those oscillates about its asymptote."""
        below, above = (None if end is None else Asymptote.limit(end.slope) for end in self.function.ends)
        return below, above

    @cached_property
    def symmetry(self) -> Symmetry | None:
        """That of f, differentiated; None if the values at kinks break it."""
        symmetry = self.function.symmetry
        if symmetry is None:
            return None
        found = Symmetry(-symmetry.sign, -symmetry.slope)
        for kink in self.function.kinks:
            here, there = self.exact(kink), self.exact(-kink)
            if here is None or there is None or there != found.sign * here + found.total:
                return None
        return found

    @property
    def kinks(self) -> tuple[Fraction, ...]:
        pieces = self.piecewise_linear
        return self.function.kinks if pieces is None else tuple(sorted(set(pieces.kinks)))

    @cached_property
    def piecewise_linear(self) -> PiecewiseLinear | None:
        """The slopes of the lines of f; at a kink the value by convention, which may be a piece of its own."""
        pieces = self.function.piecewise_linear
        if pieces is None:
            return None
        slopes, kinks, closed = [pieces.lines[0].slope], list[Fraction](), list[bool]()
        for kink in sorted(set(pieces.kinks)):
            above = pieces.lines[sum(each <= kink for each in pieces.kinks)].slope
            value = self.exact(kink)
            if value is None:
                return None
            if value == above == slopes[-1]:
                continue
            if value not in (slopes[-1], above):
                slopes.append(value)
                kinks.append(kink)
                closed += [True, False]
            else:
                closed.append(value != slopes[-1])
            kinks.append(kink)
            slopes.append(above)
        lines = tuple(Line(Fraction(0), slope) for slope in slopes)
        return PiecewiseLinear(lines, tuple(kinks), tuple(closed) if any(closed) else ())

    @property
    def turning_range(self) -> tuple[None, None]:
        # Nothing is known of how far out the slope turns.
        return None, None

    def undefined(self, low: Fraction, high: Fraction) -> Fraction | None:
        if self.function.domain is Domain.NOT_NEGATIVE:  # a root has no slope at 0
            return Domain.POSITIVE.outside(low, high)
        return self.function.undefined(low, high)

    def as_dict(self) -> dict[str, str]:
        return self.function.as_dict()
