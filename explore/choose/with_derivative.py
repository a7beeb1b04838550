"""Choosing of a unit that computes a function and its derivative (decision 039).

There are several ways: either output by itself, with the steps that they share merged; or one finer value of the
function, from which both follow. All of them are weighed as whole units.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from ...accuracy.specification import Specification
from ...hdl.approximation import Approximation
from ...hdl.build_options import BuildOptions
from ...methods import Candidate, find_method
from ...methods.inner_value import InnerValue, inner_values
from ...plan.lut_estimate import logic_size
from ...plan.merging import merged, single_output
from ...plan.plan import Plan
from .chooser import best_of
from .first_within_budget import first_within_budget, with_ends
from .result import BudgetError, Design
from .search import Search
from .weighing import Entry, weigh

__all__ = ["DERIVATIVE", "VALUE", "design_with_derivative"]

VALUE, DERIVATIVE = "y", "dy"
"""Names of the outputs."""


@dataclass(frozen=True)
class _Part:
    """One output of a unit: its specification, and the plan that is to meet it, of a method."""

    specification: Specification
    method: str
    parameters: Mapping[str, Any]
    plan: Plan

    @property
    def record(self) -> dict[str, Any]:
        """The method and its parameters, as manifests have them."""
        return {"name": self.method, **self.parameters}

    def proved(self, plan: Plan, progress: Callable[[str], None]) -> Design:
        """Return the output as a unit of its own; `plan` is its part of a merged plan.

        Raises
        ------
        BudgetError
            If it does not meet its specification.

        """
        candidate = Candidate(plan, self.parameters, logic_size(plan))
        return first_within_budget(self.specification, find_method(self.method), [candidate], progress)


@dataclass(frozen=True)
class _Pair:
    """Both outputs of a unit."""

    value: _Part
    derivative: _Part

    @cached_property
    def plan(self) -> Plan:
        """The plan of both."""
        return merged({VALUE: self.value.plan, DERIVATIVE: self.derivative.plan})

    def weighed(self, options: BuildOptions) -> list[Entry]:
        """Return the unit with its schedules (see `weigh`)."""
        candidate = Candidate(self.plan, self.value.parameters, logic_size(self.plan))
        further = {DERIVATIVE: self.derivative.record}
        entries = weigh(find_method(self.value.method), candidate, options)
        return [replace(each, weighed=replace(each.weighed, further=further)) for each in entries]

    def proved(self, progress: Callable[[str], None]) -> Design:
        """Return the unit; `BudgetError` if either output does not meet its specification."""
        parts = {VALUE: self.value, DERIVATIVE: self.derivative}
        value, derivative = (part.proved(single_output(self.plan, name), progress) for name, part in parts.items())
        slope = Approximation(
            derivative.specification, derivative.method, derivative.parameters, derivative.plan, derivative.errors
        )
        return replace(value, plan=self.plan, further={DERIVATIVE: slope})


def design_with_derivative(search: Search, value: Specification, derivative: Specification) -> Design:
    """Return the best unit of a function and its derivative.

    Parameters
    ----------
    search
        How to search for either output, and what the unit is built for.
    value, derivative
        The specifications of the outputs.

    Raises
    ------
    ValueError
        If the method refuses either output, or no unit can be built with these options.
    TimingError
        If the reason is that it does not keep the clock.
    BudgetError
        If either output has no unit that meets its specification.

    """
    pairs = list(_pairs(search, value, derivative))
    made = {pair.plan.sha256: pair for pair in pairs}
    entries = [entry for pair in made.values() for entry in pair.weighed(search.options)]

    def proved(entry: Entry) -> Design:
        return made[entry.candidate.plan.sha256].proved(search.progress)

    found = best_of(entries, proved, search.options, search.effort, search.progress)
    if found is None:  # what either output by itself makes is proved, but cannot be built as asked
        raise BudgetError(
            f"no unit of {value.function} with its derivative that can be built as asked "
            f"meets an error of {value.budget}"
        )
    return replace(found, options=search.options)


def _pairs(search: Search, value: Specification, derivative: Specification) -> Iterator[_Pair]:
    """Yield the ways to make both outputs."""
    # Registers are asked for after steps of the whole unit.
    parts = replace(search, options=replace(search.options, registers=None))
    yield _apart(parts, value, derivative)
    if search.options.dsp:
        # Blocks are granted to the unit as a whole, and either output by itself takes all of them.
        with suppress(BudgetError, ValueError):
            yield _apart(replace(parts, options=replace(parts.options, dsp=0)), value, derivative)
    if search.method is not None:
        return
    # There are several inner values, and each would take as long as an output. The product takes one of the blocks.
    left = None if search.options.dsp is None else max(search.options.dsp - 1, 0)
    parts = replace(parts, wait=False, options=replace(parts.options, dsp=left))
    for inner in inner_values(value, derivative):
        with suppress(BudgetError, ValueError):  # such as one that is too slow for the clock; there are others
            yield _from_inner(inner, _searched(parts, "finer y", inner.specification))


def _apart(search: Search, value: Specification, derivative: Specification) -> _Pair:
    """Return both outputs, each found by itself."""
    return _Pair(_searched(search, VALUE, value), _searched(search, DERIVATIVE, derivative))


def _searched(search: Search, name: str, specification: Specification) -> _Part:
    named = replace(search, progress=lambda text: search.progress(f"{name}, {text}"))
    found = named.design(specification)
    return _Part(specification, found.method, found.parameters, found.plan)


def _from_inner(inner: InnerValue, found: _Part) -> _Pair:
    """Return both outputs, made of one finer value."""
    value, derivative = inner.value, inner.composition.specification
    given = {"base": found.method, "guard_bits": inner.guard_bits}
    return _Pair(
        _Part(value, found.method, found.parameters, _with_ends(value, inner.value_plan(found.plan))),
        _Part(derivative, "identity", given, _with_ends(derivative, inner.derivative_plan(found.plan))),
    )


def _with_ends(specification: Specification, plan: Plan) -> Plan:
    return with_ends(specification, Candidate(plan, {}, 0)).plan
