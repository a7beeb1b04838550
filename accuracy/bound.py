"""A proved bound of a plan's error, where its inputs are too many to be walked one by one (decision 005).

The Taylor model of the output over a stretch of the input, minus that of the true function, is the error there. Where
it is too wide, the stretch is split.
"""

from __future__ import annotations

import heapq
from fractions import Fraction
from math import floor, lcm

from flint import ctx

from ..functions.number_types.working_precision import PROOF_BITS
from ..plan.operations import Range
from ..plan.plan import Plan
from .intervals import close_values
from .plan_models import PlanModels
from .specification import Specification
from .taylor_models import Truth

__all__ = ["bound_error", "is_constant"]

_MAX_STRETCHES = 1 << 14
"""The most stretches looked at before the bound is given as it stands."""

_MOST_CONSTANT = 1 << 10
"""The most stretches looked at for an output that should be constant: where it is by construction, few are enough."""

_TIGHT = Fraction(21, 20)
"""Splitting ends once the bound is within this factor of an error that does occur."""

_NEAR, _WORTH = Fraction(4, 3), Fraction(99, 100)
"""And within the first of these factors, once twice as many stretches take it down by less than the second one says.

What is left then are roundings that each bound allows for, and that may well come together at no input.
"""


def _halves(low: int, high: int) -> list[tuple[int, int]]:
    """Cut a stretch where pieces of power-of-two width are likely to begin, those of magnitudes among them.

    The piece of a code below 0 at which codes begin is not that at which magnitudes do, but the one before: so that
    code is a part of its own. Halving would take as many cuts to come down to it as a piece has bits.
    """
    size = (high - low).bit_length()
    cut = next(cut for bits in range(size, -1, -1) if (cut := high >> bits << bits) > low)
    if low < cut < min(high, 0):
        return [(low, cut - 1), (cut, cut), (cut + 1, high)]
    return [(low, cut - 1), (cut, high)]


def bound_error(plan: Plan, specification: Specification, occurring: Fraction) -> Fraction:
    """Return a proved upper bound of the plan's error over every input that occurs, in ulp of the output.

    Parameters
    ----------
    plan
        A plan with one input and one output.
    specification
        What it approximates.
    occurring
        An error that some input is known to have: the bound need not be much better than that.

    Returns
    -------
    Fraction
        The bound; never below the largest error.

    """
    source = specification.input_format
    truth = Truth(specification)
    (output,) = plan.outputs
    # The error of a piecewise linear function is a multiple of 1/D, so a bound between two multiples may be taken down
    # to the lower one.
    pieces, ulp = specification.function.piecewise_linear, specification.output_format.ulp

    def grid(low: int, high: int) -> int | None:
        if pieces is None:
            return None
        reached = pieces.lines[pieces.piece(source.value(low)) : pieces.piece(source.value(high)) + 1]
        parts = [part for line in reached for part in (line.slope * source.ulp / ulp, line.offset / ulp)]
        return lcm(*(part.denominator for part in parts))

    def bound(low: int, high: int) -> Fraction:
        stretch = PlanModels(plan, low, high)[output.step]
        polynomial, error = truth.model(low, high)
        size = (close_values(stretch.polynomial - polynomial) + stretch.error + -error).size
        found = Fraction(int(size.p), int(size.q))
        unit = grid(low, high)
        return found if unit is None else Fraction(floor(found * unit), unit)

    with ctx.workprec(PROOF_BITS + specification.output_format.width):
        # Worst first; the sign turns Python's smallest-first heap around.
        heap = [(-bound(*specification.codes), *specification.codes)]
        checked, before = len(heap), heap[0][0]
        for _ in range(_MAX_STRETCHES):
            worst, low, high = heap[0]
            if -worst <= occurring * _TIGHT or low == high:
                break
            if len(heap) >= 2 * checked:
                if -worst <= occurring * _NEAR and -worst > -before * _WORTH:
                    break
                checked, before = len(heap), worst
            first, *others = _halves(low, high)
            heapq.heapreplace(heap, (-bound(*first), *first))
            for part in others:
                heapq.heappush(heap, (-bound(*part), *part))
        return -heap[0][0]


def is_constant(plan: Plan, codes: Range, output: int) -> bool:
    """Return whether the output is proved to be one code over a range of the input's codes.

    Parameters
    ----------
    plan
        A plan with one input and one output.
    codes, output
        The input codes, and the output code that all of them should have.

    """
    (end,) = plan.outputs
    left = [(codes.low, codes.high)]
    for _ in range(_MOST_CONSTANT):
        if not left:
            break
        low, high = left.pop()
        found = PlanModels(plan, low, high)[end.step].range
        if output not in found or (low == high and found.low < found.high):
            return False
        if found.low < found.high:
            left += _halves(low, high)
    return not left
