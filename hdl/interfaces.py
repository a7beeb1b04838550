"""How a unit is connected: the ports of each interface, and the logic around the datapath."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from amaranth.hdl import Module, Shape, Signal, signed, unsigned

from ..plan.parameters import nearest
from ..plan.plan import Plan
from .datapath import Datapath
from .schedule import Schedule

__all__ = ["INTERFACES", "Port", "check_interface", "connect", "port_shape", "ports"]

INTERFACES = {
    "comb": "combinational: x -> y",
    "pipeline": "clk, en, x -> y, at a fixed latency; nothing moves while en is low",
    "stream": "clk, rst, x and y with valid and ready: one transfer a clock, stalled from either side",
}
"""Every interface, and what it is."""


@dataclass(frozen=True)
class Port:
    """A Verilog port; `role` says what it is for, in a few words."""

    name: str
    direction: str
    width: int
    signed: bool
    role: str

    def as_dict(self) -> dict[str, str | int]:
        """Return the port as the manifest has it."""
        return {"name": self.name, "direction": self.direction, "width": self.width}


def check_interface(interface: str, plan: Plan) -> str:
    """Return `interface` if there is one of that name that can carry the plan.

    Raises
    ------
    ValueError
        If there is none, a stream would carry other than one input and one output, or a port name is taken.

    """
    if interface not in INTERFACES:
        raise ValueError(f"there is no interface {interface!r}; {nearest(str(interface), list(INTERFACES))}")
    if interface == "stream" and (len(plan.inputs), len(plan.outputs)) != (1, 1):
        raise ValueError(f"a stream carries one input and one output, not {len(plan.inputs)} and {len(plan.outputs)}")
    control = {port.name for port in ports(plan, interface) if port.role not in ("input", "output")}
    for name in (*plan.ranges, *(output.name for output in plan.outputs)):
        if name in control:
            raise ValueError(f"the plan has a step {name!r}, which is a port of interface {interface}; rename it")
    return interface


def ports(plan: Plan, interface: str) -> tuple[Port, ...]:
    """Return the Verilog ports of a unit, in order."""
    found = []
    if interface != "comb":
        found.append(Port("clk", "input", 1, False, "clock, rising edge"))
    if interface == "pipeline":
        found.append(Port("en", "input", 1, False, "clock enable"))
    if interface == "stream":
        found.append(Port("rst", "input", 1, False, "reset, synchronous: drops all transfers in flight"))
    for name, fmt in plan.inputs:
        found.append(Port(name, "input", fmt.width, fmt.signed, "input"))
        if interface == "stream":
            found.append(Port(f"{name}_valid", "input", 1, False, f"{name} holds a transfer"))
            found.append(Port(f"{name}_ready", "output", 1, False, f"{name} is taken at the next edge, if valid"))
    for output in plan.outputs:
        found.append(Port(output.name, "output", output.format.width, output.format.signed, "output"))
        if interface == "stream":
            found.append(Port(f"{output.name}_valid", "output", 1, False, f"{output.name} holds a transfer"))
            found.append(Port(f"{output.name}_ready", "input", 1, False, f"{output.name} is taken at the next edge"))
    return tuple(found)


def port_shape(width: int, is_signed: bool) -> Shape:
    """Return the Amaranth shape of a port."""
    return signed(width) if is_signed else unsigned(width)


def connect(m: Module, schedule: Schedule, interface: str, signals: Mapping[str, Signal]) -> None:
    """Add a unit to a module, between `signals` that are called as its Verilog ports are; registers are in ``sync``."""
    if interface == "stream":
        _connect_stream(m, schedule, signals)
        return
    datapath = Datapath(m, schedule, signals, signals.get("en"))
    for name, signal in datapath.outputs.items():
        m.d.comb += signals[name].eq(signal)


def _connect_stream(m: Module, schedule: Schedule, signals: Mapping[str, Signal]) -> None:
    """Move all stages at once, whenever the last holds no transfer or gives it away.

    Every register then has the same enable, a transfer can be taken in the very clock in which one leaves, and none can
    overtake another.
    """
    ((x, _),) = schedule.plan.inputs
    (output,) = schedule.plan.outputs
    y = output.name
    note = "the pipeline moves unless its last stage holds a transfer that is not taken"
    advance = Signal(name="advance", attrs={"order": "0", "note": note})
    datapath = Datapath(m, schedule, signals, advance)
    valid = signals[f"{x}_valid"]
    for rank in range(1, schedule.latency + 1):
        register = Signal(name=f"valid_r{rank}", attrs={"order": str(datapath.order_after_rank(rank))})
        with m.If(advance):
            m.d.sync += register.eq(valid)
        valid = register
    m.d.comb += [
        advance.eq(signals[f"{y}_ready"] | ~valid if schedule.latency else signals[f"{y}_ready"]),
        signals[f"{x}_ready"].eq(advance),
        signals[f"{y}_valid"].eq(valid),
        signals[y].eq(datapath.outputs[y]),
    ]
