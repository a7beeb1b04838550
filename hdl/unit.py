"""Units: a plan as an Amaranth component, and as a Verilog module."""

from __future__ import annotations

from dataclasses import replace
from math import inf
from pathlib import Path
from typing import Unpack

from amaranth.hdl import Fragment, Module
from amaranth.lib import wiring

from ..plan.plan import Plan
from .build_options import BuildKeywords, BuildOptions
from .connection import connect, member_signal, members
from .initial_codes import initial_codes_of_rows
from .interfaces import check_interface, ports
from .lowering import lower_products
from .module_text import module_text
from .scheduling.clocked_schedule import fastest_schedule, timed_schedule
from .scheduling.resets import selections_by_reset
from .scheduling.schedule import Schedule, even_schedule, register_after
from .scheduling.turns import schedule_in_turns
from .targets.blocks import products, whole_products

__all__ = ["Unit", "choose_schedule", "schedule_for"]


def choose_schedule(plan: Plan, interface: str = "pipeline", /, **options: Unpack[BuildKeywords]) -> Schedule:
    """Return the schedule for an interface: its plan is `plan`, or one in smaller steps that computes the same.

    Parameters
    ----------
    plan, interface
        What is to be computed, and how it is connected; ``comb`` has no registers.
    **options
        As follows; names may be in upper or lower case.
    target
        Name of the target that it is built for (see `hdl.targets`); by default ``generic``, no device in particular.
    frequency
        The clock in MHz that it is to keep there; by default the target's ordinary one. There are as few ranks of
        registers as that allows.
    latency
        The most ranks there may be.
    stages
        Instead of a clock, this many ranks, spread evenly by delay between whole steps.
    registers
        Instead of a clock, a rank after each of these steps.
    objective
        ``latency`` and ``balanced``: as few ranks as the clock allows. ``luts``: ranks more where they are likely to
        save look-up tables. ``fmax``: instead of a clock, the highest that the target can keep, as long as each rank
        raises it by a hundredth.
    compact
        Whether there are ranks before and after tables, which is what mostly saves look-up tables (see
        `placement.place`); with objective ``luts`` unless given.
    dsp, bram
        The most multiplier blocks and block RAMs of the target that there may be, 0 or more; by default there is no
        limit. The largest products and tables get them, the others are logic. Tables go into block RAM only where a
        clock decides about the registers; within a limit smaller ones may than without.
    interval
        Clocks from one input to the next, 1 to 32. With more than 1, the rows of products, or products in multiplier
        blocks, take turns in as few units as that allows; `dsp` limits the blocks, not the products.
    margin
        With a frequency: the share by which the clock that the ranks are placed for is above it, at most 1.

    Raises
    ------
    TypeError
        If an option is of the wrong kind.
    ValueError
        If there is no such interface, target or objective, a number is out of its range, or options contradict each
        other, as ``comb`` does all that asks for registers, which a block RAM has; or if a step of the plan is called
        as a port of the interface is.
    TimingError
        If the target cannot keep the clock within the latency.

    """
    asked: BuildKeywords = {"interface": interface}
    asked.update(options)
    return schedule_for(plan, BuildOptions.read(**asked))


def schedule_for(plan: Plan, options: BuildOptions) -> Schedule:
    """Return the schedule for what a unit is built for (see `choose_schedule`)."""
    check_interface(options.interface, plan)
    on = options.device.limited(options.most_products, options.bram)
    compact = options.objective == "luts" if options.compact is None else options.compact
    frequency = None if options.frequency is None else options.frequency * (1 + (options.margin or 0.0))
    if options.interface == "comb":
        found = even_schedule(lower_products(plan, on), 0)
    elif options.interval > 1:
        found = schedule_in_turns(plan, on, options.interval, frequency, options.latency, compact=compact)
    elif options.registers is not None:
        found = register_after(lower_products(plan, on), options.registers)
    elif options.stages is not None:
        found = even_schedule(lower_products(plan, on), options.stages, on, compact=compact)
    elif options.objective == "fmax":
        found = fastest_schedule(plan, on, options.latency)
    else:
        found = timed_schedule(plan, on, frequency, options.latency, compact=compact)
    if left := sorted(products(found.plan) - whole_products(found.plan, on, inf)):
        raise ValueError(
            f"dsp must be {(options.dsp or 0) + -(-len(left) // options.interval)} or more, or left out, not "
            f"{options.dsp}: "
            "products are too wide for logic"
        )
    return replace(found, resets=selections_by_reset(found)) if on.selects_by_reset else found


class Unit(wiring.Component):
    """The hardware of a plan behind an interface.

    Ports, named after the plan's inputs and outputs (``x`` and ``y`` for a function of one argument):

    * ``comb``: codes in, codes out, no clock.
    * ``pipeline``: ``en``, codes in, codes out, `latency` clocks later; while ``en`` is low nothing moves. With an
      interval, codes are taken in the first clock with ``en`` after power-up and then in every so-many-th, and codes
      out stay for an interval.
    * ``stream``: a stream in, a stream out (`amaranth.lib.stream`), at full throughput. With an interval, it is ready
      in one clock of each, the first after a reset among them. The stream of several inputs
      is called after the first of them, and its payload is a struct that has them all: with inputs ``x`` and ``slope``,
      ``x.payload.x``, ``x.payload.slope``, ``x.valid`` and ``x.ready``. So is that of several outputs.
    * ``axis``: the same as AXI4-Stream: ``s_axis`` and ``m_axis`` (see `axi_stream`), with ``tlast`` if asked for. With
      several inputs ``s_axis.tdata`` is a struct, each field in whole bytes.

    Registers are in the ``sync`` domain, whose reset drops all transfers in flight. Printed as a Verilog module, a unit
    has ``clk`` and ``rst`` for it, and with interface ``axis`` ``aclk`` and ``aresetn``, which is active low.

    Parameters
    ----------
    plan
        The plan to build.
    **options
        How it is connected: interface, one of the above and a pipeline unless given, and tlast, whether an AXI4-Stream
        carries ``tlast``, which comes out with the transfer that it went in with. Where the registers go, what into
        blocks and what is shared: target, frequency, latency, stages, registers, objective, compact, dsp, bram and
        interval (see `choose_schedule`).

    Raises
    ------
    TypeError
        If an option is of the wrong kind.
    ValueError
        If the interface cannot carry the plan or has no ``tlast``, or the registers asked for are not possible.

    """

    def __init__(self, plan: Plan, **options: Unpack[BuildKeywords]) -> None:
        self._plan = plan
        self._options = BuildOptions.read(**options)
        self._schedule = schedule_for(plan, self._options)
        self._ports = ports(plan, self._options.interface, tlast=self._options.tlast)
        found = members(self._ports)
        for name in found:
            if hasattr(Unit, name):
                raise ValueError(f"port {name!r} would hide an attribute of Unit; give the plan's port another name")
        super().__init__(found)

    @property
    def plan(self) -> Plan:
        """The plan that the unit computes."""
        return self._plan

    @property
    def interface(self) -> str:
        """Name of the interface."""
        return self._options.interface

    @property
    def options(self) -> BuildOptions:
        """The options that the unit is built with."""
        return self._options

    @property
    def schedule(self) -> Schedule:
        """The schedule: the lowered plan, and the stage of each of its steps."""
        return self._schedule

    @property
    def latency(self) -> int:
        """Clocks from an input to its output; for a stream, if it is not stalled."""
        return self._schedule.latency

    @property
    def initiation_interval(self) -> int:
        """Clocks from one input to the next."""
        return self._schedule.interval

    def elaborate(self, platform: object) -> Module:
        """Build the module."""
        m = Module()
        # The component's own signals, by the names that they have as Verilog ports.
        signals = {port.name: member_signal(self, port) for port in self._ports if port.member}
        initial = initial_codes_of_rows(self._schedule.plan, self._options.device)
        connect(m, self._schedule, self._ports, signals, initial=initial)
        return m

    def verilog(self, name: str = "top", *, header: str = "") -> str:
        """Return the unit as one flat Verilog-2005 module called `name`, under `header` as a comment."""
        # The text is made without this component, which Amaranth would take for forgotten: it warns of components that
        # are never elaborated.
        Fragment.get(self, None)
        asked = self._options
        return module_text(self._schedule, self.interface, name, tlast=asked.tlast, header=header, target=asked.device)

    def emit(self, path: str | Path, *, header: str = "") -> Path:
        """Write the unit as Verilog; the module has the name of the file without ``.v``. Returns the path.

        Raises
        ------
        ValueError
            If the file's name does not end in ``.v``, or its stem is not a Verilog identifier.

        """
        path = Path(path)
        if path.suffix != ".v":
            raise ValueError(f"path must end in .v, not {path.name!r}")
        path.write_text(self.verilog(path.stem, header=header), encoding="ascii", newline="\n")
        return path
