"""Networks to begin a search with: what a table would be, folded if it can be."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..tables.entries import choose_entries, merge_neighbours
from ..tables.folding import Folding
from .network import Network
from .relation import packed

__all__ = ["START_FOLDINGS", "flat", "network_of"]

Codes = NDArray[np.int64]

START_FOLDINGS = ("code", "ripple")
"""The foldings that take no adder: those that a network can begin with."""

_RIPPLED = 3
"""Bits of the input that one node of the ripple takes in, beside the sign and the node before."""


def network_of(folding: Folding) -> Network:
    """Return the network of a table: nodes for the bits of the position, for the entries, and for the outputs."""
    source = folding.specification.input_format
    network = Network(source.width)
    inputs = list(range(source.width))
    codes = np.roll(source.codes(), source.min_code)  # for every pattern of the input's bits
    rippled = folding.kind == "ripple"
    positions = np.abs(codes) if rippled else codes
    place = _magnitude(network, codes)[: folding.bits] if rippled else inputs[: folding.bits]
    outside = [
        network.add_function(inputs, packed(flags))
        for flags in (positions < folding.block.low, positions > folding.block.high)
        if flags.any()
    ]
    sign = inputs[-1:] if folding.total is not None else []
    entries = choose_entries(*merge_neighbours(folding.low, folding.high), folding.chains)[positions % len(folding.low)]
    rests = folding.rest_entries[positions % len(folding.low)]
    values = _outputs(folding, codes, positions, entries, rests)
    output = folding.specification.output_format
    for bit in range(output.width):
        table = rests >> bit if bit < folding.kept else entries >> bit - folding.kept
        entry = network.add_function(place, packed(table & 1)) if place else network.add((), [int(table[0] & 1)])
        network.outputs.append(network.add_function([entry, *outside, *sign], packed(values >> bit & 1)))
    return network.simplified()


def flat(network: Network) -> Network:
    """Return the same network with one table of all inputs for every output."""
    other = Network(network.inputs)
    for output in network.outputs:
        other.outputs.append(other.add_function(range(network.inputs), network.values[output]))
    return other.simplified()


def _outputs(folding: Folding, codes: Codes, positions: Codes, entries: Codes, rests: Codes) -> Codes:
    """Return the output's code for every pattern, as `Folding.output` makes it."""
    values = entries.copy()
    rests = rests.copy()
    for constant, beyond in zip(
        folding.beyond, (positions < folding.block.low, positions > folding.block.high), strict=True
    ):
        if constant is not None:
            values[beyond] = constant
            rests[beyond] = folding.rest
    if folding.total is not None:
        flips = folding.total - 1 if folding.total else -1
        values = np.where(codes < 0, values ^ flips, values)
    return values << folding.kept | rests


def _magnitude(network: Network, codes: Codes) -> list[int]:
    """Add the bits of the input's magnitude: of a negative number all bits above the lowest one are flipped."""
    sign = network.inputs - 1
    found: list[int] = []
    before: list[int] = []
    for bit in range(sign):
        found.append(network.add_function([*before, bit, sign], packed(np.abs(codes) >> bit & 1)) if bit else bit)
        before.append(bit)
        if sum(signal < network.inputs for signal in before) == _RIPPLED:
            flips = packed((codes < 0) & (codes & (2 << bit) - 1 != 0))
            before = [network.add_function([*before, sign], flips)]
    return [*found, network.add_function([*before, sign], packed(np.abs(codes) >> sign & 1))]
