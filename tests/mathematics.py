"""The functions once more, in mpmath and fractions: a judge of outputs that shares nothing with the reference."""

from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

import mpmath

from softgate.plan import FixedFormat

_BITS = 400
"""Enough for every difference that is not nothing: inputs and outputs of drawn designs have 16 bits and fewer."""

SLOPES = {"taylor": Fraction(1, 4), "keras2": Fraction(1, 5), "keras3": Fraction(1, 6), "qkeras": Fraction(1, 2)}


def fraction(value: mpmath.mpf) -> Fraction:
    sign, mantissa, exponent, _ = value._mpf_
    return (-1) ** sign * Fraction(int(mantissa)) * Fraction(2) ** exponent


@dataclass(frozen=True)
class Truth:
    """A true value in ulp, as a number that is exact and what is missing of it, of either sign and however small."""

    near: Fraction
    rest: mpmath.mpf

    def side(self, point: Fraction) -> int:
        """Return the sign of the value less a point."""
        difference = self.near - point
        if not difference or not self.rest:
            return (difference > 0) - (difference < 0) or int(mpmath.sign(self.rest))
        with mpmath.workprec(_BITS):
            return int(mpmath.sign(mpmath.mpf(difference.numerator) / difference.denominator + self.rest))

    @property
    def number(self) -> Fraction:
        """The value, to a hundred digits."""
        if not self.rest or mpmath.mag(self.rest) < -_BITS:
            return self.near
        return self.near + fraction(self.rest)


def truth(function: str, parameters: dict[str, str], x: Fraction, output: FixedFormat) -> Truth:
    """Return the value at a number, limited to what the output holds."""
    ulp = Fraction(1, 1 << output.fraction_bits)
    lowest, highest = Fraction(output.min_code), Fraction(output.max_code)
    near, rest = _value(function, parameters, x)
    with mpmath.workprec(_BITS):
        value = Truth(near / ulp, rest / (mpmath.mpf(ulp.numerator) / ulp.denominator))
    if value.side(lowest) <= 0:
        return Truth(lowest, mpmath.mpf(0))
    return Truth(highest, mpmath.mpf(0)) if value.side(highest) >= 0 else value


def _value(function: str, parameters: dict[str, str], x: Fraction) -> tuple[Fraction, mpmath.mpf]:
    if function == "hard_tanh":
        low, high = Fraction(parameters.get("min", "-1")), Fraction(parameters.get("max", "1"))
        return min(max(x, low), high), mpmath.mpf(0)
    if function == "hard_logistic":
        slope = Fraction(parameters["slope"]) if "slope" in parameters else SLOPES[parameters.get("variant", "taylor")]
        line = slope * x + Fraction(parameters.get("offset", "1/2"))
        return min(max(line, Fraction(0)), Fraction(1)), mpmath.mpf(0)
    with mpmath.workprec(_BITS):
        size = abs(mpmath.mpf(x.numerator) / x.denominator)
        match function:
            case "logistic":  # 1 less what it has on the other side
                tail = 1 / (1 + mpmath.exp(size))
                return (Fraction(1), -tail) if x > 0 else (Fraction(0), tail)
            case "tanh":
                tail = 2 / (1 + mpmath.exp(2 * size))
                return (Fraction(1), -tail) if x > 0 else (Fraction(-1), tail)
            case "tanh_derivative":
                return Fraction(0), mpmath.sech(size) ** 2
            case "logistic_derivative":
                return Fraction(0), mpmath.sech(size / 2) ** 2 / 4
    raise ValueError(function)


def within(value: Truth, code: int, limit: Fraction, *, strict: bool) -> bool:
    """Return whether a code is no farther from a value than a limit, or nearer than that."""
    above, below = value.side(code - limit), value.side(code + limit)
    return above > 0 > below if strict else above >= 0 >= below


def some_within(value: Truth, output: FixedFormat, limit: Fraction, *, strict: bool) -> bool:
    """Return whether any code of a format is: then so is one next to the value."""
    nearest = {floor(value.number), ceil(value.number)}
    return any(
        output.min_code <= code <= output.max_code and within(value, code, limit, strict=strict) for code in nearest
    )
