"""Between the ports of a unit and its datapath: what an Amaranth component has for ports, and the handshake."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from amaranth.hdl import Module, Shape, Signal, Value, signed, unsigned
from amaranth.lib import stream, wiring
from amaranth.lib.wiring import In, Out

from .datapath import Datapath
from .interfaces import Port, Ports
from .schedule import Schedule

__all__ = ["AxiStream", "connect", "members", "port_shape"]


class AxiStream(wiring.Signature):
    """An AXI4-Stream as its source sees it: members ``tdata``, ``tvalid``, ``tready`` and, if asked for, ``tlast``.

    Parameters
    ----------
    shape
        Shape of ``tdata``, in whole bytes.
    tlast
        Whether there is ``tlast``.

    """

    def __init__(self, shape: Any, *, tlast: bool = False) -> None:
        members: dict[str, Any] = {"tdata": Out(shape), "tvalid": Out(1), "tready": In(1)}
        super().__init__(members | {"tlast": Out(1)} if tlast else members)


def port_shape(port: Port) -> Shape:
    """Return the Amaranth shape of a port."""
    return signed(port.width) if port.signed else unsigned(port.width)


def members(ports: Ports) -> dict[str, Any]:
    """Return the members of an Amaranth component with these ports."""
    found: dict[str, Any] = {}
    for port in ports:
        flow = In if port.direction == "input" else Out
        match port.member:
            case [name]:
                found[name] = flow(port_shape(port))
            case [name, "payload"]:
                found[name] = flow(stream.Signature(port_shape(port)))
            case [name, "tdata"]:
                found[name] = flow(AxiStream(port_shape(port), tlast=ports.has("last")))
    return found


def connect(m: Module, schedule: Schedule, ports: Ports, signals: Mapping[str, Signal]) -> None:
    """Add a unit to a module, between `signals` that are called as its Verilog ports are; registers are in ``sync``."""
    plan = schedule.plan
    inputs = {
        name: _code(m, name, port, signals) for (name, _), port in zip(plan.inputs, ports.data("input"), strict=True)
    }
    if ports.protocol == "stream":
        outputs = _connect_stream(m, schedule, ports, inputs, signals)
    else:
        enable = signals[ports.of("enable").name] if ports.has("enable") else None
        outputs = Datapath(m, schedule, inputs, enable).outputs
    for output, port in zip(plan.outputs, ports.data("output"), strict=True):
        m.d.comb += signals[port.name].eq(outputs[output.name])


def _code(m: Module, name: str, port: Port, signals: Mapping[str, Signal]) -> Signal:
    """Return the signal of an input's code: the port itself, or its low bits if it is called otherwise."""
    if port.name == name:
        return signals[name]
    shape = Shape(port.width - port.padding, port.signed)
    code = Signal(shape, name=name, attrs={"order": "0", "note": f"the code in the low bits of {port.name}"})
    m.d.comb += code.eq(signals[port.name])
    return code


def _connect_stream(
    m: Module, schedule: Schedule, ports: Ports, inputs: Mapping[str, Signal], signals: Mapping[str, Signal]
) -> dict[str, Value]:
    """Move all stages at once, whenever the last holds no transfer or gives it away.

    Every register then has the same enable, a transfer can be taken in the very clock in which one leaves, and none can
    overtake another.
    """
    note = "the pipeline moves unless its last stage holds a transfer that is not taken"
    advance = Signal(name="advance", attrs={"order": "0", "note": note})
    datapath = Datapath(m, schedule, inputs, advance)
    beside = [role for role in ("valid", "last") if ports.has(role)]  # what goes along with the data
    values = {role: signals[ports.of(role, "input").name] for role in beside}
    for rank in range(1, schedule.latency + 1):
        for role in beside:
            register = Signal(
                name=f"{role}_r{rank}",
                reset_less=role != "valid",
                attrs={"order": str(datapath.order_after_rank(rank))},
            )
            with m.If(advance):
                m.d.sync += register.eq(values[role])
            values[role] = register
    ready = signals[ports.of("ready", "input").name]
    m.d.comb += [
        advance.eq(ready | ~values["valid"] if schedule.latency else ready),
        signals[ports.of("ready", "output").name].eq(advance),
        *(signals[ports.of(role, "output").name].eq(value) for role, value in values.items()),
    ]
    return datapath.outputs
