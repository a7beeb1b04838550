"""Design of a unit from a specification: the best plan that is proved to meet the budget."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from numpy.typing import ArrayLike

from ..accuracy.ball_arithmetic import uses_ball_arithmetic
from ..accuracy.budget import BiasLimit, Budget
from ..accuracy.rounding import budget_of
from ..accuracy.specification import Specification
from ..functions import derivative_of
from ..functions.base import Function
from ..functions.expressions.clipped import clipped
from ..methods import find_method
from ..plan.any_format import Format, read_format
from ..plan.input_range import read_clip, read_input_range
from ..support.parameters import read_name
from .asked_rounding import read_rounding
from .choose.choice import EFFORTS
from .choose.result import BudgetError, Design
from .design_parameters import split_parameters
from .given_function import default_output, given_definition
from .run_time_design import run_time_specification

__all__ = ["BudgetError", "Design", "design"]


@uses_ball_arithmetic
def design(
    function: str | Function | Callable[..., Any] | ArrayLike,
    input_format: str | Format,
    output_format: str | Format | None = None,
    *,
    ports: Mapping[str, str | Format] | None = None,
    with_derivative: str | Format | None = None,
    max_error: str | Budget | None = None,
    method: str | None = None,
    saturate: bool = False,
    input_range: str | Sequence[Any] | None = None,
    clip: str | Sequence[Any] | None = None,
    monotonic: bool = False,
    ends: str | None = None,
    symmetric: bool = False,
    max_bias: str | BiasLimit | None = None,
    rounding: str | None = None,
    effort: str = "quick",
    progress: Callable[[str], None] | None = None,
    cache: bool = False,
    verify: bool = True,
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
    interval: int = 1,
    **parameters: Any,
) -> Design:
    """Find a unit for a function between two formats.

    It may be called from several threads: the calls run one after the other, since the precision of ball arithmetic is
    shared by all threads of a process. Only processes search in parallel.

    Parameters
    ----------
    function
        Name of a function, of a derivative such as ``gelu.prime``, or an expression such as ``x*tanh(log(1+exp(x)))``;
        a callable such as ``lambda x: x * np.tanh(x)`` (see `functions.from_callable`); an array of floats, the values
        at all codes of the input in ascending order; or what `functions.from_table` and its like return.
    input_format, output_format
        Formats such as ``SQ4.12``, ``ap_ufixed<16,0>`` or ``int8:0.047:-3``. Modes of an output format, as in
        ``ap_fixed<16,6,AP_RND,AP_SAT>``, stand for `rounding`, `saturate` and, with ``SAT_SYM``, `symmetric`.
        Thresholds need no output format: it is then that of the integers up to their number.
    ports
        A parameter of the function that is an input of the unit, with its format: ``{"slope": "SQ1.7"}`` for ``prelu``,
        or ``{"negative_slope": "SQ1.7"}`` for ``leaky_relu``. The error is that over all combinations of codes of both
        inputs, and the golden model takes two arrays, ``unit.golden(codes, slopes)``. Goes together with `max_error`,
        `saturate` and `ends` alone.
    with_derivative
        The format of a second output, ``dy``, the derivative of the function at the same input. Both outputs are within
        the budget and have exact ends; what is asked beside these, such as `monotonic`, holds for the first, ``y``. The
        golden model then returns both in a tuple: ``y, dy = unit.golden(codes)``, and `Design.outputs` has the error of
        each. A method that is named, and its parameters, are those of both.
    max_error
        Error budget: ``1ulp`` (faithful), ``0.5ulp`` (correctly rounded), ``1e-4``, ``2^-12``. By default one ulp, or
        correct rounding of tables and thresholds; but with method parameters and no budget, the error is only
        reported.
    method
        Name of a method; by default, the best unit of any method. Required if a method's parameters are given.
    saturate
        Accept an output format that cannot hold all of the function's values.
    input_range
        Range that the input is known to stay within, both ends inclusive: ``"-4:4"``, or two numbers. The unit is then
        made, proved and measured for these inputs alone; its output at any other is undefined.
    clip
        Limits that the input is saturated to first, ``"-4:4"`` or two numbers: beyond, the function's value is that at
        the limit.
    monotonic
        Require outputs that are monotonic between the function's turning points, as the function is. For up to
        ``2**24`` input codes.
    ends
        ``exact``: the output is the limit wherever the function stays within half an ulp of it from there outwards,
        and f(0) at 0 if that is an output code. ``free``: only the budget applies there. By default ``exact``.
    symmetric
        Require outputs with the function's symmetry exactly wherever both are output codes: f(-x) = s - f(x), or
        f(-x) = f(x) of an even function. For up to ``2**24`` input codes.
    max_bias
        The largest mean error, of outputs and of their magnitudes: ``0.05ulp``, ``1e-5``, ``2^-16``. For up to
        ``2**24`` input codes.
    rounding
        Require the one output that a mode of rounding gives at every input, in the place of `max_error` and `ends`:
        ``half_even``, ``half_up``, ``half_away``, ``floor`` or ``zero`` (toward 0). For up to ``2**24`` input codes.
    effort
        How candidates are weighed: ``quick``, by the target's models of size and delay; ``normal``, with the best of
        them synthesised, and placed and routed if a clock is asked for; ``high``, with more of them. Candidates of
        methods with little choice (`classic`, `identity`) are not weighed.
    progress
        Called with a short text for each step of the search.
    cache
        Whether to take what was found for the same arguments before, by the same versions of softgate and its tools,
        from the cache; its error is measured again.
    verify
        Whether a clock that was named as `frequency` is verified by place and route, with any effort, where the
        target's delays predict at most 5 % more and the tools are installed. If it is missed, there are more ranks of
        registers. `Design.reached` is the clock that was measured.
    interface, tlast, target, frequency, latency, stages, registers, objective, compact, dsp, bram, interval
        Build options (see `Unit` and `choose_schedule`), for which candidates are weighed and with which the unit is
        emitted. By default a pipeline for no particular target, with the smallest product of size and latency.
    **parameters
        Parameters of the function, and of the method if one is named.

    Raises
    ------
    TypeError, ValueError
        If an argument is wrong.
    TimingError
        If no weighed candidate keeps the clock.
    BudgetError
        If the budget cannot be met, or only by a unit that is not monotonic, not symmetric or beyond the bias allowed.

    Examples
    --------
    >>> unit = design("tanh", "SQ4.4", "SQ1.7", method="taylor", degree=2, segments=16)
    >>> unit.errors.max_ulp < 1
    True
    >>> unit.golden.floats([-0.5, 0.0, 8.0])
    array([-0.4609375,  0.       ,  0.9921875])
    >>> unit = design("tanh", "SQ4.4", "SQ1.7", with_derivative="UQ1.7")
    >>> {name: each.errors.error_class for name, each in unit.outputs.items()}
    {'y': 'faithful', 'dy': 'faithful'}
    >>> y, dy = unit.golden.floats([0.0, 8.0])

    """
    from ..hdl.build_options import BuildOptions, read_flag
    from .choose.at_run_time import design_at_run_time
    from .choose.search import Search
    from .choose.verified import verified
    from .choose.with_derivative import design_with_derivative
    from .remember import remembered

    # Report every error in the arguments before the search begins.
    effort = read_name("effort", effort, EFFORTS)
    for name, flag in (
        ("saturate", saturate),
        ("monotonic", monotonic),
        ("symmetric", symmetric),
        ("cache", cache),
        ("verify", verify),
    ):
        read_flag(name, flag)
    output_format, rounding, ends, saturate, symmetric = read_rounding(
        output_format, rounding, ends, max_error, saturate, symmetric
    )
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
        interval=interval,
    )
    report = progress or (lambda _: None)
    source = read_format("input", input_format)
    output = None if output_format is None else read_format("output", output_format)
    method_class = None if method is None else find_method(method)
    if ports is not None:
        refused = {
            "method": None if method_class is find_method("hard") else method,
            "with_derivative": with_derivative,
            "input_range": input_range,
            "clip": clip,
            "monotonic": monotonic,
            "symmetric": symmetric,
            "max_bias": max_bias,
            "rounding": rounding,
            **parameters,
        }
        asked = run_time_specification(function, source, output, ports, max_error, saturate, ends, refused)
        made_of = Search(method_class, {}, options, effort, report)

        def find_at_run_time() -> Design:
            return design_at_run_time(asked, options, effort, report)

        unit = remembered([asked], made_of, find_at_run_time) if cache else find_at_run_time()
        return verified(unit, report) if verify else unit
    definition = given_definition(function, source)
    function_given, method_given = split_parameters(definition, method_class, parameters)
    codes = None if input_range is None else read_input_range(input_range, source)
    made = definition.create(function_given)
    output = default_output(made, output)
    budget: Budget | None
    if rounding is not None:
        budget = budget_of(rounding)
    elif max_error is not None:
        budget = Budget.parse(max_error)
    else:
        budget = None if method_given else Budget(Fraction(1, 2) if made.rounded else Fraction(1), True)
    if clip is not None:
        made = clipped(made, *read_clip(clip, source))
    specification = Specification.between(
        made,
        source,
        output,
        budget,
        saturate=saturate,
        input_range=codes,
        monotonic=monotonic,
        ends=ends,
        symmetric=symmetric,
        max_bias=None if max_bias is None else BiasLimit.parse(max_bias),
        rounding=rounding,
    )
    if method_class is not None:
        method_class.read(method_given)
    search = Search(method_class, method_given, options, effort, report)
    specifications = [specification]
    if with_derivative is not None:
        slope = read_format("with_derivative", with_derivative)
        specifications.append(specification.of_another(derivative_of(made), slope))

    def find() -> Design:
        if with_derivative is None:
            return search.design(specification)
        return design_with_derivative(search, *specifications)

    unit = remembered(specifications, search, find) if cache else find()
    return verified(unit, report) if verify else unit
