"""The base of methods: a method turns a specification into candidate plans."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any, ClassVar

from ..accuracy.specification import Specification
from ..plan.operations import Lookup, Multiply
from ..plan.plan import Plan
from ..support.parameters import Parameter, read_parameters

__all__ = ["Candidate", "Method", "RefusalError", "plan_cost"]


class RefusalError(ValueError):
    """Something that a method cannot do, in words for the user who asked for it."""


@dataclass(frozen=True)
class Candidate:
    """A plan that may do, with the parameters that it was made with; `prove` computes `bound`.

    `cost` is the number of look-up tables that it takes by the estimate of `softgate.plan.lut_estimate`, those apart
    that go into multiplier blocks where the method means them to. `order` is what the method puts its candidates in
    order of, where that is another measure.
    """

    plan: Plan
    parameters: Mapping[str, Any]
    cost: float
    prove: Callable[[], Fraction | None] = lambda: None
    order: float | None = None

    @property
    def place(self) -> float:
        """What candidates are sorted by, the smallest first."""
        return self.cost if self.order is None else self.order

    @cached_property
    def bound(self) -> Fraction | None:
        """The bound of the error that the method itself proves, in ulp of the output; None if it proves nothing."""
        return self.prove()


class Method(ABC):
    """A way to approximate functions. One subclass a file, without state."""

    name: ClassVar[str]
    aliases: ClassVar[tuple[str, ...]] = ()
    summary: ClassVar[str]
    parameters: ClassVar[tuple[Parameter, ...]] = ()

    searched: ClassVar[range] = range(0)
    """Bits of inputs for which its candidates are weighed against those of other methods, unless one is named."""

    efforts: ClassVar[Mapping[str, Sequence[Mapping[str, Any]]]] = {}
    """Parameters to try for each effort, if its candidates are the smaller the longer they are looked for."""

    @classmethod
    def searches(cls, specification: Specification) -> bool:
        """Return whether the inputs of a specification have as many bits as `searched` says."""
        return (specification.codes.size - 1).bit_length() in cls.searched

    @classmethod
    @abstractmethod
    def refusal(cls, specification: Specification) -> str | None:
        """Return why the method cannot serve the specification, or None if it can."""

    @classmethod
    def check(cls, specification: Specification) -> None:
        """Raise `RefusalError` if the method cannot serve the specification."""
        refusal = cls.refusal(specification)
        if refusal is not None:
            raise RefusalError(refusal)

    @classmethod
    @abstractmethod
    def candidates(cls, specification: Specification, given: Mapping[str, Any]) -> Iterator[Candidate]:
        """Yield plans worth trying for checked parameters, the cheapest first.

        Raises
        ------
        RefusalError
            If the method cannot serve the specification.

        """

    @classmethod
    def with_blocks(
        cls, specification: Specification, dsp: int | None, bram: int | None
    ) -> Sequence[Mapping[str, Any]]:
        """Return parameters whose candidates are weighed as well where blocks are granted by number.

        That is so many multiplier blocks and block RAMs; None where nothing is said of them.
        """
        return ()

    @classmethod
    def is_worth_the_wait(cls, specification: Specification, lut_inputs: int) -> bool:
        """Return whether what `efforts` has is weighed, too, where few look-up tables are all that is wanted.

        The target's tables have `lut_inputs` inputs.
        """
        return False

    @classmethod
    def read(cls, given: Mapping[str, Any]) -> dict[str, Any]:
        """Check parameters against those declared and fill in the defaults."""
        return read_parameters(f"method {cls.name}", cls.parameters, given)


def plan_cost(plan: Plan) -> int:
    """Return table bits plus partial-product bits (decision 006).

    It is no estimate of look-up tables. Some methods put their candidates in order of it, and the first that is within
    the budget is taken: in the order of another measure that would often be another plan.
    """
    cost = 0
    for step in plan.steps:
        if isinstance(step.operation, Lookup):
            cost += len(step.operation.table) * plan.ranges[step.name].width
        elif isinstance(step.operation, Multiply):
            left, right = (plan.ranges[name].width for name in step.operation.operands)
            cost += left * right
    return cost
