"""Formats and budgets of the parts of composites by their fraction bits, and constants of their functions as text."""

from __future__ import annotations

from fractions import Fraction

from ...plan.formats import FixedFormat
from ..budget import Budget

__all__ = ["decimal", "fraction_format", "part_budget", "unit_format"]


def part_budget(bits: int) -> Budget:
    """Return the budget of a part with this many fraction bits: as faithful as that."""
    return Budget(Fraction(1, 1 << bits), False)


def fraction_format(bits: int) -> FixedFormat:
    """Return the format of a fraction, of an octave or of a normalised sum."""
    return FixedFormat(False, 0, bits)


def unit_format(bits: int) -> FixedFormat:
    """Return the format of what is from 0 to 1, or a little above."""
    return FixedFormat(False, 1, bits)


def decimal(value: Fraction) -> str:
    """Return a dyadic fraction as its exact decimal."""
    bits = value.denominator.bit_length() - 1
    digits = str(value.numerator * 5**bits).rjust(bits + 1, "0")
    return f"{digits[: len(digits) - bits]}.{digits[len(digits) - bits :]}".rstrip("0").rstrip(".")
