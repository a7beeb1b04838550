"""Tables with a common index, joined as fields of the words of one block RAM."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ...plan import operations as op
from ...plan.plan import Plan, Step
from ..targets import Target
from ..targets.blocks import table_shape
from .lowered_plan import LoweredPlan

__all__ = ["join_tables"]


def join_tables(plan: Plan, target: Target, period: float) -> Plan:
    """Return the plan with tables of one index joined, where that saves block RAMs, or logic at no more block RAMs."""
    words = {step.name: word for word in _words(plan, target, period) for step in word}
    if not words:
        return plan
    lowered = LoweredPlan(plan, target, period)
    made: Mapping[str, str] = {}
    for step in plan.steps:
        if step.name not in words:
            lowered.copy(step)
            continue
        word = words[step.name]
        if step.name not in made:
            name = _joined(lowered, plan, word)
            made = {**made, **{each.name: name for each in word}}
        low = sum(plan.ranges[each.name].width for each in word[: word.index(step)])
        held = plan.ranges[step.name]
        field = op.Bits(made[step.name], low, held.width, plan.points[step.name], signed=held.signed)
        lowered.finish(step, field)
    return lowered.build()


def _joined(lowered: LoweredPlan, plan: Plan, word: list[Step]) -> str:
    """Add the table whose words hold the entries of several tables, the first in the lowest bits."""
    index = word[0].operation.operands[0]
    entries, low = [0] * table_shape(plan, word[0].name)[0], 0
    for step in word:
        assert isinstance(step.operation, op.Lookup)
        width = plan.ranges[step.name].width
        for place in range(len(entries)):
            entries[place] |= (step.operation.table[place] & (1 << width) - 1) << low
        low += width
    names = ", ".join(step.name for step in reversed(word))
    return lowered.part(f"{index}_word", op.Lookup(index, tuple(entries), 0), f"{names}, in one block RAM")


def _words(plan: Plan, target: Target, period: float) -> Iterator[list[Step]]:
    """Yield the groups of look-ups that share words, the widest of a group first."""
    block = target.block_ram
    if block is None or block.delay > period:
        return
    groups: dict[str, list[Step]] = {}
    for step in plan.steps:
        if isinstance(step.operation, op.Lookup):
            groups.setdefault(step.operation.index, []).append(step)
    for group in groups.values():
        entries = table_shape(plan, group[0].name)[0]
        word: list[Step] = []
        bits = blocks = 0
        for step in sorted(group, key=lambda each: -plan.ranges[each.name].width):
            width = plan.ranges[step.name].width
            alone = block.count(entries, width) if entries * width >= block.least else 0
            joined = block.count(entries, bits + width)
            if not word or joined < blocks + alone or joined == blocks:
                word, bits, blocks = [*word, step], bits + width, joined
        if len(word) > 1 and entries * bits >= block.least and (block.most is None or blocks <= block.most):
            yield word
