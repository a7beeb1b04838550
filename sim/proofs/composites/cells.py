"""Proofs of the contracts of recurrent cells, by walks over all inputs of their parts.

In the notation below a star marks what is exact, for the same inputs. All that is rounded is limited as well, and so is
what it is compared with, which brings both no further apart.

LSTM, c': (f - f*) c + (i - i*) g + i* (g - g*), and half an ulp. h: o (t - t*) + (o - o*) t*, and half an ulp, where
t* is tanh of a state up to the error of c' away: the walk over all new states finds for each how far t is from tanh at
both ends of that interval. With peepholes, the argument of a gate is off by half an ulp of z, and that of o by p_o
times the error of c', too: the walk over all arguments finds how far the gate is from its function at both ends of the
interval, of which the outermost reach to 0 and 1.

GRU: the argument of tanh is off by (r - r*) n_h, and by half an ulp of z; the walk over all arguments finds how far n
is from tanh at both ends of the interval, of which the outermost reach to 1 and -1. h': (1 - u*) (n - n*) +
(u - u*) (h - n), and half an ulp.

GRU gates, r h: (r - r*) h, and half an ulp. GRU update, h': (1 - u) (n - n*), and half an ulp.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import partial
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from ....hdl.composites.manifest import CompositeManifest
from ....plan.formats import FixedFormat
from ...golden.composites.shared_units import shared_functions
from ..protocol import Fact
from .base import ContractProof
from .decimal_errors import decimal_logistic, decimal_ramp, decimal_tanh, largest_error

__all__ = ["GRUCellProof", "GRUGatesProof", "GRUUpdateProof", "LSTMCellProof"]

_MARGIN = 1e-12
"""More than the rounding error of floats of about 1."""

_LOWEST = -700
"""An argument at which the logistic is 0 within the margin, and its power no infinity."""

_STEEPNESS = {"hard": 4, "keras2": 5, "keras3": 6}
"""Divisor of the argument in a hard gate."""

_Values = NDArray[Any]


class _CellProof(ContractProof):
    def __init__(self, manifest: CompositeManifest) -> None:
        super().__init__(manifest)
        self._functions: dict[str, Any] = dict(self._parts)
        if self._arguments.get("interval", 1) > 1:
            gate, z = self._format("gate"), self._format("z")
            state = self._format("cell") if "cell" in self._arguments else z
            self._functions = dict(shared_functions(self._parts, gate, z, state))

    def _format(self, name: str) -> FixedFormat:
        return FixedFormat.parse(self._arguments[name])

    def _gate(self, part: str, bits: int, distance: float = 0.0) -> tuple[_Values, _Values, _Values]:
        """Return a gate with so many fraction bits, its error, and its exact value, at all inputs.

        The exact gate is that of any argument up to `distance` from the input; unless that is 0, inputs are limited,
        and the exact arguments of the outermost may be anywhere beyond.
        """
        z = self._format("z")
        codes = np.arange(z.min_code, z.max_code + 1)
        x, found = codes * 2.0**-z.fraction_bits, self._functions[part](codes) * 2.0**-bits
        below, above = self._function(x - distance), self._function(x + distance)
        if distance:
            below[0], above[-1] = 0, 1
        return found, np.maximum(np.abs(found - below), np.abs(found - above)) + _MARGIN, above

    def _function(self, x: _Values) -> _Values:
        """Return the exact gates of arguments."""
        name = self._arguments["gates"]
        exact: _Values = 1 / (1 + np.exp(-np.maximum(x, _LOWEST)))
        return exact if name == "soft" else np.clip(x / _STEEPNESS[name] + 0.5, 0, 1)

    def _tanh(self, part: str, word: str, source: FixedFormat) -> tuple[_Values, _Values]:
        """Return the inputs of a tanh, and what it gives."""
        codes = np.arange(source.min_code, source.max_code + 1)
        return codes * 2.0**-source.fraction_bits, self._functions[part](codes) * 2.0 ** -self._words[word]

    def _fact(self, name: str, what: str, bound: float | Fraction) -> Fact:
        promised = self._limits[name] or 0.0
        return Fact(name, f"{what} is within {float(bound):.6g}, and {promised:.6g} is promised", bound <= promised)


class LSTMCellProof(_CellProof):
    """The proof for an LSTM cell."""

    name: ClassVar[str] = "lstm_cell"

    def facts(self) -> Iterator[Fact]:
        z, cell, hidden = (self._format(name) for name in ("z", "cell", "hidden"))
        peepholes = self._arguments["peepholes"]
        rounding = 0.0 if peepholes is None else float(z.ulp) / 2 + _MARGIN
        _, errors, exact = self._gate("gate", self._format("gate").fraction_bits, rounding)
        off = errors.max()
        x, g = self._tanh("candidate", "candidate_bits", z)
        largest = _largest(cell)
        error = off * (largest + np.abs(g).max()) + exact.max() * (np.abs(g - np.tanh(x)).max() + _MARGIN)
        error = float(error + float(cell.ulp) / 2 + _MARGIN)
        yield self._fact("cell", "c_next", error)

        weight = 0.0 if peepholes is None else _largest(FixedFormat.parse(peepholes))
        state, t = self._tanh("squash", "squash_bits", cell)
        top = float(cell.value(cell.max_code)) if self._arguments["clip"] is None else float(self._arguments["clip"])
        bottom = float(cell.value(cell.min_code)) if self._arguments["clip"] is None else -top
        kept = (state >= bottom) & (state <= top)
        state, t = state[kept], t[kept]
        for name, distance, what in (("hidden", error, "h"), ("stored", 0.0, "h, of the state that is stored,")):
            ends = (np.tanh(np.maximum(state - distance, bottom)), np.tanh(np.minimum(state + distance, top)))
            away = np.maximum(*(np.abs(t - end) for end in ends)) + _MARGIN
            largest_tanh = np.maximum(*(np.abs(end) for end in ends))
            o, errors, _ = self._gate("output", self._words["output_bits"], rounding + weight * distance)
            bound = o.max() * away + errors.max() * largest_tanh
            yield self._fact(name, what, float(bound.max()) + float(hidden.ulp) / 2)


class GRUCellProof(_CellProof):
    """The proof for a GRU cell."""

    name: ClassVar[str] = "gru_cell"

    def facts(self) -> Iterator[Fact]:
        z, hidden = self._format("z"), self._format("hidden")
        _, off, exact = self._gate("gate", self._format("gate").fraction_bits)
        distance = off.max() * _largest(z) + float(z.ulp) / 2 + _MARGIN
        x, n = self._tanh("candidate", "candidate_bits", z)
        below, above = np.tanh(x - distance), np.tanh(x + distance)
        below[0], above[-1] = -1, 1
        away = np.maximum(np.abs(n - below), np.abs(n - above)).max() + _MARGIN
        apart = _largest(hidden) + np.abs(n).max()
        bound: Any = ((1 - exact) * away + off * apart).max()
        yield self._fact("hidden", "h_next", float(bound) + float(hidden.ulp) / 2)


class GRUGatesProof(_CellProof):
    """The proof for the gates of a GRU with the reset before the product."""

    name: ClassVar[str] = "gru_gates"

    def facts(self) -> Iterator[Fact]:
        gate, hidden, rh = (self._format(name) for name in ("gate", "hidden", "rh"))
        yield self._fact("update", "update", self._largest_error("update", gate.fraction_bits))
        off = self._largest_error("reset", self._words["reset_bits"])
        yield self._fact("reset", "rh", off * -hidden.value(hidden.min_code) + rh.ulp / 2)

    def _largest_error(self, part: str, bits: int) -> Fraction:
        found, errors, _ = self._gate(part, bits)
        name = self._arguments["gates"]
        exact = decimal_logistic if name == "soft" else partial(decimal_ramp, _STEEPNESS[name])
        return largest_error(found, errors, self._format("z"), exact)


class GRUUpdateProof(_CellProof):
    """The proof for the update of a GRU with the reset before the product."""

    name: ClassVar[str] = "gru_update"

    def facts(self) -> Iterator[Fact]:
        z, gate, hidden = (self._format(name) for name in ("z", "gate", "hidden"))
        x, n = self._tanh("candidate", "candidate_bits", z)
        off = largest_error(n, np.abs(n - np.tanh(x)), z, decimal_tanh)
        kept = max(abs(1 - gate.value(code)) for code in (gate.min_code, gate.max_code))
        yield self._fact("hidden", "h_next", kept * off + hidden.ulp / 2)


def _largest(fmt: FixedFormat) -> float:
    """Return the largest magnitude of a signed format."""
    return -float(fmt.value(fmt.min_code))
