"""The proof of a softmax's contract, by a walk over all inputs of its parts.

Let 2^-t be the exact weight of an element at the scaled distance t, w the weight that is summed, S their sum, Q that of
the exact ones, l the logarithm, and y the share before it is cut to the output's bits. The walk gives

* bounds low <= w / 2^-t <= high of uncut weights, and w = 1 at t = 0, the maximum;
* bounds least <= y / 2^-(t + l) <= most;
* the slack of the logarithm: least and most of l - log2(S) over all sums that share an index.

*sum*: weights are cut by less than 2^-g, that of the maximum not at all, so Q <= (S + (n-1) 2^-g) / low; if for every
index 2^l >= most Q for the largest sum of that index, then all y together are at most 1, and so are the outputs.
*error*, *sum* from below: S <= 1 + high (Q-1), so y >= 2^-t / Q times least / (2^slack (1 + (high-1) (1 - 1/Q))).
*order*: t never falls with the distance, nor the share rises with t + l, at any of its fractions and from one octave to
the next; cutting keeps order. *equal* is seen from the definition: one function of the distance and of the vector.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from ....hdl.interfaces import Ports
from ....plan.formats import FixedFormat
from ...golden.composites import composite_model
from ..passage import Passage
from ..protocol import Fact
from .base import ContractProof
from .vector_sum_passage import softmax_passage

__all__ = ["SoftmaxProof"]

Codes = NDArray[np.int64]
Floats = NDArray[Any]

_MARGIN = 1e-12
"""More than the rounding error of floats of about 1."""

_GRID = 1 << 21
"""Points of the share between which its error is interpolated."""


class SoftmaxProof(ContractProof):
    """The proof for a softmax."""

    name: ClassVar[str] = "softmax"

    def passage(self, ports: Ports, registers: tuple[str, ...]) -> Passage:
        return softmax_passage(int(self._arguments["n"]), ports, registers)

    def facts(self) -> Iterator[Fact]:
        words, n = self._words, int(self._arguments["n"])
        t = self._distances()
        monotone = bool((np.diff(t) >= 0).all()) and t[0] == 0
        yield Fact("distance", "scaled distances never fall, from 0 on", monotone)
        weights, low, high = self._powers("weight", "distance_bits")
        is_one = int(weights[0]) == 1 << words["weight_bits"]
        yield Fact("weight", "the weight of the maximum is 1", is_one)
        shares, least, most = self._powers("share", "log_bits")
        falls = bool((np.diff(shares) <= 0).all()) and 2 * int(shares[-1]) >= int(shares[0])
        yield Fact("order", "shares never rise with the distance, nor distances with the input", falls and monotone)

        bottom = 1 + np.arange(1 << words["index_bits"]) / (1 << words["index_bits"])
        found = self._parts["logarithm"](np.arange(len(bottom))) / (1 << words["log_bits"])
        top = bottom + 2.0 ** -words["index_bits"] + (n - 1) * 2.0 ** -words["sum_bits"]
        enough = bool((found >= np.log2(top * most / low) + _MARGIN).all())
        slack = float((found - np.log2(bottom)).max()) + _MARGIN

        def factor(inverse: Floats) -> Floats:
            """Return a lower bound of y Q / 2^-t, where 1/Q is at least `inverse`."""
            return np.asarray(least / (2.0**slack * (1 + max(high - 1, 0.0) * (1 - inverse))))

        deficit = 1 - float(factor(np.array(1 / n))) + n * self._ulp
        kept = enough and deficit <= (self._limits["sum"] or 0.0)
        statement = f"outputs of a vector sum to at most 1 and at least {1 - deficit:.6f}"
        yield Fact("sum", statement, kept, "" if enough else "the logarithm is too small")

        error, limit = self._error(n, factor), self._limits["error"] or 0.0
        yield Fact("error", f"every output is within {error:.6g}, and {limit:.6g} is promised", error <= limit)
        if "one" in self._limits:
            largest = is_one and self._is_one_largest()
            yield Fact("one", "the output of a vector of one element is the largest", largest)
        yield Fact("ties", self._ties(t, n), True)

    @property
    def _source(self) -> FixedFormat:
        return FixedFormat.parse(self._arguments["input_format"])

    @property
    def _output(self) -> FixedFormat:
        return FixedFormat.parse(self._arguments["output_format"])

    @property
    def _ulp(self) -> float:
        return float(2.0**-self._output.fraction_bits)

    def _distances(self) -> Codes:
        """Return the scaled distance of each distance, as far as they reach."""
        words = self._words
        product = np.arange(1 << words["reach_bits"], dtype=np.int64) * words["multiple"]
        return product >> words["shift"] if words["shift"] >= 0 else product << -words["shift"]

    def _powers(self, part: str, bits: str) -> tuple[Codes, float, float]:
        """Return the codes of a part at all fractions, and the ends of their ratio to the exact powers."""
        fraction = np.arange(1 << self._words[bits], dtype=np.int64)
        codes = np.asarray(self._parts[part](fraction))
        ratio = codes / 2.0 ** (-fraction / len(fraction)) / (1 << self._words[f"{part}_bits"])
        return codes, float(ratio.min()) - _MARGIN, float(ratio.max()) + _MARGIN

    def _error(self, n: int, factor: Callable[[Floats], Floats]) -> float:
        """Return a bound of the error of any output."""
        words = self._words
        scale = 1 / np.log(2) if self._arguments["base"] == "e" else 1.0
        multiple = words["multiple"] / 2.0 ** words["multiple_bits"]
        stretched = abs(np.log(multiple / scale)) * (0.22388 + np.log(n - 1) / 4)
        p = np.linspace(0, 1, _GRID + 1)
        # An element's exact share if it is rounded against all others, either way; exact distances are not rounded.
        grown = 1.0 if multiple == scale and words["shift"] <= 0 else 2.0 ** (2.0 ** -words["distance_bits"])
        smaller, larger = p / (p + (1 - p) * grown), p * grown / (p * grown + (1 - p))
        below, above = p - smaller * factor(smaller) + self._ulp, larger - p
        beyond = 0.0
        if words["reach_bits"] < self._source.width:
            beyond = (n - 1) * 2.0 ** -((1 << words["reach_bits"]) * 2.0**-self._source.fraction_bits * multiple)
        between = max(float(np.abs(np.diff(each)).max()) for each in (below, above))  # points of the grid
        return float(max(below.max(), above.max()) + between + stretched + beyond + _MARGIN)

    def _is_one_largest(self) -> bool:
        """Return whether both ends of the input, each by itself, have the largest output."""
        source, output = self._source, self._output
        plans = {name: part.plan for name, part in self._parts.items()}
        model = composite_model(self.name, self._arguments, self._words, plans)
        codes = np.array([source.min_code, source.max_code])
        found, _ = model.transfers([codes, np.ones_like(codes)])
        return bool((found == min(1 << output.fraction_bits, output.max_code)).all())

    def _ties(self, t: Codes, n: int) -> str:
        """Return from which distance on an element never has the share of the maximum, for all sums that occur."""
        words = self._words
        output = self._output
        ones = (1 << words["log_bits"]) - 1
        index = np.arange(1 << words["index_bits"], dtype=np.int64)
        logarithm = np.unique(self._parts["logarithm"](index))
        octaves = np.arange(n.bit_length(), dtype=np.int64) << words["log_bits"]
        every = (logarithm + octaves[:, None]).ravel()
        every = every[every <= np.log2(n) * (1 << words["log_bits"]) + logarithm[0] + 1]

        def shares(v: Codes) -> Codes:
            power = self._parts["share"](v & ones) << output.fraction_bits
            return np.asarray(power >> np.minimum((v >> words["log_bits"]) + words["share_bits"], 63))

        top = shares(every)
        for distance in range(1, len(t)):
            moved = every + (int(t[distance]) << words["log_bits"] - words["distance_bits"])
            if (shares(moved) < top).all():
                if distance == 1:
                    return "no smaller input has the share of the largest"
                return f"an input {distance} codes or more below the largest has a smaller share; a nearer one may tie"
        return "an input may tie with the largest at any distance"
