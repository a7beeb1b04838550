"""The look-up tables and blocks that a scheduled plan takes, predicted without synthesis."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from ...plan import operations as op
from ...plan.lut_estimate import logic_sizes
from ..targets import Target
from ..targets.blocks import products, table_shape
from ..targets.delays import is_wiring, product_widths
from .schedule import Schedule

__all__ = ["FEATURES", "Cost", "features", "predict_cost"]

FEATURES = ("tables", "exposed", "sums", "logic", "registers")
"""Quantities whose weighted sum predicts the look-up tables of a unit (see `features`)."""

_ABSORBED = ("sums", "logic")
"""The features that count in full beside block RAM, which takes no logic in."""

_CARRIES = op.Add | op.AddComplemented | op.Subtract | op.Absolute | op.Compare | op.Multiply

_DRAWN_IN = op.Lookup | op.PartialProduct | op.Bitwise | op.Select | op.ShiftBy | op.LeadingZeros | op.Round | op.Clamp
"""The operations whose logic a table behind them takes in."""


class Cost(NamedTuple):
    """Look-up tables, those included that carry chains take the place of; multiplier blocks; block RAMs."""

    luts: float
    dsp: int
    bram: int


def predict_cost(schedule: Schedule, target: Target) -> Cost:
    """Return an estimate of what a schedule, lowered for the target, takes there.

    The weights of the `features` are fitted to synthesised units without blocks (``explore/calibration/costs.py``).
    Logic and sums count for less there than what they are by themselves, as tables take a part of it in. Block RAM
    does not, so beside that they count in full.
    """
    plan, multiplier, block_ram = schedule.plan, target.multiplier, target.block_ram
    whole = products(plan) if multiplier is not None else set()
    costs = {**target.costs, **(dict.fromkeys(_ABSORBED, 1.0) if schedule.blocks else {})}
    found = features(schedule, whole, complements=target.complements_addends)
    luts = sum(costs[name] * amount for name, amount in found.items())
    dsp = bram = 0
    if multiplier is not None:
        dsp = sum(multiplier.count(*product_widths(plan, plan.by_name[name])) for name in whole - schedule.repeated)
    if block_ram is not None:
        bram = sum(block_ram.count(*table_shape(plan, name)) for name in schedule.blocks)
    return Cost(luts, dsp, bram)


def features(schedule: Schedule, whole: Collection[str] = (), *, complements: bool = False) -> dict[str, float]:
    """Return the sizes of a unit's logic by kind (see `logic_sizes`), and its register bits.

    The products in `whole` are in multiplier blocks. Steps that take turns in a unit count once. With `complements`,
    adders complement an addend in logic that they take anyway. Tables are `exposed` where logic before them makes their
    index in the same stage: synthesis draws it into them.
    """
    plan = schedule.plan
    apart = schedule.blocks.union(schedule.resets, whole, schedule.repeated)
    sizes = logic_sizes(plan, apart, complements=complements)
    covered = {step.name for step in plan.steps if not _has_logic_before(schedule, step.name)}
    exposed = logic_sizes(plan, covered | apart)["tables"]
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
            if is_wiring(step, plan.ranges):
                if _has_logic_before(schedule, source):
                    return True
            elif isinstance(step.operation, _DRAWN_IN):
                return True
            elif not isinstance(step.operation, _CARRIES):
                raise op.unknown_operation(step.operation, "cost model")
    return False
