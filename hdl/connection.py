"""Between the ports of a unit and its datapath: what an Amaranth component has for ports, and the handshake."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from amaranth.hdl import Cat, Module, Shape, Signal, Value, signed, unsigned
from amaranth.lib import data, stream, wiring
from amaranth.lib.wiring import In, Out

from ..plan.plan import Step
from .datapath import Datapath
from .interfaces import Field, Port, Ports
from .scheduling.schedule import Schedule
from .turn_ring import turn_ring

__all__ = ["axi_stream", "connect", "connect_fields", "member_signal", "members", "port_shape"]


def axi_stream(shape: Any, *, tlast: bool = False) -> wiring.Signature:
    """Return the signature of an AXI4-Stream as its source sees it.

    Parameters
    ----------
    shape
        Shape of ``tdata``, in whole bytes; of several fields, a layout whose fields are in whole bytes each.
    tlast
        Whether there is ``tlast``, beside ``tdata``, ``tvalid`` and ``tready``.

    """
    members: dict[str, Any] = {"tdata": Out(shape), "tvalid": Out(1), "tready": In(1)}
    return wiring.Signature(members | {"tlast": Out(1)} if tlast else members)


def port_shape(port: Port | Field) -> Shape:
    """Return the Amaranth shape of a port, or of a field of one."""
    return signed(port.width) if port.signed else unsigned(port.width)


def member_signal(component: Any, port: Port) -> Value:
    """Return the signal, or the part of one, that a component made of `members` has for a port."""
    found = component
    for name in port.member[:2]:
        found = getattr(found, name)
    # Layouts are indexed, since a field may have the name of one of their attributes.
    return Value.cast(found[port.member[2]] if len(port.member) > 2 else found)


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
            case [name, "payload", _]:
                parts = {each.member[2]: each for each in ports if each.member[:2] == port.member[:2]}
                layout = data.StructLayout({part: port_shape(each) for part, each in parts.items()})
                found[name] = flow(stream.Signature(layout))
            case [name, "tdata"]:
                shape = _layout(port.parts) if port.parts else port_shape(port)
                found[name] = flow(axi_stream(shape, tlast=ports.has("last")))
    return found


def _layout(fields: Iterable[Field]) -> data.StructLayout:
    return data.StructLayout({field.name: port_shape(field) for field in fields})


def connect(
    m: Module,
    schedule: Schedule,
    ports: Ports,
    signals: Mapping[str, Value],
    further: Mapping[str, Value] = MappingProxyType({}),
    initial: Mapping[str, int] | None = None,
) -> None:
    """Add a unit to a module, between `signals` that are called as its Verilog ports are; registers are in ``sync``.

    `further` has inputs of the plan that are no ports, by name; `initial` codes that registers start with (see
    `Datapath`).
    """
    plan, sources, targets = schedule.plan, ports.data("input"), ports.data("output")
    carried = [name for name, _ in plan.inputs if name not in further]
    inputs = dict(further) | {
        name: _code(m, plan.by_name[name], field, signals) for name, field in zip(carried, sources, strict=True)
    }
    if ports.protocol == "stream":
        outputs = _connect_stream(m, schedule, ports, inputs, signals, initial)
    else:
        enable = signals[ports.of("enable").name] if ports.has("enable") else None
        turn = _turns(m, schedule, enable)
        outputs = Datapath(m, schedule, inputs, enable, initial=initial, turn=turn).outputs
    values: dict[str, list[Value]] = {}
    last = 2 * (schedule.latency + 1) * len(plan.steps)  # declared after all stages
    for output, field in zip(plan.outputs, targets, strict=True):
        value = outputs[output.name]
        if field.name != field.port:  # one of several in a port, each extended to its own width
            value = Signal(port_shape(field), name=output.name, attrs={"order": str(last)})
            m.d.comb += value.eq(outputs[output.name])
        values.setdefault(field.port, []).append(value)
    connect_fields(m, signals, values)


def _turns(m: Module, schedule: Schedule, enable: Value | None) -> Signal | None:
    """Add the turns of an interval of more than one clock, which move along with the datapath; return them."""
    if schedule.interval == 1:
        return None
    turn = turn_ring(schedule.interval)
    assert enable is not None  # a unit without a clock has no interval
    with m.If(enable):
        m.d.sync += turn.eq(turn.rotate_left(1))
    return turn


def connect_fields(m: Module, signals: Mapping[str, Value], values: Mapping[str, list[Value]]) -> None:
    """Drive each port by its fields, the lowest first."""
    for port, parts in values.items():
        m.d.comb += signals[port].eq(parts[0] if len(parts) == 1 else Cat(*parts))


def _code(m: Module, step: Step, field: Field, signals: Mapping[str, Value]) -> Value:
    """Return the signal of an input: the port itself, or the code in its low bits if the port has another name."""
    signal = signals[field.port]
    if field.port == step.name:
        return signal
    shape = Shape(field.width - field.padding, field.signed)
    code = Signal(shape, name=step.name, attrs={"order": "0", "note": step.note})
    m.d.comb += code.eq(signal if field.name == field.port else signal[field.low : field.low + shape.width])
    return code


def _connect_stream(
    m: Module,
    schedule: Schedule,
    ports: Ports,
    inputs: Mapping[str, Value],
    signals: Mapping[str, Value],
    initial: Mapping[str, int] | None,
) -> dict[str, Value]:
    """Move all stages at once, whenever the last holds no transfer or gives it away (decision 004).

    Every register then has the same enable, a transfer can be taken in the very clock in which one leaves, and none can
    overtake another. With an interval, one is taken in its first turn only (decision 063).
    """
    note = "the pipeline moves unless its last stage holds a transfer that is not taken"
    advance = Signal(name="advance", attrs={"order": "0", "note": note})
    turn = _turns(m, schedule, advance)
    datapath = Datapath(m, schedule, inputs, advance, initial=initial, turn=turn)
    beside = [role for role in ("valid", "last") if ports.has(role)]  # what goes along with the data
    values: dict[str, Value] = {role: signals[ports.of(role, "input").name] for role in beside}
    if turn is not None:
        values["valid"] = values["valid"] & turn[0]
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
        signals[ports.of("ready", "output").name].eq(advance if turn is None else advance & turn[0]),
        *(signals[ports.of(role, "output").name].eq(value) for role, value in values.items()),
    ]
    return datapath.outputs
