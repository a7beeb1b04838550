"""Order of declarations: the requested one, except that each wire follows those that it needs."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterable, Mapping

from .netlist import Netlist

__all__ = ["is_root", "place", "roots"]


def is_root(netlist: Netlist, name: str) -> bool:
    """Tell whether a wire has a place of its own in the text; the others are placed where they are needed."""
    wire = netlist.wires[name]
    return "order" in wire.attributes or wire.direction == "output" or netlist.is_register(name)


def roots(netlist: Netlist) -> list[str]:
    """Return the driven wires in the requested order, those without a place of their own last."""

    def rank(name: str) -> float:
        """Sort by the attribute ``order``; the other registers and then the outputs come last."""
        wire = netlist.wires[name]
        if wire.direction and not netlist.is_register(name):
            return math.inf
        return float(str(wire.attributes.get("order", sys.maxsize)))

    return [
        *sorted((name for name in netlist.drivers if is_root(netlist, name)), key=rank),
        *(name for name in netlist.drivers if not is_root(netlist, name)),
    ]


def place(names: Iterable[str], needs: Mapping[str, Iterable[str]]) -> dict[str, int]:
    """Put wires into an order.

    Parameters
    ----------
    names
        The wires in the requested order.
    needs
        For each wire, those that must come before it.

    Returns
    -------
    dict of str to int
        The place of each wire, and of all that it needs.

    Raises
    ------
    ValueError
        If a wire depends on itself.

    """
    placed: dict[str, int] = {}
    for root in names:
        path = {root: None} if root not in placed else {}
        while path:
            name = next(reversed(path))
            need = next((need for need in needs[name] if need not in placed), None)
            if need is None:
                placed[name] = len(placed)
                del path[name]
            elif need in path:
                raise ValueError(f"wire {need} depends on itself")
            else:
                path[need] = None
    return placed
