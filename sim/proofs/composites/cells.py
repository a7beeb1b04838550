"""Proofs of the contracts of recurrent cells, by walks over all inputs of their parts.

In the notation below a star marks what is exact, for the same inputs. All that is rounded is limited as well, and so is
what it is compared with, which brings both no further apart.

LSTM, c': (f - f*) c + (i - i*) g + i* (g - g*), and half an ulp. h: o (t - t*) + (o - o*) t*, and half an ulp, where
t* is tanh of a state up to the error of c' away: the walk over all new states finds for each how far t is from tanh at
both ends of that interval.

GRU: the argument of tanh is off by (r - r*) n_h, and by half an ulp of z; the walk over all arguments finds how far n
is from tanh at both ends of the interval, of which the outermost reach to 1 and -1. h': (1 - u*) (n - n*) +
(u - u*) (h - n), and half an ulp.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from ....hdl.composites.manifest import CompositeManifest
from ....plan.formats import FixedFormat
from ...golden.composites.shared_units import shared_functions
from ..protocol import Fact
from .base import ContractProof

__all__ = ["GRUCellProof", "LSTMCellProof"]

_MARGIN = 1e-12
"""More than the rounding error of floats of about 1."""

_SLOPES = {"hard": 1 / 4, "keras2": 1 / 5, "keras3": 1 / 6}

_Values = NDArray[Any]


class _CellProof(ContractProof):
    def __init__(self, manifest: CompositeManifest) -> None:
        super().__init__(manifest)
        self._functions: dict[str, Any] = dict(self._parts)
        if self._arguments["interval"] > 1:
            state = self._arguments.get("cell", self._arguments["z"])
            gate, z, state = (
                FixedFormat.parse(each) for each in (self._arguments["gate"], self._arguments["z"], state)
            )
            self._functions = dict(shared_functions(self._parts, gate, z, state))

    def _format(self, name: str) -> FixedFormat:
        return FixedFormat.parse(self._arguments[name])

    def _gate(self, part: str, bits: int) -> tuple[_Values, _Values]:
        """Return a gate with so many fraction bits, and its exact value, at all inputs."""
        z = self._format("z")
        codes = np.arange(z.min_code, z.max_code + 1)
        x = codes * 2.0**-z.fraction_bits
        name = self._arguments["gates"]
        exact = 1 / (1 + np.exp(-x)) if name == "soft" else np.clip(_SLOPES[name] * x + 0.5, 0, 1)
        return self._functions[part](codes) * 2.0**-bits, exact

    def _tanh(self, part: str, word: str, source: FixedFormat) -> tuple[_Values, _Values]:
        """Return the inputs of a tanh, and what it gives."""
        codes = np.arange(source.min_code, source.max_code + 1)
        return codes * 2.0**-source.fraction_bits, self._functions[part](codes) * 2.0 ** -self._words[word]

    def _fact(self, name: str, what: str, bound: float) -> Fact:
        promised = self._limits[name] or 0.0
        return Fact(name, f"{what} is within {bound:.6g}, and {promised:.6g} is promised", bound <= promised)


class LSTMCellProof(_CellProof):
    """The proof for an LSTM cell."""

    name: ClassVar[str] = "lstm_cell"

    def facts(self) -> Iterator[Fact]:
        z, cell, hidden = (self._format(name) for name in ("z", "cell", "hidden"))
        found, exact = self._gate("gate", self._format("gate").fraction_bits)
        off = np.abs(found - exact).max() + _MARGIN
        x, g = self._tanh("candidate", "candidate_bits", z)
        largest = -float(cell.value(cell.min_code))
        error = off * (largest + np.abs(g).max()) + exact.max() * (np.abs(g - np.tanh(x)).max() + _MARGIN)
        error = float(error + float(cell.ulp) / 2 + _MARGIN)
        yield self._fact("cell", "c_next", error)

        found, exact = self._gate("output", self._words["output_bits"])
        off, most = np.abs(found - exact).max() + _MARGIN, found.max()
        state, t = self._tanh("squash", "squash_bits", cell)
        top = float(cell.value(cell.max_code)) if self._arguments["clip"] is None else float(self._arguments["clip"])
        bottom = float(cell.value(cell.min_code)) if self._arguments["clip"] is None else -top
        kept = (state >= bottom) & (state <= top)
        state, t = state[kept], t[kept]
        for name, distance, what in (("hidden", error, "h"), ("stored", 0.0, "h, of the state that is stored,")):
            ends = (np.tanh(np.maximum(state - distance, bottom)), np.tanh(np.minimum(state + distance, top)))
            away = np.maximum(*(np.abs(t - end) for end in ends)) + _MARGIN
            largest_tanh = np.maximum(*(np.abs(end) for end in ends))
            yield self._fact(name, what, float((most * away + off * largest_tanh).max()) + float(hidden.ulp) / 2)


class GRUCellProof(_CellProof):
    """The proof for a GRU cell."""

    name: ClassVar[str] = "gru_cell"

    def facts(self) -> Iterator[Fact]:
        z, hidden = self._format("z"), self._format("hidden")
        found, exact = self._gate("gate", self._format("gate").fraction_bits)
        off = np.abs(found - exact) + _MARGIN
        distance = off.max() * -float(z.value(z.min_code)) + float(z.ulp) / 2 + _MARGIN
        x, n = self._tanh("candidate", "candidate_bits", z)
        below, above = np.tanh(x - distance), np.tanh(x + distance)
        below[0], above[-1] = -1, 1
        away = np.maximum(np.abs(n - below), np.abs(n - above)).max() + _MARGIN
        apart = -float(hidden.value(hidden.min_code)) + np.abs(n).max()
        bound: Any = ((1 - exact) * away + off * apart).max()
        yield self._fact("hidden", "h_next", float(bound) + float(hidden.ulp) / 2)
