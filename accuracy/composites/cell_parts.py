"""Parts of recurrent cells: gates and hyperbolic tangents, what they may be, and how far they are off at most.

A part's error is measured against its function limited to the part's format. Where the format lacks the function's
largest values, the function itself is further away: by the gap between the two.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from math import exp

from ...plan.formats import FixedFormat
from ..budget import Budget
from .base import Part, Promise

__all__ = [
    "GATES",
    "WIDEST",
    "argument_error",
    "bits_of",
    "fewest_bits",
    "gate_error",
    "gate_gap",
    "gate_part",
    "largest_gate",
    "limit_of",
    "shortened",
    "shortfall",
    "steepest",
    "tanh_part",
    "tanh_tail",
    "widest_error",
]

WIDEST = 20
"""The most bits of a format: parts are proved by a walk over all their inputs, and sums of products have 63 bits."""

GATES = {
    "soft": "logistic",
    "hard": "hard_logistic",
    "keras2": "min(max(x/5 + 1/2, 0), 1)",
    "keras3": "min(max(x/6 + 1/2, 0), 1)",
}
"""The functions of gates, by name."""

_SLOPES = {"soft": Fraction(1, 4), "hard": Fraction(1, 4), "keras2": Fraction(1, 5), "keras3": Fraction(1, 6)}
"""The largest slopes of these functions, at 0."""

_STEPS = 64
"""Budgets of parts are multiples of an ulp over this."""

_MOST_STEPS = 1 << 24
"""The largest budget that is looked for."""

_FINEST = WIDEST + 2
"""The most fraction bits of tanh, which has two bits before its point."""

_MARGIN = 1 + Fraction(1, 1 << 40)
"""Factor on results of floats, far beyond their rounding errors."""


def gate_part(gates: str, source: FixedFormat, output: FixedFormat, steps: int) -> Part:
    """Return a gate that is within `steps` 64ths of an ulp."""
    return Part(GATES[gates], source, output, Budget(Fraction(steps, _STEPS), True))


def tanh_part(source: FixedFormat, bits: int, steps: int) -> Part:
    """Return a hyperbolic tangent with so many fraction bits that is within `steps` 64ths of an ulp; it may be 1."""
    return Part("tanh", source, FixedFormat(True, 2, bits), Budget(Fraction(steps, _STEPS), True))


def shortened(gate: FixedFormat, bits: int) -> FixedFormat:
    """Return the format of a gate with so many fraction bits."""
    return FixedFormat(gate.signed, gate.integer_bits, bits)


def fewest_bits(gate: FixedFormat, error: Fraction) -> int:
    """Return the fraction bits of a gate that may be this far off: as few as leave its error two ulp.

    A gate within one ulp of a bit fewer is the larger unit.
    """
    bits = gate.fraction_bits
    while bits > 2 and Fraction(4, 1 << bits) <= error:
        bits -= 1
    return bits


def gate_error(gates: str, source: FixedFormat, output: FixedFormat, error: Fraction) -> Fraction:
    """Return the error of a gate against its function, of which the format may lack the largest values."""
    return error + gate_gap(gates, source, output)


def gate_gap(gates: str, source: FixedFormat, output: FixedFormat) -> Fraction:
    """Return a bound of how far a gate's function goes beyond the largest value of its format."""
    largest = Fraction(1)
    if gates == "soft":
        largest -= Fraction(1 / (1 + exp(min(float(source.value(source.max_code)), 700.0)))) / _MARGIN
    return max(largest - output.value(output.max_code), Fraction(0))


def steepest(gates: str) -> Fraction:
    """Return the largest slope of a gate's function."""
    return _SLOPES[gates]


def argument_error(gates: str, source: FixedFormat) -> Fraction:
    """Return a bound of how much a gate's function changes where its argument is rounded and limited to a format.

    An argument is either rounded by half of the last place, or limited to an end, beyond which the function has its
    tail. That above the largest value is the longer one.
    """
    largest = source.value(source.max_code)
    if gates == "soft":
        tail = Fraction(1 / (1 + exp(min(float(largest), 700.0)))) * _MARGIN
    else:
        tail = Fraction(1, 2) - _SLOPES[gates] * largest
    return max(_SLOPES[gates] * source.ulp / 2, tail)


def largest_gate(output: FixedFormat, error: Fraction) -> Fraction:
    """Return a bound of what a gate is, given its error."""
    return min(output.value(output.max_code), 1 + error)


def tanh_tail(source: FixedFormat) -> Fraction:
    """Return a bound of how much tanh changes beyond the ends of a signed format."""
    return 2 * Fraction(exp(-2 * float(source.value(source.max_code)))) * _MARGIN


def bits_of(error: Fraction) -> int:
    """Return the fraction bits of a part that may be this far off: its ulp is that at most, and more than half of it.

    Raises
    ------
    ValueError
        If that takes more bits than parts have.

    """
    bits = 1
    while Fraction(1, 1 << bits) > error:
        bits += 1
    if bits > _FINEST:
        raise ValueError(f"an error of {float(error):.3g} takes parts of more than {_FINEST} fraction bits; allow more")
    return bits


def widest_error(allows: Callable[[Fraction], bool], gate: FixedFormat, refusal: str) -> Fraction:
    """Return the largest error of a gate that is allowed, a multiple of a 64th of its ulp.

    Parameters
    ----------
    allows
        Whether an absolute error is allowed; smaller ones are as well.
    gate
        The gate's format.
    refusal
        The sentence that says what cannot be kept.

    Raises
    ------
    ValueError
        If a gate would have to be correctly rounded, or better.

    """
    unit = gate.ulp / _STEPS
    low, high = 0, 1
    while high < _MOST_STEPS and allows(high * unit):
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if allows(middle * unit) else (low, middle)
    if low <= _STEPS // 2:
        raise ValueError(f"{refusal}; allow a larger error, or give gate ({gate}) more fraction bits")
    return low * unit


def limit_of(budget: Budget, output: FixedFormat) -> Fraction:
    """Return a budget of an output as an absolute error."""
    return budget.limit * (output.ulp if budget.ulp else 1)


def shortfall(contract: tuple[Promise, ...], asked: Mapping[str, tuple[Budget | None, FixedFormat]]) -> str:
    """Return which promise of an error falls short of its budget; empty if none does.

    Parameters
    ----------
    contract
        The promises.
    asked
        The budget by the name of the promise, if there is one, and the output's format.

    """
    for promise in contract:
        if promise.name not in asked:
            continue
        budget, output = asked[promise.name]
        if budget is not None and Fraction(promise.limit or 0) > limit_of(budget, output) * _MARGIN:
            return f"{promise.statement}, more than {budget}"
    return ""
