"""Units: a plan as an Amaranth component, and as a Verilog module."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from math import inf
from pathlib import Path
from typing import TypedDict, Unpack

from amaranth.hdl import Fragment, Module
from amaranth.lib import wiring

from ..plan.plan import Plan
from .blocks import products, whole_products
from .connection import connect, members
from .interfaces import check_interface, ports
from .lowering import lower_products
from .module_text import module_text
from .schedule import Schedule, even_schedule, register_after
from .targets import target as find_target
from .timing import fastest_schedule, timed_schedule

__all__ = ["OBJECTIVES", "Pipelining", "Unit", "choose_schedule", "clock_of"]


class Pipelining(TypedDict, total=False):
    """What decides where the registers go, and what goes into blocks (see `choose_schedule`)."""

    target: str | None
    frequency: float | None
    latency: int | None
    stages: int | None
    registers: Iterable[str] | None
    objective: str
    compact: bool | None
    dsp: int | None
    bram: int | None


OBJECTIVES = ("balanced", "latency", "luts", "fmax")
"""What a schedule may be made for: few clocks (which is best for the product of size and latency, too), few look-up
tables, or the highest clock.
"""


def choose_schedule(
    plan: Plan,
    interface: str,
    *,
    target: str | None = None,
    frequency: float | None = None,
    latency: int | None = None,
    stages: int | None = None,
    registers: Iterable[str] | None = None,
    objective: str = "balanced",
    compact: bool | None = None,
    dsp: int | None = None,
    bram: int | None = None,
) -> Schedule:
    """Return the schedule for an interface: its plan is `plan`, or one in smaller steps that computes the same.

    Parameters
    ----------
    plan, interface
        What is to be computed, and how it is connected; ``comb`` has no registers.
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
        `delays.place`); with objective ``luts`` unless given.
    dsp, bram
        The most multiplier blocks and block RAMs of the target that there may be, 0 or more; by default there is no
        limit. The largest products and tables get them, the others are logic. Tables go into block RAM only where a
        clock decides about the registers; within a limit smaller ones may than without.

    Raises
    ------
    TypeError
        If a limit is no integer.
    ValueError
        If there is no such interface, target or objective, arguments exclude each other, a limit is negative, or
        ``comb`` is asked for registers, which a block RAM has.
    TimingError
        If the target cannot keep the clock within the latency.

    """
    check_interface(interface, plan)
    if objective not in OBJECTIVES:
        raise ValueError(f"objective must be one of {', '.join(OBJECTIVES)}, not {objective!r}")
    on = find_target("generic" if target is None else target)
    on = on.limited(_check_limit("dsp", dsp), _check_limit("bram", bram))
    asked = {"frequency": frequency, "latency": latency, "stages": stages, "registers": registers}
    given = [name for name, value in asked.items() if value is not None]
    if interface == "comb":
        if any(asked[name] for name in given):
            raise ValueError(
                f"interface comb has no clock, so {given[0]} means nothing to it; choose pipeline or stream"
            )
        if bram:
            raise ValueError(
                f"interface comb has no registers, and a table in block RAM needs one, so bram must be 0, not {bram}; "
                "choose pipeline or stream"
            )
    elif len(given) > 1 and given != ["frequency", "latency"]:
        raise ValueError(f"{' and '.join(given)} exclude each other; give one of them, or frequency and latency")
    if objective == "fmax" and given not in ([], ["latency"]):
        raise ValueError(f"objective fmax finds the clock and the registers itself; give no {given[0]} with it")
    if compact is None:
        compact = objective == "luts"
    if interface == "comb":
        found = even_schedule(lower_products(plan, on), 0)
    elif registers is not None:
        found = register_after(lower_products(plan, on), registers)
    elif stages is not None:
        found = even_schedule(lower_products(plan, on), stages, on, compact=compact)
    elif objective == "fmax":
        found = fastest_schedule(plan, on, latency)
    else:
        found = timed_schedule(plan, on, frequency, latency, compact=compact)
    if left := products(found.plan) - whole_products(found.plan, on, inf):
        raise ValueError(f"dsp {dsp} is too few: {', '.join(sorted(left))} is too wide for logic")
    return found


def clock_of(interface: str, pipelining: Pipelining) -> float | None:
    """Return the clock in MHz for which `choose_schedule` places registers; None where something else places them.

    There is none for ``comb``, which has no registers, for registers placed by hand, and for objective ``fmax``.
    """
    by_hand = pipelining.get("stages") is not None or pipelining.get("registers") is not None
    if interface == "comb" or by_hand or pipelining.get("objective") == "fmax":
        return None
    frequency = pipelining.get("frequency")
    return find_target(pipelining.get("target") or "generic").frequency if frequency is None else frequency


def _check_limit(name: str, most: int | None) -> int | None:
    if most is not None and (isinstance(most, bool) or not isinstance(most, int)):
        raise TypeError(f"{name} must be an integer or None, not {most!r}")
    if most is not None and most < 0:
        raise ValueError(f"{name} must be 0 or more, not {most}")
    return most


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
    tlast
        Whether an AXI4-Stream carries ``tlast``, which comes out with the transfer that it went in with.
    **pipelining
        Where the registers go, and what into blocks: target, frequency, latency, stages, registers, objective, compact,
        dsp and bram (see `choose_schedule`).

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
        tlast: bool = False,
        **pipelining: Unpack[Pipelining],
    ) -> None:
        self._plan = plan
        self._schedule = choose_schedule(plan, interface, **pipelining)
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
        return self._plan

    @property
    def interface(self) -> str:
        """Name of the interface."""
        return self._interface

    @property
    def schedule(self) -> Schedule:
        """Where the registers are, and the plan in the steps that they lie between."""
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
