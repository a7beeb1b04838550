"""Horner's rule in fixed point: how many bits each coefficient and each intermediate result needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor

from ...plan.builder import PlanBuilder
from ...plan.operations import Add, Constant, Lookup, Multiply, ShiftLeft, ShiftRight

__all__ = ["HornerResult", "HornerStep", "ceil_log2", "horner"]


@dataclass(frozen=True)
class HornerStep:
    """One step of Horner's rule: the sum so far times `variable`, plus a coefficient.

    Parameters
    ----------
    variable
        Name of the step that is multiplied by.
    reach
        The largest magnitude of the variable's value.
    power
        The power of the polynomial that the coefficient belongs to, for names and notes.
    coefficients
        The coefficient's value for each segment, in ulp of the output.

    """

    variable: str
    reach: Fraction
    power: int
    coefficients: Sequence[Fraction]


@dataclass(frozen=True)
class HornerResult:
    """The step that holds the polynomial rounded to the output's last place, and the evaluation's error in ulp."""

    step: str
    error: Fraction


def ceil_log2(value: Fraction) -> int:
    """Return the smallest integer e with ``2**e >= value``, for a positive value."""
    exponent = value.numerator.bit_length() - value.denominator.bit_length()
    while Fraction(2) ** exponent < value:
        exponent += 1
    while Fraction(2) ** (exponent - 1) >= value:
        exponent -= 1
    return exponent


def horner(
    b: PlanBuilder,
    first: HornerStep,
    steps: Sequence[HornerStep],
    *,
    index: str | None,
    first_index: int = 0,
    ends: tuple[int | None, int | None],
    fraction: int,
    share: Fraction,
    parts: int,
) -> HornerResult:
    """Add the steps of Horner's rule for polynomials whose error of evaluation stays within `share`.

    Every coefficient is rounded to nearest and every product is truncated, each to its own number of fraction bits.
    Both errors reach the result multiplied by the variables still to come; the fraction bits are chosen so that each
    error contributes at most ``2**-guard`` ulp. Truncation loses half a unit on average, which the next coefficient
    makes good.

    Parameters
    ----------
    b
        The plan that the steps are added to.
    first
        The highest coefficient; its variable is not used.
    steps
        The other steps of Horner's rule, highest power first.
    index
        Name of the plan's step with the lowest bits of the segment's index; None for a single segment.
    first_index
        Index of the first segment, or of the constant before it; the others follow.
    ends
        Outputs in ulp of one more segment before the first and after the last, where the function is constant; None
        for no such segment.
    fraction
        Fraction bits of the output.
    share
        Error allowed in ulp, the final rounding apart.
    parts
        Parts of the input for the proofs that narrow the sums (see `plan.proofs`).

    Returns
    -------
    HornerResult
        Step with `fraction` fraction bits, rounded half up.

    """
    terms = 2 * len(steps) + 1
    guard = ceil_log2(Fraction(terms, 2) / share)
    error = Fraction(terms, 2) * Fraction(2) ** -guard
    weights = [Fraction(1)]
    for step in reversed(steps):
        weights.insert(0, weights[0] * step.reach)
    # Fraction bits beyond the output's, of each step's sum.
    step_bits = [guard + (ceil_log2(weight) if weight else -guard) for weight in weights]

    total = _coefficients(b, first, step_bits[0], Fraction(0), index, first_index, ends, fraction, not steps)
    for step, bits in zip(steps, step_bits[1:], strict=True):
        last = step is steps[-1]
        name = f"p{step.power}"
        product = b.let(f"{name}_product", Multiply(total, step.variable), f"sum so far times {step.variable}")
        excess = b.point(product) - (fraction + bits)
        if excess > 0:
            product = b.let(f"{name}_cut", ShiftRight(product, excess), "the product without its lowest bits")
        elif excess < 0:
            product = b.let(f"{name}_aligned", ShiftLeft(product, -excess), "the product, aligned with the coefficient")
        bias = Fraction(int(excess > 0), 2)
        if not any(step.coefficients) and not last and not bias:
            total = product
            continue
        entry = _coefficients(b, step, bits, bias, index, first_index, ends, fraction, last)
        total = b.let(f"{name}_sum", Add(product, entry), f"Horner's sum down to power {step.power}")
        total = b.narrow(f"{name}_tight", total, parts, "the sum, in the bits it needs")
    bits = step_bits[-1]
    if bits > 0:
        total = b.let("rounded", ShiftRight(total, bits), "rounded to the output's last place")
    elif bits < 0:
        total = b.let("rounded", ShiftLeft(total, -bits), "at the output's last place")
    return HornerResult(total, error)


def _coefficients(
    b: PlanBuilder,
    step: HornerStep,
    bits: int,
    bias: Fraction,
    index: str | None,
    first_index: int,
    ends: tuple[int | None, int | None],
    fraction: int,
    last: bool,
) -> str:
    """Add the coefficients of one power with `bits` more fraction bits than the output; if `last`, add half an ulp."""
    unit = Fraction(2) ** bits
    half = Fraction(1, 2) * unit if last and bits > 0 else Fraction(0)
    # In integers, as there may be thousands: floor((value + offset) * unit).
    offset = (bias + half + Fraction(1, 2)) / unit
    numerator, denominator = offset.numerator * unit.numerator, offset.denominator * unit.denominator
    scale = offset.denominator * unit.numerator
    entries = [
        (value.numerator * scale + numerator * value.denominator) // (value.denominator * denominator)
        for value in step.coefficients
    ]
    below, above = (
        [] if end is None else [floor(end * unit * last + half + (Fraction(1, 2) if bits < 0 else 0))] for end in ends
    )
    entries = [*below, *entries, *above]
    note = f"coefficient of power {step.power}" + (", with half an output ulp for rounding" if half else "")
    if index is None:
        return b.let(f"c{step.power}", Constant(entries[0], fraction + bits), note)
    held = b.range(index)
    table = [entries[0]] * (held.high + 1)  # entries without a segment are never read
    for entry, value in enumerate(entries, first_index):
        table[entry % (1 << held.width)] = value
    return b.let(f"c{step.power}", Lookup(index, tuple(table), fraction + bits), note)
