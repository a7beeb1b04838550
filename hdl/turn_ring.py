"""The turns of an interval: a register with one bit for each of its clocks, of which one is 1."""

from __future__ import annotations

from amaranth.hdl import Signal

__all__ = ["turn_ring"]


def turn_ring(interval: int, place: int = 0) -> Signal:
    """Return the register of the turns, declared at a place of the printed module; the first turn is at its init value.

    Whoever uses it rotates it by one to the left in every clock in which the registers of the datapath move.
    """
    attrs = {
        "order": str(place),
        "initial": f"{interval}'d1",
        "note": "one bit for each clock of an interval",
    }
    return Signal(interval, name="turn", init=1, attrs=attrs)
