"""Products of two steps as sums of rows, of which each bit is one function of four bits.

Where look-up tables have four inputs, a row for a digit from -2 to 2 takes two of them for each bit: two bits of the
multiplicand, and three of the digit. Here digits are from -1 to 2, so that they have two bits, and a bit of a row four
inputs. Any number m >= 0 is such a sum of d 4^k: the base-4 digits of m + 1 + 4 + 16 + ..., each less 1 (signed-digit
recoding by an offset; A. Avizienis, Signed-digit number representations for fast parallel arithmetic, 1961).

The row for -1 is a complement, a unit short. Its unit goes below the next row, which is two places higher (decision
051).
"""

from __future__ import annotations

from . import operations as op
from .builder import PlanBuilder
from .operations.base import Range

__all__ = ["add_up", "holds_half", "multiply_in_logic"]

_TOP = 2
"""The largest of the digit that is not less 1."""


def holds_half(b: PlanBuilder, multiplier: str, place: int) -> bool:
    """Tell whether `multiply_in_logic` can add ``2**place`` without another adder: between a row and the one below."""
    return place % 2 == 1 and place < 2 * _offset_digits(b.range(multiplier))


def multiply_in_logic(
    b: PlanBuilder, name: str, multiplier: str, multiplicand: str, note: str = "", half: int | None = None
) -> str:
    """Add the steps of an exact product, and return the name of the last.

    Parameters
    ----------
    b
        Where the steps go.
    name
        The name of the product, and what the names of its rows begin with.
    multiplier, multiplicand
        Steps; the multiplier is never negative.
    note
        A comment.
    half
        The place of a bit that is added to the product's code, where `holds_half` says that it can be.

    Raises
    ------
    ValueError
        If the multiplier may be negative.

    """
    held = b.range(multiplier)
    if held.low < 0:
        raise ValueError(f"the multiplier {multiplier} must not be negative, but is in {held}")
    count, point = _offset_digits(held), b.point(multiplier) + b.point(multiplicand)
    offset = b.let(f"{name}_offset", op.Constant(sum(4**k for k in range(count)), b.point(multiplier)))
    digits = b.let(f"{name}_digits", op.Add(multiplier, offset), "its base-4 digits less 1 are those of the multiplier")
    none = b.let(f"{name}_none", op.Constant(0))
    terms: list[tuple[str, int]] = []
    unit = ""
    for k in range(count + 1):
        top = k == count
        width = max((b.range(digits).high >> 2 * k).bit_length(), 1) if top else 2
        digit = b.let(f"{name}_digit{k}", op.Bits(digits, 2 * k, width))
        factors = (0, 1, 2)[: (b.range(digits).high >> 2 * k) + 1] if top else (-1, 0, 1, 2)
        if top and len(factors) == 3:  # of two bits, 3 does not occur
            factors = (0, 1, 2, 2)
        # A row of no or one multiple is a mask: as a row of a digit, it would be a synchronous reset of a register.
        multiple: op.Operation = op.PartialProduct(multiplicand, digit, factors)
        if len(factors) == 2:
            multiple = op.Select(digit, multiplicand, b.let(f"{name}_zero", op.Constant(0, b.point(multiplicand))))
        row = b.let(f"{name}_row{k}", multiple, f"digit {k} times the other factor")
        if unit:
            added = b.let(f"{name}_half", op.Constant(1)) if half == 2 * k - 1 else none
            below = b.let(f"{name}_below{k}", op.Concatenate(added, unit, 1, 0))
            row = b.let(f"{name}_term{k}", op.Concatenate(row, below, 2, 0), "with the unit of the row below")
        else:
            row = b.let(f"{name}_term{k}", op.ShiftRight(row, 0, 0))
        terms.append((row, max(2 * k - 2, 0)))
        unit = "" if top else b.let(f"{name}_unit{k}", op.Compare("eq", digit, none), "makes up for a complement")
    total = add_up(b, name, terms)
    exact = [held.high * end for end in b.range(multiplicand)]
    more = 0 if half is None else 1 << half
    kept = Range(min(*exact, 0), max(*exact, 0) + more)
    return b.let(name, op.Bits(total, 0, kept.width, point, kept.signed), note)


def _offset_digits(multiplier: Range) -> int:
    """Return how many digits are less 1: the fewest with which the one above is 2 at most."""
    count, offset = 0, 0
    while (multiplier.high + offset) >> 2 * count > _TOP:
        offset += 4**count
        count += 1
    return count


def add_up(b: PlanBuilder, name: str, terms: list[tuple[str, int]]) -> str:
    """Add the sum of terms at their places, in pairs, and so on, and return its name; the first is at place 0."""
    level = 0
    while len(terms) > 1:
        joined = []
        for number in range(0, len(terms), 2):
            pair = terms[number : number + 2]
            joined.append(pair[0] if len(pair) == 1 else (_add(b, f"{name}_sum{level}_{number}", *pair), pair[0][1]))
        terms, level = joined, level + 1
    return terms[0][0]


def _add(b: PlanBuilder, name: str, lower: tuple[str, int], higher: tuple[str, int]) -> str:
    """Add two terms; the bits of the lower one below the other pass by."""
    step, place = lower
    passed = higher[1] - place
    if not passed:
        return b.let(name, op.Add(step, higher[0]))
    low = b.let(f"{name}_low", op.Bits(step, 0, passed))
    high = b.let(f"{name}_high", op.Add(b.let(f"{name}_left", op.ShiftRight(step, passed, 0)), higher[0]))
    return b.let(name, op.Concatenate(high, low, passed, 0))
