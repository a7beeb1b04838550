"""Random moves that keep every output of a network admitted (decision 017).

Where a node may have either value and all outputs are still admitted, its function is free (the observability
don't-care set; A. Mishchenko, R. Brayton, SAT-Based Complete Don't-Care Computation for Network Optimization, 2005,
compute it for one function; here the outputs are free as well). Each move takes one node and gives it another support
that still determines its value where it is not free, or splits it into two smaller nodes (R. Ashenhurst, The
Decomposition of Switching Functions, 1957). Most moves do not change the size, but do change the freedom of other
nodes.

`moves.cc` makes the same moves, some hundred times as fast (decision 062).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import exp
from random import Random

from .network import Network, node_size
from .search_state import SearchState, SearchTask

__all__ = ["WIDER", "advance"]

WIDER = 3
"""The most inputs that a table made by a move has beyond those of a look-up table."""


def advance(task: SearchTask, state: SearchState, last: int) -> None:
    """Make the moves of a search up to the number `last`."""
    random = Random()
    random.setstate((3, state.random, None))
    search = _Search(task, state.network, random)
    least = state.best.size(task.lut_inputs)
    for number in range(state.done, last):
        if search.move(task.hot * (task.cold / task.hot) ** (number / task.moves)):
            size = state.network.size(task.lut_inputs)
            if size < least:
                state.best, least = state.network.copy(), size
    state.done, state.random = last, random.getstate()[1]


class _Search:
    def __init__(self, task: SearchTask, network: Network, random: Random) -> None:
        self.network, self._random = network, random
        self._relation, self._depth, self._lut_inputs = task.relation, task.depth, task.lut_inputs
        self._care: dict[int, int] = {}

    def move(self, temperature: float) -> bool:
        """Try a move; return whether the network has changed."""
        network, random = self.network, self._random
        if not network.order:
            return False
        node = random.choice(network.order)
        change = (
            self._split
            if len(network.supports[node]) > self._lut_inputs and random.random() < 0.5
            else self._reconnected
        )
        moved = change(node, lambda growth: growth <= 0 or random.random() < exp(-growth / temperature))
        if moved:
            self._care.clear()
        return moved

    def _size(self, inputs: int) -> int:
        return node_size(inputs, self._lut_inputs)

    def _cared(self, node: int) -> tuple[int, int]:
        """Return the patterns where a node must be one, and those where it must be zero, as bits of integers."""
        if node not in self._care:
            self._care[node] = self._relation.outside(self.network.with_inverted(node))
        care, value = self._care[node], self.network.values[node]
        return care & value, care & ~value

    def _reconnected(self, node: int, accepted: Callable[[int], bool]) -> bool:
        """Remove, replace or add a signal of a node's support."""
        network, random = self.network, self._random
        old = network.supports[node]
        support = list(old)
        kind = random.random()
        for _ in range(0 if kind >= 0.9 else 2 if kind < 0.1 else 1):  # signals to remove
            if support:
                support.pop(random.randrange(len(support)))
        if kind < 0.1 or kind >= 0.45:
            signal = self._another(node, support)
            if signal is None:
                return False
            support.append(signal)
        if len(support) > max(self._lut_inputs + WIDER, len(old)):
            return False
        if not accepted(self._size(len(support)) - self._size(len(old))):
            return False
        table = self._table(support, *self._cared(node))
        if table is None:
            return False
        return self._replaced(node, support, table)

    def _another(self, node: int, support: Sequence[int]) -> int | None:
        """Return a random signal for a node's support, or None if the one drawn cannot be added."""
        network = self.network
        number = self._random.randrange(network.inputs + len(network.order))
        signal = number if number < network.inputs else network.order[number - network.inputs]
        return None if signal in support or signal in network.below(node) else signal

    def _table(self, support: Sequence[int], on: int, off: int) -> list[int] | None:
        """Return a table that is 1 all over `on` and 0 all over `off`, or None if the support cannot separate them.

        Elsewhere it is random.
        """
        table = []
        for cell in self.network.cells(support):
            if cell & on:
                if cell & off:
                    return None
                table.append(1)
            else:
                table.append(0 if cell & off else self._random.getrandbits(1))
        return table

    def _replaced(self, node: int, support: Sequence[int], table: Sequence[int]) -> bool:
        """Replace a node unless that makes the network too deep."""
        network = self.network
        if any(signal >= network.inputs for signal in support):
            depths, heights = network.levels(), self._heights()
            if max(depths[signal] for signal in support) + heights[node] > self._depth:
                return False
        network.replace(node, support, table)
        return True

    def _heights(self) -> dict[int, int]:
        """Return the number of tables on the longest path from each node to an output, itself included."""
        network = self.network
        found = dict.fromkeys(network.order, 1)
        for node in reversed(network.order):
            for signal in network.supports[node]:
                if signal >= network.inputs:
                    found[signal] = max(found[signal], found[node] + 1)
        return found

    def _split(self, node: int, accepted: Callable[[int], bool]) -> bool:
        """Split a node into a smaller one and a new one that it reads."""
        network, random = self.network, self._random
        old = network.supports[node]
        free = self._lut_inputs - random.randrange(2)
        if not accepted(1 + self._size(free + 1) - self._size(len(old))):
            return False
        below = network.below(node)
        pool = [*range(network.inputs), *(other for other in network.order if other not in below)]
        source = pool[: network.inputs] if random.random() < 0.7 else pool
        bound = random.sample(source, min(self._lut_inputs, len(source)))
        rest = [signal for signal in old if signal not in bound] if random.random() < 0.6 else []
        others = [signal for signal in pool if signal not in rest]
        rest = (rest + random.sample(others, min(free, len(others))))[:free]
        on, off = self._cared(node)
        table = self._bound_table(bound, rest, on, off)
        if table is None:
            return False
        depths, heights = network.levels(), self._heights()
        deepest = max([depths[signal] for signal in rest] + [max(depths[signal] for signal in bound) + 1])
        if deepest + heights[node] > self._depth:
            return False
        support = [*rest, network.add(bound, table)]
        whole = self._table(support, on, off)
        if whole is None:
            raise AssertionError("the parts of a split node do not determine it")
        network.replace(node, support, whole)
        return True

    def _bound_table(self, bound: Sequence[int], rest: Sequence[int], on: int, off: int) -> list[int] | None:
        """Return a table of the bound signals that lets the rest separate `on` from `off`, or None.

        Two patterns of the bound signals that must be separated, for some pattern of the rest, are an edge of a graph.
        The table is a colouring of the graph with two colours.
        """
        cells = self.network.cells(bound)
        edges = [0] * len(cells)
        for part in self.network.cells(rest):
            ones, zeros = part & on, part & off
            if not ones or not zeros:
                continue
            first = second = 0
            for number, cell in enumerate(cells):
                if cell & ones:
                    if cell & zeros:
                        return None
                    first |= 1 << number
                elif cell & zeros:
                    second |= 1 << number
            for number in range(len(cells)):
                if first >> number & 1:
                    edges[number] |= second
                elif second >> number & 1:
                    edges[number] |= first
        return self._coloured(edges)

    def _coloured(self, edges: Sequence[int]) -> list[int] | None:
        """Return colours, 0 and 1, that differ between neighbours in a graph, or None if two colours are not enough.

        `edges` holds the neighbours of each vertex as bits of an integer.
        """
        colours: list[int | None] = [None] * len(edges)
        for start in range(len(edges)):
            if colours[start] is not None:
                continue
            colours[start] = self._random.getrandbits(1)
            waiting = [start]
            while waiting:
                vertex = waiting.pop()
                opposite = 1 - (colours[vertex] or 0)
                for other in range(len(edges)):
                    if edges[vertex] >> other & 1:
                        if colours[other] is None:
                            colours[other] = opposite
                            waiting.append(other)
                        elif colours[other] != opposite:
                            return None
        return [colour or 0 for colour in colours]
