"""A lowered plan under construction."""

from __future__ import annotations

from ...plan import operations as op
from ...plan.builder import PlanBuilder
from ...plan.operations import Operation, Range
from ...plan.plan import Plan, Step
from ..targets import Target
from ..targets.blocks import block_tables, whole_products
from ..targets.delays import step_delay

__all__ = ["LoweredPlan"]


class LoweredPlan:
    """The steps made so far of the lowered form of `plan`, for a period of `period` nanoseconds on `target`.

    Every step of `plan` that is still needed keeps its name and its range; the names of its parts begin with its name.
    """

    def __init__(self, plan: Plan, target: Target, period: float) -> None:
        self.plan = plan
        self.target = target
        self.period = period
        self._whole = block_tables(plan, target, period) | whole_products(plan, target, period)
        self._builder = PlanBuilder()
        self._made: dict[str, Operation] = {}
        self._constants: dict[tuple[int, int], str] = {}
        self._integers: dict[str, str] = {}

    def fits(self, step: Step) -> bool:
        """Whether a step of the plan fits the period as it is."""
        if step.name in self._whole or isinstance(step.operation, op.Multiply):
            return step.name in self._whole
        return step_delay(self.plan, step, self.target) <= self.period

    def range(self, name: str) -> Range:
        """Return the range of a lowered step."""
        return self._builder.range(name)

    def width(self, name: str) -> int:
        """Return the width of a lowered step."""
        return self.range(name).width

    def operation(self, name: str) -> Operation:
        """Return the operation of a lowered step."""
        return self._made[name]

    def copy(self, step: Step) -> None:
        """Add a step of the plan unchanged."""
        self._let(step.name, step.operation, step.note)

    def part(self, name: str, operation: Operation, note: str = "") -> str:
        """Add a part called `name`, with underscores appended if a step has that name; return its name."""
        while name in self._made or name in self.plan.by_name or any(name == o.name for o in self.plan.outputs):
            name += "_"
        return self._let(name, operation, note)

    def finish(self, step: Step, operation: Operation, note: str = "") -> None:
        """Add the operation that completes a step of the plan, with the step's range and binary point."""
        held = self.plan.ranges[step.name]
        point = self.plan.points[step.name]
        inferred = operation.range(*(self.range(name) for name in operation.operands))
        moved = operation.point(*(self._builder.point(name) for name in operation.operands)) != point
        note = step.note or note
        if moved or not held.covers(inferred):
            total = self.part(f"{step.name}_full", operation)
            if moved:
                if held.covers(inferred):
                    self._let(step.name, op.ShiftLeft(total, 0, point), note)
                    return
                total = self.part(f"{step.name}_moved", op.ShiftLeft(total, 0, point))
            # The narrower range is that of the plan: both steps have the same values.
            operation = op.Narrow(total, held.low, held.high, f"range of {step.name} before lowering")
        self._let(step.name, operation, note)

    def constant(self, value: int, fraction: int = 0) -> str:
        """Return the step of a constant code."""
        if (value, fraction) not in self._constants:
            name = f"{'minus_' if value < 0 else ''}{abs(value)}"
            self._constants[value, fraction] = self.part(f"constant_{name}", op.Constant(value, fraction))
        return self._constants[value, fraction]

    def integer(self, name: str) -> str:
        """Return a step with the code of another, without fraction bits."""
        if self._builder.point(name) == 0:
            return name
        if name not in self._integers:
            operation = self._made[name]
            if isinstance(operation, op.Constant):
                self._integers[name] = self.constant(operation.value)
            else:
                self._integers[name] = self.part(f"{name}_code", op.ShiftLeft(name, 0, 0))
        return self._integers[name]

    def bits(self, prefix: str, source: str, low: int, count: int) -> str:
        """Return a step with bits ``low .. low + count - 1`` of another, unsigned."""
        operation = self._made[source]
        if isinstance(operation, op.Constant):
            return self.constant((operation.value >> low) & ((1 << count) - 1))
        return self.part(prefix, op.Bits(source, low, count))

    def build(self) -> Plan:
        """Return the lowered plan."""
        formats = {output.name: (output.step, output.format) for output in self.plan.outputs}
        return self._builder.build(**formats)

    def _let(self, name: str, operation: Operation, note: str) -> str:
        self._made[name] = operation
        return self._builder.let(name, operation, note)
