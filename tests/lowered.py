"""Plans and what they are lowered to: that both compute the same."""

from itertools import product

from hardware import corner_columns, run_golden
from plain_target import PLAIN
from strategies import meaning

from softgate.hdl.lowering import lower
from softgate.hdl.lowering.lowered_plan import LoweredPlan
from softgate.plan import FixedFormat, PlanBuilder
from softgate.plan import operations as op


def every_code(plan):
    """Return columns of codes: every one of every input, each with each of the others'."""
    codes = product(*(range(fmt.min_code, fmt.max_code + 1) for _, fmt in plan.inputs))
    return [list(column) for column in zip(*codes, strict=True)]


def lowered(plan, on, period, columns=None):
    """Return what a plan is lowered to, which has been found to compute the same.

    It is compared on `columns` of codes, or on every code of every input.
    """
    found = lower(plan, on, period)
    assert found.inputs == plan.inputs
    assert [(o.name, o.step, o.format) for o in found.outputs] == [(o.name, o.step, o.format) for o in plan.outputs]
    for step in found.steps:
        if step.name in plan.by_name:
            assert plan.ranges[step.name].covers(found.ranges[step.name])
            assert plan.points[step.name] == found.points[step.name]
    columns = every_code(plan) if columns is None else columns
    assert run_golden(found, columns) == run_golden(plan, columns)
    return found


def corners(plan, seed=0, count=200):
    """Return columns of codes for inputs that are too wide for `every_code`."""
    return corner_columns(plan, seed, count)


def plan_of(operation, *more, **formats):
    """Return a plan whose output is an operation on inputs of these formats, at binary point 0.

    `more` are operations on ``step0``, ``step1`` and so on that come after it, of which the last is the output.
    """
    b = PlanBuilder()
    for name, fmt in formats.items():
        b.input(name, FixedFormat.parse(fmt))
    for number, each in enumerate((operation, *more)):
        step = b.let(f"step{number}", each)
    return output_of(b, step)


def output_of(b, step):
    """Return the plan whose output is a step; of one that is wider than a port, the lowest bits and the highest."""
    held = b.range(step)
    if held.width <= 64:
        return b.build(y=(_at_point_0(b, step), FixedFormat(held.signed, held.width, 0)))
    low = b.let("lowest", op.Bits(step, 0, 64))
    high = b.let("highest", op.ShiftRight(step, held.width - 64, 0))
    return b.build(low=(low, FixedFormat(False, 64, 0)), high=(high, FixedFormat(held.signed, 64, 0)))


def _at_point_0(b, step):
    return b.let("moved", op.ShiftLeft(step, 0, 0)) if b.point(step) else step


def lowered_inputs(period=0.0, **formats):
    """Return a lowered plan in the making, for a period, with inputs of these formats and nothing else."""
    b = PlanBuilder()
    for name, fmt in formats.items():
        b.input(name, FixedFormat.parse(fmt))
    plan = b.build(**{f"{name}_out": (name, FixedFormat.parse(fmt)) for name, fmt in formats.items()})
    made = LoweredPlan(plan, PLAIN, period)
    for step in plan.steps:
        made.copy(step)
    return made


def value(made, name, codes):
    """Return the value of a lowered step for these codes of the inputs; add the values of all that it reads to them."""
    waiting = [name]
    while waiting:
        operation = made.operation(waiting[-1])
        missing = [operand for operand in operation.operands if operand not in codes]
        if not missing:
            step = waiting.pop()
            if step not in codes:
                codes[step] = meaning(operation, *(codes[operand] for operand in operation.operands))
            assert made.range(step).low <= codes[step] <= made.range(step).high
        waiting += missing
    return codes[name]
