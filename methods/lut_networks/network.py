"""Networks of small look-up tables, computed for every pattern of their inputs at once.

A *signal* is one bit, identified by its number. The inputs come first, the lowest bit first, then the *nodes*, each a
table of some other signals, its *support*. The value of a signal is an integer whose bit p is the value for pattern p
of the inputs, so that a few operations on long integers compute all patterns.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = ["Network", "node_size"]


def node_size(inputs: int, lut_inputs: int) -> int:
    """Return the number of look-up tables with `lut_inputs` inputs that a node with `inputs` inputs takes.

    Multiplexers behind them are free, as FPGAs have these in every slice. So are wires and inverters, which become part
    of the tables that read them.
    """
    return 0 if inputs < 2 else 1 << max(inputs - lut_inputs, 0)


class Network:
    """A network that can be changed node by node.

    Parameters
    ----------
    inputs
        The number of bits of the input.

    Attributes
    ----------
    values
        Values of all signals; undefined for removed ones.
    supports, tables
        The signals that each node reads, and its value for every pattern of these, the first signal being the lowest
        bit; empty for inputs.
    order
        The nodes, each after those that it reads.
    outputs
        The signals of the output's bits, the lowest first.

    """

    def __init__(self, inputs: int) -> None:
        self.inputs = inputs
        self.every = (1 << (1 << inputs)) - 1
        self.values = [_column(bit, inputs) for bit in range(inputs)]
        self.supports: list[tuple[int, ...]] = [()] * inputs
        self.tables: list[tuple[int, ...]] = [()] * inputs
        self.order: list[int] = []
        self.outputs: list[int] = []
        self._unused: list[int] = []

    def copy(self) -> Network:
        """Return an independent copy."""
        other = Network.__new__(Network)
        other.inputs, other.every = self.inputs, self.every
        other.values, other.supports, other.tables = self.values[:], self.supports[:], self.tables[:]
        other.order, other.outputs, other._unused = self.order[:], self.outputs[:], self._unused[:]
        return other

    def size(self, lut_inputs: int) -> int:
        """Return the approximate number of look-up tables with `lut_inputs` inputs that it takes."""
        inverted = sum(len(self.supports[output]) == 1 for output in set(self.outputs))
        return sum(node_size(len(self.supports[node]), lut_inputs) for node in self.order) + inverted

    def cells(self, support: Sequence[int]) -> list[int]:
        """Return for every pattern of some signals, the first being the lowest bit, where it occurs."""
        parts = [self.every]
        for signal in support:
            value = self.values[signal]
            ones = [part & value for part in parts]
            parts = [part ^ one for part, one in zip(parts, ones, strict=True)] + ones
        return parts

    def add(self, support: Sequence[int], table: Sequence[int]) -> int:
        """Add a node after all others, and return its number."""
        if self._unused:
            node = self._unused.pop()
        else:
            node = len(self.values)
            self.values.append(0)
            self.supports.append(())
            self.tables.append(())
        self.supports[node], self.tables[node] = tuple(support), tuple(table)
        self.order.append(node)
        self.values[node] = self._value(node, self.values)
        return node

    def add_function(self, support: Sequence[int], value: int) -> int:
        """Add a node with a value that the support determines; patterns that do not occur have a 0 in its table."""
        return self.add(support, [int(cell & value != 0) for cell in self.cells(support)])

    def below(self, node: int) -> set[int]:
        """Return a node and all nodes that read it, directly or not."""
        found = {node}
        for other in self.order[self.order.index(node) + 1 :]:
            if not found.isdisjoint(self.supports[other]):
                found.add(other)
        return found

    def with_inverted(self, node: int) -> list[int]:
        """Return the values that the outputs would have if a node were inverted."""
        values = {node: self.every ^ self.values[node]}
        mixed = _Overlay(self.values, values)
        for other in self.order[self.order.index(node) + 1 :]:
            if not values.keys().isdisjoint(self.supports[other]):
                value = self._value(other, mixed)
                if value != self.values[other]:
                    values[other] = value
        return [mixed[output] for output in self.outputs]

    def replace(self, node: int, support: Sequence[int], table: Sequence[int]) -> None:
        """Give a node another table, and remove nodes that are no longer read. The support must not read the node."""
        self.supports[node], self.tables[node] = tuple(support), tuple(table)
        self._sort()
        changed: set[int] = set()
        for other in self.order:
            if other == node or not changed.isdisjoint(self.supports[other]):
                value = self._value(other, self.values)
                if value != self.values[other]:
                    self.values[other] = value
                    changed.add(other)
        self._drop()

    def codes(self, *, signed: bool) -> NDArray[np.int64]:
        """Return the output code for every pattern of the inputs, of shape (patterns,)."""
        count = 1 << self.inputs
        total = np.zeros(count, dtype=np.int64)
        for bit, output in enumerate(self.outputs):
            data = np.frombuffer(self.values[output].to_bytes(-(-count // 8), "little"), dtype=np.uint8)
            weight = -(1 << bit) if signed and bit == len(self.outputs) - 1 else 1 << bit
            total += weight * np.unpackbits(data, count=count, bitorder="little").astype(np.int64)
        return total

    def levels(self) -> dict[int, int]:
        """Return the number of tables on the longest path to each signal."""
        found = dict.fromkeys(range(self.inputs), 0)
        for node in self.order:
            found[node] = max((found[signal] for signal in self.supports[node]), default=0) + 1
        return found

    @property
    def depth(self) -> int:
        """The most tables on a path from an input to an output."""
        return max(self.levels().values())

    def simplified(self) -> Network:
        """Return the network without constants, wires, inverters between nodes, and signals that tables ignore."""
        other = Network(self.inputs)
        stands = {
            signal: (signal, 0) for signal in range(self.inputs)
        }  # for each signal its equivalent, and whether that is inverted
        for node in self.order:
            support = [stands[signal][0] for signal in self.supports[node]]
            distinct = sorted(set(support) - {-1})
            value = self.values[node]
            cells = other.cells(distinct)
            table = [int(cell & value != 0) for cell in cells]
            # Its signals may have fewer patterns than before: one that does not occur has a 0 above.
            for ignored in reversed(range(len(distinct))):
                fewer = distinct[:ignored] + distinct[ignored + 1 :]
                parts = other.cells(fewer)
                if all(not part & value or not part & ~value for part in parts):
                    distinct, table = fewer, [int(part & value != 0) for part in parts]
            if not distinct:
                stands[node] = (-1, table[0])
            elif len(distinct) == 1:
                stands[node] = (distinct[0], int(table == [1, 0]))
            else:
                stands[node] = (other.add(distinct, table), 0)
        for output in self.outputs:
            signal, inverted = stands[output]
            if signal < 0:
                signal = other.add((), [inverted])
            elif inverted:
                signal = other.add((signal,), [1, 0])
            other.outputs.append(signal)
        other._drop()
        return other

    def _value(self, node: int, values: Sequence[int] | _Overlay) -> int:
        """Return the value of a node from those of the signals it reads."""
        support, table = self.supports[node], self.tables[node]
        if not support:
            return self.every if table[0] else 0
        first = values[support[0]]
        pairs = (0, self.every ^ first, first, self.every)
        parts = [pairs[low + 2 * high] for low, high in zip(table[::2], table[1::2], strict=True)]
        for signal in support[1:]:
            value = values[signal]
            parts = [low ^ ((low ^ high) & value) for low, high in zip(parts[::2], parts[1::2], strict=True)]
        return parts[0]

    def _sort(self) -> None:
        """Sort the nodes so that each comes after those that it reads."""
        done = set(range(self.inputs))
        waiting, self.order = self.order, []
        while waiting:
            left = []
            for node in waiting:
                if done.issuperset(self.supports[node]):
                    done.add(node)
                    self.order.append(node)
                else:
                    left.append(node)
            if len(left) == len(waiting):
                raise ValueError("a node of a network must not read itself")
            waiting = left

    def _drop(self) -> None:
        """Remove the nodes that nothing reads."""
        read = set(self.outputs)
        kept = []
        for node in reversed(self.order):
            if node in read:
                read.update(self.supports[node])
                kept.append(node)
            else:
                self._unused.append(node)
        self.order = kept[::-1]


class _Overlay:
    """Values of signals, some of them replaced."""

    def __init__(self, values: Sequence[int], replaced: dict[int, int]) -> None:
        self._values, self._replaced = values, replaced

    def __getitem__(self, signal: int) -> int:
        found = self._replaced.get(signal)
        return self._values[signal] if found is None else found


def _column(bit: int, inputs: int) -> int:
    """Return the value of an input bit: runs of zeros and ones, as long as its weight."""
    run = 1 << bit
    total, size = ((1 << run) - 1) << run, 2 * run
    for _ in range(inputs - bit - 1):
        total |= total << size
        size *= 2
    return total
