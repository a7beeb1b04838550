"""Networks to begin a search with: tables, folded where the function has a symmetry."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from ..tables.entries import choose_entries, merge_neighbours
from ..tables.folded_table import FoldedTable
from .network import Network
from .relation import packed

__all__ = ["START_FOLDINGS", "flat", "network_of"]

Codes = NDArray[np.int64]

_RIPPLED = 3
"""Bits of the input that one node of the ripple takes in, beside the sign and the node before."""


def network_of(table: FoldedTable) -> Network:
    """Return the network of a table: nodes for the bits of the address, for the entries, and for the outputs."""
    source, output = table.specification.input_format, table.specification.output_format
    network = Network(source.width)
    inputs = list(range(source.width))
    codes = np.roll(source.codes(), source.min_code)  # for every pattern of the input's bits
    addresses = table.folding.addresses_of(codes)
    index = _ADDRESS_NODES[table.folding.name](network, codes)[: table.index_bits]
    beyond = addresses < table.addresses.low, addresses > table.addresses.high
    outside = [network.add_function(inputs, packed(flags)) for flags in beyond if flags.any()]
    sign = inputs[-1:] if table.folding.by_sign else []
    indices = addresses % len(table.low)
    entries = choose_entries(*merge_neighbours(table.low, table.high), table.chains)[indices]
    kept = table.kept.entries[indices]
    values = _outputs(table, codes, addresses, entries, kept)
    for bit in range(output.width):
        column = kept >> bit if bit < table.kept.count else entries >> bit - table.kept.count
        entry = network.add_function(index, packed(column & 1)) if index else network.add((), [int(column[0] & 1)])
        network.outputs.append(network.add_function([entry, *outside, *sign], packed(values >> bit & 1)))
    return network.simplified()


def flat(network: Network) -> Network:
    """Return the same network with one table of all inputs for every output."""
    other = Network(network.inputs)
    for output in network.outputs:
        other.outputs.append(other.add_function(range(network.inputs), network.values[output]))
    return other.simplified()


def _outputs(table: FoldedTable, codes: Codes, addresses: Codes, entries: Codes, kept: Codes) -> Codes:
    """Return the output's code for every pattern, as the steps of `FoldedTable.output` compute it.

    All arrays are of shape (patterns,): the input codes, their addresses, and the entries and kept bits there.
    """
    entries, kept = entries.copy(), kept.copy()
    beyond = addresses < table.addresses.low, addresses > table.addresses.high
    for constant, outside in zip(table.beyond, beyond, strict=True):
        if constant is not None:
            entries[outside] = constant
            kept[outside] = table.kept.usual
    return table.folding.outputs_of(codes, entries) << table.kept.count | kept


def _code_nodes(network: Network, codes: Codes) -> list[int]:
    return list(range(network.inputs))


def _magnitude_nodes(network: Network, codes: Codes) -> list[int]:
    """Add nodes for the bits of the input's magnitude: of a negative number all bits above the lowest one are flipped.

    `codes` holds the input code of every pattern, of shape (patterns,); returns the nodes, the lowest bit first.
    """
    sign = network.inputs - 1
    bits: list[int] = []
    before: list[int] = []
    for bit in range(sign):
        bits.append(network.add_function([*before, bit, sign], packed(np.abs(codes) >> bit & 1)) if bit else bit)
        before.append(bit)
        if sum(signal < network.inputs for signal in before) == _RIPPLED:
            flips = packed((codes < 0) & (codes & (2 << bit) - 1 != 0))
            before = [network.add_function([*before, sign], flips)]
    return [*bits, network.add_function([*before, sign], packed(np.abs(codes) >> sign & 1))]


_ADDRESS_NODES: dict[str, Callable[[Network, Codes], list[int]]] = {"code": _code_nodes, "ripple": _magnitude_nodes}
"""For each folding that takes no adder, a function that adds the nodes of the address, the lowest bit first."""

START_FOLDINGS = tuple(_ADDRESS_NODES)
"""The names of the foldings that a network can begin with."""
