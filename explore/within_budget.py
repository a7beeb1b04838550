"""Designs: a plan that meets what was asked, with the evidence, and how the first that does is found."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack

import numpy as np

from ..plan.errors import ErrorFigures
from ..plan.methods import Candidate, Method
from ..plan.plan import Plan
from ..plan.specification import Specification
from ..sim.figures import plan_errors
from ..sim.golden import GoldenModel, golden
from .choice import Choice, as_chosen

if TYPE_CHECKING:
    from ..hdl.manifest import Manifest
    from ..hdl.schedule import Schedule
    from ..hdl.unit import Pipelining, Unit

__all__ = ["BudgetError", "Design", "described", "first_within_budget"]

_SCREENED_CODES = 1 << 14
"""With more input codes than these a candidate is tried on a sample first: most that fail do so at once."""

_SAMPLE = 512


class BudgetError(Exception):
    """No unit of the kind asked for meets the budget; the message tells the best that can."""


@dataclass(frozen=True)
class Design:
    """A plan that does what was asked, with its evidence, ready to become hardware.

    Attributes
    ----------
    specification : Specification
        What was asked for.
    method, parameters
        How it is met.
    plan : Plan
        The computation.
    errors : ErrorFigures
        Its error against the true function.
    tried : int
        Plans measured until this one met the budget.
    choice : Choice or None
        What it was weighed against; None if nothing was.

    """

    specification: Specification
    method: str
    parameters: Mapping[str, Any]
    plan: Plan
    errors: ErrorFigures
    tried: int = 1
    choice: Choice | None = None

    @cached_property
    def golden(self) -> GoldenModel:
        """The bit-accurate numpy model."""
        return golden(self.plan)

    def schedule(self, interface: str, **pipelining: Unpack[Pipelining]) -> Schedule:
        """Return where the registers go, as they were when the unit was chosen (see `choose_schedule`)."""
        from ..hdl.unit import choose_schedule

        return choose_schedule(self.plan, interface, **as_chosen(self.choice, pipelining))

    def unit(self, interface: str = "pipeline", *, tlast: bool = False, **pipelining: Unpack[Pipelining]) -> Unit:
        """Return the hardware as an Amaranth component (see `Unit`)."""
        from ..hdl.unit import Unit

        return Unit(self.plan, interface=interface, tlast=tlast, **as_chosen(self.choice, pipelining))

    def emit(
        self,
        folder: str | Path,
        *,
        name: str | None = None,
        interface: str = "pipeline",
        tlast: bool = False,
        force: bool = False,
        **pipelining: Unpack[Pipelining],
    ) -> Manifest:
        """Write ``<name>.v`` and ``<name>.json`` into `folder`, which is made if it is not there.

        See `emit_unit` for the parameters and errors.
        """
        from .emission import emit_unit

        return emit_unit(self, folder, name=name, interface=interface, tlast=tlast, force=force, **pipelining)


def first_within_budget(
    specification: Specification,
    method: type[Method],
    candidates: Iterable[Candidate],
    progress: Callable[[str], None] = lambda _: None,
) -> Design:
    """Return the first candidate whose error, measured or proved, is within the budget, if there is one.

    Raises
    ------
    BudgetError
        If none is; the message tells the best of them.

    """
    budget, output = specification.budget, specification.output_format
    rejected: list[tuple[Fraction, Candidate]] = []  # with a lower bound of the error
    tried = uneven = 0
    for candidate in candidates:
        tried += 1
        if budget is not None:
            low = _sampled_error(specification, candidate)
            if not budget.admits(low, output):
                rejected.append((low, candidate))
                progress(f"{described(candidate)}: at least {float(low):.3g} ulp")
                continue
        errors = plan_errors(candidate.plan, specification)
        progress(f"{described(candidate)}: {errors.max_ulp:.3g} ulp")
        if budget is not None and not budget.admits(errors.largest, output):
            rejected.append((errors.largest, candidate))
        elif specification.monotonic and not errors.monotonic:
            uneven += 1
        else:
            return Design(specification, method.name, dict(candidate.parameters), candidate.plan, errors, tried)
    raise BudgetError(_refusal(specification, method, rejected, uneven))


def _sampled_error(specification: Specification, candidate: Candidate) -> Fraction:
    """Return a lower bound of the candidate's error: its largest on a fixed sample of many inputs, else 0."""
    held = specification.codes
    if held.size <= _SCREENED_CODES:
        return Fraction(0)
    stride = held.size // _SAMPLE | 1  # odd: the sample meets every place within the pieces
    codes = [held.low + index * stride % held.size for index in range(_SAMPLE)]
    outputs = golden(candidate.plan)(np.array(codes, dtype=specification.input_format.code_dtype))
    largest = Fraction(0)
    for code, output in zip(codes, outputs.tolist(), strict=True):
        low, high = specification.reference.enclosure(code)
        largest = max(largest, low - output, output - high)
    return largest


def described(candidate: Candidate) -> str:
    """Return the parameters of a candidate in words."""
    return ", ".join(f"{name}={value}" for name, value in candidate.parameters.items()) or "the unit"


def _refusal(
    specification: Specification, method: type[Method], rejected: Sequence[tuple[Fraction, Candidate]], uneven: int
) -> str:
    """Return why there is no unit, of which so many were not monotonic but would have done."""
    formats = f"{specification.domain} to {specification.output_format}"
    what = f"{method.name} unit of {specification.function}, {formats},"
    if uneven:
        meets = f" and meets an error of {specification.budget}" if specification.budget else ""
        return f"no {what} is monotonic{meets}: of {uneven + len(rejected)} tried, {uneven} would do but for that"
    if not rejected:
        return f"no {what} comes near an error of {specification.budget or '1ulp'}"
    _, best = min(rejected, key=lambda pair: pair[0])
    error = plan_errors(best.plan, specification).max_ulp  # what it was rejected for may be the error on a sample
    return (
        f"no {what} meets an error of {specification.budget}: the best of {len(rejected)} tried has "
        f"{error:.5g} ulp ({described(best)})"
    )
