"""From a specification to a unit: the cheapest plan of a method that meets the budget, proved."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack

import numpy as np

from ..plan.budget import Budget
from ..plan.errors import ErrorFigures
from ..plan.formats import FixedFormat
from ..plan.functions import find_function
from ..plan.functions.base import Function
from ..plan.input_range import read_input_range
from ..plan.logic_size import logic_size
from ..plan.methods import Candidate, Method, default_method, find_method
from ..plan.parameters import nearest
from ..plan.plan import Plan
from ..plan.specification import Specification
from ..sim.figures import plan_errors
from ..sim.golden import GoldenModel, golden

if TYPE_CHECKING:
    from ..hdl.manifest import Manifest
    from ..hdl.unit import Pipelining, Unit

__all__ = ["BudgetError", "Design", "design"]

_SCREENED_CODES = 1 << 14
"""With more input codes than these a candidate is tried on a sample first: most that fail do so at once."""

_SAMPLE = 512


_SEARCHED = {"table": 1 << 12, "bipartite": 1 << 12, "polynomial": 1 << 20}
"""Methods whose candidates are weighed against each other unless one is named, and for up to how many input codes.

Beyond these numbers, tables are larger than polynomials and take long to find.
"""


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

    """

    specification: Specification
    method: str
    parameters: Mapping[str, Any]
    plan: Plan
    errors: ErrorFigures
    tried: int = 1

    @cached_property
    def golden(self) -> GoldenModel:
        """The bit-accurate numpy model."""
        return golden(self.plan)

    def unit(self, interface: str = "pipeline", *, tlast: bool = False, **pipelining: Unpack[Pipelining]) -> Unit:
        """Return the hardware as an Amaranth component (see `Unit`)."""
        from ..hdl.unit import Unit

        return Unit(self.plan, interface=interface, tlast=tlast, **pipelining)

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


def design(
    function: str,
    input_format: str | FixedFormat,
    output_format: str | FixedFormat,
    *,
    max_error: str | Budget | None = None,
    method: str | None = None,
    saturate: bool = False,
    input_range: str | Sequence[Any] | None = None,
    monotonic: bool = False,
    progress: Callable[[str], None] | None = None,
    **parameters: Any,
) -> Design:
    """Find a unit for a function between two formats.

    Parameters
    ----------
    function
        Name of a function.
    input_format, output_format
        Formats such as ``SQ4.12`` or ``ap_ufixed<16,0>``.
    max_error
        Error budget: ``1ulp`` (faithful), ``0.5ulp`` (correctly rounded), ``1e-4``, ``2^-12``. By default one ulp;
        with method parameters and no budget the error is reported and none is enforced.
    method
        Name of a method. By default, the smallest unit of any method is looked for; with parameters of a method, it is
        the function's own: `hard` or `taylor`.
    saturate
        Accept an output format that cannot hold all of the function's values.
    input_range
        Limits that the input is known to stay within, both inclusive: ``"-4:4"``, or two numbers. The unit is then
        made, proved and measured for these inputs alone, and what it does at any other is undefined.
    monotonic
        Ask for outputs that never decrease where the function does not and never increase where it does not: they do
        not fall up to the first of the function's turns, do not rise from there to the next, and so on. For up to
        ``2**24`` input codes.
    progress
        Called with a short text for each plan measured.
    **parameters
        Parameters of the function and of the method.

    Raises
    ------
    TypeError, ValueError
        If an argument is wrong.
    BudgetError
        If the budget cannot be met, or not by a monotonic unit if one is asked for.

    Examples
    --------
    >>> unit = design("tanh", "SQ4.4", "SQ1.7", degree=2, segments=16)
    >>> unit.errors.max_ulp < 1
    True
    >>> unit.golden.floats([-0.5, 0.0, 8.0])
    array([-0.4609375,  0.       ,  0.9921875])

    """
    function_class = find_function(function)
    source, output = _format("input", input_format), _format("output", output_format)
    chosen = find_method(method) if method is not None else None
    method_class = chosen or default_method(function_class)
    function_given, method_given = _split(function_class, method_class, parameters)
    if max_error is not None:
        budget: Budget | None = Budget.parse(max_error)
    else:
        budget = None if method_given else Budget(Fraction(1), True)
    codes = None if input_range is None else read_input_range(input_range, source)
    specification = Specification(
        function_class.create(function_given), source, output, budget, saturate, codes, monotonic
    )
    given = method_class.read(method_given)
    progress = progress or (lambda _: None)
    if method is None and not method_given and specification.function.analytic:
        found = _smallest(specification, progress)
        if found is not None:
            return found
    return _first_within_budget(specification, method_class, method_class.candidates(specification, given), progress)


def _smallest(specification: Specification, progress: Callable[[str], None]) -> Design | None:
    """Return the smallest unit of all methods that are searched, or None if none of them has one."""
    pool: list[tuple[int, int, type[Method], Candidate]] = []
    for name, most in _SEARCHED.items():
        method = find_method(name)
        if specification.codes.size <= most and method.refusal(specification) is None:
            progress(f"method {method.name}")
            for candidate in method.candidates(specification, method.read({})):
                pool.append((logic_size(candidate.plan), len(pool), method, candidate))
    for _, _, method, candidate in sorted(pool, key=lambda entry: entry[:2]):
        try:
            return _first_within_budget(specification, method, [candidate], progress)
        except BudgetError:
            continue
    return None


def _format(which: str, text: str | FixedFormat) -> FixedFormat:
    try:
        return FixedFormat.parse(text)
    except ValueError as error:
        raise ValueError(f"{which} {error}") from None


def _split(
    function: type[Function], method: type[Method], parameters: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Tell the function's parameters from the method's: they share one namespace."""
    of_function = {parameter.name for parameter in function.parameters}
    of_method = {parameter.name for parameter in method.parameters}
    for name in parameters:
        if name not in of_function | of_method:
            known = sorted(of_function | of_method)
            hint = nearest(name, known) if known else "they have no parameters"
            owners = f"neither function {function.name} nor method {method.name}"
            raise ValueError(f"{owners} has a parameter {name!r}; {hint}")
    return (
        {name: value for name, value in parameters.items() if name in of_function},
        {name: value for name, value in parameters.items() if name in of_method},
    )


def _first_within_budget(
    specification: Specification,
    method: type[Method],
    candidates: Iterable[Candidate],
    progress: Callable[[str], None],
) -> Design:
    budget, output = specification.budget, specification.output_format
    rejected: list[tuple[Fraction, Candidate]] = []  # with a lower bound of the error
    tried = uneven = 0
    for candidate in candidates:
        tried += 1
        if budget is not None:
            low = _sampled_error(specification, candidate)
            if not budget.admits(low, output):
                rejected.append((low, candidate))
                progress(f"{_described(candidate)}: at least {float(low):.3g} ulp")
                continue
        errors = plan_errors(candidate.plan, specification)
        progress(f"{_described(candidate)}: {errors.max_ulp:.3g} ulp")
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


def _described(candidate: Candidate) -> str:
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
        f"{error:.5g} ulp ({_described(best)})"
    )
