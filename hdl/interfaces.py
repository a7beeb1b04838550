"""Interfaces of units, and the Verilog ports of each.

The role of a port says what it is for. Code that drives, measures or proves a unit refers to roles only, so that a
further interface is described here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..plan.formats import FixedFormat
from ..plan.plan import Plan
from ..support.parameters import read_name

__all__ = ["INTERFACES", "Field", "Port", "Ports", "check_interface", "interface_ports", "ports"]

INTERFACES = {
    "comb": "combinational: x -> y",
    "pipeline": "clk, en, x -> y, at a fixed latency; nothing moves while en is low",
    "stream": "clk, rst, x and y with valid and ready: one transfer a clock, stalled from either side",
    "axis": "AXI4-Stream: aclk, aresetn, s_axis_* -> m_axis_*, data in whole bytes, tlast if asked for",
}
"""Every interface, and what it is.

A stream carries all inputs of a plan, or all its outputs, in one transfer; it is called after the first of them. So
inputs ``x`` and ``slope`` have one ``x_valid`` and one ``x_ready``. On an AXI4-Stream they are fields of ``tdata``, the
first in the lowest bits, each in whole bytes (decision 037).

With an initiation interval, a stream is ready in one clock of each interval; a pipeline takes an input in the first
clock with ``en`` after power-up, and then in one of every so many with ``en``.

In a stream, ready is combinational through the unit: that of the input follows that of the output in the same clock,
since a stall holds all stages at once (decision 004). A register slice beside the unit cuts that path.
"""


@dataclass(frozen=True)
class Field:
    """The bits of a port that carry one number of a transfer: the code of an input or output, or ``last``.

    Parameters
    ----------
    name
        Name of the input or output, or that of the port if the field is all of it.
    port
        Name of the port.
    low, width
        The lowest of its bits, and their number, padding among them.
    signed, padding
        As for a port.

    """

    name: str
    port: str
    low: int
    width: int
    signed: bool = False
    padding: int = 0

    @property
    def label(self) -> str:
        """The field as a message names it: the port if it is all of it."""
        return self.port if self.name == self.port else f"{self.name} in {self.port}"


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
        Where an Amaranth component has it: the name of a member, of a stream that of a part of it, and of a payload
        with several fields that of a field. Clock and reset have none: they are those of the domain ``sync``.
    parts
        The fields of a data port that carries several inputs or outputs, from the lowest bits up.

    """

    name: str
    direction: str
    role: str
    width: int = 1
    signed: bool = False
    padding: int = 0
    active_low: bool = False
    member: tuple[str, ...] = ()
    parts: tuple[Field, ...] = ()

    @property
    def fields(self) -> tuple[Field, ...]:
        """The numbers that it carries: its parts, or one that is all of it."""
        return self.parts or (Field(self.name, self.name, 0, self.width, self.signed, self.padding),)

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

    def data(self, direction: str) -> tuple[Field, ...]:
        """Return the fields with the plan's inputs or outputs, in their order."""
        carrying = (port for port in self if port.role == "data" and port.direction == direction)
        return tuple(field for port in carrying for field in port.fields)

    def fields(self, direction: str) -> tuple[Field, ...]:
        """Return the fields of a transfer: those of `data`, and then ``last`` if there is one."""
        return tuple(field for port in (self.inputs if direction == "input" else self.outputs) for field in port.fields)

    @property
    def output_names(self) -> str:
        """The data ports of the outputs, as a message names them."""
        return " or ".join(dict.fromkeys(field.port for field in self.data("output")))

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
        """The handshake that delimits transfers: ``comb``, ``pipeline`` (``enable``) or ``stream`` (``valid``)."""
        return "stream" if self.has("valid") else "pipeline" if self.has("clock") else "comb"


def check_interface(interface: str, plan: Plan) -> str:
    """Return the name of an interface if there is one of that name, in upper or lower case, that can carry the plan.

    Raises
    ------
    ValueError
        If the interface is unknown, or a step, an input or an output is called as another port is.

    """
    interface = read_name("interface", interface, list(INTERFACES))
    listed = ports(plan, interface, tlast=interface == "axis")
    # A data port has the name of the value that it carries, or one of its own.
    outputs = [output.name for output in plan.outputs]
    carried = {name for name, _ in plan.inputs} | {*outputs}
    taken = {port.name for port in listed if port.role != "data" or port.name not in carried or interface == "axis"}
    for name in (*plan.ranges, *outputs):
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
        if interface == "axis":
            found += _axis(direction, formats, tlast)
        elif interface == "stream":
            found += _stream(direction, formats)
        else:
            found += [Port(n, direction, "data", fmt.width, fmt.signed, member=(n,)) for n, fmt in formats.items()]
    return Ports(found)


def _stream(direction: str, formats: Mapping[str, FixedFormat]) -> list[Port]:
    stream = next(iter(formats))
    fields = {name: (name,) if len(formats) > 1 else () for name in formats}
    return [
        *(
            Port(name, direction, "data", fmt.width, fmt.signed, member=(stream, "payload", *fields[name]))
            for name, fmt in formats.items()
        ),
        Port(f"{stream}_valid", direction, "valid", member=(stream, "valid")),
        Port(f"{stream}_ready", _opposite(direction), "ready", member=(stream, "ready")),
    ]


def _axis(direction: str, formats: Mapping[str, FixedFormat], tlast: bool) -> list[Port]:
    name = "s_axis" if direction == "input" else "m_axis"
    data, width, parts = f"{name}_tdata", 0, []
    for field, fmt in formats.items():
        padding = -fmt.width % 8
        parts.append(Field(field, data, width, fmt.width + padding, fmt.signed, padding))
        width += fmt.width + padding
    signed, padding, kept = (False, 0, tuple(parts)) if len(parts) > 1 else (parts[0].signed, parts[0].padding, ())
    found = [
        Port(data, direction, "data", width, signed, padding, member=(name, "tdata"), parts=kept),
        Port(f"{name}_tvalid", direction, "valid", member=(name, "tvalid")),
        Port(f"{name}_tready", _opposite(direction), "ready", member=(name, "tready")),
    ]
    return [*found, Port(f"{name}_tlast", direction, "last", member=(name, "tlast"))] if tlast else found


def _opposite(direction: str) -> str:
    return "output" if direction == "input" else "input"
