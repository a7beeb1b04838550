"""Products as sums of partial products, one row for each radix-4 digit of a factor.

The digits are -1, 0, 1 and 2: a 3 becomes -1 and carries 1 into the next digit, so that every bit of a row is a
function of four bits (see `PartialProduct`). The row of a negative digit is a ones' complement; the 1 that completes it
is added separately.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ...plan import operations as op
from ...plan.constant_multiplier import canonical_signed_digits
from .lowered_plan import LoweredPlan
from .sums import Sum, Term

__all__ = ["Recoder", "product"]


@dataclass(frozen=True)
class Digit:
    """A digit of weight ``2**place``: the step with its code, and the step that is 1 if it is negative, or None."""

    place: int
    code: str
    unit: str | None = None


class Recoder:
    """Recodes factors in radix 4, each factor once however often it is used."""

    def __init__(self, lowered: LoweredPlan) -> None:
        self._lowered = lowered
        self._digits: dict[str, tuple[Digit, ...]] = {}

    def count(self, factor: str) -> int:
        """Return the number of rows of a product by the digits of `factor`."""
        operation = self._lowered.operation(factor)
        if isinstance(operation, op.Constant):
            return len(canonical_signed_digits(operation.value))
        held = self._lowered.range(factor)
        return (held.width + 1) // 2 + (held.width % 2 == 0 and not held.signed)

    def known(self, factor: str) -> bool:
        """Whether the digits of `factor` have been made."""
        return factor in self._digits

    def digits(self, factor: str) -> tuple[Digit, ...]:
        """Return the digits of a factor, the lowest first."""
        if factor not in self._digits:
            self._digits[factor] = tuple(self._recode(factor))
        return self._digits[factor]

    def _recode(self, factor: str) -> list[Digit]:
        lowered, held = self._lowered, self._lowered.range(factor)
        top = held.width - 2 + held.width % 2 if held.signed else held.width - held.width % 2
        digits: list[Digit] = []
        carry = lowered.constant(0)
        for place in range(0, top, 2):
            digit, carry = self._inner(f"{factor}_digit{place // 2}", factor, place, carry)
            digits.append(digit)
        name = f"{factor}_digit{top // 2}"
        if held.width == top:
            return [*digits, Digit(top, carry)]
        bits = [lowered.bits(f"{name}_bit{n}", factor, top + n, 1) for n in range(held.width - top)]
        return [*digits, self._top(name, top, bits, carry, signed=held.signed)]

    def _inner(self, name: str, factor: str, place: int, carry: str) -> tuple[Digit, str]:
        """Return a digit within the factor, and the carry out of it: a field of two bits plus a carry is 0 to 4."""
        lowered = self._lowered
        if place == 0:
            code = lowered.bits(name, factor, 0, 2)
            negative = self._logic(
                f"{name}_negative", "and", *(lowered.bits(f"{name}_{n}", code, n, 1) for n in (1, 0))
            )
            return Digit(0, code, negative), negative
        low, high = (lowered.bits(f"{name}_bit{n}", factor, place + n, 1) for n in (0, 1))
        odd = self._logic(f"{name}_odd", "xor", low, carry)
        second = self._logic(f"{name}_second", "xor", high, self._logic(f"{name}_two", "and", low, carry))
        negative = self._logic(f"{name}_negative", "and", high, odd)
        carried = self._logic(f"{name}_carry", "and", high, self._logic(f"{name}_any", "or", low, carry))
        return Digit(place, lowered.part(name, op.Concatenate(second, odd, 1, 0)), negative), carried

    def _top(self, name: str, place: int, bits: Sequence[str], carry: str, *, signed: bool) -> Digit:
        """Return the highest digit: a carry and the factor's top bits, the topmost of which may be its sign."""
        lowered = self._lowered
        low, high = bits[0], bits[-1]
        odd = self._logic(f"{name}_odd", "xor", low, carry)
        both = self._logic(f"{name}_both", "and", low, carry)
        if not signed:  # 0 to 2
            return Digit(place, lowered.part(name, op.Concatenate(both, odd, 1, 0)))
        if len(bits) == 1:  # -1 to 1
            negative = self._logic(f"{name}_negative", "xor", low, both)
            return Digit(place, lowered.part(name, op.Concatenate(negative, odd, 1, 0)), negative)
        # From -2 to 2: negative with the sign, unless it is -1 and carries; even as 010 for 2 and 100 for -2.
        negative = self._logic(
            f"{name}_negative", "and", high, self._logic(f"{name}_less", "xor", both, lowered.constant(1))
        )
        second = self._logic(
            f"{name}_second",
            "xor",
            self._logic(f"{name}_minus", "and", high, low),
            self._logic(f"{name}_up", "and", carry, self._logic(f"{name}_any", "or", high, low)),
        )
        even = self._logic(
            f"{name}_even",
            "and",
            high,
            self._logic(f"{name}_none", "xor", self._logic(f"{name}_some", "or", low, carry), lowered.constant(1)),
        )
        code = lowered.part(f"{name}_low", op.Concatenate(second, odd, 1, 0))
        code = lowered.part(f"{name}_code", op.Concatenate(even, code, 2, 0))
        return Digit(place, lowered.part(name, op.Narrow(code, 0, 4, "one of the five digits")), negative)

    def _logic(self, name: str, function: str, left: str, right: str) -> str:
        """Return a step of one bit, without logic if an operand is a constant 0."""
        lowered = self._lowered
        known = {
            step: lowered.range(step).low
            for step in (left, right)
            if lowered.range(step).low == lowered.range(step).high
        }
        for step, value in known.items():
            other = right if step == left else left
            if value == 0:
                return step if function == "and" else other
        return lowered.part(name, op.Bitwise(function, left, right))


def product(lowered: LoweredPlan, recoder: Recoder, name: str, left: str, right: str) -> Sum:
    """Return the product of two steps' codes as a sum whose rows are made."""
    factors = sorted((left, right), key=lambda f: (recoder.count(f), not recoder.known(f), lowered.width(f)))
    multiplier, multiplicand = (lowered.integer(factor) for factor in factors)
    operation = lowered.operation(multiplier)
    if isinstance(operation, op.Constant):
        return _constant_product(lowered, name, multiplicand, operation.value)
    rows, ones = [], []
    for number, digit in enumerate(recoder.digits(multiplier)):
        row = lowered.part(f"{name}_row{number}", op.PartialProduct(multiplicand, digit.code))
        rows.append(Term(row, digit.place))
        if digit.unit is not None:
            ones.append(Term(digit.unit, digit.place))
    return Sum(rows, ones)


def _constant_product(lowered: LoweredPlan, name: str, multiplicand: str, factor: int) -> Sum:
    """Return a product with a constant: a row for each nonzero canonical signed digit."""
    rows, constant = [], 0
    for place, digit in canonical_signed_digits(factor):
        if digit > 0:
            rows.append(Term(multiplicand, place))
        else:
            complement = op.Bitwise("xor", multiplicand, lowered.constant(-1))
            rows.append(Term(lowered.part(f"{name}_complement{place}", complement), place))
            constant += 1 << place
    return Sum(rows or [Term(lowered.constant(0), 0)], (), constant)
