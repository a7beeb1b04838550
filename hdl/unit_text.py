"""The Verilog file of a unit: the module, under a header that describes it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from ..accuracy.error_metrics import ErrorMetrics
from ..functions.critical_points import BESIDE
from ..plan.input_range import show_codes
from ..plan.operations.base import Range
from ..plan.plan import Plan
from .approximation import Approximation
from .build_options import BuildOptions
from .module_text import module_text
from .scheduling.schedule import Schedule
from .targets import Target
from .unit import schedule_for

__all__ = ["header_text", "plan_unit_text", "shape_text", "unit_text"]

_MOST_LISTED = 16
"""Critical points that are named one by one."""


def unit_text(unit: Approximation, name: str, options: BuildOptions) -> tuple[Schedule, str]:
    """Return the schedule of a unit and its Verilog, one module called `name`.

    It raises what `choose_schedule` and `module_text` raise.
    """
    schedule = schedule_for(unit.plan, options)
    target = None if options.target is None else options.device
    header = header_text(
        unit, options.interface, schedule.latency, interval=options.interval, target=target, frequency=options.frequency
    )
    return schedule, module_text(
        schedule, options.interface, name, tlast=options.tlast, header=header, target=options.device
    )


def plan_unit_text(plan: Plan, name: str, options: BuildOptions) -> tuple[Schedule, str]:
    """Return the Verilog file of a plan, under a header that claims no function."""
    schedule = schedule_for(plan, options)
    header = _plan_header(plan, options, schedule.latency)
    return schedule, module_text(
        schedule, options.interface, name, tlast=options.tlast, header=header, target=options.device
    )


def _plan_header(plan: Plan, options: BuildOptions, latency: int) -> str:
    inputs = ", ".join(f"{name} in {fmt}" for name, fmt in plan.inputs)
    outputs = ", ".join(f"{output.name} in {output.format}" for output in plan.outputs)
    promised = [(name, fmt) for name, fmt in plan.inputs if plan.ranges[name] != Range.of(fmt)]
    target = None if options.target is None else options.device
    lines = [
        "the unit of a plan: no function is claimed",
        f"input    {inputs}",
        *(
            f"         {name} within {show_codes(plan.ranges[name], fmt)}; otherwise undefined"
            for name, fmt in promised
        ),
        f"output   {outputs}",
        _timing(options.interface, latency, options.interval),
        *([f"clock    built for {_clock(target, options.frequency)}"] if target or options.frequency else []),
        f"plan     sha256 {plan.sha256}",
    ]
    return "\n".join(lines)


def _timing(interface: str, latency: int, interval: int) -> str:
    shape = {
        "comb": "combinational",
        "pipeline": "pipeline with clock enable",
        "stream": "stream with valid and ready",
        "axis": "AXI4-Stream",
    }
    every = "" if interface == "comb" else f", a result every {'clock' if interval == 1 else f'{interval} clocks'}"
    taken = ""
    if interval > 1 and interface == "pipeline":
        taken = f"\n         takes x in the first clock with en after power-up, and then in every {_ordinal(interval)}"
    return f"timing   {shape[interface]}, latency {latency}{every}{taken}"


def _ordinal(number: int) -> str:
    ending = "th" if number // 10 == 1 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def header_text(
    unit: Approximation,
    interface: str,
    latency: int,
    *,
    interval: int = 1,
    target: Target | None = None,
    frequency: float | None = None,
) -> str:
    """Return the header: function, formats, method, error, latency, and the clock if one was asked for."""
    specification, outputs = unit.specification, unit.outputs
    shapes = {name: shape_text(each) + _symmetry_text(each.errors) for name, each in outputs.items()}
    lines = [
        *_definitions(unit),
        f"input    x in {specification.domain}, "
        + ", ".join(f"output {name} in {each.specification.output_format}" for name, each in outputs.items()),
        *(["         of any other x, the output is undefined"] if specification.input_range else []),
        *_of_each("method", {name: _method_text(each) for name, each in outputs.items()}),
        *_of_each("error", {name: _error_text(each.errors) for name, each in outputs.items()}),
        *_of_each("shape", shapes),
        _timing(interface, latency, interval),
        *([f"clock    built for {_clock(target, frequency)}"] if target or frequency else []),
        f"plan     sha256 {unit.plan.sha256}",
    ]
    return "\n".join(lines)


def _definitions(unit: Approximation) -> Iterator[str]:
    """Yield a line for the function of every output, which is named if there are several."""
    for name, each in unit.outputs.items():
        function = each.specification.function
        yield f"{f'{name} is ' if unit.further else ''}{function}: {function.description}"


def _of_each(title: str, texts: Mapping[str, str]) -> list[str]:
    """Return the lines about every output, which is named if there are several."""
    named = [f"{name}: {text}" if len(texts) > 1 else text for name, text in texts.items()]
    return [f"{title if number == 0 else '':<8} {text}" for number, text in enumerate(named)]


def _method_text(unit: Approximation) -> str:
    parameters = ", ".join(f"{name} {value}" for name, value in unit.parameters.items())
    return f"{unit.method}{f' ({parameters})' if parameters else ''}"


def _error_text(errors: ErrorMetrics) -> str:
    limit, share = f"{errors.limit_text} = {errors.max_abs:.4g}", f"{100 * errors.correctly_rounded:.4g} %"
    if errors.proof == "bounded":
        return f"{limit}, proved for every input; {share} of {errors.points} sampled inputs correctly rounded"
    return f"{limit}, {share} of inputs correctly rounded ({errors.proof}, {errors.points} inputs)"


def _symmetry_text(errors: ErrorMetrics) -> str:
    return "" if errors.symmetric is None else ", symmetric" if errors.symmetric else ", not symmetric"


def shape_text(unit: Approximation) -> str:
    """Return a phrase that says whether a unit is monotonic wherever its function is, as far as inputs were walked."""
    points = unit.specification.turns
    points = [point for point, before in zip(points, [None, *points], strict=False) if not _is_beside(point, before)]
    listed = [_shown(point) for point in points]
    if len(listed) > _MOST_LISTED:
        listed = [*listed[: _MOST_LISTED - 1], f"{len(listed) - _MOST_LISTED + 1} more points"]
    where = f" on either side of {' and '.join(listed)}" if listed else ""
    sampled = f" among {unit.errors.points} sampled inputs" if unit.errors.proof == "bounded" else ""
    return f"{'monotonic' if unit.errors.monotonic else 'not monotonic'}{where}{sampled}"


def _is_beside(point: Fraction, before: Fraction | None) -> bool:
    """Return whether two critical points are those of one jump."""
    return before is not None and point - before <= 2 * BESIDE


def _shown(point: Fraction) -> str:
    """Return an input as text: exactly if that is short."""
    return str(point) if point.denominator <= 1 << 16 else f"{float(point):.6g}"


def _clock(target: Target | None, frequency: float | None) -> str:
    if target is None:
        return f"{frequency:g} MHz"
    return f"{target.frequency if frequency is None else frequency:g} MHz on {target.name}: {target.summary}"
