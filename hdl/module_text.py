"""A unit as the text of one Verilog module."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial

from amaranth.back import rtlil
from amaranth.hdl import ClockDomain, Module, Signal

from ..support.names import check_identifier
from .adder_module import adder_module_name, adder_module_text, printing_with
from .connection import connect, port_shape
from .initial_codes import initial_codes_of_rows
from .interfaces import Port, Ports, ports
from .scheduling.schedule import Schedule
from .targets import Target
from .verilog import print_verilog

__all__ = ["module_text", "printed_module"]


@contextmanager
def _no_garbage_collection() -> Iterator[None]:
    """Keep the collector from walking a netlist, all of it alive, again and again while it grows."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def module_text(
    schedule: Schedule,
    interface: str,
    name: str,
    *,
    tlast: bool = False,
    header: str = "",
    target: Target | None = None,
) -> str:
    """Return a unit as one flat Verilog-2005 module called `name`, under `header` as a comment.

    With a `target`, a helper module may follow (see `printed_module`).

    Raises
    ------
    ValueError
        If the name is not a Verilog identifier or is a keyword, or the interface has no ``tlast``.

    """
    listed = ports(schedule.plan, interface, tlast=tlast)
    initial = initial_codes_of_rows(schedule.plan, target) if target else None
    return printed_module(name, listed, partial(_connected, schedule, listed, initial), header=header, target=target)


def _connected(
    schedule: Schedule, listed: Ports, initial: Mapping[str, int] | None, m: Module, signals: Mapping[str, Signal]
) -> None:
    connect(m, schedule, listed, signals, initial=initial)


@_no_garbage_collection()
def printed_module(
    name: str,
    listed: Ports,
    build: Callable[[Module, Mapping[str, Signal]], None],
    *,
    header: str = "",
    target: Target | None = None,
) -> str:
    """Return one flat Verilog-2005 module called `name`, under `header` as a comment.

    Parameters
    ----------
    name
        Its name.
    listed
        Its ports.
    build
        Adds what it consists of to a module, between signals that are called as the ports are; registers are in the
        domain ``sync``.
    header
        The comment.
    target
        What it is for. If that has a cell for additions that complement an addend, and there are any, a helper module
        for them follows (see `adder_module`).

    Raises
    ------
    ValueError
        If the name is not a Verilog identifier or is a keyword.

    """
    check_identifier(name, "module name")
    m = Module()
    # Signals that are called as the ports are: no other names for them get into the text.
    signals = {port.name: Signal(port_shape(port), name=port.name) for port in listed}
    cell = target.adder_cell if target else None
    helper = adder_module_name(name) if cell else ""
    with printing_with(helper):
        build(m, signals)
    if listed.has("clock"):
        m.domains.sync = domain = ClockDomain("sync", reset_less=not listed.has("reset"), local=True)
        domain.clk = signals[listed.of("clock").name]
        if listed.has("reset"):
            domain.rst = _reset(m, listed.of("reset"), signals)
    text = rtlil.convert(m, name=name, ports={port: (signal, None) for port, signal in signals.items()}, emit_src=False)
    printed = print_verilog(text, header=header, ports=list(signals), helper=helper)
    return printed + adder_module_text(helper, cell) if cell and f"\n    {helper} #(" in printed else printed


def _reset(m: Module, port: Port, signals: Mapping[str, Signal]) -> Signal:
    """Return the signal that is high during a reset."""
    if not port.active_low:
        return signals[port.name]
    reset = Signal(name="reset", attrs={"order": "0"})
    m.d.comb += reset.eq(~signals[port.name])
    return reset
