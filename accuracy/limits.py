"""Limits of what is done at every input: numbers of input codes, and the width of the output."""

from __future__ import annotations

__all__ = ["EXHAUSTIVE_CODES", "SEARCHED_CODES", "WALKED_OUTPUT_BITS"]

EXHAUSTIVE_CODES = 1 << 24
"""The most input codes at which a unit is measured, each of them; of more, errors are bounded."""

SEARCHED_CODES = 1 << 20
"""The most input codes among which methods search, all of which a candidate is tried at within seconds."""

WALKED_OUTPUT_BITS = 40
"""The widest output whose codes within a budget are found input by input, and that float64 tells apart."""
