"""Re-verification of the proofs that `narrow` steps name (decision 002).

``partition N``: interval arithmetic over N equal parts of the input's range keeps the step within its limits on each.
The first code of a part below 0 is a part of its own, so that magnitudes are split at the same places as codes.
Where the range is not a whole block of codes, the parts are those of the smallest block around it (`Range.block`).
"""

from __future__ import annotations

from .operations import Input, Narrow
from .plan import Plan
from .ranges import Inferred, infer_step, split_input

__all__ = ["ProofError", "read_partition", "verify_narrowings"]

_MAX_PARTS = 1 << 16


class ProofError(ValueError):
    """A narrow step claims a range that its proof does not give."""


def verify_narrowings(plan: Plan) -> int:
    """Verify every `narrow` step of a plan by the proof it names; returns how many there are.

    Raises
    ------
    ProofError
        If one does not hold, or names no known proof.

    """
    by_parts: dict[int, list[str]] = {}
    for step in plan.steps:
        if isinstance(step.operation, Narrow):
            by_parts.setdefault(read_partition(step.name, step.operation.proof), []).append(step.name)
    for parts, names in by_parts.items():
        _verify_partition(plan, parts, set(names))
    return sum(map(len, by_parts.values()))


def read_partition(name: str, proof: str) -> int:
    """Return the parts that the proof of a step speaks of; `ProofError` if it is not a proof."""
    word, _, count = proof.partition(" ")
    if word != "partition" or not count.isdecimal() or not 1 <= int(count) <= _MAX_PARTS:
        raise ProofError(
            f"step {name!r} names the proof {proof!r}; it must be 'partition N', with N up to {_MAX_PARTS}"
        )
    return int(count)


def _verify_partition(plan: Plan, parts: int, names: set[str]) -> None:
    if len(plan.inputs) != 1:
        raise ProofError("a partition proof needs a plan with one input")
    ((port, _),) = plan.inputs
    try:
        stretches = split_input(port, plan.ranges[port], parts)
    except ValueError as error:
        raise ProofError(f"the proof 'partition {parts}' of step {min(names)!r} is invalid: {error}") from None
    for part in stretches:
        known: dict[str, Inferred] = {}
        for step in plan.steps:
            operation = step.operation
            if isinstance(operation, Input):
                known[step.name] = part
                continue
            if isinstance(operation, Narrow) and step.name in names:
                held, allowed = known[operation.source].range, plan.ranges[step.name]
                if not allowed.covers(held):
                    raise ProofError(
                        f"step {step.name!r} claims {allowed}, but may be in {held} for {port} in {part.range}"
                    )
            known[step.name] = infer_step(step.name, operation, known)
