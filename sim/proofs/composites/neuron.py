"""The proof of a neuron's contract: by a walk over all inputs of its function unit, in ball arithmetic.

*width*: the accumulator starts with the bias and half of the last place that is kept. Each product is limited by those
of the ends of its factors, and may be 0; so no sum of fewer products exceeds the limits of all of them.

*error*: the sums that the function unit has as one code are an interval, of the first and the last code up to the
outermost sums. The function over that interval is enclosed in a ball, in halves of it and so on until each enclosure is
within the promised error of the unit's output. Straight lines are compared exactly, at their ends.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import partial
from typing import Any, ClassVar

import numpy as np

from ....accuracy.ball_arithmetic import uses_ball_arithmetic
from ....functions import create_function
from ....functions.base import Function
from ....functions.number_types import BALLS
from ....functions.number_types.balls import ball_ends, to_ball
from ....functions.number_types.working_precision import VALUE_BITS
from ....functions.properties import PiecewiseLinear
from ....hdl.interfaces import Ports
from ....plan.formats import FixedFormat
from ....support.packed_integers import unpack_integers
from ..passage import Passage
from ..protocol import Fact
from .base import ContractProof
from .neuron_passage import neuron_passage

__all__ = ["NeuronProof"]

_DEPTH = 40
"""The most times that an interval of sums is halved."""


class NeuronProof(ContractProof):
    """The proof for a neuron, or a layer of them."""

    name: ClassVar[str] = "neuron"

    def passage(self, ports: Ports, registers: tuple[str, ...]) -> Passage:
        inputs, parallel = int(self._arguments["inputs"]), int(self._arguments["parallel"])
        weights = self._arguments["weights"]
        neurons = 1 if isinstance(weights, str) else len(np.atleast_2d(unpack_integers("weights", weights)))
        lanes = ("x",) if parallel == 1 else tuple(f"x{lane}" for lane in range(parallel))
        return neuron_passage(-(-inputs // parallel), lanes, neurons, ports, registers)

    def facts(self) -> Iterator[Fact]:
        low, high = self._sums()
        bits = self._words["sum_bits"]
        fits = -(1 << bits - 1) <= low and high + self._half < 1 << bits - 1
        yield Fact("width", f"sums are from {low} to {high}, half of the last place beside, in {bits} bits", fits)
        output = FixedFormat.parse(self._arguments["output_format"])
        promised = Fraction(self._limits["error"] or 0)
        if not self._parts:
            same = (self._argument.fraction_bits, self._argument.min_code, self._argument.max_code) == (
                output.fraction_bits,
                output.min_code,
                output.max_code,
            )
            bound = output.ulp / 2 if self._half else Fraction(0)
            statement = f"the sum is rounded once, within {float(bound):.6g}, and {float(promised):.6g} is promised"
            yield Fact("error", statement, same and bound <= promised)
            return
        wrong = self._first_beyond(promised, Fraction(low), Fraction(high), output)
        statement = f"every output is within {float(promised):.6g} of the function of every sum that it stands for"
        yield Fact("error", statement, wrong is None, "" if wrong is None else f"not for sums near {float(wrong):g}")

    @property
    def _point(self) -> int:
        """Fraction bits of a sum."""
        weights = self._arguments["weights"]
        fmt = weights if isinstance(weights, str) else self._arguments["weight_format"]
        return FixedFormat.parse(self._arguments["x"]).fraction_bits + FixedFormat.parse(fmt).fraction_bits

    @property
    def _argument(self) -> FixedFormat:
        words = self._words
        return FixedFormat(bool(words["argument_signed"]), words["argument_integer_bits"], words["argument_bits"])

    @property
    def _half(self) -> int:
        excess = self._point - self._words["argument_bits"]
        return (1 << excess) >> 1 if excess > 0 else 0

    def _sums(self) -> tuple[int, int]:
        """Return the smallest and the largest sum, in codes."""
        x, weights = FixedFormat.parse(self._arguments["x"]), self._arguments["weights"]
        given = self._arguments["bias"]
        bias = np.zeros(1, np.int64) if given is None else unpack_integers("bias", given)
        if isinstance(weights, str):
            w, lanes = FixedFormat.parse(weights), int(self._arguments["parallel"])
            products = np.outer([x.min_code, x.max_code], [w.min_code, w.max_code])
            count = -(-int(self._arguments["inputs"]) // lanes) * lanes
            return int(bias[0]) + count * min(int(products.min()), 0), int(bias[0]) + count * int(products.max())
        codes = np.atleast_2d(unpack_integers("weights", weights))
        ends = np.stack([codes * x.min_code, codes * x.max_code])
        low, high = np.minimum(ends.min(axis=0), 0).sum(axis=1), np.maximum(ends.max(axis=0), 0).sum(axis=1)
        return int((bias + low).min()), int((bias + high).max())

    @uses_ball_arithmetic
    def _first_beyond(self, promised: Fraction, low: Fraction, high: Fraction, output: FixedFormat) -> Fraction | None:
        """Return a sum at which the output may be further from the function than promised, or None."""
        function, argument = create_function(self._arguments["function"]), self._argument
        lines = function.piecewise_linear
        search = partial(_beyond, function) if lines is None else partial(_beyond_lines, lines)
        unit = Fraction(1, 1 << self._point)
        low, high = low * unit, high * unit
        beside = argument.ulp / 2 if self._half else Fraction(0)
        codes = np.arange(argument.min_code, argument.max_code + 1)
        limits = output.value(output.min_code), output.value(output.max_code)
        for code, found in zip(codes.tolist(), self._parts["function"](codes).tolist(), strict=True):
            start = low if code == argument.min_code else argument.value(code) - beside
            stop = high if code == argument.max_code else argument.value(code) + beside
            start, stop = max(start, low), min(stop, high)
            if start <= stop:
                wrong = search(start, stop, output.value(found), promised, limits)
                if wrong is not None:
                    return wrong
        return None


def _beyond(
    function: Function,
    start: Fraction,
    stop: Fraction,
    found: Fraction,
    promised: Fraction,
    limits: tuple[Fraction, Fraction],
) -> Fraction | None:
    """Return an input of an interval at which a function may be further than promised from what was found, if any."""
    from flint import ctx

    parts = [(start, stop, 0)]
    with ctx.workprec(VALUE_BITS):
        while parts:
            low, high, depth = parts.pop()
            value = function(to_ball(low).union(to_ball(high)), BALLS)
            if _is_within(value, found, promised, limits):
                continue
            if depth == _DEPTH or low == high:
                return low
            middle = (low + high) / 2
            parts += [(low, middle, depth + 1), (middle, high, depth + 1)]
    return None


def _beyond_lines(
    lines: PiecewiseLinear,
    start: Fraction,
    stop: Fraction,
    found: Fraction,
    promised: Fraction,
    limits: tuple[Fraction, Fraction],
) -> Fraction | None:
    """Return the same for a function of straight lines."""
    ends = [start, *(min(max(kink, start), stop) for kink in lines.kinks), stop]
    for number, (line, low, high) in enumerate(zip(lines.lines, ends, ends[1:], strict=False)):
        if low < high or lines.piece(low) == number:
            for x in (low, high):
                if abs(min(max(line(x), limits[0]), limits[1]) - found) > promised:
                    return x
    return None


def _is_within(value: Any, found: Fraction, promised: Fraction, limits: tuple[Fraction, Fraction]) -> bool:
    """Return whether all of a ball, limited, is within the promised error of what was found."""
    if (value - to_ball(found)).abs_upper() <= to_ball(promised):
        return True
    if not value.is_finite():
        return False
    low, high = (min(max(end, limits[0]), limits[1]) for end in ball_ends(value))
    return max(high - found, found - low) <= promised
