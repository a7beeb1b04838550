"""Schedules with an initiation interval: steps of a plan that take turns in units, and all others around them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache

from ...plan import operations as op
from ...plan.plan import Plan
from ..lowering import Chain, join_tables, lower, rows_in_turns
from ..targets import Target
from ..targets.blocks import block_tables
from ..targets.delays import longest_step, size
from ..targets.placement import Arrivals, Stages, separated_steps
from .clocked_schedule import TimingError
from .modulo import Reservations, units_needed_for
from .schedule import MAX_STAGES, Schedule, operand_ranks, postponed

__all__ = ["schedule_in_turns"]


@lru_cache(maxsize=16)
def schedule_in_turns(
    plan: Plan,
    target: Target,
    interval: int,
    frequency: float | None = None,
    latency: int | None = None,
    *,
    compact: bool = False,
) -> Schedule:
    """Return a schedule of the plan for inputs that come every `interval` clocks (decision 063).

    Rows of products and products in multiplier blocks take turns in as few units as the interval allows. All else is
    lowered for the target and placed as early as the clock allows.

    Parameters
    ----------
    plan, target, frequency, latency, compact
        As for `timed_schedule`.
    interval
        Clocks from one input to the next, 2 or more.

    Raises
    ------
    TimingError
        If the target cannot keep the clock, or not with so few stages.

    """
    frequency = target.frequency if frequency is None else frequency
    period = 1000 / frequency / (1 + target.margin) - target.delays.register
    serial, chains = rows_in_turns(join_tables(plan, target, period), target, interval) if period > 0 else (plan, ())
    on = target.spread(size(lower(serial, target, period))) if period > 0 else target
    lowered = lower(serial, on, period)
    blocks = frozenset(block_tables(lowered, on, period))
    if period <= 0 or longest_step(lowered, on, blocks) > period:
        raise TimingError(
            f"frequency {frequency:g} MHz is too high for {target.name} with interval {interval}; give a lower one"
        )
    kept = [chain for chain in chains if _is_whole(chain, serial, lowered)] + _products(lowered)
    stages, units = _placed(lowered, kept, interval, on, _longest(on, period, compact), blocks, compact=compact)
    count = max(stages.values()) + 1
    if count > (MAX_STAGES if latency is None else latency):
        within = (
            f"latency {latency} is too short" if latency is not None else f"frequency {frequency:g} MHz is too high"
        )
        raise TimingError(f"{within} for {frequency:g} MHz and interval {interval}, which take {count} clocks")
    stages = postponed(lowered, stages, count, blocks, units)
    return Schedule(lowered, stages, count, blocks, interval, units)


def _longest(target: Target, period: float, compact: bool) -> float:
    if compact and target.compact_stage is not None:
        return min(period, target.compact_stage)
    return period


def _is_whole(chain: Chain, before: Plan, after: Plan) -> bool:
    """Return whether lowering has left all steps of a chain as they were."""
    return all(
        name in after.by_name and after.by_name[name].operation == before.by_name[name].operation
        for name in chain.parts
    )


def _products(plan: Plan) -> list[Chain]:
    """Return the products of a plan, each of which takes a turn by itself."""
    names = [step.name for step in plan.steps if isinstance(step.operation, op.Multiply)]
    return [Chain("product", {name: ("", 0)}) for name in names]


def _placed(
    plan: Plan,
    chains: Sequence[Chain],
    interval: int,
    target: Target,
    period: float,
    blocks: frozenset[str],
    *,
    compact: bool,
) -> tuple[dict[str, int], dict[str, str]]:
    """Return the stage of every step, and the units of those that take turns."""
    placed = Stages(target, blocks, Arrivals(plan, target))
    tables, readers = separated_steps(plan, target) if compact else (set(), {})
    chain_of = {name: chain for chain in chains for name in chain.parts}
    taken = Reservations(units_needed_for(((chain.kind, chain.busy) for chain in chains), interval), interval)
    begins: dict[int, int] = {}  # by the identity of a chain
    units: dict[str, str] = {}
    for step in plan.steps:
        chain = chain_of.get(step.name)
        if chain is not None:
            if id(chain) not in begins:
                earliest = max(
                    placed.stages[name]
                    + operand_ranks(plan.by_name[reader].operation)
                    + (name in blocks)
                    - chain.parts[reader][1]
                    for reader, name in _operands(plan, chain)
                )
                begins[id(chain)], number = taken.take(chain.kind, max(earliest, 1), chain.busy)
                units |= {name: f"{chain.kind}{number}{part and '_'}{part}" for name, (part, _) in chain.parts.items()}
            stage = begins[id(chain)] + chain.parts[step.name][1]
            placed.settle(step, stage, placed.at(step, stage))
            continue
        stage = max([placed.earliest(step), *(placed.stages[name] + 1 for name in readers.get(step.name, ()))])
        placed.place(step, stage, period, apart=step.name in tables)
    shared = Counter(units.values())
    return placed.stages, {name: unit for name, unit in units.items() if shared[unit] > 1}


def _operands(plan: Plan, chain: Chain) -> Iterable[tuple[str, str]]:
    """Yield each step of a chain with each step outside that it reads."""
    for reader in chain.parts:
        for name in plan.by_name[reader].operation.operands:
            if name not in chain.parts and not isinstance(plan.by_name[name].operation, op.Constant):
                yield reader, name
