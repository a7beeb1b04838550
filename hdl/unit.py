"""Units: a plan as an Amaranth component, and as a Verilog module."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from pathlib import Path

from amaranth.hdl import Fragment, Module
from amaranth.lib import wiring

from ..plan.plan import Plan
from .connection import connect, members
from .interfaces import check_interface, ports
from .module_text import module_text
from .schedule import Schedule, even_schedule, natural_stages, register_after

__all__ = ["Unit", "choose_schedule"]


def choose_schedule(
    plan: Plan, interface: str, *, stages: int | None = None, registers: Iterable[str] | None = None
) -> Schedule:
    """Return the schedule for an interface: `stages` ranks spread evenly, or a rank after each step in `registers`.

    With neither, there are as few ranks as leave no stage longer than the longest single step; none for ``comb``.

    Raises
    ------
    ValueError
        If both are given, or ``comb`` is asked for registers.

    """
    check_interface(interface, plan)
    if stages is not None and registers is not None:
        raise ValueError("stages and registers exclude each other; give one of them")
    if interface == "comb":
        if stages or registers:
            raise ValueError("interface comb has no clock, so it cannot have registers; choose pipeline or stream")
        return even_schedule(plan, 0)
    if registers is not None:
        return register_after(plan, registers)
    return even_schedule(plan, natural_stages(plan) if stages is None else stages)


class Unit(wiring.Component):
    """The hardware of a plan behind an interface.

    Ports, named after the plan's inputs and outputs (``x`` and ``y`` for a function of one argument):

    * ``comb``: codes in, codes out, no clock.
    * ``pipeline``: ``en``, codes in, codes out, `latency` clocks later; while ``en`` is low nothing moves.
    * ``stream``: a stream in, a stream out (`amaranth.lib.stream`), at full throughput.
    * ``axis``: the same as AXI4-Stream: ``s_axis`` and ``m_axis`` (see `axi_stream`), with ``tlast`` if asked for.

    Registers are in the ``sync`` domain, whose reset drops all transfers in flight. Printed as a Verilog module, a unit
    has ``clk`` and ``rst`` for it, and with interface ``axis`` ``aclk`` and ``aresetn``, which is active low.

    Parameters
    ----------
    plan
        What to compute.
    interface
        One of the above.
    stages
        Ranks of registers, spread evenly by estimated delay.
    registers
        Instead, names of the steps to put a rank of registers after.
    tlast
        Whether an AXI4-Stream carries ``tlast``, which comes out with the transfer that it went in with.

    Raises
    ------
    ValueError
        If the interface cannot carry the plan or has no ``tlast``, or the registers asked for are not possible.

    """

    def __init__(
        self,
        plan: Plan,
        *,
        interface: str = "pipeline",
        stages: int | None = None,
        registers: Iterable[str] | None = None,
        tlast: bool = False,
    ) -> None:
        self._schedule = choose_schedule(plan, interface, stages=stages, registers=registers)
        self._interface, self._tlast = interface, tlast
        self._ports = ports(plan, interface, tlast=tlast)
        found = members(self._ports)
        for name in found:
            if hasattr(Unit, name):
                raise ValueError(f"port {name!r} would hide an attribute of Unit; give the plan's port another name")
        super().__init__(found)

    @property
    def plan(self) -> Plan:
        """What the unit computes."""
        return self._schedule.plan

    @property
    def interface(self) -> str:
        """Name of the interface."""
        return self._interface

    @property
    def schedule(self) -> Schedule:
        """Where the registers are."""
        return self._schedule

    @property
    def latency(self) -> int:
        """Clocks from an input to its output; for a stream, if it is not stalled."""
        return self._schedule.latency

    @property
    def initiation_interval(self) -> int:
        """Clocks from one input to the next."""
        return 1

    def elaborate(self, platform: object) -> Module:
        """Build the module."""
        m = Module()
        # The component's own signals, by the names that they have as Verilog ports.
        signals = {port.name: reduce(getattr, port.member, self) for port in self._ports if port.member}
        connect(m, self._schedule, self._ports, signals)
        return m

    def verilog(self, name: str = "top", *, header: str = "") -> str:
        """Return the unit as one flat Verilog-2005 module called `name`, under `header` as a comment."""
        # The text is made without this component, which Amaranth would take for forgotten: it warns of components that
        # are never elaborated.
        Fragment.get(self, None)
        return module_text(self._schedule, self._interface, name, tlast=self._tlast, header=header)

    def emit(self, path: str | Path, *, header: str = "") -> Path:
        """Write the unit as Verilog; the module is called as the file is, without its ``.v``. Returns the path.

        Raises
        ------
        ValueError
            If the file's name is no ``.v``, or its stem no Verilog identifier.

        """
        path = Path(path)
        if path.suffix != ".v":
            raise ValueError(f"path must end in .v, not {path.name!r}")
        path.write_text(self.verilog(path.stem, header=header), encoding="ascii", newline="\n")
        return path
