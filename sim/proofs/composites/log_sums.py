"""Proofs of the contracts of log-softmax and logsumexp, by walks over all inputs of their parts.

Let v be the exact power b^-d of an element at distance d, w the weight that is summed, Q and S the sums of both over a
vector, and l the logarithm that is computed. The walk goes over all distances, as far as they are told apart, and over
all sums that share an index.

* S - Q is the sum of all w - v of the n-1 elements beside the maximum, whose weight is 1; Q is 1 plus the sum of their
  v. So (S - Q) / Q is at most the largest (w - v) / (1/(n-1) + v) of any distance, and at least the smallest (a sum of
  numerators over one of denominators is between the ends of the quotients).
* The walk over indices and octaves gives the ends of l - log S.

*error*: both together, and half an ulp for the last rounding; limits bring both sides no further apart.
*sum*: each power of an output is off by a factor of base^error at most; one that is limited has the least value.
*sign*, *maximum*: l is never negative, so neither is what is added to an exact distance or to the maximum; rounding
keeps order and whole numbers. *equal*, *order*, *symmetry* are seen from the definition: one rounded function of the
exact distance plus l, which never falls with the distance; an exact sum over all elements. Besides, the golden model is
held to them at neighbouring codes below the largest.
*monotone*: w never rises with the distance, nor l falls with the sum, from one octave to the next, too.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from ....hdl.interfaces import Ports
from ....plan.formats import FixedFormat
from ...golden.composites import composite_model
from ..passage import Passage
from ..protocol import Fact
from .base import ContractProof
from .vector_sum_passage import logsumexp_passage, softmax_passage

__all__ = ["LogSoftmaxProof", "LogSumExpProof"]

Codes = NDArray[np.int64]

_NEIGHBOURS = 1 << 16
"""Codes at which the golden model is compared with the next, at most."""

_MARGIN = 1e-12
"""More than the rounding error of floats of about 1."""


class _LogSumProof(ContractProof):
    """Proved bounds of the weights and of the logarithm of their sum."""

    def facts(self) -> Iterator[Fact]:
        weights = self._weights()
        one = int(weights[0]) == 1 << self._words["sum_bits"]
        yield Fact("weight", "the weight of the maximum is 1", one)
        if not one:  # then sums may be below 1, of which there is no logarithm
            return
        logarithms = self._logarithms()
        error, limit = self._error(weights, logarithms), self._limits["error"] or 0.0
        statement = f"every output is within {error:.6g}, and {limit:.6g} is promised"
        yield Fact("error", statement, error <= limit)
        yield from self._further(weights, logarithms, error)
        if "one" in self._limits:
            yield Fact("one", "a vector of one element has the output of a sum of 1", self._is_one_exact())

    @abstractmethod
    def _further(self, weights: Codes, logarithms: Codes, error: float) -> Iterator[Fact]:
        """Yield the facts of one composite."""

    @abstractmethod
    def _of_one(self, codes: Codes) -> Codes:
        """Return the output of each code by itself."""

    @property
    def _others(self) -> int:
        return int(self._arguments["n"]) - 1

    def _format(self, name: str) -> FixedFormat:
        return FixedFormat.parse(self._arguments[f"{name}_format"])

    def _natural(self) -> float:
        """Return the natural logarithm of the base."""
        return 1.0 if self._arguments["base"] == "e" else float(np.log(2))

    def _weights(self) -> Codes:
        """Return the weight of each distance, as far as they are told apart, with ``sum_bits``."""
        words = self._words
        product = np.arange(1 << words["reach_bits"], dtype=np.int64) * words["multiple"]
        t = product >> words["shift"] if words["shift"] >= 0 else product << -words["shift"]
        octaves, fraction = t >> words["distance_bits"], t & (1 << words["distance_bits"]) - 1
        power = self._parts["weight"](fraction) << words["sum_bits"] - words["weight_bits"]
        return np.asarray(power >> np.minimum(octaves, 63))

    def _logarithms(self) -> Codes:
        """Return the logarithm of each octave, along the first axis, and index, with ``log_bits``."""
        words = self._words
        octaves = np.arange(int(self._arguments["n"]).bit_length())
        octave = float(np.log(2)) / self._natural()
        whole = np.rint(octaves * octave * 2.0 ** words["log_bits"]).astype(np.int64)
        return np.asarray(whole[:, None] + self._parts["logarithm"](np.arange(1 << words["index_bits"])))

    def _error(self, weights: Codes, logarithms: Codes) -> float:
        """Return a bound of the error of any output."""
        words, source = self._words, self._format("input")
        distance = np.arange(len(weights)) * 2.0**-source.fraction_bits
        exact = np.exp(-distance * self._natural())
        off = weights * 2.0 ** -words["sum_bits"] - exact
        quotients = off / (1 / self._others + exact)
        least, most = float(quotients.min()), float(quotients.max())
        if words["reach_bits"] < source.width:  # beyond, the weight stays, and the power falls towards 0
            last = float(weights[-1]) * 2.0 ** -words["sum_bits"]
            most = max(most, self._others * last)
            least = min(least, self._others * min(last - float(exact[-1]), 0.0))
        index = np.arange(logarithms.shape[1])
        bins = 2.0 ** -words["index_bits"]
        octave = np.arange(len(logarithms))[:, None] * np.log(2)
        found = logarithms * 2.0 ** -words["log_bits"]
        above = float((found - (octave + np.log1p(index * bins)) / self._natural()).max())
        below = float((found - (octave + np.log1p((index + 1) * bins)) / self._natural()).min())
        above += float(np.log1p(most)) / self._natural()
        below += float(np.log1p(least)) / self._natural() if least > -1 else -np.inf
        return max(above, -below) + 2.0 ** -(self._format("output").fraction_bits + 1) + _MARGIN * self._others

    def _neighbours(self) -> Codes:
        """Return vectors of a code, the same again unless there is room for two only, the next, and the largest."""
        source, length = self._format("input"), self._others + 1
        spread = max((source.max_code - source.min_code) // _NEIGHBOURS, 1)
        codes = np.arange(source.min_code, source.max_code, spread)
        columns = [codes, codes + 1] if length == 2 else [codes, codes + 1, np.full_like(codes, source.max_code)]
        same = length - len(columns) if self._arguments["arrangement"] == "parallel" else min(length - len(columns), 1)
        return np.stack([codes] * same + columns, axis=-1)

    def _model(self) -> Any:
        plans = {name: part.plan for name, part in self._parts.items()}
        return composite_model(self.name, self._arguments, self._words, plans)

    def _is_one_exact(self) -> bool:
        """Return whether each code, by itself, has the output that follows from a logarithm of 0."""
        source, model = self._format("input"), self._model()
        codes = np.array([source.min_code, source.min_code // 3, 0, source.max_code // 3, source.max_code])
        found, _ = model.transfers([codes, np.ones_like(codes)])
        return bool((found == self._of_one(codes)).all())


class LogSoftmaxProof(_LogSumProof):
    """The proof for a log-softmax."""

    name: ClassVar[str] = "log_softmax"

    def passage(self, ports: Ports, registers: tuple[str, ...]) -> Passage:
        return softmax_passage(self._others + 1, ports, registers)

    def _further(self, weights: Codes, logarithms: Codes, error: float) -> Iterator[Fact]:
        sign = bool((logarithms >= 0).all())
        yield Fact("sign", "every output is at most 0", sign)
        vectors = self._neighbours()
        found, rises = self._model()(vectors), np.diff(vectors)
        statement = f"outputs are equal or in order as the inputs are, at {len(vectors)} neighbours below the largest"
        yield Fact("order", statement, bool((np.where(rises == 0, -np.abs(np.diff(found)), np.diff(found)) >= 0).all()))
        output, natural = self._format("output"), self._natural()
        least = float(output.value(output.min_code))
        apart = float(np.expm1(error * natural)) + self._others * float(np.exp(least * natural)) + _MARGIN
        # The largest output is not limited, so that only the others are raised.
        held = (self._others + 1) * float(np.exp(least * natural)) <= 1 + _MARGIN
        promised = self._limits["sum"] or 0.0
        statement = f"the powers of the outputs sum to 1 within {apart:.6g}, and {promised:.6g} is promised"
        yield Fact("sum", statement, held and apart <= promised)

    def _of_one(self, codes: Codes) -> Codes:
        return np.zeros_like(codes)


class LogSumExpProof(_LogSumProof):
    """The proof for a logsumexp."""

    name: ClassVar[str] = "logsumexp"

    def passage(self, ports: Ports, registers: tuple[str, ...]) -> Passage:
        return logsumexp_passage(self._others + 1, ports, registers)

    def _further(self, weights: Codes, logarithms: Codes, error: float) -> Iterator[Fact]:
        yield Fact("maximum", "no output is less than the largest input, rounded", bool((logarithms >= 0).all()))
        monotone = bool((np.diff(weights) <= 0).all() and (np.diff(logarithms.ravel()) >= 0).all())
        vectors, model = self._neighbours(), self._model()
        same = bool((model(vectors) == model(vectors[:, ::-1])).all())
        yield Fact("symmetry", f"the order of inputs does not matter, at {len(vectors)} vectors", same)
        yield Fact("monotone", "weights never rise with the distance, nor logarithms fall with the sum", monotone)

    def _of_one(self, codes: Codes) -> Codes:
        source, output = self._format("input"), self._format("output")
        scaled = np.floor(codes * 2.0 ** (output.fraction_bits - source.fraction_bits) + 0.5)
        return np.asarray(np.clip(scaled, output.min_code, output.max_code), np.int64)
