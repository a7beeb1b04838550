"""Weighted sums of vectors that are streamed, of one neuron or of a layer: their transfers, and what they may be."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ...plan.formats import FixedFormat
from ...plan.operations.base import Range

__all__ = ["WeightedSums"]


@dataclass(frozen=True, kw_only=True)
class WeightedSums:
    """``w1 x1 + ... + wn xn + b`` for vectors x that are streamed, `parallel` elements a clock.

    Parameters
    ----------
    inputs
        The most elements of a vector, n.
    x, weight
        Formats of an element and of a weight.
    parallel
        Products a clock.
    weights
        Codes of constant weights, one row for each neuron; None if weights are streamed beside x.
    biases
        The bias of each neuron, in codes with the fraction bits of a product.
    is_layer
        Whether the weights were given as those of a layer, even if of one neuron.

    """

    inputs: int
    x: FixedFormat
    weight: FixedFormat
    parallel: int = 1
    weights: tuple[tuple[int, ...], ...] | None = None
    biases: tuple[int, ...] = (0,)
    is_layer: bool = False

    @property
    def neurons(self) -> int:
        """Neurons that share the core."""
        return 1 if self.weights is None else len(self.weights)

    @property
    def transfers(self) -> int:
        """Transfers of a whole vector."""
        return -(-self.inputs // self.parallel)

    @property
    def n(self) -> int:
        """The most transfers of a vector."""
        return self.transfers

    @property
    def lanes(self) -> dict[str, FixedFormat]:
        """The formats of the inputs of a transfer by name: elements, and then weights if they are streamed."""
        numbers = [""] if self.parallel == 1 else [str(lane) for lane in range(self.parallel)]
        found = {f"x{number}": self.x for number in numbers}
        return found | ({f"w{number}": self.weight for number in numbers} if self.weights is None else {})

    @property
    def point(self) -> int:
        """Fraction bits of a product, and of a sum."""
        return self.x.fraction_bits + self.weight.fraction_bits

    @cached_property
    def rows(self) -> NDArray[np.int64] | None:
        """Codes of constant weights of shape (neurons, transfers, parallel), with 0 beyond the inputs."""
        if self.weights is None:
            return None
        padded = np.zeros((self.neurons, self.transfers * self.parallel), np.int64)
        padded[:, : self.inputs] = self.weights
        return padded.reshape(self.neurons, self.transfers, self.parallel)

    @cached_property
    def sums(self) -> Range:
        """The codes that sums may have, those of the first elements of a vector among them.

        Every product may be 0, so that a sum of fewer of them is within the same limits.
        """
        if self.weights is None:
            corners = [a * b for a in Range.of(self.x) for b in Range.of(self.weight)]
            count = self.transfers * self.parallel
            return Range(self.biases[0] + count * min(*corners, 0), self.biases[0] + count * max(corners))
        ends = []
        for row, bias in zip(self.weights, self.biases, strict=True):
            for choose in (min, max):
                ends.append(bias + sum(choose(w * self.x.min_code, w * self.x.max_code) for w in row))
        return Range(min(ends), max(ends))

    def extreme_vectors(self) -> list[list[NDArray[np.int64]]]:
        """Return the vectors with the smallest and the largest sum of some neurons, the widest one among them."""
        low, high = self.x.min_code, self.x.max_code
        if self.rows is None:
            count = self.transfers
            return [
                [np.full(count, a)] * self.parallel + [np.full(count, b)] * self.parallel
                for a in (low, high)
                for b in (self.weight.min_code, self.weight.max_code)
            ]
        found = []
        reach = np.abs(self.rows).sum(axis=(1, 2)) * max(-low, high) + np.abs(np.array(self.biases))
        for neuron in {0, self.neurons - 1, int(reach.argmax())}:
            row = self.rows[neuron]
            for smaller, larger in ((low, high), (high, low)):
                found.append(list(np.where(row > 0, larger, smaller).T))
        return found

    def half(self, argument: FixedFormat) -> int:
        """Return half of the last place that a sum is rounded to, in codes of a sum; 0 if nothing is cut.

        The accumulator starts with it, so that cutting rounds half up.
        """
        excess = self.point - argument.fraction_bits
        return 1 << excess - 1 if excess > 0 else 0
