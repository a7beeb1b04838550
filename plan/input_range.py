"""Limits of the input, in its own scale: a range that it is known to stay within, and a clip that limits it first."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import ceil, floor
from typing import Any

from ..support.parameters import parse_number
from .any_format import Format
from .operations.base import Range

__all__ = ["read_clip", "read_input_range", "show_codes"]

_HINT = "write LO:HI, such as -4:4, 0:1/3 or 2^-3:0.5"


def read_input_range(given: str | Sequence[Any], fmt: Format) -> Range | None:
    """Return the codes of a format whose values lie within inclusive limits; None if these are all it has.

    Parameters
    ----------
    given
        ``"LO:HI"``, or the two limits: numbers or text such as ``-4``, ``0.5``, ``1/3`` or ``2^-3``.
    fmt
        Format of the input. A limit beyond it is that of the format.

    Raises
    ------
    TypeError
        If it is neither text nor two limits, or a limit is neither text nor a number.
    ValueError
        If a limit is not a number, the lower is above the upper, or no code of the format lies between.

    Examples
    --------
    >>> from softgate.plan import FixedFormat
    >>> read_input_range("-1:1/3", FixedFormat.parse("SQ4.12"))
    Range(low=-4096, high=1365)

    """
    low, high, shown = _limits(given, "an input range", "input range")
    whole = Range.of(fmt)
    if high < fmt.value(whole.low) or low > fmt.value(whole.high):
        raise ValueError(f"input range {shown} lies outside {fmt}, which goes from {_decimals(whole, fmt)}")
    zero = fmt.code_of_zero
    held = Range(max(ceil(low / fmt.ulp) + zero, whole.low), min(floor(high / fmt.ulp) + zero, whole.high))
    if held.low > held.high:
        raise ValueError(f"input range {shown} holds no code of {fmt}, whose codes are {float(fmt.ulp):g} apart")
    return None if held == whole else held


def read_clip(given: str | Sequence[Any], fmt: Format | None = None) -> tuple[Fraction, Fraction]:
    """Return the limits that an input is clipped to, from ``"LO:HI"`` or two numbers.

    Parameters
    ----------
    given
        The limits.
    fmt
        The format of the input, if it is known: some of its values must differ when they are clipped.

    Raises
    ------
    TypeError
        If it is neither text nor two limits, or a limit is neither text nor a number.
    ValueError
        If a limit is not a number, the lower is not below the upper, or all values of the format lie on one side.

    Examples
    --------
    >>> read_clip("-4:7/2")
    (Fraction(-4, 1), Fraction(7, 2))

    """
    low, high, shown = _limits(given, "a clip", "clip")
    if low == high:
        raise ValueError(f"clip {shown} leaves one input: its lower limit must be below its upper one")
    if fmt is not None:
        whole = Range.of(fmt)
        if high <= fmt.value(whole.low) or low >= fmt.value(whole.high):
            raise ValueError(f"clip {shown} leaves one input of {fmt}, which goes from {_decimals(whole, fmt)}")
    return low, high


def _limits(given: str | Sequence[Any], what: str, short: str) -> tuple[Fraction, Fraction, str]:
    """Return two limits, the lower one first, and how they were written."""
    limits = given.split(":") if isinstance(given, str) else given
    if not isinstance(limits, Sequence):
        raise TypeError(f"{what} is written as two numbers or as text such as '-4:4', not {given!r}")
    shown = f"{given if isinstance(given, str) else ':'.join(map(str, given))!r:.60}"
    if len(limits) != 2:
        raise ValueError(f"{short} {shown} is invalid: {_HINT}")
    low, high = (_number(limit, f"{short} {shown}") for limit in limits)
    if low > high:
        raise ValueError(f"{short} {shown} is the wrong way round: its lower limit is above its upper one")
    return low, high, shown


def show_codes(held: Range, fmt: Format) -> str:
    """Return a range for people to read: ``-1 to 0.5 (codes -4096 to 2048)``."""
    return f"{_decimals(held, fmt)} (codes {held.low} to {held.high})"


def _decimals(held: Range, fmt: Format) -> str:
    low, high = (float(fmt.shown.value(code)) for code in held)
    return f"{low:.10g} to {high:.10g}"


def _number(limit: Any, shown: str) -> Fraction:
    try:
        return parse_number(limit)
    except TypeError:
        raise TypeError(f"{shown} is invalid: {limit!r:.60} is not a number; {_HINT}") from None
    except ValueError:
        what = f"{limit!r:.60}" if limit != "" else "an empty limit"
        raise ValueError(f"{shown} is invalid: {what} is not a number; {_HINT}") from None
