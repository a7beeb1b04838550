"""Between the ports of a unit and its datapath: what an Amaranth component has for ports, and the handshake."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from amaranth.hdl import Module, Shape, Signal, Value, signed, unsigned
from amaranth.lib import stream, wiring
from amaranth.lib.wiring import In, Out

from ..plan.plan import Step
from .datapath import Datapath
from .interfaces import Port, Ports
from .scheduling.schedule import Schedule

__all__ = ["axi_stream", "connect", "members", "port_shape"]


def axi_stream(shape: Any, *, tlast: bool = False) -> wiring.Signature:
    """Return the signature of an AXI4-Stream as its source sees it.

    Parameters
    ----------
    shape
        Shape of ``tdata``, in whole bytes.
    tlast
        Whether there is ``tlast``, beside ``tdata``, ``tvalid`` and ``tready``.

    """
    members: dict[str, Any] = {"tdata": Out(shape), "tvalid": Out(1), "tready": In(1)}
    return wiring.Signature(members | {"tlast": Out(1)} if tlast else members)


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
                found[name] = flow(axi_stream(port_shape(port), tlast=ports.has("last")))
    return found


def connect(m: Module, schedule: Schedule, ports: Ports, signals: Mapping[str, Signal]) -> None:
    """Add a unit to a module, between `signals` that are called as its Verilog ports are; registers are in ``sync``."""
    plan, sources, targets = schedule.plan, ports.data("input"), ports.data("output")
    inputs = {
        name: _code(m, plan.by_name[name], port, signals) for (name, _), port in zip(plan.inputs, sources, strict=True)
    }
    if ports.protocol == "stream":
        outputs = _connect_stream(m, schedule, ports, inputs, signals)
    else:
        enable = signals[ports.of("enable").name] if ports.has("enable") else None
        outputs = Datapath(m, schedule, inputs, enable).outputs
    for output, port in zip(plan.outputs, targets, strict=True):
        m.d.comb += signals[port.name].eq(outputs[output.name])


def _code(m: Module, step: Step, port: Port, signals: Mapping[str, Signal]) -> Signal:
    """Return the signal of an input: the port itself, or the code in its low bits if the port has another name."""
    signal = signals[port.name]
    if port.name == step.name:
        return signal
    shape = Shape(port.width - port.padding, port.signed)
    code = Signal(shape, name=step.name, attrs={"order": "0", "note": step.note})
    m.d.comb += code.eq(signal)
    return code


def _connect_stream(
    m: Module, schedule: Schedule, ports: Ports, inputs: Mapping[str, Signal], signals: Mapping[str, Signal]
) -> dict[str, Value]:
    """Move all stages at once, whenever the last holds no transfer or gives it away (decision 004).

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
                attrs={"order": str(datapath.order_after_rank(rank))}
                # Without a reset, too, nothing is valid at power-up.
                | ({"initial": "0"} if role == "valid" else {}),
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
