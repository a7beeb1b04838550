"""Interfaces of units, and the Verilog ports of each.

What a port is for is its role. Whoever drives a unit, or measures or proves something about it, goes by the roles, so
that a further interface is described here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..plan.formats import FixedFormat
from ..plan.plan import Plan
from ..support.parameters import read_name

__all__ = ["INTERFACES", "Port", "Ports", "check_interface", "interface_ports", "ports"]

INTERFACES = {
    "comb": "combinational: x -> y",
    "pipeline": "clk, en, x -> y, at a fixed latency; nothing moves while en is low",
    "stream": "clk, rst, x and y with valid and ready: one transfer a clock, stalled from either side",
    "axis": "AXI4-Stream: aclk, aresetn, s_axis_* -> m_axis_*, data in whole bytes, tlast if asked for",
}
"""Every interface, and what it is.

In a stream, ready is combinational through the unit: that of the input follows that of the output in the same clock,
since a stall holds all stages at once (decision 004). A register slice beside the unit cuts that path.
"""


@dataclass(frozen=True)
class Port:
    """A Verilog port.

    Parameters
    ----------
    name, direction
        As in Verilog; the direction is ``input`` or ``output``.
    role
        What it is for: ``clock`` (its rising edge counts), ``reset`` (synchronous; drops all transfers in flight),
        ``enable`` (of the clock), ``data``, ``last`` (travels with the data), ``valid`` or ``ready``.
    width
        Bits.
    signed
        Whether it is a signed number.
    padding
        Bits of a data port above those of the code. They do not matter on an input, and continue the code's sign
        (or zeros, if it is unsigned) on an output.
    active_low
        Whether a reset is one while it is low.
    member
        Where an Amaranth component has it: the name of a member and, of a stream, that of a part of it. Clock and
        reset have none: they are those of the domain ``sync``.

    """

    name: str
    direction: str
    role: str
    width: int = 1
    signed: bool = False
    padding: int = 0
    active_low: bool = False
    member: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, str | int]:
        """Return the port as the manifest has it."""
        return {"name": self.name, "direction": self.direction, "width": self.width}


class Ports(tuple[Port, ...]):
    """The ports of a unit, in their order in Verilog."""

    __slots__ = ()

    def has(self, role: str) -> bool:
        """Tell whether there is a port of this role."""
        return any(port.role == role for port in self)

    def of(self, role: str, direction: str = "") -> Port:
        """Return the first port of a role; with a direction, the first that has it."""
        return next(port for port in self if port.role == role and direction in ("", port.direction))

    def data(self, direction: str) -> tuple[Port, ...]:
        """Return the data ports of a direction, in the order of the plan's inputs or outputs."""
        return tuple(port for port in self if port.role == "data" and port.direction == direction)

    @property
    def inputs(self) -> tuple[Port, ...]:
        """The ports with all that a transfer into the unit consists of: the data, and then ``last`` if there is one."""
        return tuple(port for port in self if port.role in ("data", "last") and port.direction == "input")

    @property
    def outputs(self) -> tuple[Port, ...]:
        """The same for transfers out of it."""
        return tuple(port for port in self if port.role in ("data", "last") and port.direction == "output")

    @property
    def protocol(self) -> str:
        """How transfers are delimited: ``comb``, ``pipeline`` (``enable``) or ``stream`` (``valid``)."""
        return "stream" if self.has("valid") else "pipeline" if self.has("clock") else "comb"


def check_interface(interface: str, plan: Plan) -> str:
    """Return the name of an interface if there is one of that name, in upper or lower case, that can carry the plan.

    Raises
    ------
    ValueError
        If the interface is unknown, a stream would carry other than one input and one output, or a port name is taken.

    """
    interface = read_name("interface", interface, list(INTERFACES))
    listed = ports(plan, interface, tlast=interface == "axis")
    if listed.protocol == "stream" and (len(plan.inputs), len(plan.outputs)) != (1, 1):
        raise ValueError(f"a stream carries one input and one output, not {len(plan.inputs)} and {len(plan.outputs)}")
    # A data port is called as what it carries, or has a name of its own.
    taken = {port.name for port in listed if port.role != "data" or port.name != port.member[0]}
    for name in (*plan.ranges, *(output.name for output in plan.outputs)):
        if name in taken:
            raise ValueError(f"the plan has a step {name!r}, which is a port of interface {interface}; rename it")
    return interface


def ports(plan: Plan, interface: str, *, tlast: bool = False) -> Ports:
    """Return the Verilog ports of a unit (see `interface_ports`)."""
    outputs = {output.name: output.format for output in plan.outputs}
    return interface_ports(interface, dict(plan.inputs), outputs, tlast=tlast)


def interface_ports(
    interface: str, inputs: Mapping[str, FixedFormat], outputs: Mapping[str, FixedFormat], *, tlast: bool = False
) -> Ports:
    """Return the Verilog ports of a unit.

    Parameters
    ----------
    interface
        One of `INTERFACES`.
    inputs, outputs
        Formats of what it computes from and what it computes, by name.
    tlast
        Whether an AXI4-Stream carries ``tlast``.

    Raises
    ------
    ValueError
        If another interface is to carry ``tlast``.

    """
    if tlast and interface != "axis":
        raise ValueError(f"tlast belongs to interface axis; interface {interface} has none")
    found: list[Port] = []
    match interface:
        case "pipeline":
            found = [Port("clk", "input", "clock"), Port("en", "input", "enable", member=("en",))]
        case "stream":
            found = [Port("clk", "input", "clock"), Port("rst", "input", "reset")]
        case "axis":
            found = [Port("aclk", "input", "clock"), Port("aresetn", "input", "reset", active_low=True)]
    for direction, formats in (("input", inputs), ("output", outputs)):
        for name, fmt in formats.items():
            if interface == "axis":
                found += _axis(direction, fmt, tlast)
            elif interface == "stream":
                found += _stream(name, direction, fmt)
            else:
                found.append(Port(name, direction, "data", fmt.width, fmt.signed, member=(name,)))
    return Ports(found)


def _stream(name: str, direction: str, fmt: FixedFormat) -> list[Port]:
    return [
        Port(name, direction, "data", fmt.width, fmt.signed, member=(name, "payload")),
        Port(f"{name}_valid", direction, "valid", member=(name, "valid")),
        Port(f"{name}_ready", _opposite(direction), "ready", member=(name, "ready")),
    ]


def _axis(direction: str, fmt: FixedFormat, tlast: bool) -> list[Port]:
    name = "s_axis" if direction == "input" else "m_axis"
    padding = -fmt.width % 8
    found = [
        Port(f"{name}_tdata", direction, "data", fmt.width + padding, fmt.signed, padding, member=(name, "tdata")),
        Port(f"{name}_tvalid", direction, "valid", member=(name, "tvalid")),
        Port(f"{name}_tready", _opposite(direction), "ready", member=(name, "tready")),
    ]
    return [*found, Port(f"{name}_tlast", direction, "last", member=(name, "tlast"))] if tlast else found


def _opposite(direction: str) -> str:
    return "output" if direction == "input" else "input"
