"""Faults of a unit at its interface, found while it runs."""

from __future__ import annotations

from enum import IntEnum

from ...hdl.interfaces import Ports

__all__ = ["Fault", "ProtocolError", "describe_fault"]


class Fault(IntEnum):
    """Faults that a run can find in a unit."""

    NONE = 0
    CHANGED = 1
    DROPPED = 2
    SURPLUS = 3
    TIMEOUT = 4
    NOT_HELD = 5


_FAULTS = {
    Fault.CHANGED: "{data} changes while it waits for {ready}",
    Fault.DROPPED: "{valid} drops while it waits for {ready}",
    Fault.SURPLUS: "{valid} rises with no input left to answer",
    Fault.TIMEOUT: "no output arrives",
    Fault.NOT_HELD: "{data} changes although {enable} was low",
}


def describe_fault(fault: Fault, ports: Ports) -> str:
    """Say what is wrong with a unit that has these ports."""
    names = {"data": ports.output_names}
    if ports.protocol == "stream":
        names |= {"valid": ports.of("valid", "output").name, "ready": ports.of("ready", "input").name}
    else:
        names["enable"] = ports.of("enable").name
    return _FAULTS[fault].format(**names)


class ProtocolError(RuntimeError):
    """A unit broke the rules of its interface.

    Attributes:
        transfer: index of the output at which it did.

    """

    def __init__(self, transfer: int, complaint: str) -> None:
        super().__init__(f"transfer {transfer}: {complaint}")
        self.transfer = transfer
