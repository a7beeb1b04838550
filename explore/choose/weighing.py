"""Candidates weighed: built for what is asked for, what they take foretold, and which of them is the better."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ...hdl.build_options import BuildOptions
from ...hdl.scheduling.clocked_schedule import clock_for_ranks, predicted_clock
from ...hdl.scheduling.costs import foretell_cost
from ...hdl.scheduling.schedule import Schedule
from ...hdl.targets import Target
from ...hdl.unit import schedule_for
from ...methods import Candidate, Method
from ..flows import find_flow
from .choice import Weighed

__all__ = ["Entry", "How", "weigh"]


@dataclass(frozen=True)
class How:
    """What a unit is built for, and how far to look."""

    options: BuildOptions
    effort: str

    @property
    def interface(self) -> str:
        """How the unit is connected."""
        return self.options.interface

    @property
    def target(self) -> Target:
        """The target, or none in particular."""
        return self.options.device

    @property
    def objective(self) -> str:
        """What the best is best at."""
        return self.options.objective

    @property
    def clock(self) -> float | None:
        """The clock in MHz that candidates are built for; None where no clock places their registers."""
        return self.options.clock

    @property
    def dsp(self) -> int | None:
        """How many multiplier blocks may be used; None if nothing was said of it."""
        return self.options.dsp

    @property
    def bram(self) -> int | None:
        """How many block RAMs may be used; None if nothing was said of it."""
        return self.options.bram

    def require_tools(self) -> None:
        """Make sure that what the effort measures can be measured.

        Raises
        ------
        ValueError
            If nothing synthesises for the target.
        MissingToolError
            If a tool is not installed.

        """
        if self.effort == "quick":
            return
        if self.target.flow is None:
            refusal = f"effort {self.effort} synthesises candidates, which nothing does for target {self.target.name}"
            raise ValueError(f"{refusal}; name another target, such as ecp5, or choose effort quick")
        router = find_flow(self.target).place_and_route
        if router is not None and (self.clock is not None or self.objective == "fmax"):
            router.require()

    def size(self, weighed: Weighed) -> float:
        """Return the look-up tables of a candidate, and of its blocks as many as there are to one on the device.

        Blocks whose number was given are there to be used, and count for nothing.
        """
        size, target = weighed.size or 0.0, self.target
        for block, count, limit in (
            (target.multiplier, weighed.dsp, self.dsp),
            (target.block_ram, weighed.bram, self.bram),
        ):
            if block is not None and count and limit is None:
                size += count * block.worth
        return size

    def rank(self, weighed: Weighed) -> tuple[float, float]:
        """Return what the best has least of."""
        luts, clocks = self.size(weighed), (weighed.latency or 0) + 1
        match self.objective:
            case "luts":
                return luts, clocks
            case "latency":
                return clocks, luts
            case "fmax":
                return -clock_for_ranks(weighed.clock or 0.0, weighed.latency or 0), luts
            case _:
                return luts * clocks, luts


@dataclass(frozen=True)
class Entry:
    """A candidate with its method, its schedule, or why there is none, and what is known of it."""

    method: type[Method]
    candidate: Candidate
    schedule: Schedule | None
    weighed: Weighed
    failure: ValueError | None = None


def weigh(method: type[Method], candidate: Candidate, how: How) -> list[Entry]:
    """Return a candidate with its registers, for few look-up tables in both ways that may lead there."""
    placed = _placed(method, candidate, how, compact=how.objective == "luts")
    if how.objective != "luts" or how.interface == "comb":
        return [placed]
    other = _placed(method, candidate, how, compact=False)
    alike = placed.schedule is not None and other.schedule is not None and placed.schedule == other.schedule
    return [placed] if alike or other.schedule is None else [placed, other]


def _placed(method: type[Method], candidate: Candidate, how: How, *, compact: bool) -> Entry:
    """Schedule a candidate, and foretell what it takes."""
    weighed = Weighed(method.name, dict(candidate.parameters), compact=compact)
    try:
        schedule = schedule_for(candidate.plan, replace(how.options, compact=compact))
    except ValueError as error:  # the clock is too fast for it, say, or it lacks a step to put a register after
        return Entry(method, candidate, None, replace(weighed, refused=str(error)), error)
    target = how.target
    cost = foretell_cost(schedule, target)
    weighed = replace(
        weighed,
        luts=round(cost.luts, 1),
        dsp=cost.dsp,
        bram=cost.bram,
        fmax=round(predicted_clock(schedule, target), 1),
        latency=schedule.latency,
    )
    return Entry(method, candidate, schedule, weighed)
