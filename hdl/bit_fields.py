"""Bit fields of Amaranth values, continued by the sign beyond their ends.

A plain slice ends, silently, where its source does, and is unsigned whatever its source is.
"""

from __future__ import annotations

from amaranth.hdl import Cat, Const, Value

__all__ = ["bit_field", "with_sign_of", "without_low_bits"]


def bit_field(source: Value, start: int, stop: int) -> Value:
    """Return bits ``start .. stop - 1`` of a value continued to the left by its sign; unsigned."""
    width = len(source)
    kept = source.as_unsigned()[start : min(stop, width)] if start < width else Const(0, 0)
    beyond = stop - max(start, width)
    if beyond <= 0:
        return kept
    top = source[-1] if source.shape().signed else Const(0, 1)
    return Cat(kept, top.replicate(beyond))


def with_sign_of(source: Value, value: Value) -> Value:
    """Return an unsigned value as a signed one if `source` is signed."""
    return value.as_signed() if source.shape().signed else value


def without_low_bits(source: Value, bits: int) -> Value:
    """Return ``floor(source / 2**bits)``."""
    return with_sign_of(source, bit_field(source, bits, max(len(source), bits + 1)))
