"""The steps of a sign-free polynomial: the last additions complement their operands for a negative input.

For a result that is complemented, the sum at a negative input is ``(~c0 + R0 + ~R1 + ~R2 ...) >> guard``, the
complement of the polynomial, where R0 is the row of the lowest digit. That is read raw, of the input as it is. Neither
the input's lowest bits nor the output take an exclusive or (decision 061).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...plan import operations as op
from ...plan.builder import PlanBuilder
from .datapath_shape import DatapathShape
from .evaluation import Evaluation
from .folded_function import FoldedFunction
from .saturation import Saturation
from .saturation_steps import SaturationSteps
from .table_network import TableNetwork

__all__ = ["SignFreeEvaluation", "SumConstants", "sum_constants"]

_FURTHEST_REST = 4
"""Largest magnitude tried for the sum of the rows at saturated inputs: more hardly makes the words more alike."""


class SumConstants(NamedTuple):
    """The operands of the last addition that make saturations of a mirrored function.

    Attributes
    ----------
    words
        For every saturation, the constant coefficient with all its bits.
    rest
        The sum of the rows, with the last carry, for all of them.

    """

    words: tuple[int, ...]
    rest: int


def sum_constants(shape: DatapathShape, saturations: Sequence[Saturation]) -> SumConstants | None:
    """Return the operands that make all saturations, whose words differ in the fewest bits; None if there are none."""
    best: tuple[int, SumConstants] | None = None
    for rest in sorted(range(-_FURTHEST_REST, _FURTHEST_REST + 1), key=abs):
        choices = [_words(shape, saturation, rest) for saturation in saturations]
        if not all(len(words) for words in choices):
            continue
        first, *others = choices
        changed = [np.bitwise_count(first[:, None] ^ words) for words in others]  # (first words, words)
        totals = sum((counts.min(axis=1).astype(int) for counts in changed), np.zeros(len(first), dtype=int))
        chosen = int(totals.argmin())
        if best is None or totals[chosen] < best[0]:
            rows = zip(others, changed, strict=True)
            words = [first[chosen], *(words[counts[chosen].argmin()] for words, counts in rows)]
            best = int(totals[chosen]), SumConstants(tuple(map(int, words)), rest)
    return None if best is None else best[1]


def _words(shape: DatapathShape, saturation: Saturation, rest: int) -> NDArray[np.int64]:
    """Return the words with which the last addition makes a saturation of either sign: int64, (words,)."""
    kept = shape.fill  # the bits that are not complemented
    upper, lower = saturation.results
    words = np.arange(upper << shape.guard, upper + 1 << shape.guard) - rest
    return np.asarray(words[(words ^ kept) - rest >> shape.guard == lower])


class SignFreeEvaluation(Evaluation):
    """Adds the polynomials of a folded function to a plan, with the sign in the last additions.

    Parameters
    ----------
    b, function, shape, negative, network
        As `Evaluation` has them.
    raw
        Name of the step that has the lowest bits of the address before a negative input is complemented.
    saturation
        The steps that saturate, if any.

    """

    def __init__(
        self,
        b: PlanBuilder,
        function: FoldedFunction,
        shape: DatapathShape,
        negative: str,
        raw: str,
        saturation: SaturationSteps | None,
        network: TableNetwork | None = None,
    ) -> None:
        super().__init__(b, function, shape, negative, network)
        self.raw, self.saturation = raw, saturation
        self.mirrored = function.mirror is not None
        self.saturated: SumConstants | None = None
        if saturation is not None and self.mirrored:
            self.saturated = sum_constants(shape, saturation.saturations)
        self.is_lifted = shape.carries > shape.additions(function.signs)
        self.last_carry = 0 if self.is_lifted else min(shape.carries, 1)
        self._positive = ""

    def _rows(self, power: int, multiplicand: str, digits: Sequence[str]) -> str:
        if power > 1:
            return super()._rows(power, multiplicand, digits)
        first, is_complement = self._first_row(multiplicand)
        numbers = range(1, len(digits))
        rows = [self._row(power, number, multiplicand, digits[number]) for number in numbers]
        if self.mirrored:
            return self._complemented_rows(first, is_complement, rows)
        # The first row alone is complemented, once more if it is a complement.
        condition = self._where_positive() if is_complement else self.negative
        total = self.b.let("p0_sum1", op.AddComplemented(rows[0], first, condition))
        for number, row in zip(numbers[1:], rows[1:], strict=True):
            total = self.b.let(f"p0_sum{number}", op.Add(total, row))
        return total

    def _complemented_rows(self, total: str, is_complement: bool, rows: Sequence[str]) -> str:
        """Add the sum of the first row and the others, complemented for one of the signs."""
        subtracted = self.shape.minus[0]
        condition = self._where_positive() if subtracted else self.negative
        carries = self.shape.carries - self.last_carry
        left_complemented = is_complement != subtracted
        if self.is_lifted:
            b, units = self.b, -self.shape.carries if left_complemented else self.shape.carries
            lift = b.let("lift", op.Constant(units, b.point(total)))
            total, carries = b.let("lifted", op.Add(total, lift), "for the rounding of either sign"), 0
        for number, row in enumerate(rows, 1):
            sum_ = op.AddComplemented(total, row, condition, int(number <= carries), 0, left_complemented)
            total, left_complemented = self.b.let(f"p0_sum{number}", sum_), False
        return total

    def _where_positive(self) -> str:
        if not self._positive:
            one = self.b.let("one", op.Constant(1))
            self._positive = self.b.let("positive", op.Bitwise("xor", self.negative, one), "whether x >= 0")
        return self._positive

    def _first_row(self, multiplicand: str) -> tuple[str, bool]:
        """Add the row of the lowest digit, read raw; return it and whether it is the complement of that."""
        b, shape = self.b, self.shape
        field = shape.fields(self.function.signs)[0]
        bits = b.let("raw", op.Bits(self.raw, field.low, field.width), "digit 0, not complemented")
        cut = shape.points[1] - shape.points[0]
        source = multiplicand if cut >= 0 else b.let("p0_shifted0", op.ShiftLeft(multiplicand, -cut))
        if field.width == 1:  # 0 or -1 times; registers set all bits without a look-up table
            ones = b.let("all_ones", op.Constant(-1, b.point(source)))
            full = b.let("p0_full0", op.Select(bits, ones, source), "the complement of digit 0 times")
        else:
            factors = tuple(range(-2, 2))
            full = b.let("p0_full0", op.PartialProduct(source, bits, factors), "digit 0 times")
        return b.let("p0_row0", op.ShiftRight(full, max(cut, 0), self._slope(0)), "what counts of it"), field.width == 1

    def _constant(self, indices: tuple[str, str], tables: Sequence[Sequence[int]]) -> str:
        if not self.mirrored:
            return super()._constant(indices, tables)
        b, shape = self.b, self.shape
        constant = self._coefficient(0, indices, tables)
        count, point = shape.guard - shape.stored, self.output.fraction_bits + shape.guard
        if count:
            ones = b.let("ones_fill", op.Constant(shape.fill))
            word = b.let("c0_word", op.Concatenate(constant, ones, count, point), "the constant coefficient")
        else:
            word = b.let("c0_word", op.ShiftRight(constant, 0, point))
        if self.saturation is None or self.saturated is None:
            return word
        bits = self.function.results.size.bit_length() - 1 + shape.guard  # those above come back as a prefix
        return self.saturation.limited_to(word, [each % (1 << bits) for each in self.saturated.words], "c0")

    def _total(self, constant: str, rows: str) -> str:
        if not self.mirrored:
            return super()._total(constant, rows)
        b, shape = self.b, self.shape
        if self.saturation is not None and self.saturated is not None:
            rests = [self.saturated.rest - self.last_carry for _ in self.saturated.words]
            rows = self.saturation.limited_to(rows, rests, "rest")
        kept = shape.guard - shape.stored
        total = op.AddComplemented(rows, constant, self.negative, self.last_carry, kept)
        return b.let("total", total, "the polynomial, complemented for a negative input")
