"""Products as sums of rows, one for each digit of a factor in radix 4.

The digits are -1, 0, 1 and 2: a three becomes -1 and carries one into the next digit, so that every bit of a row is a
function of four (see `PartialProduct`). The unit that a row of a negative digit lacks goes into the sum by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ...plan import operations as op
from .pieces import Pieces
from .sums import Sum, Term

__all__ = ["Recoder", "product"]


@dataclass(frozen=True)
class Digit:
    """A digit of weight ``2**place``: the step with its code, and the one that is 1 where it is negative, if any is."""

    place: int
    code: str
    unit: str | None = None


# Values of a digit and its carry, by (carry << 2) + field.
_DIGIT = (0, 1, 2, -1, 1, 2, -1, 0)
_CARRY = (0, 0, 0, 1, 0, 0, 1, 1)


class Recoder:
    """Recodes factors, each once however often it is used."""

    def __init__(self, pieces: Pieces) -> None:
        self._pieces = pieces
        self._digits: dict[str, tuple[Digit, ...]] = {}

    def count(self, factor: str) -> int:
        """Return how many rows a product has whose digits are those of `factor`."""
        operation = self._pieces.operation(factor)
        if isinstance(operation, op.Constant):
            return len(_signed_digits(operation.value))
        held = self._pieces.range(factor)
        return (held.width + 1) // 2 + (held.width % 2 == 0 and not held.signed)

    def known(self, factor: str) -> bool:
        """Whether the digits of `factor` are there already."""
        return factor in self._digits

    def digits(self, factor: str) -> tuple[Digit, ...]:
        """Return the digits of a factor, the lowest first."""
        if factor not in self._digits:
            self._digits[factor] = tuple(self._recode(factor))
        return self._digits[factor]

    def _recode(self, factor: str) -> list[Digit]:
        held = self._pieces.range(factor)
        digits: list[Digit] = []
        carry: str | None = None
        top = held.width - 2 + held.width % 2 if held.signed else held.width - held.width % 2
        for place in range(0, top, 2):
            prefix = f"{factor}_digit{place // 2}"
            index = self._index(prefix, factor, place, 2, carry)
            entries = 4 if carry is None else 8
            digits.append(self._digit(place, prefix, index, _DIGIT[:entries]))
            carry = self._table(f"{prefix}_carry", index, _CARRY[:entries])
        rest, prefix = held.width - top, f"{factor}_digit{top // 2}"
        if rest:
            fields = [code - (code >> (rest - 1) << rest) if held.signed else code for code in range(1 << rest)]
            values = fields if carry is None else [*fields, *(value + 1 for value in fields)]
            digits.append(self._digit(top, prefix, self._index(prefix, factor, top, rest, carry), values))
        elif carry is not None:
            digits.append(Digit(top, carry))
        return digits

    def _index(self, prefix: str, factor: str, place: int, count: int, carry: str | None) -> str:
        bits = self._pieces.bits(f"{prefix}_bits", factor, place, count)
        return bits if carry is None else self._pieces.part(f"{prefix}_in", op.Concatenate(carry, bits, count, 0))

    def _digit(self, place: int, prefix: str, index: str, values: Sequence[int]) -> Digit:
        codes = [value if value >= 0 else 2 - value for value in values]
        code = index if codes == [0, 1, 2, 3] else self._table(prefix, index, codes)
        negative = [int(value < 0) for value in values]
        return Digit(place, code, self._table(f"{prefix}_negative", index, negative) if any(negative) else None)

    def _table(self, name: str, index: str, entries: Sequence[int]) -> str:
        return self._pieces.part(name, op.Lookup(index, tuple(entries)))


def product(pieces: Pieces, recoder: Recoder, name: str, left: str, right: str) -> Sum:
    """Return the product of two steps' codes as a sum whose rows are made."""
    factors = sorted((left, right), key=lambda f: (recoder.count(f), not recoder.known(f), pieces.width(f)))
    multiplier, multiplicand = (pieces.integer(factor) for factor in factors)
    operation = pieces.operation(multiplier)
    if isinstance(operation, op.Constant):
        return _constant_product(pieces, name, multiplicand, operation.value)
    rows, ones = [], []
    for number, digit in enumerate(recoder.digits(multiplier)):
        row = pieces.part(f"{name}_row{number}", op.PartialProduct(multiplicand, digit.code))
        rows.append(Term(row, digit.place))
        if digit.unit is not None:
            ones.append(Term(digit.unit, digit.place))
    return Sum(rows, ones)


def _constant_product(pieces: Pieces, name: str, multiplicand: str, factor: int) -> Sum:
    """Return a product with a constant: no row for a zero digit in canonical signed digits."""
    rows, constant = [], 0
    for digit, place in _signed_digits(factor):
        if digit > 0:
            rows.append(Term(multiplicand, place))
        else:
            complement = op.Bitwise("xor", multiplicand, pieces.constant(-1))
            rows.append(Term(pieces.part(f"{name}_complement{place}", complement), place))
            constant += 1 << place
    return Sum(rows or [Term(pieces.constant(0), 0)], (), constant)


def _signed_digits(factor: int) -> list[tuple[int, int]]:
    """Return the canonical signed digits of an integer that are not zero, each with its place."""
    digits, place = [], 0
    while factor:
        if factor & 1:
            digit = 2 - (factor & 3)
            digits.append((digit, place))
            factor -= digit
        factor >>= 1
        place += 1
    return digits
