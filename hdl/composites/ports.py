"""Ports of composites with state, and of vectors: streams whose transfers say which element is the last."""

from __future__ import annotations

from dataclasses import replace

from ...plan.formats import FixedFormat
from ...support.parameters import read_name
from ..interfaces import Port, Ports, interface_ports

__all__ = ["STREAMS", "check_stream", "vector_ports"]

STREAMS = ("stream", "axis")
"""Interfaces of what has state, such as vectors that come an element a clock."""


def check_stream(interface: str, what: str = "interface of a unit with state") -> str:
    """Return the name of an interface that is a stream.

    Raises
    ------
    ValueError
        If it is another; `what` is in the message.

    """
    return read_name(what, interface, STREAMS)


def vector_ports(interface: str, inputs: dict[str, FixedFormat], outputs: dict[str, FixedFormat]) -> Ports:
    """Return the ports of a stream of elements either way, each with ``last`` at the last element of a vector.

    On an AXI4-Stream that is ``tlast``. In a stream it is a field of the payload, ``last``, and a port called after the
    stream: ``x_last``.

    Raises
    ------
    ValueError
        If the interface is neither.

    """
    interface = check_stream(interface, "interface of vectors")
    if interface == "axis":
        return interface_ports("axis", inputs, outputs, tlast=True)
    found: list[Port] = []
    for port in interface_ports("stream", inputs, outputs):
        if port.role == "valid":  # behind the data
            stream = port.member[0]
            found.append(Port(f"{stream}_last", port.direction, "last", member=(stream, "payload", "last")))
        found.append(replace(port, member=(*port.member, port.name)) if port.member[1:] == ("payload",) else port)
    return Ports(found)
