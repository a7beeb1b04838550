"""From a specification to a unit: the best plan that meets the budget, proved."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from ..accuracy.ball_arithmetic import uses_ball_arithmetic
from ..accuracy.budget import BiasLimit, Budget
from ..accuracy.error_metrics import EXHAUSTIVE_CODES
from ..accuracy.specification import ENDS, Specification
from ..functions import find_function
from ..functions.definitions import Definition
from ..methods import Method, find_method, method_classes
from ..plan.formats import FixedFormat
from ..plan.input_range import read_input_range
from ..support.parameters import nearest, read_name
from .choose.choice import EFFORTS
from .choose.first_within_budget import BudgetError, Design, first_within_budget
from .choose.left_out import candidates_of

__all__ = ["BudgetError", "Design", "design"]

_LEAST_BUDGET = Fraction(1, 2)
"""Ulp of the smallest budget that rounding meets."""


@uses_ball_arithmetic
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
    ends: str = "exact",
    symmetric: bool = False,
    max_bias: str | BiasLimit | None = None,
    effort: str = "quick",
    progress: Callable[[str], None] | None = None,
    interface: str = "pipeline",
    tlast: bool = False,
    target: str | None = None,
    frequency: float | None = None,
    latency: int | None = None,
    stages: int | None = None,
    registers: Iterable[str] | None = None,
    objective: str = "balanced",
    compact: bool | None = None,
    dsp: int | None = None,
    bram: int | None = None,
    **parameters: Any,
) -> Design:
    """Find a unit for a function between two formats.

    It may be called from several threads: the calls run one after the other, since the precision of ball arithmetic is
    shared by all threads of a process. Only processes search in parallel.

    Parameters
    ----------
    function
        Name of a function, of a derivative such as ``gelu.prime``, or an expression such as ``x*tanh(log(1+exp(x)))``.
    input_format, output_format
        Formats such as ``SQ4.12`` or ``ap_ufixed<16,0>``.
    max_error
        Error budget: ``1ulp`` (faithful), ``0.5ulp`` (correctly rounded), ``1e-4``, ``2^-12``. By default one ulp;
        with method parameters and no budget the error is reported and none is enforced.
    method
        Name of a method. By default, the best unit of any method is looked for. Parameters of a method need it.
    saturate
        Accept an output format that cannot hold all of the function's values.
    input_range
        Limits that the input is known to stay within, both inclusive: ``"-4:4"``, or two numbers. The unit is then
        made, proved and measured for these inputs alone, and what it does at any other is undefined.
    monotonic
        Ask for outputs that never decrease where the function does not and never increase where it does not: they do
        not fall up to the first of the function's turns, do not rise from there to the next, and so on. For up to
        ``2**24`` input codes.
    ends
        ``exact``: where the function is within half an ulp of its limit from there outwards the output is that limit,
        and at 0 it is f(0) if that is an output code. ``free``: anything within the budget will do there, too.
    symmetric
        Ask for outputs that have the function's symmetry exactly wherever both are output codes: f(-x) = s - f(x), or
        f(-x) = f(x) of an even function. For up to ``2**24`` input codes.
    max_bias
        The largest mean error, of outputs and of their magnitudes: ``0.05ulp``, ``1e-5``, ``2^-16``. For up to
        ``2**24`` input codes.
    effort
        How they are weighed, those of several methods or of the one that is named: ``quick``, by the target's models of
        size and delay; ``normal``, the best of these synthesised, and placed and routed if a clock is asked for;
        ``high``, more of them. Methods that have little to choose from (`classic`, `identity`) are not weighed.
    progress
        Called with a short text for each step of the search.
    interface, tlast, target, frequency, latency, stages, registers, objective, compact, dsp, bram
        What the unit is built for (see `Unit` and `choose_schedule`): candidates are weighed for it, and the unit is
        emitted so. A pipeline for no target in particular, with the smallest product of size and latency, unless given.
    **parameters
        Parameters of the function, and of the method if one is named.

    Raises
    ------
    TypeError, ValueError
        If an argument is wrong.
    TimingError
        If no candidate that is weighed keeps the clock.
    BudgetError
        If the budget cannot be met, or not by a unit that is monotonic, symmetric or without more bias as asked for.

    Examples
    --------
    >>> unit = design("tanh", "SQ4.4", "SQ1.7", method="taylor", degree=2, segments=16)
    >>> unit.errors.max_ulp < 1
    True
    >>> unit.golden.floats([-0.5, 0.0, 8.0])
    array([-0.4609375,  0.       ,  0.9921875])

    """
    from ..hdl.build_options import BuildOptions, read_flag
    from .choose.chooser import choose, choose_of
    from .choose.weighing import require_tools

    # All that may be wrong with the arguments is said before anything is searched.
    effort = read_name("effort", effort, EFFORTS)
    ends = read_name("ends", ends, ENDS)
    for name, flag in (("saturate", saturate), ("monotonic", monotonic), ("symmetric", symmetric)):
        read_flag(name, flag)
    if progress is not None and not callable(progress):
        raise TypeError(f"progress must be a function of a text, not {progress!r}")
    options = BuildOptions.read(
        interface=interface,
        tlast=tlast,
        target=target,
        frequency=frequency,
        latency=latency,
        stages=stages,
        registers=registers,
        objective=objective,
        compact=compact,
        dsp=dsp,
        bram=bram,
    )
    definition = find_function(function)
    source, output = _format("input", input_format), _format("output", output_format)
    method_class = None if method is None else find_method(method)
    function_given, method_given = _split(definition, method_class, parameters)
    if max_error is not None:
        budget: Budget | None = Budget.parse(max_error)
    else:
        budget = None if method_given else Budget(Fraction(1), True)
    codes = None if input_range is None else read_input_range(input_range, source)
    specification = Specification(
        definition.create(function_given),
        source,
        output,
        budget,
        saturate,
        codes,
        monotonic,
        ends,
        symmetric,
        None if max_bias is None else BiasLimit.parse(max_bias),
    )
    if method_class is not None:
        method_class.read(method_given)
    _check_decidable(specification)
    last_resort = find_method("taylor" if specification.function.analytic else "hard")
    progress = progress or (lambda _: None)

    def search(specification: Specification) -> Design:
        if method_class is None:
            require_tools(options, effort)
            found = choose(specification, _searched(specification), options, effort, progress)
            if found is not None:
                return found
        elif (method_class.searched or method_class.efforts) and not (method_given and method_class is last_resort):
            require_tools(options, effort)
            return choose_of(specification, method_class, method_given, options, effort, progress)
        # What has little to choose from gives the first unit that will do.
        used = method_class or last_resort
        return first_within_budget(specification, used, candidates_of(used, specification, method_given), progress)

    try:
        return replace(search(specification), options=options)
    except BudgetError:
        # What is nearer to the function leans less.
        for tighter in _tighter(specification):
            try:
                return replace(search(tighter), specification=specification, options=options)
            except BudgetError:
                continue
        raise


def _check_decidable(specification: Specification) -> None:
    """Raise `BudgetError` for correct rounding of a curve with more inputs than can be walked, saturated ones aside.

    A bound, however tight, leaves inputs next to a rounding boundary undecided: there a search fails in a minute.
    """
    budget, function = specification.budget, specification.function
    if budget is None or function.ramp is not None or budget.in_ulp(specification.output_format) > _LEAST_BUDGET:
        return
    if specification.codes.size <= EXHAUSTIVE_CODES:
        return
    curved = specification.codes.size - sum(each.codes.size for each in specification.reference.required)
    if curved > EXHAUSTIVE_CODES:
        raise BudgetError(
            f"max_error {budget} is correct rounding, which takes at most {EXHAUSTIVE_CODES} input codes that are not "
            f"saturated; {specification.domain} has {curved} for {function}: ask for a little more, such as 0.51ulp, "
            "or give a range that holds fewer"
        )


def _tighter(specification: Specification) -> Iterator[Specification]:
    """Yield the specification with smaller budgets, if there is a limit of the bias: down to correct rounding."""
    if specification.budget is None or specification.max_bias is None:
        return
    limit = specification.budget.in_ulp(specification.output_format)
    while limit > _LEAST_BUDGET:
        limit = max(limit / 2 if limit > 1 else (limit + _LEAST_BUDGET) / 2, _LEAST_BUDGET)
        if limit < _LEAST_BUDGET + Fraction(1, 16):
            limit = _LEAST_BUDGET
        yield replace(specification, budget=Budget(limit, ulp=True))


def _searched(specification: Specification) -> list[type[Method]]:
    """Return the methods whose candidates are weighed against each other for a specification."""
    methods = [method for method in method_classes() if method.searches(specification)]
    return [method for method in methods if method.refusal(specification) is None]


def _format(which: str, text: str | FixedFormat) -> FixedFormat:
    try:
        return FixedFormat.parse(text)
    except (TypeError, ValueError) as error:
        raise type(error)(f"{which} {error}") from None


def _split(
    function: Definition, method: type[Method] | None, parameters: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Tell the function's parameters from the method's: no name is that of both (see `method_classes`)."""
    of_function = {parameter.name for parameter in function.parameters}
    of_method = {parameter.name for parameter in method.parameters} if method else set[str]()
    for name in parameters:
        if name not in of_function | of_method:
            raise ValueError(_unknown(name, function, method, sorted(of_function | of_method)))
    return (
        {name: value for name, value in parameters.items() if name in of_function},
        {name: value for name, value in parameters.items() if name in of_method},
    )


def _unknown(name: str, function: Definition, method: type[Method] | None, known: list[str]) -> str:
    """Return what is wrong with the name of a parameter."""
    owners = [each.name for each in method_classes() if name in {parameter.name for parameter in each.parameters}]
    if method is None and owners:
        whose = f"method {owners[0]}" if len(owners) == 1 else f"methods {', '.join(owners[:-1])} and {owners[-1]}"
        return f"{name} is a parameter of {whose}: name the method, too, such as {owners[-1]}"
    if method is None:
        of_methods = {parameter.name for each in method_classes() for parameter in each.parameters}
        hint = nearest(name, sorted({*known, *of_methods}))
        return f"neither function {function.name} nor any method has a parameter {name!r}; {hint}"
    hint = nearest(name, known) if known else "choose none: there are no parameters"
    return f"neither function {function.name} nor method {method.name} has a parameter {name!r}; {hint}"
