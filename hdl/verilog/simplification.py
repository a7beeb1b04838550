"""Simplification: removal of the auxiliary wires of Amaranth from a netlist."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

from .drivers import Driver, Expression
from .netlist import Netlist, is_anonymous
from .rtlil import Bits, Net, wires_of

__all__ = ["simplify"]


def simplify(netlist: Netlist) -> None:
    """Remove, narrow and rename wires to make the text simpler; the behaviour at the ports does not change.

    Parameters
    ----------
    netlist
        Changed in place.

    """
    _dissolve_anonymous(netlist)
    _cut_unused_tops(netlist)
    _name_results(netlist)


def _dissolve_anonymous(netlist: Netlist) -> None:
    """Replace anonymous aliases by their bits."""
    values = {
        name: driver.operands[0]
        for name, driver in netlist.drivers.items()
        if is_anonymous(name) and isinstance(driver, Expression) and driver.is_alias
    }
    if not values:
        return
    netlist.drivers = {
        name: driver.substituted(values) for name, driver in netlist.drivers.items() if name not in values
    }


def _cut_unused_tops(netlist: Netlist) -> None:
    """Truncate anonymous results to the bits in use, if these do not depend on the higher ones."""
    again = True
    while again:
        used = _used_widths(netlist)
        lost: set[str] = set()  # wires with a bit that has lost a reader
        for name, driver in list(netlist.drivers.items()):
            width = used[name]
            if not is_anonymous(name) or width == netlist.wires[name].width:
                continue
            if not width:
                del netlist.drivers[name]
                lost.update(*(wires_of(bits) for bits, _ in driver.sites))
            elif isinstance(driver, Expression) and (cut := driver.operator.low_first):
                operands = tuple(bits[:width] if n in cut else bits for n, bits in enumerate(driver.operands))
                netlist.wires[name] = replace(netlist.wires[name], bits=netlist.wires[name].bits[:width])
                netlist.drivers[name] = replace(driver, operands=operands)
                lost.update(*(wires_of(driver.operands[n][width:]) for n in cut))
        again = any(map(is_anonymous, lost))


def _used_widths(netlist: Netlist) -> dict[str, int]:
    """Return the number of low bits of each wire that include all bits read."""
    used: dict[str, int] = defaultdict(int)
    for driver in netlist.drivers.values():
        for bits, _ in driver.sites:
            for net in bits:
                if isinstance(net, Net) and used[net.wire] <= net.bit:
                    used[net.wire] = net.bit + 1
    return used


def _name_results(netlist: Netlist) -> None:
    """Rename an anonymous result, or an output, to the named alias of all its bits."""
    names: dict[str, Bits] = {}
    outputs: dict[str, Driver] = {}
    claimed: set[str] = set()
    for name, driver in netlist.drivers.items():
        source = netlist.whole(driver.operands[0]) if isinstance(driver, Expression) and driver.is_alias else ""
        if not source or source in names:
            continue
        wire = netlist.wires[name]
        is_output = netlist.wires[source].direction == "output" and not wire.direction
        if is_output or is_anonymous(source):
            names[source] = wire.bits
            claimed.add(name)
        if is_output:
            outputs[source] = Expression("alias", (wire.bits,))
    netlist.drivers = {
        next(iter(wires_of(names[name]))) if name in names else name: driver.substituted(names)
        for name, driver in netlist.drivers.items()
        if name not in claimed
    } | outputs
