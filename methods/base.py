"""The base of methods: a method turns a specification into candidate plans."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import Any, ClassVar

from ..accuracy.specification import Specification
from ..plan.operations import Lookup, Multiply
from ..plan.plan import Plan
from ..support.parameters import Parameter, read_parameters

__all__ = ["Annealing", "Candidate", "Method", "RefusalError", "plan_cost"]


class RefusalError(ValueError):
    """Refusal of a specification or parameter that a method cannot serve, with a message for the user."""


@dataclass(frozen=True)
class Annealing:
    """A random search for smaller tables: its moves, its seed, and the inputs of the look-up tables it counts."""

    moves: int
    seed: int
    lut_inputs: int = 4


@dataclass(frozen=True)
class Candidate:
    """A plan that may meet the specification, with its parameters; `prove` computes `proved_error`.

    `cost` is the number of look-up tables by the estimate of `softgate.plan.lut_estimate`, without the logic that the
    method intends for multiplier blocks. `order` is the measure by which the method sorts its candidates, if it is
    another one. `anneal` makes the same unit with smaller tables, or None if they are too large for a search; it is
    None where there is nothing to search.
    """

    plan: Plan
    parameters: Mapping[str, Any]
    cost: float
    prove: Callable[[], Fraction | None] = lambda: None
    order: float | None = None
    anneal: Callable[[Annealing], Candidate | None] | None = None

    def mapped(self, change: Callable[[Candidate], Candidate]) -> Candidate:
        """Return the candidate that a function makes of this one, and would make of it with smaller tables."""
        changed, anneal = change(self), self.anneal
        if anneal is None:
            return changed

        def annealed(search: Annealing) -> Candidate | None:
            found = anneal(search)
            return None if found is None else change(found)

        return replace(changed, anneal=annealed)

    @property
    def sort_key(self) -> float:
        """The measure by which candidates are sorted, the smallest first."""
        return self.cost if self.order is None else self.order

    @cached_property
    def proved_error(self) -> Fraction | None:
        """The error bound that the method itself proves, in ulp of the output; None if it proves none."""
        return self.prove()


class Method(ABC):
    """A way to approximate functions. One subclass a file, without state."""

    name: ClassVar[str]
    aliases: ClassVar[tuple[str, ...]] = ()
    summary: ClassVar[str]
    parameters: ClassVar[tuple[Parameter, ...]] = ()

    searched: ClassVar[range] = range(0)
    """Input bits for which its candidates are weighed against those of other methods, unless a method is named."""

    efforts: ClassVar[Mapping[str, Sequence[Mapping[str, Any]]]] = {}
    """Parameters to try for each effort, if a longer search finds smaller candidates."""

    @classmethod
    def searches(cls, specification: Specification) -> bool:
        """Return whether `searched` includes the number of input bits of a specification."""
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
        """Return parameters whose candidates are weighed as well if the user grants a number of blocks.

        `dsp` and `bram` are the numbers of multiplier blocks and block RAMs granted; None if not given.
        """
        return ()

    @classmethod
    def with_complementing_adders(cls, specification: Specification) -> Sequence[Mapping[str, Any]]:
        """Return parameters whose candidates are weighed as well if adders of the target complement an operand."""
        return ()

    @classmethod
    def with_interval(cls, specification: Specification, interval: int) -> Sequence[Mapping[str, Any]]:
        """Return parameters whose candidates are weighed as well if inputs come every so many clocks."""
        return ()

    @classmethod
    def is_worth_the_wait(cls, specification: Specification, lut_inputs: int) -> bool:
        """Return whether the candidates of `efforts` are weighed if few look-up tables are the only objective.

        `lut_inputs` is the number of inputs of the target's look-up tables.
        """
        return False

    @classmethod
    def read(cls, given: Mapping[str, Any]) -> dict[str, Any]:
        """Check parameters against those declared and fill in the defaults."""
        return read_parameters(f"method {cls.name}", cls.parameters, given)


def plan_cost(plan: Plan) -> int:
    """Return table bits plus partial-product bits (decision 006).

    It does not estimate look-up tables. Some methods sort their candidates by it, and the first within the budget is
    taken: another measure would often select another plan.
    """
    cost = 0
    for step in plan.steps:
        if isinstance(step.operation, Lookup):
            cost += len(step.operation.table) * plan.ranges[step.name].width
        elif isinstance(step.operation, Multiply):
            left, right = (plan.ranges[name].width for name in step.operation.operands)
            cost += left * right
    return cost
