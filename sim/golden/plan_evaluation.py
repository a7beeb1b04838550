"""The evaluation of a plan, step by step, in numpy integers.

It checks at every step that no value leaves the range that the widths of the hardware are made for. `rules` has the
meaning of each operation.
"""

from __future__ import annotations

import numpy as np

from ...plan import operations as op
from ...plan.plan import Plan, Step
from .rules import RULES, Array

__all__ = ["PlanEvaluation", "RangeError"]


class RangeError(ArithmeticError):
    """A value left the range of its step, so the plan's ranges or one of its proofs are wrong."""


class PlanEvaluation:
    """Evaluates the steps of a plan in order.

    Steps of up to 63 bits are int64 arrays; wider ones are arrays of Python integers.
    """

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self._wide = {name: held.width > 63 for name, held in plan.ranges.items()}
        self._last_use: dict[str, int] = {}
        for position, step in enumerate(plan.steps):
            for operand in step.operation.operands:
                self._last_use[operand] = position

    def __call__(self, inputs: list[Array], keep: bool = False) -> dict[str, Array]:
        """Return the codes of the steps by name: of the outputs or, if asked to `keep` them, of all.

        Parameters
        ----------
        inputs
            Codes of each input, int64 or Python integers, all of shape (codes,).
        keep
            Whether to keep what is not used any more.

        Raises
        ------
        RangeError
            If a value leaves the range of its step; names the step and the first offending input.

        """
        values: dict[str, Array] = {}
        ports = iter(inputs)
        outputs = {output.step for output in self.plan.outputs}
        for position, step in enumerate(self.plan.steps):
            operation = step.operation
            if isinstance(operation, op.Input):
                value = next(ports)
            else:
                operands = [values[name] for name in operation.operands]
                if self._needs_integers(step):
                    operands = [operand.astype(object) for operand in operands]
                rule = RULES.get(type(operation))
                if rule is None:
                    raise op.unknown_operation(operation, "golden model")
                value = rule(operation, *operands)
            value = self._within_range(step, value, inputs)
            values[step.name] = value.astype(object if self._wide[step.name] else np.int64, copy=False)
            if not keep:
                for name in operation.operands:
                    if self._last_use[name] == position and name not in outputs:
                        values.pop(name, None)
        return values

    def _needs_integers(self, step: Step) -> bool:
        """Whether the operation passes 63 bits, in its result or on the way to it."""
        if isinstance(step.operation, op.Round):
            return step.operation.bits > 62 or self.plan.ranges[step.operation.source].width >= 63
        if isinstance(step.operation, op.AddComplemented) and step.operation.kept > 62:
            return True
        return self._wide[step.name]

    def _within_range(self, step: Step, value: Array, inputs: list[Array]) -> Array:
        held = self.plan.ranges[step.name]
        if value.size and (value.min() < held.low or value.max() > held.high):
            first = next(i for i, code in enumerate(value.tolist()) if not held.low <= code <= held.high)
            given = ", ".join(
                f"{name} = {int(array[first])}" for (name, _), array in zip(self.plan.inputs, inputs, strict=True)
            )
            raise RangeError(f"step {step.name!r} is {int(value[first])} for input {given}, outside its range {held}")
        return value
