"""A unit as the text of one Verilog module."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from amaranth.back import rtlil
from amaranth.hdl import ClockDomain, Module, Signal

from ..plan.names import check_identifier
from .interfaces import connect, port_shape, ports
from .schedule import Schedule
from .verilog import print_verilog

__all__ = ["module_text"]


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


@_no_garbage_collection()
def module_text(schedule: Schedule, interface: str, name: str, *, header: str = "") -> str:
    """Return a unit as one flat Verilog-2005 module called `name`, under `header` as a comment.

    Raises
    ------
    ValueError
        If the name is no Verilog identifier, or a keyword.

    """
    check_identifier(name, "module name")
    m = Module()
    # Signals that are called as the ports are: no other names for them get into the text.
    signals = {
        port.name: Signal(port_shape(port.width, port.signed), name=port.name)
        for port in ports(schedule.plan, interface)
    }
    connect(m, schedule, interface, signals)
    if "clk" in signals:
        m.domains.sync = domain = ClockDomain("sync", reset_less="rst" not in signals, local=True)
        domain.clk = signals["clk"]
        if "rst" in signals:
            domain.rst = signals["rst"]
    listed = {port: (signal, None) for port, signal in signals.items()}
    text = rtlil.convert(m, name=name, ports=listed, emit_src=False)
    return print_verilog(text, header=header, ports=list(signals))
