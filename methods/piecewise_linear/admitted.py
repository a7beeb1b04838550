"""Outputs that a budget admits on the pieces of a function: input by input, or between the ends of each piece."""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor, lcm
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from ...accuracy.admissible import admissible
from ...accuracy.budget import Budget
from ...accuracy.limits import SEARCHED_CODES, WALKED_OUTPUT_BITS
from ...accuracy.monotonic import chains, directions, tighten
from ...accuracy.specification import Specification
from ...plan.operations.base import Range
from ..ramps.limits import DIRECTION_BITS, SLIVER, Limits, foremost
from .pieces import Piece

__all__ = ["Admitted", "bounded_limits"]

_NO_LIMIT = 1 << 60
"""Beyond all outputs."""

_ROUNDED = Budget(Fraction(1, 2), True)


class Admitted(NamedTuple):
    """The lowest and the highest output admitted at consecutive input codes from `first` on."""

    first: int
    low: NDArray[np.int64]
    high: NDArray[np.int64]

    @classmethod
    def of(cls, specification: Specification, *, halved: bool) -> Self | None:
        """Return what is admitted at every input, or None if the inputs are too many or some input admits nothing.

        If the inputs are `halved`, it is for codes from 0 on, and the outputs at the negatives of these follow from the
        function's symmetry: what is admitted there is, too, unless both at once leave nothing, as next to a clamp.
        """
        codes = specification.codes
        if codes.size > SEARCHED_CODES or specification.output_format.width > WALKED_OUTPUT_BITS:
            return None
        if max(map(abs, codes)) >= 1 << 40:
            return None
        found = cls(codes.low, *admissible(specification, specification.budget or _ROUNDED))
        if halved:
            found = found._folded(specification)
        if specification.monotonic:
            tighten(found.low, found.high, chains(found._directions(specification)))
        return None if (found.low > found.high).any() else found

    def _folded(self, specification: Specification) -> Self:
        symmetry, ulp = specification.function.symmetry, specification.output_format.ulp
        assert symmetry is not None
        zero, reach = -self.first, max(-self.first, self.first + len(self.low) - 1)
        total, slope = symmetry.total / ulp, symmetry.slope * specification.input_format.ulp / ulp
        held = specification.outputs
        # The clamp meets a limit that is an end of the output's range.
        least = np.where(self.low > held.low, self.low, -_NO_LIMIT)
        most = np.where(self.high < held.high, self.high, _NO_LIMIT)
        low, high = np.full(reach + 1, -_NO_LIMIT), np.full(reach + 1, _NO_LIMIT)
        low[: len(least) - zero], high[: len(most) - zero] = least[zero:], most[zero:]
        # f(x) = sign (f(-x) - slope x - total)
        moved = np.arange(zero + 1) * int(slope) + int(total)
        other = least[zero::-1] - moved, most[zero::-1] - moved
        if symmetry.sign < 0:
            other = -other[1], -other[0]
        both = np.maximum(low[: zero + 1], other[0]), np.minimum(high[: zero + 1], other[1])
        possible = both[0] <= both[1]
        low[: zero + 1][possible], high[: zero + 1][possible] = both[0][possible], both[1][possible]
        if symmetry.sign < 0 and total.denominator == 1 and total % 2 == 0:
            low[0] = high[0] = int(total) // 2
        return type(self)(0, low, high)

    def _directions(self, specification: Specification) -> NDArray[np.int8]:
        codes = self.first + np.arange(len(self.low))
        return directions(codes, specification.reference.monotonicity)

    def joined(self, specification: Specification, pieces: list[Piece], held: Range) -> Self:
        """Return what is left if outputs are to be monotonic from each piece to the next: some output lies between.

        Lines are clamped to a range.
        """
        if not specification.monotonic:
            return self
        low, high = self.low.copy(), self.high.copy()
        direction = self._directions(specification)
        for piece in pieces[1:]:
            at = piece.codes.low - self.first
            before, after = (at - 1, at) if direction[at - 1] > 0 else (at, at - 1)
            if direction[at - 1]:
                least, most = (min(max(int(end), held.low), held.high) for end in (low[before], high[before]))
                between = (least + most) // 2
                if least == held.low or most == held.high:  # there may be no limit
                    between = most if least == held.low else least
                high[before], low[after] = between, max(int(low[after]), between)
        return type(self)(self.first, low, high)

    def limits(self, piece: Piece, held: Range) -> Limits:
        """Return the limits of lines for a piece, whose outputs are clamped to a range."""
        at = slice(piece.codes.low - self.first, piece.codes.high - self.first + 1)
        low, high = self.low[at], self.high[at]
        xs = np.arange(len(low))
        least, most = low > held.low, high < held.high  # elsewhere the clamp meets the limit
        steepest = (1 << 60) // (len(xs) + 1)
        slope = min(max(round(piece.slope * (1 << DIRECTION_BITS)), -steepest), steepest)
        below = foremost(xs[least], low[least], slope)
        above = foremost(-xs[most], -high[most] - 1, slope)
        start = piece.codes.low
        return Limits([(start + x, y) for x, y in below], [(start - x, -y) for x, y in above])


def bounded_limits(specification: Specification, piece: Piece, held: Range) -> Limits:
    """Return limits at the ends of a piece that keep a line within the budget at every code between.

    The output is an integer, and the true value y a multiple of 1/D. A line v with ``abs(v - 1/2 - y) < e - 1/2``,
    where e is the least multiple of 1/D that is too large an error, is rounded down to an error that is less than e.
    Constants are rounded to the nearest, and a line on output codes is not approximated.
    """
    if not piece.slope or piece.grid == 1:
        outputs = [(code, floor(piece.value(code) + Fraction(1, 2))) for code in piece.codes]
        return Limits(outputs, [(code, output + 1) for code, output in outputs])
    budget = specification.budget or _ROUNDED
    limit, grid = budget.in_ulp(specification.output_format), piece.grid
    excess = Fraction(ceil(limit * grid) if budget.strict else floor(limit * grid) + 1, grid)
    if excess <= Fraction(1, 2) or specification.monotonic:
        excess = Fraction(floor(Fraction(grid, 2)) + 1, grid)
    room = excess - Fraction(1, 2)
    middles = [(code, piece.value(code) + Fraction(1, 2)) for code in piece.codes]
    # Above the limit, not at it.
    lower = [(code, middle - room * (1 - SLIVER)) for code, middle in middles]
    upper = [(code, middle + room) for code, middle in middles]
    for required in specification.reference.required if specification.ends == "exact" else ():
        common = Range(max(required.codes.low, piece.codes.low), min(required.codes.high, piece.codes.high))
        for code in common if common.low <= common.high else ():
            output = required.at(code)
            if output > held.low:
                lower.append((code, Fraction(output)))
            if output < held.high:
                upper.append((code, Fraction(output + 1)))
    unit = lcm(*(y.denominator for _, y in (*lower, *upper)))
    return Limits([(x, int(y * unit)) for x, y in lower], [(x, int(y * unit)) for x, y in upper], unit)
