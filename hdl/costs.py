"""What a scheduled plan takes of a target, foretold without synthesis."""

from __future__ import annotations

import math
from typing import NamedTuple

from ..plan import operations as op
from ..plan.logic_size import logic_sizes
from ..plan.plan import Plan
from .delays import is_wiring
from .schedule import Schedule
from .targets import Multiplier, Target

__all__ = ["FEATURES", "Cost", "features", "foretell_cost"]

FEATURES = ("tables", "exposed", "sums", "logic", "registers")
"""What the look-up tables of a unit are a weighted sum of (see `features`)."""

_CARRIES = op.Add | op.Subtract | op.Absolute | op.Compare | op.Multiply


class Cost(NamedTuple):
    """Look-up tables, those included that carry chains take the place of; multiplier blocks; block RAMs."""

    luts: float
    dsp: int
    bram: int


def foretell_cost(schedule: Schedule, target: Target) -> Cost:
    """Return about what the unit of a schedule, which is lowered for the target, takes there.

    The weights of the `features` are fitted to synthesised units (``explore/cost_calibration.py``).
    """
    plan, block = schedule.plan, target.block_ram
    luts = sum(target.costs[name] * amount for name, amount in features(schedule).items())
    dsp = sum(_multipliers(plan, step.operation, target.multiplier) for step in plan.steps)
    bram = 0
    for name in schedule.blocks:
        operation = plan.by_name[name].operation
        if isinstance(operation, op.Lookup) and block is not None:
            bram += math.ceil(len(operation.table) * plan.ranges[name].width / block.bits)
    return Cost(luts, dsp, bram)


def features(schedule: Schedule) -> dict[str, float]:
    """Return the sizes of a unit's logic by kind (see `logic_sizes`), and its register bits.

    Tables are `exposed` where logic before them makes their index in the same stage: synthesis draws it into them.
    """
    plan = schedule.plan
    sizes = logic_sizes(plan, schedule.blocks)
    covered = {step.name for step in plan.steps if not _has_logic_before(schedule, step.name)}
    exposed = logic_sizes(plan, covered | schedule.blocks)["tables"]
    return {
        "tables": sizes["tables"],
        "exposed": exposed,
        "sums": sizes["sums"],
        "logic": sizes["logic"] + sizes["products"],
        "registers": schedule.register_bits,
    }


def _has_logic_before(schedule: Schedule, name: str) -> bool:
    """Whether logic that a table can take in makes an operand of a step in its own stage."""
    plan, stages = schedule.plan, schedule.stages
    for source in plan.by_name[name].operation.operands:
        step = plan.by_name[source]
        if stages[source] == stages[name] and step.operation.operands:
            if not is_wiring(step, plan.ranges) and not isinstance(step.operation, _CARRIES):
                return True
            if is_wiring(step, plan.ranges) and _has_logic_before(schedule, source):
                return True
    return False


def _multipliers(plan: Plan, operation: op.Operation, block: Multiplier | None) -> int:
    """Return how many blocks of a target an operation takes."""
    if block is None or not isinstance(operation, op.Multiply):
        return 0
    widths = sorted(plan.ranges[name].width for name in operation.operands)
    return math.prod(math.ceil(width / most) for width, most in zip(widths, sorted(block.widths), strict=True))
