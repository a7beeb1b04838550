"""The steps of a sign-free polynomial: the last additions complement their operands for a negative input.

For a result that is complemented, the sum at a negative input is ``(~c0 + R0 + ~R1 + ~R2 ...) >> guard``, the
complement of the polynomial, where R0 is the row of the lowest digit. That is read raw, of the input as it is. Neither
the input's lowest bits nor the output take an exclusive or (decision 061).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ...plan import operations as op
from ...plan.builder import PlanBuilder
from .datapath_shape import DatapathShape
from .evaluation import Evaluation
from .folded_function import FoldedFunction
from .saturation import Saturation
from .saturation_steps import SaturationSteps

__all__ = ["SignFreeEvaluation", "SumConstants", "sum_constants"]


class SumConstants(NamedTuple):
    """The constant coefficient, as stored, and the sum of the rows with the last carry, that make a saturation."""

    constant: int
    rest: int


def sum_constants(shape: DatapathShape, saturation: Saturation) -> SumConstants | None:
    """Return the operands of the last addition that make a saturation of a mirrored function; None if none do.

    Of all pairs it is that whose sum of rows is nearest to 0.
    """
    upper, lower = (result << shape.guard for result in saturation.results)
    whole, found = 1 << shape.guard, []
    for stored in range(
        min(upper, lower) >> shape.guard - shape.stored, max(upper, lower) + whole >> shape.guard - shape.stored
    ):
        constant = stored << shape.guard - shape.stored
        # constant + fill + rest for an input that is not negative, constant - rest for the complement of the other sum
        least = max(upper - constant - shape.fill, constant - lower - whole + 1)
        most = min(upper + whole - 1 - constant - shape.fill, constant - lower)
        if least <= most:
            found.append(SumConstants(stored, min(max(least, 0), most)))
    return min(found, key=lambda pair: abs(pair.rest), default=None)


class SignFreeEvaluation(Evaluation):
    """Adds the polynomials of a folded function to a plan, with the sign in the last additions.

    Parameters
    ----------
    b, function, shape, negative
        As `Evaluation` has them.
    raw
        Name of the step that has the lowest bits of the address before a negative input is complemented.
    saturation
        The steps that saturate the sum, where its operands can be replaced for that.

    """

    def __init__(
        self,
        b: PlanBuilder,
        function: FoldedFunction,
        shape: DatapathShape,
        negative: str,
        raw: str,
        saturation: SaturationSteps | None,
    ) -> None:
        super().__init__(b, function, shape, negative)
        self.raw, self.saturation = raw, saturation
        self.mirrored = function.mirror is not None
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
        if self.saturation is not None:
            constant = self._saturated("c0", constant, [pair.constant for pair in self._pairs()], shape.stored)
        count, point = shape.guard - shape.stored, self.output.fraction_bits + shape.guard
        if not count:
            return b.let("c0_word", op.ShiftRight(constant, 0, point))
        ones = b.let("ones_fill", op.Constant(shape.fill))
        return b.let("c0_word", op.Concatenate(constant, ones, count, point), "the constant coefficient")

    def _total(self, constant: str, rows: str) -> str:
        if not self.mirrored:
            return super()._total(constant, rows)
        b, shape = self.b, self.shape
        if self.saturation is not None:
            rests = [pair.rest - self.last_carry for pair in self._pairs()]
            rows = self._saturated("rest", rows, rests, b.point(rows))
        kept = shape.guard - shape.stored
        total = op.AddComplemented(rows, constant, self.negative, self.last_carry, kept)
        return b.let("total", total, "the polynomial, complemented for a negative input")

    def _pairs(self) -> list[SumConstants]:
        assert self.saturation is not None
        pairs = [sum_constants(self.shape, saturation) for saturation in self.saturation.saturations]
        return [pair for pair in pairs if pair is not None]

    def _saturated(self, name: str, value: str, codes: Sequence[int], point: int) -> str:
        assert self.saturation is not None
        if name == "c0":
            bits = self.function.results.size.bit_length() - 1 + self.shape.stored
            codes = [code % (1 << bits) for code in codes]
        constants = [[op.Constant(code, point)] for code in codes]
        return self.saturation.limited(value, constants, name=f"{name}_limited", names=[f"{name}_limit"])
