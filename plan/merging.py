"""Several plans of one input as one plan of several outputs, in which what they have in common is computed once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from .operations import Add, Bitwise, Input, Multiply, Operation
from .plan import Output, Plan, Step

__all__ = ["merged", "single_output"]

_COMMUTATIVE = (Add, Multiply, Bitwise)


def merged(plans: Mapping[str, Plan]) -> Plan:
    """Return the plan that computes what several plans compute, with their outputs in order.

    Steps that are the same operation of the same operands become one (value numbering: A. Aho, M. Lam, R. Sethi,
    J. Ullman, Compilers, 2006, section 8.5); its name and note are those of the first. Where plans call different
    steps by one name, the later one gets the name of its output in front.

    Parameters
    ----------
    plans
        Plans with one output each, by the names of their outputs in the plan that is returned. Their inputs are the
        same.

    Raises
    ------
    ValueError
        If a plan has several outputs, or other inputs than the first.

    """
    inputs = [_inputs(plan) for plan in plans.values()]
    if any(each != inputs[0] for each in inputs):
        raise ValueError("plans of different inputs cannot be merged")
    steps: dict[str, Step] = {}
    numbered: dict[Operation | str, str] = {}
    outputs = []
    for output, plan in plans.items():
        if len(plan.outputs) != 1:
            raise ValueError(f"a plan to merge must have one output, not {len(plan.outputs)}")
        names: dict[str, str] = {}
        for step in plan.steps:
            operation = _renamed(step.operation, names)
            key = step.name if isinstance(operation, Input) else _in_order(operation)
            if key not in numbered:
                name = step.name
                while name in steps or name in plans:
                    name = f"{output}_{name}"
                numbered[key] = name
                steps[name] = Step(name, operation, step.note)
            names[step.name] = numbered[key]
        outputs.append(Output(output, names[plan.outputs[0].step], plan.outputs[0].format))
    return Plan(tuple(steps.values()), tuple(outputs))


def single_output(plan: Plan, name: str) -> Plan:
    """Return the plan of one of the outputs of a plan, with the steps that it needs and all inputs."""
    output = next(each for each in plan.outputs if each.name == name)
    needed = {output.step, *(port for port, _ in plan.inputs)}
    for step in reversed(plan.steps):
        if step.name in needed:
            needed.update(step.operation.operands)
    return Plan(tuple(step for step in plan.steps if step.name in needed), (output,))


def _inputs(plan: Plan) -> list[tuple[str, Operation]]:
    return [(name, plan.by_name[name].operation) for name, _ in plan.inputs]


def _renamed(operation: Operation, names: Mapping[str, str]) -> Operation:
    return replace(operation, **{field: names[getattr(operation, field)] for field in operation.operand_fields})


def _in_order(operation: Operation) -> Operation:
    """Return an operation with its operands in alphabetical order, if their order does not matter."""
    if not isinstance(operation, _COMMUTATIVE):
        return operation
    left, right = sorted(operation.operands)
    return replace(operation, left=left, right=right)
