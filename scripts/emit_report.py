"""Text of ``softgate emit``: what was made, and how well it does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from .common import clock_verdict, console

if TYPE_CHECKING:
    from ..explore.choose.result import Design
    from ..hdl.approximation import Approximation
    from ..hdl.composites.manifest import CompositeManifest
    from ..hdl.manifest import Manifest

__all__ = ["report_composite", "report_unit"]


def report_unit(found: Design, manifest: Manifest, folder: Path) -> None:
    """Print the files of a unit, its method, error and timing, and whether it keeps its clock if it was routed."""
    out = console()
    _report_files(manifest, folder)
    if found.specification.input_range is not None:
        out.print(f"  input    {found.specification.domain}, and no other")
    for line in _of_each("method", found, _method_text):
        out.print(line)
    if found.choice is not None and found.choice.others:
        weighed = len(found.choice.weighed)
        out.print(f"  chosen   for {found.choice.objective}, of {weighed} units weighed: softgate explain")
    for line in _of_each("error", found, _error_text):
        out.print(line)
    clock = "" if manifest.frequency is None else f", for {manifest.frequency:g} MHz"
    on = "" if manifest.target is None else f" on {manifest.target}"
    every = "" if manifest.interval == 1 else f", an input every {manifest.interval} clocks"
    out.print(f"  timing   {manifest.interface}, latency {manifest.latency}{every}{clock}{on}")
    if found.misses:
        out.print(f"  clock    {clock_verdict(found.reached, found.options.clock)}; see softgate explain")
    elif manifest.frequency is not None and manifest.clock is not None:
        out.print(f"  clock    {_clock_text(found)}")


def _clock_text(found: Design) -> str:
    """Return whether the clock that was asked for is verified."""
    from ..hdl.scheduling.clocked_schedule import predicted_clock

    if found.reached is not None:
        return clock_verdict(found.reached, found.options.clock)
    predicted = predicted_clock(found.schedule(), found.options.device)
    return f"not verified by place and route: {predicted:.0f} MHz by the target's delays; see softgate synth"


def report_composite(manifest: CompositeManifest, folder: Path) -> None:
    """Print the files of a composite, its parts, its contract and its timing."""
    out = console()
    _report_files(manifest, folder)
    for part, record in manifest.parts.items():
        out.print(f"  {part:<10} {record.specification.function}, {record.method}", markup=False)
    for promise in manifest.contract:
        out.print(f"  {promise.name:<10} {promise.statement}", markup=False)
    out.print(f"  {'timing':<10} {manifest.hardware.timing}", markup=False)


def _report_files(manifest: Manifest | CompositeManifest, folder: Path) -> None:
    written = folder / manifest.verilog
    console().print(f"[bold green]{written}[/] and [bold green]{written.with_suffix('.json')}[/]")


def _of_each(title: str, found: Approximation, text: Callable[[Approximation], str]) -> Iterator[str]:
    """Yield a line about every output, which is named if there are several."""
    for number, (name, each) in enumerate(found.outputs.items()):
        yield f"  {title if number == 0 else '':<8} {f'{name}: ' if found.further else ''}{text(each)}"


def _method_text(found: Approximation) -> str:
    parameters = ", ".join(f"{key}={value}" for key, value in found.parameters.items())
    return found.method + (f" ({parameters})" if parameters else "")


def _error_text(found: Approximation) -> str:
    from ..hdl.unit_text import shape_text

    errors = found.errors
    sampled = f" of {errors.points} sampled inputs" if errors.proof == "bounded" else ""
    rounded = f"{100 * errors.correctly_rounded:.4g} %{sampled} correctly rounded"
    return f"{errors.largest_text} = {errors.max_abs:.4g} ({errors.proof}), {rounded}, {shape_text(found)}"
