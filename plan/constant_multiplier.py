"""Multiplication by a constant as shifts, additions and subtractions."""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from .operations import Add, ShiftLeft, Subtract
from .plan import PlanBuilder

__all__ = ["adder_count", "canonical_signed_digits", "multiply_by_constant"]


class _Sum(NamedTuple):
    """``(left << shift) + sign * right``, where left and right are multiples made before."""

    left: int
    shift: int
    sign: int
    right: int

    @property
    def multiple(self) -> int:
        return (self.left << self.shift) + self.sign * self.right


def canonical_signed_digits(value: int) -> list[tuple[int, int]]:
    """Return the canonical signed digit form of an integer: (position, +1 or -1), lowest first.

    No two neighbouring digits are non-zero, and no signed form has fewer non-zero digits (G. Reitwiesner, Binary
    Arithmetic, 1960).

    >>> canonical_signed_digits(7)
    [(0, -1), (3, 1)]
    """
    digits, position = [], 0
    while value:
        if value & 1:
            digit = 2 - (value & 3)
            digits.append((position, digit))
            value -= digit
        value >>= 1
        position += 1
    return digits


def adder_count(multiple: int) -> int:
    """Return how many additions and subtractions `multiply_by_constant` takes."""
    return len(_sums(_odd_part(multiple))) if multiple else 0


@lru_cache(maxsize=1 << 16)
def _sums(odd: int) -> tuple[_Sum, ...]:
    """Return sums that make an odd multiple from multiple 1, in order.

    Either the signed digits are taken in one by one from the top, or a factor ``2**a +- 1`` is split off, which makes
    repeating digits (those of 1/5 and 1/6, say) in logarithmically many steps.
    """
    if odd == 1:
        return ()
    digits = canonical_signed_digits(odd)[::-1]
    sums: list[_Sum] = []
    multiple = 1
    for (above, _), (position, sign) in pairwise(digits):
        sums.append(_Sum(multiple, above - position, sign, 1))
        multiple = sums[-1].multiple
    best = tuple(sums)
    for shift in range(1, odd.bit_length()):
        for sign in (1, -1):
            factor = (1 << shift) + sign
            if 1 < factor < odd and odd % factor == 0:
                inner = odd // factor
                split = (*_sums(inner), _Sum(inner, shift, sign, inner))
                best = min(best, split, key=len)
    return best


def _odd_part(value: int) -> int:
    return value >> ((value & -value).bit_length() - 1)


def multiply_by_constant(b: PlanBuilder, name: str, source: str, multiple: int, fraction: int, note: str = "") -> str:
    """Add steps for ``multiple * source`` with `fraction` fraction bits; returns the product's name.

    Raises
    ------
    ValueError
        If the multiple is not positive.

    """
    if multiple <= 0:
        raise ValueError(f"multiple must be positive, not {multiple}")
    odd = _odd_part(multiple)
    zeros = (multiple // odd).bit_length() - 1
    if odd == 1:
        if zeros == 0 and b.point(source) == fraction:
            return source
        return b.let(name, ShiftLeft(source, zeros, fraction), note)
    sums = _sums(odd)
    made = {1: b.let(f"{name}_x1", ShiftLeft(source, 0, fraction), f"{source} at the product's binary point")}
    for term in sums:
        shifted = b.let(
            f"{name}_t{term.multiple}",
            ShiftLeft(made[term.left], term.shift, fraction),
            f"{term.left << term.shift} {source}",
        )
        combine = Add if term.sign == 1 else Subtract
        if term is sums[-1] and not zeros:
            return b.let(name, combine(shifted, made[term.right]), note)
        made[term.multiple] = b.let(
            f"{name}_x{term.multiple}", combine(shifted, made[term.right]), f"{term.multiple} {source}"
        )
    return b.let(name, ShiftLeft(made[odd], zeros, fraction), note)
