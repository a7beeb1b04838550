"""The steps of a network: a look-up for every node."""

from __future__ import annotations

from collections.abc import Sequence

from ...accuracy.specification import Specification
from ...plan import operations as op
from ...plan.builder import PlanBuilder
from ...plan.plan import Plan
from .network import Network

__all__ = ["add_network", "add_word", "build"]


def build(network: Network, specification: Specification) -> Plan:
    """Return the plan of a network of the bits of an input."""
    b = PlanBuilder()
    source, output = specification.input_format, specification.output_format
    b.input("x", source, f"argument of {specification.function}", specification.codes)
    bits = add_network(b, network, "x", "x", "n")
    result = add_word(b, "bits", bits)
    code = op.Bits(result, 0, output.width, output.fraction_bits, signed=output.signed)
    return b.build(y=(b.let("code", code, "the bits as they stand"), output))


def add_network(b: PlanBuilder, network: Network, source: str, bit: str, node_name: str) -> list[str]:
    """Add a network of the bits of a step.

    Parameters
    ----------
    b
        The plan so far.
    network
        The network to add.
    source
        The step whose bits are its inputs.
    bit, node_name
        What the names of these bits, and of the nodes, begin with.

    Returns
    -------
    list of str
        The names of the outputs, the lowest bit first.

    """
    names = {}
    read = {signal for node in network.order for signal in network.supports[node]} | set(network.outputs)
    for signal in sorted(read & set(range(network.inputs))):
        names[signal] = b.let(f"{bit}{signal}", op.Bits(source, signal, 1))
    for number, node in enumerate(network.order):
        support, table = network.supports[node], network.tables[node]
        if not support:
            names[node] = b.let(f"{node_name}{number}", op.Constant(table[0]))
            continue
        index = add_word(b, f"{node_name}{number}_of", [names[signal] for signal in support])
        names[node] = b.let(f"{node_name}{number}", op.Lookup(index, tuple(table)))
    return [names[signal] for signal in network.outputs]


def add_word(b: PlanBuilder, name: str, bits: Sequence[str]) -> str:
    """Add the word of single bits, given the lowest first; returns its name."""
    word = bits[0]
    for weight, bit in enumerate(bits[1:], 1):
        word = b.let(name if weight == len(bits) - 1 else f"{name}_{weight}", op.Concatenate(bit, word, weight, 0))
    return word
