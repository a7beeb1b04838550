"""Number types that a function can be evaluated over.

A function is written once, with ``+ - * /`` and the operations of `Arithmetic`. Floats serve plots, Arb balls rigorous
values, Arb power series the derivatives of every order, and fractions the values that are rational, exactly. Dual
numbers over any of these give the derivative as well.
"""

from __future__ import annotations

from .balls import BALLS, SERIES, ball_ends, to_ball, to_fraction
from .base import Arithmetic, IrrationalError
from .duals import Dual, Duals
from .exact import FRACTIONS
from .floats import FLOATS

__all__ = [
    "BALLS",
    "FLOATS",
    "FRACTIONS",
    "SERIES",
    "Arithmetic",
    "Dual",
    "Duals",
    "IrrationalError",
    "ball_ends",
    "to_ball",
    "to_fraction",
]
