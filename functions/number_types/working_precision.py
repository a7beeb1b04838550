"""Working precisions of ball arithmetic, in bits.

None of them decides a result: a ball is rigorous at any precision, and a question that it leaves open is put again with
more bits (decision 023), or not answered.
"""

from __future__ import annotations

__all__ = ["CRITICAL_POINT_BITS", "PROOF_BITS", "PROPERTY_BITS", "VALUE_BITS"]

VALUE_BITS = 128
"""For true values and coefficients; where there is an output format, its bits come on top."""

PROOF_BITS = 192
"""For Taylor models of a plan, whose terms cancel down to the error that is proved; the output's bits come on top."""

PROPERTY_BITS = 256
"""For what is found of a function, such as the sign of an expression at an input."""

CRITICAL_POINT_BITS = 512
"""For the isolation of critical points, where the derivative vanishes: they are told apart to 2**-200."""
