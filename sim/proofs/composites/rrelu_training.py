"""The proof of what RReLU in training promises, by exact arithmetic.

*period*: let M be the step of the register as a matrix modulo 2. If M^(2^61) = M and M is invertible, then the order of
M divides 2^61 - 1, which is a prime (by the test of E. Lucas and D. H. Lehmer: 2^p - 1 is a prime if and only if it
divides s_(p-2), with s_0 = 4 and s_(i+1) = s_i^2 - 2). If M v = v for v = 0 alone, no other state has a shorter period.
So the register goes through all states but 0. It does so if a draw takes several steps, too, since their number has no
factor in common with a larger prime. Then any of its bits have each combination equally often, but all 0 once less.

*together*: draws in a row take one bit of the register each, and no bit twice, until all are taken.

*seed*: the first state is that which M gives from a single bit, by powers of M.

*sequence*: the golden model draws as the register steps, bit by bit. That the hardware does is checked against it.

*error*: the golden model at every code below 0 with the ends of the slopes, at the ends of the codes with every slope,
and at every code from 0 on; between, floor(z + 1/2) is within a half of z.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import gcd
from typing import Any, ClassVar

import numpy as np

from ....hdl.interfaces import Ports
from ....plan.formats import FixedFormat
from ...golden.composites import composite_model
from ..passage import Passage, Place, Stretch
from ..protocol import Fact
from .base import ContractProof
from .vector_sum_passage import port_places

__all__ = ["RReluTrainingProof"]

_WIDTH = 61
_SPACING = 1 << 44

_REGISTER = "lfsr"
"""The register in the emitted text."""

_DRAWS = 4096
"""Draws that are compared with the register."""

_Matrix = list[int]
"""Rows as integers: bit k of row i is the element in column k."""


class RReluTrainingProof(ContractProof):
    """The proof for RReLU in training."""

    name: ClassVar[str] = "rrelu_training"

    def passage(self, ports: Ports, registers: tuple[str, ...]) -> Passage:
        source, result = port_places(ports)
        drawn = Place((*source.data, _REGISTER), source.valid, source.last)
        steps = Stretch(Place((_REGISTER,), source.valid), Place((_REGISTER,), ""), 1)
        return Passage(1, (Stretch(drawn, result, self._manifest.latency), steps))

    def facts(self) -> Iterator[Fact]:
        bits, words = int(self._arguments["slope_bits"]), self._words
        period = (1 << _WIDTH) - 1
        step = [1 << row + 1 for row in range(_WIDTH - 1)] + [1 | 1 << 1 | 1 << 15 | 1 << 16]
        full = _is_mersenne_prime(_WIDTH) and _order_divides(step) and gcd(bits, period) == 1
        full = full and 0 < words["state"] <= period and self._limits["period"] == float(period)
        yield Fact("period", f"every state but 0 comes once in {period} draws", full)
        together = _WIDTH // bits
        row = together == self._limits["together"] and together >= 1
        yield Fact("together", f"{together} draws in a row are different bits of the register", full and row)
        places = (int(self._arguments["seed"]) + 1) * _SPACING * bits
        state = _applied(_raised(step, places), 1 << _WIDTH - 1)
        statement = f"the first state is that of seed {self._arguments['seed']}"
        yield Fact("seed", statement, state == words["state"])
        yield self._slopes(bits)
        model: Any = composite_model(self.name, self._arguments, words, {})
        yield Fact("sequence", f"the first {_DRAWS} slopes are those of the register", self._are_drawn(model, bits))
        yield self._error(model, bits)

    def _slopes(self, bits: int) -> Fact:
        words, count = self._words, 1 << bits
        lower, upper = Fraction(self._arguments["lower"]), Fraction(self._arguments["upper"])
        step = (upper - lower) / count
        slopes = [
            Fraction(words["slope_first"] + j * words["slope_step"], 1 << words["slope_point"]) for j in range(count)
        ]
        sound = all(lower <= slope < upper and abs(slope - lower - j * step) < step for j, slope in enumerate(slopes))
        rising = len(set(slopes)) == count and float(slopes[-1]) == self._limits["slopes"]
        statement = f"{count} different slopes are within [{lower}, {upper}), each where it should be"
        return Fact("slopes", statement, sound and rising)

    def _are_drawn(self, model: Any, bits: int) -> bool:
        words, state, expected = self._words, self._words["state"], []
        for _ in range(_DRAWS):
            number = 0
            for place in range(bits):
                number |= (state & 1) << place
                come = state ^ state >> 1 ^ state >> 15 ^ state >> 16
                state = state >> 1 | (come & 1) << _WIDTH - 1
            expected.append(words["slope_first"] + number * words["slope_step"])
        return bool((model.slopes(_DRAWS) == np.array(expected)).all())

    def _error(self, model: Any, bits: int) -> Fact:
        source, output = (FixedFormat.parse(self._arguments[f"{name}_format"]) for name in ("input", "output"))
        words = self._words
        slopes = words["slope_first"] + np.arange(1 << bits) * words["slope_step"]
        below, others = np.arange(source.min_code, 0), np.arange(source.max_code + 1)
        ends = np.unique(np.clip([source.min_code, source.min_code // 2, -3, -2, -1], source.min_code, -1))
        cases = [(below, slopes[0]), (below, slopes[-1]), *((np.array(end), slopes) for end in ends)]
        place = 1 << words["slope_point"]
        worst = max(self._off(model, source, output, *case) for case in [*cases, (others, np.array(place))])
        limit = self._limits["error"] or 0.0
        statement = f"every output is within {float(worst):.6g} of the product, and {limit:.6g} is promised"
        return Fact("error", statement, worst <= Fraction(limit))

    def _off(self, model: Any, source: FixedFormat, output: FixedFormat, codes: Any, slopes: Any) -> Fraction:
        """Return the largest error of the golden model, exactly: all in units of the last place of the product."""
        codes, slopes = np.broadcast_arrays(codes, slopes)
        point = source.fraction_bits + self._words["slope_point"]
        finest = max(point, output.fraction_bits)
        exact = codes.astype(object) * slopes.astype(object) * (1 << finest - point)
        unit = 1 << finest - output.fraction_bits
        exact = np.clip(exact, output.min_code * unit, output.max_code * unit)
        found = model.with_slopes(codes.astype(np.int64), slopes.astype(np.int64)).astype(object) * unit
        return Fraction(int(np.abs(found - exact).max()), 1 << finest)


def _is_mersenne_prime(exponent: int) -> bool:
    """Tell whether 2^exponent - 1 is a prime, by the test of Lucas and Lehmer."""
    number, s = (1 << exponent) - 1, 4
    for _ in range(exponent - 2):
        s = (s * s - 2) % number
    return s == 0


def _order_divides(step: _Matrix) -> bool:
    """Tell whether a step has order 2^61 - 1, given that this is a prime: M^(2^61) = M, and M - 1 and M invertible."""
    power = step
    for _ in range(_WIDTH):
        power = _product(power, power)
    fixed = [row ^ 1 << place for place, row in enumerate(step)]
    return power == step and _rank(step) == _rank(fixed) == _WIDTH


def _product(left: _Matrix, right: _Matrix) -> _Matrix:
    """Return a product of matrices modulo 2."""
    found = []
    for row in left:
        total = 0
        for place, other in enumerate(right):
            if row >> place & 1:
                total ^= other
        found.append(total)
    return found


def _raised(step: _Matrix, exponent: int) -> _Matrix:
    """Return a power of a matrix."""
    found = [1 << place for place in range(_WIDTH)]
    for digit in f"{exponent:b}":
        found = _product(found, found)
        if digit == "1":
            found = _product(found, step)
    return found


def _applied(matrix: _Matrix, state: int) -> int:
    return sum(((row & state).bit_count() & 1) << place for place, row in enumerate(matrix))


def _rank(matrix: _Matrix) -> int:
    """Return the rank of a matrix modulo 2."""
    by_top: dict[int, int] = {}
    for row in matrix:
        rest = row
        while rest and (top := rest.bit_length()) in by_top:
            rest ^= by_top[top]
        if rest:
            by_top[rest.bit_length()] = rest
    return len(by_top)
