"""The linear-feedback shift register that random slopes are drawn from.

Its bits are those of the recurrence s[n+61] = s[n] + s[n+1] + s[n+15] + s[n+16] modulo 2. These are taps 61, 60, 46 and
45 of a register of 61 bits (P. Alfke, Efficient Shift Registers, LFSR Counters, and Long Pseudo-Random Sequence
Generators, Xilinx XAPP 052, 1996), whose polynomial x^61 + x^16 + x^15 + x + 1 is primitive. So every state but 0 comes
once in a period of 2^61 - 1 bits (S. Golomb, Shift Register Sequences, 1967). That is a prime, so that it is also the
period in draws of several bits each, whatever their number is.

Seed s is the place in the period after (s + 1) `SPACING` draws.
"""

from __future__ import annotations

__all__ = ["PERIOD", "SEEDS", "SPACING", "WIDTH", "first_state"]

WIDTH = 61
"""Bits of the register."""

PERIOD = (1 << WIDTH) - 1
"""Draws until the sequence repeats."""

SPACING = 1 << 44
"""Draws from the place of a seed to that of the next: a day at 200 million a second."""

SEEDS = 1 << 16
"""The number of seeds, of which the last is at about half of the period."""

_POLYNOMIAL = 1 << WIDTH | 1 << 16 | 1 << 15 | 1 << 1 | 1


def first_state(seed: int, bits: int) -> int:
    """Return the state of the register at the place of a seed, where each draw takes `bits` bits.

    Its lowest bit is the next of the sequence. The bits at place p are the highest coefficients of x^p, x^(p+1) ...
    modulo the polynomial.
    """
    power = _power((seed + 1) * SPACING * bits)  # at place 0 nearly all bits are 0
    state = 0
    for place in range(WIDTH):
        state |= (power >> WIDTH - 1) << place
        power = _reduced(power << 1)
    return state


def _power(exponent: int) -> int:
    """Return x^exponent modulo the polynomial, with a bit for each coefficient."""
    found = 1
    for digit in f"{exponent:b}":
        found = _reduced(_square(found))
        if digit == "1":
            found = _reduced(found << 1)
    return found


def _square(value: int) -> int:
    """Return the square of a polynomial modulo 2, whose coefficients are those of the polynomial, spread out."""
    return int(f"{value:b}", 4)


def _reduced(value: int) -> int:
    while (excess := value.bit_length() - 1 - WIDTH) >= 0:
        value ^= _POLYNOMIAL << excess
    return value
