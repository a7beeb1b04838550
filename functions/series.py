"""Taylor coefficients of a function about any centre, to any order, from power series in ball arithmetic."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from .base import Function
from .number_types import SERIES, to_ball

__all__ = ["taylor_series"]


def taylor_series(
    function: Function, centre: Fraction, scale: Fraction, terms: int, radius: Fraction
) -> list[Any] | None:
    """Return the coefficients of ``h**0 .. h**(terms-1)`` in ``f(centre + scale * h)`` as Arb balls.

    With a `radius`, the centre is any number within it, and each ball encloses the coefficient at all of them: the
    last one, times ``h**(terms-1)``, is then the Lagrange remainder of the shorter polynomial wherever ``centre +
    scale * h`` is no farther away than `radius`. The working precision is that of the caller's flint context.

    Returns
    -------
    list of arb, or None where the balls are too wide to bound the function at all

    """
    from flint import arb, arb_series, ctx

    cap = ctx.cap
    ctx.cap = max(cap, terms)  # series are cut at the context's cap, whatever precision they ask for
    try:
        x = arb_series([arb(to_ball(centre), to_ball(radius)), to_ball(scale)], prec=terms)
        series = function(x, SERIES)
        if not isinstance(series, arb_series):  # a branch that is constant
            series = arb_series([series])
    except ValueError:  # a denominator that may vanish, or a kink
        return None
    finally:
        ctx.cap = cap
    coefficients = [series[k] for k in range(terms)]
    return coefficients if all(c.is_finite() for c in coefficients) else None
