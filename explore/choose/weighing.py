"""Weighing of candidates: scheduled as asked for, size and clock predicted, and ranked by the objective."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ...hdl.build_options import BuildOptions
from ...hdl.scheduling.clocked_schedule import clock_for_ranks, predicted_clock
from ...hdl.scheduling.costs import predict_cost
from ...hdl.scheduling.schedule import Schedule
from ...hdl.unit import schedule_for
from ...methods import Candidate, Method
from ..flows import find_flow
from .choice import Weighed

__all__ = ["Entry", "rank", "require_tools", "size", "weigh"]


def require_tools(options: BuildOptions, effort: str) -> None:
    """Make sure that the tools for an effort are available.

    Raises
    ------
    ValueError
        If the target has no synthesis.
    MissingToolError
        If a tool is not installed.

    """
    if effort == "quick":
        return
    target = options.device
    if target.flow is None:
        refusal = f"effort {effort} synthesises candidates, which nothing does for target {target.name}"
        raise ValueError(f"{refusal}; name another target, such as ecp5, or choose effort quick")
    router = find_flow(target).place_and_route
    if router is not None and (options.clock is not None or options.objective == "fmax"):
        router.require()


def size(weighed: Weighed, options: BuildOptions) -> float:
    """Return the look-up tables of a candidate, plus those that its blocks are worth on the device.

    Blocks with a limit given by the user are free up to that limit.
    """
    luts, target = weighed.size or 0.0, options.device
    for block, count, limit in (
        (target.multiplier, weighed.dsp, options.dsp),
        (target.block_ram, weighed.bram, options.bram),
    ):
        if block is not None and count and limit is None:
            luts += count * block.worth
    return luts


def rank(weighed: Weighed, options: BuildOptions) -> tuple[float, float]:
    """Return the sort key of a candidate for the objective, the smallest being the best."""
    luts, clocks = size(weighed, options), (weighed.latency or 0) + 1
    match options.objective:
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
    """A candidate with its method, its schedule and its figures; if it cannot be built, the reason."""

    method: type[Method]
    candidate: Candidate
    schedule: Schedule | None
    weighed: Weighed
    failure: ValueError | None = None


def weigh(method: type[Method], candidate: Candidate, options: BuildOptions) -> list[Entry]:
    """Return a candidate with its schedule; for objective ``luts`` with both schedules that may save look-up tables."""
    placed = _placed(method, candidate, options, compact=options.objective == "luts")
    if options.objective != "luts" or options.interface == "comb":
        return [placed]
    other = _placed(method, candidate, options, compact=False)
    alike = placed.schedule is not None and other.schedule is not None and placed.schedule == other.schedule
    return [placed] if alike or other.schedule is None else [placed, other]


def _placed(method: type[Method], candidate: Candidate, options: BuildOptions, *, compact: bool) -> Entry:
    """Schedule a candidate, and predict its size and clock."""
    weighed = Weighed(method.name, dict(candidate.parameters), compact=compact)
    try:
        schedule = schedule_for(candidate.plan, replace(options, compact=compact))
    except ValueError as error:  # such as a clock that is too fast, or registers after a step that the plan lacks
        return Entry(method, candidate, None, replace(weighed, refused=str(error)), error)
    target = options.device
    cost = predict_cost(schedule, target)
    weighed = replace(
        weighed,
        luts=round(cost.luts, 1),
        dsp=cost.dsp,
        bram=cost.bram,
        fmax=round(predicted_clock(schedule, target), 1),
        latency=schedule.latency,
    )
    return Entry(method, candidate, schedule, weighed)
