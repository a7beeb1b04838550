"""The Verilog of a design as it is written: its registers placed, and under a header that tells what it is."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Protocol

from ..accuracy.error_metrics import ErrorFigures
from ..accuracy.specification import Specification
from ..functions.critical_points import BESIDE
from ..plan.plan import Plan
from .build_options import BuildOptions
from .module_text import module_text
from .scheduling.schedule import Schedule
from .targets import Target
from .unit import schedule_for

__all__ = ["Designed", "header_text", "shape_text", "unit_text"]


class Designed(Protocol):
    """A design as it is written: the specification, how it is met, and the evidence."""

    @property
    def specification(self) -> Specification: ...
    @property
    def method(self) -> str: ...
    @property
    def parameters(self) -> Mapping[str, Any]: ...
    @property
    def plan(self) -> Plan: ...
    @property
    def errors(self) -> ErrorFigures: ...


def unit_text(design: Designed, name: str, options: BuildOptions) -> tuple[Schedule, str]:
    """Return where the registers of a design go, and its Verilog: one module called `name`.

    What is raised is the same as by `choose_schedule` and `module_text`.
    """
    schedule = schedule_for(design.plan, options)
    target = None if options.target is None else options.device
    header = header_text(design, options.interface, schedule.latency, target=target, frequency=options.frequency)
    return schedule, module_text(schedule, options.interface, name, tlast=options.tlast, header=header)


def header_text(
    design: Designed, interface: str, latency: int, *, target: Target | None = None, frequency: float | None = None
) -> str:
    """Return what the Verilog says of itself: function, formats, method, error, latency, and the clock if asked for."""
    specification, errors = design.specification, design.errors
    parameters = ", ".join(f"{name} {value}" for name, value in design.parameters.items())
    shape = {
        "comb": "combinational",
        "pipeline": "pipeline with clock enable",
        "stream": "stream with valid and ready",
        "axis": "AXI4-Stream",
    }
    symmetric = "" if errors.symmetric is None else ", symmetric" if errors.symmetric else ", not symmetric"
    lines = [
        f"{specification.function}: {specification.function.description}",
        f"input    x in {specification.domain}, output y in {specification.output_format}",
        *(["         of any other x, the output is undefined"] if specification.input_range else []),
        f"method   {design.method}{f' ({parameters})' if parameters else ''}",
        f"error    {errors.limit_text} = {errors.max_abs:.4g}, {100 * errors.correctly_rounded:.4g} % of "
        f"inputs correctly rounded ({errors.proof}, {errors.points} inputs)",
        f"shape    {shape_text(design)}{symmetric}",
        f"timing   {shape[interface]}, latency {latency}" + (", a result every clock" if interface != "comb" else ""),
        *([f"clock    built for {_clock(target, frequency)}"] if target or frequency else []),
        f"plan     sha256 {design.plan.sha256}",
    ]
    return "\n".join(lines)


def shape_text(design: Designed) -> str:
    """Return whether a unit is monotonic, where its function is, in a few words."""
    specification = design.specification
    points = [point * specification.input_format.ulp for point in specification.reference.monotonicity.points]
    points = [point for point, before in zip(points, [None, *points], strict=False) if not _is_beside(point, before)]
    where = f" on either side of {' and '.join(_shown(point) for point in points)}" if points else ""
    return f"{'monotonic' if design.errors.monotonic else 'not monotonic'}{where}"


def _is_beside(point: Fraction, before: Fraction | None) -> bool:
    """Return whether two critical points are those of one jump."""
    return before is not None and point - before <= BESIDE


def _shown(point: Fraction) -> str:
    """Return an input as text: exactly if that is short."""
    return str(point) if point.denominator <= 1 << 16 else f"{float(point):.6g}"


def _clock(target: Target | None, frequency: float | None) -> str:
    if target is None:
        return f"{frequency:g} MHz"
    return f"{target.frequency if frequency is None else frequency:g} MHz on {target.name}: {target.summary}"
