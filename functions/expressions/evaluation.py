"""Values of expressions over any number type."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from ..number_types import BALLS, FLOATS, FRACTIONS, SERIES, Arithmetic, Dual, Duals, IrrationalError, to_ball
from .nodes import (
    Apply,
    Call,
    Comparison,
    Constant,
    Input,
    Negative,
    Node,
    Number,
    Power,
    Prime,
    Product,
    Quotient,
    Sum,
    Where,
)
from .regions import Regions, UnknownRootError

__all__ = ["evaluate"]

_LONGEST_FRACTION = 1 << 14
"""Bits of exact values; longer ones count as not known."""

RegionsOf = Callable[[Comparison], Regions]


def evaluate(node: Node, x: Any, m: Arithmetic, regions_of: RegionsOf) -> Any:
    """Return the value of an expression at `x`, a number of the type that `m` is the arithmetic of.

    Of a ``where``, only the branch that `regions_of` selects is evaluated.
    """
    return _Evaluation(x, m, regions_of).of(node)


class _Evaluation:
    def __init__(self, x: Any, m: Arithmetic, regions_of: RegionsOf) -> None:
        self.x, self.m, self.regions_of = x, m, regions_of
        self.exact = _base(m) is FRACTIONS

    def of(self, node: Node) -> Any:
        value = self._of(node)
        if self.exact:
            _check_length(value)
        return value

    def _of(self, node: Node) -> Any:
        match node:
            case Input():
                return self.x
            case Number(value):
                return self.m.rational(value)
            case Constant("pi"):
                return self.m.pi()
            case Constant():
                return self.m.exp(self.m.rational(Fraction(1)))
            case Negative(of):
                return -self.of(of)
            case Sum((first, *others)):
                total = self.of(first)
                for other in others:
                    total = total + self.of(other)
                return total
            case Product((first, *others)):
                product = self.of(first)
                for other in others:
                    product = self._multiplied(product, self.of(other))
                return product
            case Quotient(numerator, denominator):
                return self._divided(self.of(numerator), self.of(denominator))
            case Power(base, exponent):
                return self._raised(self.of(base), exponent)
            case Apply(name, arguments):
                return self._applied(name, arguments)
            case Call(function, argument):
                return function(self.of(argument), self.m)
            case Prime(of):
                return self._slope(of)
            case Where():
                return self._chosen(node)

    def _applied(self, name: str, arguments: tuple[Node, ...]) -> Any:
        if name == "clip":
            of, low, high = arguments
            assert isinstance(low, Number) and isinstance(high, Number)
            return self.m.clip(self.of(of), low.value, high.value)
        if name == "log" and isinstance(arguments[0], Sum):
            match arguments[0].terms:
                case (Number(value), Apply("exp", (of,))) | (Apply("exp", (of,)), Number(value)) if value == 1:
                    return self.m.log1p_exp(self.of(of))
        if name in ("min", "max"):
            return self._extreme(name, *arguments)
        return getattr(self.m, name)(*map(self.of, arguments))

    def _extreme(self, name: str, left: Node, right: Node) -> Any:
        """Return the smaller or the larger value: where algebra tells which that is, even if both are equal there."""
        if _base(self.m) in (BALLS, SERIES):
            try:
                taken = _within_a_gap(self.regions_of(Comparison(left, ">" if name == "max" else "<", right)), self.x)
            except UnknownRootError:
                taken = None
            if taken is not None:
                return self.of(left if taken else right)
        operation = self.m.maximum if name == "max" else self.m.minimum
        return operation(self.of(left), self.of(right))

    def _multiplied(self, left: Any, right: Any) -> Any:
        if self.exact:
            _check_length(left, right)
        return left * right

    def _divided(self, left: Any, right: Any) -> Any:
        if self.m is FLOATS:  # Python's own floats raise where there is a pole
            import numpy as np

            with np.errstate(all="ignore"):
                return np.divide(left, right)
        return left / right

    def _raised(self, base: Any, exponent: int) -> Any:
        power, square, left = None, base, abs(exponent)
        while left:
            if left & 1:
                power = square if power is None else self._multiplied(power, square)
            left >>= 1
            if left:
                square = self._multiplied(square, square)
        return power if exponent > 0 else self._divided(1, power)

    def _slope(self, node: Node) -> Any:
        """Return the derivative with respect to x."""
        inner = Dual(self.x, self.m.rational(Fraction(1)))
        found = _Evaluation(inner, Duals(self.m), self.regions_of).of(node)
        slope = found.slope if isinstance(found, Dual) else self.m.rational(Fraction(0))
        if self.m is FRACTIONS and not isinstance(slope, Fraction | int):
            raise IrrationalError("a derivative that is not known as a fraction")
        return slope

    def _chosen(self, node: Where) -> Any:
        regions = self.regions_of(node.condition)
        if _base(self.m) not in (BALLS, SERIES, FRACTIONS):
            return self._masked(regions, node)
        taken = _possible(regions, _real(self.x))
        if len(taken) == 1:
            return self.of(node.then if taken.pop() else node.otherwise)
        return _union(self.of(node.then), self.of(node.otherwise))

    def _masked(self, regions: Regions, node: Where) -> Any:
        """Return the values of both branches, each at the elements of an array at which it is selected."""
        base, x = _base(self.m), _real(self.x)
        holds: Any = float(regions.gaps[0])
        for point, above, at in zip(map(float, regions.points), regions.gaps[1:], regions.at, strict=True):
            holds = base.where(x - point, float(above), base.where(point - x, holds, float(at)))
        return self.m.where(holds, self.of(node.then), self.of(node.otherwise))


def _check_length(*values: Any) -> None:
    fractions = [real for value in values if isinstance(real := _real(value), Fraction)]
    bits = sum(value.numerator.bit_length() + value.denominator.bit_length() for value in fractions)
    if bits > _LONGEST_FRACTION:
        raise IrrationalError("a fraction of too many digits")


def _base(m: Arithmetic) -> Arithmetic:
    return _base(m.over) if isinstance(m, Duals) else m


def _real(x: Any) -> Any:
    return _real(x.value) if isinstance(x, Dual) else x


def _possible(regions: Regions, x: Any) -> set[bool]:
    """Return whether a condition may hold, and whether it may not, at a fraction, in a ball, or about a series' start.

    A power series has no value where the condition changes: `ValueError`.
    """
    if isinstance(x, Fraction | int):
        return {regions.holds(Fraction(x))}
    from flint import arb_series

    series = isinstance(x, arb_series)
    ball = x[0] if series else x
    found, below = set[bool](), False
    for place, point in enumerate(regions.points):
        limit = to_ball(point)
        if ball < limit:
            below = True
            found.add(regions.gaps[place])
            break
        if ball > limit:
            continue
        if series:
            raise ValueError("there is no power series where a condition changes")
        if ball == limit:  # both are exact
            return {regions.at[place]}
        found |= {regions.gaps[place], regions.at[place], regions.gaps[place + 1]}
    if not below:
        found.add(regions.gaps[-1])
    return found


def _within_a_gap(regions: Regions, x: Any) -> bool | None:
    """Return whether a condition holds throughout a ball, or about a series' start; None if that may change there."""
    from flint import arb_series

    real = _real(x)
    ball = real[0] if isinstance(real, arb_series) else real
    limits = [to_ball(point) for point in regions.points]
    if not all(ball < limit or ball > limit for limit in limits):
        return None
    return regions.gaps[sum(bool(ball > limit) for limit in limits)]


def _union(left: Any, right: Any) -> Any:
    if isinstance(left, Dual) or isinstance(right, Dual):
        left, right = (part if isinstance(part, Dual) else Dual(part, to_ball(Fraction(0))) for part in (left, right))
        return Dual(_union(left.value, right.value), _union(left.slope, right.slope))
    return BALLS.where(_either(), left, right)


def _either() -> Any:
    from flint import arb

    return arb(0, 1)
