"""The task of a search for a small network, and how far it has got: plain data that can be kept and read back."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

import numpy as np
from numpy.typing import NDArray

from .network import Network
from .relation import Relation

__all__ = ["SearchState", "SearchTask", "flattened", "restored"]

_RANDOM_WORDS = 625
"""Words of the state of a Mersenne Twister, with the index of the next one."""


@dataclass(frozen=True)
class SearchTask:
    """A search for a small network.

    Parameters
    ----------
    relation
        The admitted outputs.
    moves
        The number of moves tried.
    depth
        The most tables on a path from an input to an output.
    lut_inputs
        The number of inputs of the look-up tables that are counted.
    hot, cold
        The first and the last temperature, in look-up tables.

    """

    relation: Relation
    moves: int
    depth: int
    lut_inputs: int
    hot: float
    cold: float

    def admits(self, network: Network) -> bool:
        """Return whether a network may be the start or the result of the search."""
        outputs = [network.values[output] for output in network.outputs]
        return network.depth <= self.depth and not self.relation.outside(outputs)


@dataclass
class SearchState:
    """The state of a search after a number of moves.

    Attributes
    ----------
    network, best
        The network that is changed by the next move, and the smallest one so far.
    random
        The state of Python's random numbers.
    done
        The number of moves made.

    """

    network: Network
    best: Network
    random: tuple[int, ...]
    done: int = 0

    @classmethod
    def start(cls, network: Network, seed: int) -> SearchState:
        """Return the state before the first move."""
        return cls(network.copy(), network, Random(seed).getstate()[1])

    def to_bytes(self) -> bytes:
        """Return the state as bytes from which `from_bytes` restores it."""
        parts = flattened(self.network), flattened(self.best)
        header = np.array([self.done, *map(len, parts)], np.int64)
        return header.tobytes() + b"".join(part.tobytes() for part in parts) + np.array(self.random, "u4").tobytes()

    @classmethod
    def from_bytes(cls, content: bytes, task: SearchTask, inputs: int) -> SearchState | None:
        """Return the state that was kept of a search; None if it cannot be one of this search."""
        header = np.frombuffer(content[:24], np.int64)
        if len(header) < 3 or len(content) != 24 + 4 * (int(header[1:].sum()) + _RANDOM_WORDS):
            return None
        done, first, second = map(int, header)
        words = np.frombuffer(content[24:], np.int32)
        try:
            network, best = (restored(inputs, part) for part in (words[:first], words[first : first + second]))
        except (ValueError, IndexError):
            return None
        random = tuple(words[first + second :].view(np.uint32).tolist())
        sound = 0 <= done <= task.moves and random[-1] < _RANDOM_WORDS and task.admits(network) and task.admits(best)
        return cls(network, best, random, done) if sound else None


def flattened(network: Network) -> NDArray[np.int32]:
    """Return a network as integers, of shape (integers,): those of its nodes, in order, and then of its outputs.

    A node is the number of signals that it reads, these, and its table; the nodes are numbered in their order.
    """
    number = {signal: signal for signal in range(network.inputs)}
    found = [len(network.order)]
    for node in network.order:
        number[node] = len(number)
        support = network.supports[node]
        found += [len(support), *(number[signal] for signal in support), *network.tables[node]]
    return np.array([*found, len(network.outputs), *(number[signal] for signal in network.outputs)], np.int32)


def restored(inputs: int, integers: NDArray[np.int32]) -> Network:
    """Return the network that was flattened; raise `ValueError` or `IndexError` if there is none."""
    network, left = Network(inputs), iter(integers.tolist())

    def take(count: int, below: int) -> list[int]:
        taken = [next(left, -1) for _ in range(count)]
        if not all(0 <= number < below for number in taken):
            raise ValueError("these integers are not those of a network")
        return taken

    for _ in range(take(1, len(integers))[0]):
        (count,) = take(1, len(integers).bit_length())
        support = take(count, len(network.values))
        network.add(support, take(1 << count, 2))
    network.outputs = take(take(1, len(integers))[0], len(network.values))
    if next(left, None) is not None:
        raise ValueError("these integers are more than those of a network")
    return network
