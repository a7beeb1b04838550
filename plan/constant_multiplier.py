"""Multiplication by a constant as shifts, additions and subtractions."""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from .builder import PlanBuilder
from .operations import Add, Bits, Concatenate, ShiftLeft, ShiftRight, Subtract

__all__ = ["add_shifted", "adder_count", "canonical_signed_digits", "multiply_by_constant"]


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


def multiply_by_constant(
    b: PlanBuilder, name: str, source: str, multiple: int, fraction: int, note: str = "", *, split: bool = True
) -> str:
    """Add steps for ``multiple * source`` with `fraction` fraction bits; returns the product's name.

    Sums are split as `add_shifted` says.

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
        last = term is sums[-1] and not zeros
        target = name if last else f"{name}_x{term.multiple}"
        remark = note if last else f"{term.multiple} {source}"
        if term.sign == 1:
            made[term.multiple] = add_shifted(
                b, target, made[term.left], term.shift, made[term.right], remark, split=split
            )
        else:
            shifted = b.let(
                f"{name}_t{term.multiple}",
                ShiftLeft(made[term.left], term.shift, fraction),
                f"{term.left << term.shift} {source}",
            )
            made[term.multiple] = b.let(target, Subtract(shifted, made[term.right]), remark)
    if zeros:
        return b.let(name, ShiftLeft(made[odd], zeros, fraction), note)
    return made[odd]


def add_shifted(
    b: PlanBuilder, name: str, left: str, shift: int, right: str, note: str = "", *, split: bool = True
) -> str:
    """Add steps for ``(left << shift) + right``, with the binary point of `right`; returns the sum's name.

    The lowest bits of `right` are those of the sum, so the adder need not be as wide. Unless it is `split` so, it is
    one addition: a proved bound of the error takes what is cut off, and what is put back, for two errors.
    """
    fraction = b.point(right)
    if not split:
        shifted = b.let(f"{name}_left", ShiftLeft(left, shift, fraction))
        return b.let(name, Add(right, shifted), note)
    above = right
    if shift:
        cut = ShiftRight(right, shift, fraction - shift)
        above = b.let(f"{name}_above", cut, f"{right} without its lowest {shift} bits")
    if b.point(left) != fraction - shift:
        left = b.let(f"{name}_left", ShiftLeft(left, 0, fraction - shift))
    if not shift:
        return b.let(name, Add(above, left), note)
    high = b.let(f"{name}_high", Add(above, left), f"{name} without its lowest {shift} bits")
    low = b.let(f"{name}_low", Bits(right, 0, shift), f"the lowest {shift} bits of {right}")
    return b.let(name, Concatenate(high, low, shift, fraction), note)
