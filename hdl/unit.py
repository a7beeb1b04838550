"""Units: a plan as an Amaranth component, and as a Verilog module."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from amaranth.hdl import Fragment, Module, Signal
from amaranth.lib import stream, wiring
from amaranth.lib.wiring import In, Out

from ..plan.formats import FixedFormat
from ..plan.plan import Plan
from .interfaces import check_interface, connect, port_shape
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

    Registers are in the ``sync`` domain.

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

    Raises
    ------
    ValueError
        If the interface cannot carry the plan, or the registers asked for are not possible.

    """

    def __init__(
        self,
        plan: Plan,
        *,
        interface: str = "pipeline",
        stages: int | None = None,
        registers: Iterable[str] | None = None,
    ) -> None:
        self._schedule = choose_schedule(plan, interface, stages=stages, registers=registers)
        self._interface = interface
        for name in (*(name for name, _ in plan.inputs), *(output.name for output in plan.outputs)):
            if hasattr(Unit, name):
                raise ValueError(f"port {name!r} would hide an attribute of Unit; give the plan's port another name")
        members: dict[str, Any] = {} if interface != "pipeline" else {"en": In(1)}
        for name, fmt in plan.inputs:
            members[name] = In(_member(fmt, interface))
        for output in plan.outputs:
            members[output.name] = Out(_member(output.format, interface))
        super().__init__(members)

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
        connect(m, self._schedule, self._interface, self._port_signals())
        return m

    def verilog(self, name: str = "top", *, header: str = "") -> str:
        """Return the unit as one flat Verilog-2005 module called `name`, under `header` as a comment."""
        # The text is made without this component, which Amaranth would take for forgotten: it warns of components that
        # are never elaborated.
        Fragment.get(self, None)
        return module_text(self._schedule, self._interface, name, header=header)

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

    def _port_signals(self) -> dict[str, Signal]:
        """Return the component's own signals by the names that they have as Verilog ports."""
        signals = {"en": self.en} if self._interface == "pipeline" else {}
        for name in (*(name for name, _ in self.plan.inputs), *(output.name for output in self.plan.outputs)):
            member = getattr(self, name)
            if self._interface == "stream":
                signals |= {name: member.payload, f"{name}_valid": member.valid, f"{name}_ready": member.ready}
            else:
                signals[name] = member
        return signals


def _member(fmt: FixedFormat, interface: str) -> Any:
    shape = port_shape(fmt.width, fmt.signed)
    return stream.Signature(shape) if interface == "stream" else shape
