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

from collections.abc import Iterator
from typing import ClassVar

import numpy as np

from ....plan.formats import FixedFormat
from ...golden.composites import composite_model
from ..protocol import Fact
from .base import ContractProof

__all__ = ["SoftmaxProof"]

_MARGIN = 1e-12
"""What floats of about 1 may be off, by far."""

_GRID = 1 << 21
"""Points of the share between which its error is interpolated."""


class SoftmaxProof(ContractProof):
    """The proof for a softmax."""

    name: ClassVar[str] = "softmax"

    def facts(self) -> Iterator[Fact]:
        words, arguments = self._words, self._arguments
        source, output = (FixedFormat.parse(arguments[f"{side}_format"]) for side in ("input", "output"))
        n, ulp = arguments["n"], 2.0**-output.fraction_bits
        scale = 1 / np.log(2) if arguments["base"] == "e" else 1.0

        distance = np.arange(1 << words["reach_bits"], dtype=np.int64)
        product = distance * words["multiple"]
        shift = words["shift"]
        t = product >> shift if shift >= 0 else product << -shift
        monotone = bool((np.diff(t) >= 0).all()) and t[0] == 0
        yield Fact("distance", "scaled distances never fall, from 0 on", monotone)

        fraction = np.arange(1 << words["distance_bits"], dtype=np.int64)
        exact = 2.0 ** (-fraction / (1 << words["distance_bits"]))
        codes = self._parts["weight"](fraction)
        ratio = codes / exact / (1 << words["weight_bits"])
        low, high = ratio.min() - _MARGIN, ratio.max() + _MARGIN
        is_one = int(codes[0]) == 1 << words["weight_bits"]
        yield Fact("weight", "the weight of the maximum is 1", is_one)

        fraction = np.arange(1 << words["log_bits"], dtype=np.int64)
        exact = 2.0 ** (-fraction / (1 << words["log_bits"]))
        codes = self._parts["share"](fraction)
        ratio = codes / exact / (1 << words["share_bits"])
        least, most = ratio.min() - _MARGIN, ratio.max() + _MARGIN
        falls = bool((np.diff(codes) <= 0).all()) and 2 * codes[-1] >= codes[0]
        yield Fact("order", "shares never rise with the distance, nor distances with the input", falls and monotone)

        index = np.arange(1 << words["index_bits"], dtype=np.int64)
        bottom = 1 + index / (1 << words["index_bits"])
        cut = (n - 1) * 2.0 ** -words["sum_bits"]
        found = self._parts["logarithm"](index) / (1 << words["log_bits"])
        top = bottom + 2.0 ** -words["index_bits"] + cut
        enough = bool((found >= np.log2(top * most / low) + _MARGIN).all())
        # At S = 1, the only sum of a maximum alone, the slack is the same as at the others of its index.
        slack = float((found - np.log2(bottom)).max()) + _MARGIN

        def factor(inverse: float | np.ndarray) -> float | np.ndarray:  # type: ignore[type-arg]
            """Return a lower bound of y Q / 2^-t, where 1/Q is at least `inverse`."""
            return least / (2.0**slack * (1 + max(high - 1, 0.0) * (1 - inverse)))

        deficit = 1 - float(factor(1 / n)) + n * ulp
        promised = self._limits["sum"] or 0.0
        statement = f"outputs of a vector sum to at most 1 and at least {1 - deficit:.6f}"
        yield Fact("sum", statement, enough and deficit <= promised, "" if enough else "the logarithm is too small")

        multiple = words["multiple"] / 2.0 ** words["multiple_bits"]
        off = abs(np.log(multiple / scale)) if arguments["base"] == "e" else abs(multiple / scale - 1)
        stretched = off * (0.22388 + np.log(n - 1) / 4)
        p = np.linspace(0, 1, _GRID + 1)
        exact_distance = shift <= 0
        grown = 1.0 if exact_distance else 2.0 ** (2.0 ** -words["distance_bits"])
        # The shares of an element that is rounded against all others, either way.
        smaller, larger = p / (p + (1 - p) * grown), p * grown / (p * grown + (1 - p))
        below, above = p - smaller * factor(smaller) + ulp, larger - p
        beyond = 0.0
        if words["reach_bits"] < source.width:
            reach = (1 << words["reach_bits"]) * 2.0**-source.fraction_bits
            beyond = (n - 1) * 2.0 ** -(reach * multiple)
        between = max(float(np.abs(np.diff(each)).max()) for each in (below, above))  # points of the grid
        error = float(max(below.max(), above.max())) + between + stretched + beyond + _MARGIN
        limit = self._limits["error"] or 0.0
        yield Fact("error", f"every output is within {error:.6g}, and {limit:.6g} is promised", error <= limit)

        if "one" in self._limits:
            yield Fact("one", "the output of a vector of one element is the largest", is_one and self._is_one_largest())
        yield Fact("ties", self._ties(t, n), True)

    def _is_one_largest(self) -> bool:
        """Return whether both ends of the input, each by itself, have the largest output."""
        source, output = (FixedFormat.parse(self._arguments[f"{side}_format"]) for side in ("input", "output"))
        plans = {name: part.plan for name, part in self._parts.items()}
        model = composite_model(self.name, self._arguments, self._words, plans)
        codes = np.array([source.min_code, source.max_code])
        found, _ = model.transfers([codes, np.ones_like(codes)])
        return bool((found == min(1 << output.fraction_bits, output.max_code)).all())

    def _ties(self, t: np.ndarray, n: int) -> str:  # type: ignore[type-arg]
        """Return from which distance on an element never has the share of the maximum, for all sums that occur."""
        words = self._words
        output = FixedFormat.parse(self._arguments["output_format"])
        ones = (1 << words["log_bits"]) - 1
        index = np.arange(1 << words["index_bits"], dtype=np.int64)
        logarithm = np.unique(self._parts["logarithm"](index))
        octaves = np.arange(n.bit_length(), dtype=np.int64) << words["log_bits"]
        every = (logarithm + octaves[:, None]).ravel()
        every = every[every <= np.log2(n) * (1 << words["log_bits"]) + logarithm[0] + 1]

        def shares(v: np.ndarray) -> np.ndarray:  # type: ignore[type-arg]
            power = self._parts["share"](v & ones) << output.fraction_bits
            found: np.ndarray = power >> np.minimum((v >> words["log_bits"]) + words["share_bits"], 63)  # type: ignore[type-arg]
            return found

        top = shares(every)
        for distance in range(1, len(t)):
            moved = every + (int(t[distance]) << words["log_bits"] - words["distance_bits"])
            if (shares(moved) < top).all():
                if distance == 1:
                    return "no smaller input has the share of the largest"
                return f"an input {distance} codes or more below the largest has a smaller share; a nearer one may tie"
        return "an input may tie with the largest at any distance"
