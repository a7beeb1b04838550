"""Horner's rule in fixed point: how many bits each coefficient and each intermediate result needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor

from ...plan.operations import Add, Constant, Lookup, Multiply, ShiftLeft, ShiftRight
from ...plan.plan import PlanBuilder

__all__ = ["HornerResult", "Stage", "ceil_log2", "horner"]


@dataclass(frozen=True)
class Stage:
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
        The coefficient's value for each piece, in ulp of the output.

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
    first: Stage,
    stages: Sequence[Stage],
    *,
    index: str | None,
    number: int = 0,
    ends: tuple[int | None, int | None],
    fraction: int,
    share: Fraction,
    parts: int,
) -> HornerResult:
    """Add the steps of Horner's rule for polynomials whose error of evaluation stays within `share`.

    Every coefficient is rounded to nearest and every product cut off below a place of its own. Both errors reach the
    result multiplied by the variables still to come, so the places are chosen so that each contributes at most the
    same ``2**-guard`` ulp. That a cut loses half a unit on average is made good in the next coefficient.

    Parameters
    ----------
    b
        Where the steps go.
    first
        The highest coefficient; its variable is not used.
    stages
        The further steps, highest power first.
    index
        Step that tells the pieces apart by the lowest bits of their numbers, None if there is one.
    number
        Number of the first piece, or of the constant before it; the others follow.
    ends
        Outputs in ulp for one more piece before the first and after the last, where the polynomial is constant; None
        for no such piece.
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
    terms = 2 * len(stages) + 1
    guard = ceil_log2(Fraction(terms, 2) / share)
    error = Fraction(terms, 2) * Fraction(2) ** -guard
    weights = [Fraction(1)]
    for stage in reversed(stages):
        weights.insert(0, weights[0] * stage.reach)
    places = [
        guard + (ceil_log2(weight) if weight else -guard) for weight in weights
    ]  # fraction bits below the output's

    total = _coefficients(b, first, places[0], Fraction(0), index, number, ends, fraction, not stages)
    for stage, place in zip(stages, places[1:], strict=True):
        last = stage is stages[-1]
        name = f"p{stage.power}"
        product = b.let(f"{name}_product", Multiply(total, stage.variable), f"sum so far times {stage.variable}")
        excess = b.point(product) - (fraction + place)
        if excess > 0:
            product = b.let(f"{name}_cut", ShiftRight(product, excess), "the product without its lowest bits")
        elif excess < 0:
            product = b.let(f"{name}_aligned", ShiftLeft(product, -excess), "the product, aligned with the coefficient")
        bias = Fraction(int(excess > 0), 2)
        if not any(stage.coefficients) and not last and not bias:
            total = product
            continue
        entry = _coefficients(b, stage, place, bias, index, number, ends, fraction, last)
        total = b.let(f"{name}_sum", Add(product, entry), f"Horner's sum down to power {stage.power}")
        total = b.narrow(f"{name}_tight", total, parts, "the sum, in the bits it needs")
    place = places[-1]
    if place > 0:
        total = b.let("rounded", ShiftRight(total, place), "rounded to the output's last place")
    elif place < 0:
        total = b.let("rounded", ShiftLeft(total, -place), "at the output's last place")
    return HornerResult(total, error)


def _coefficients(
    b: PlanBuilder,
    stage: Stage,
    place: int,
    bias: Fraction,
    index: str | None,
    number: int,
    ends: tuple[int | None, int | None],
    fraction: int,
    last: bool,
) -> str:
    """Add the coefficients of one power, rounded to `place` bits below the output's last place; half up if `last`."""
    unit = Fraction(2) ** place
    half = Fraction(1, 2) * unit if last and place > 0 else Fraction(0)
    entries = [floor(value * unit + bias + half + Fraction(1, 2)) for value in stage.coefficients]
    below, above = (
        [] if end is None else [floor(end * unit * last + half + (Fraction(1, 2) if place < 0 else 0))] for end in ends
    )
    entries = [*below, *entries, *above]
    note = f"coefficient of power {stage.power}" + (", with half an output ulp for rounding" if half else "")
    if index is None:
        return b.let(f"c{stage.power}", Constant(entries[0], fraction + place), note)
    held = b.range(index)
    table = [entries[0]] * (held.high + 1)  # places that no piece has are never read
    for entry, value in enumerate(entries, number):
        table[entry % (1 << held.width)] = value
    return b.let(f"c{stage.power}", Lookup(index, tuple(table), fraction + place), note)
