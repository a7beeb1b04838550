"""Composites as text: what ``softgate show`` and ``softgate explain`` print of one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import click

from ..support.progress import working
from .codes_at import Input, checked_codes, codes_at, shown_codes
from .common import print_json, refuse_to_overwrite, written_aside

if TYPE_CHECKING:
    from ..hdl.composites.manifest import CompositeManifest
    from ..plan.formats import FixedFormat

Named: TypeAlias = "tuple[tuple[str, FixedFormat], int]"
"""A code, with the name and the format of what it is of."""

__all__ = ["explain_composite", "show_composite"]


def show_composite(
    manifest: CompositeManifest,
    path: Path,
    *,
    values: Sequence[str],
    codes: Sequence[tuple[int, ...]],
    svg: Path | None,
    as_json: bool,
) -> None:
    """Print a composite, or its outputs for some inputs; draw it if it is the unit of one plan.

    Parameters
    ----------
    manifest, path
        The manifest, and its file.
    values, codes
        Inputs to print the outputs for: numbers with commas, and codes. Without any, print what the composite computes,
        the words of its arithmetic, and the plan of each part.
    svg
        File to draw into.
    as_json
        Print JSON.

    """
    if svg is not None:
        _draw(manifest, path, svg)
    answers = _answers(manifest, values, codes) if values or codes else []
    if as_json:
        parts = {name: plan.as_dict() for name, plan in manifest.plans.items()}
        shown = {"composite": manifest.asked.name, "words": dict(manifest.words), "parts": parts}
        sides = [{"inputs": _codes_of(given), "outputs": _codes_of(found)} for given, found in answers]
        print_json(shown | {"values": sides})
        return
    for given, found in answers:
        click.echo(f"{shown_codes(given)}\n  {shown_codes(found)}")
    if answers:
        return
    click.echo(manifest.asked.title)
    for name, word in manifest.words.items():
        click.echo(f"  {name:<16} {word}")
    for name, plan in manifest.plans.items():
        click.echo(f"\n{name}: {manifest.parts[name].specification.function}\n{plan.listing()}")


def _codes_of(named: Sequence[Named]) -> dict[str, int]:
    """Return codes by name."""
    return {name: code for (name, _), code in named}


def _draw(manifest: CompositeManifest, path: Path, svg: Path) -> None:
    from ..plan.drawing import draw_plan

    schedule = manifest.hardware.schedule
    if schedule is None:
        raise click.UsageError(
            f"--svg draws one plan, and {manifest.name} has several: name one with --part, of "
            f"{', '.join(manifest.parts)}"
        )
    refuse_to_overwrite("--svg", svg, path, [manifest.verilog, *manifest.extras])
    plan = schedule.plan
    drawing = draw_plan(plan, stages=schedule.stages, latency=schedule.latency, title=manifest.asked.title)
    with working("drawing"), written_aside(svg) as aside:
        aside.write_text(drawing, encoding="utf-8", newline="\n")


def _answers(
    manifest: CompositeManifest, values: Sequence[str], codes: Sequence[tuple[int, ...]]
) -> list[tuple[list[Named], list[Named]]]:
    """Return the inputs that are asked about with the outputs that answer them."""
    from ..plan.operations.base import Range
    from ..sim.composite_arrays import CompositeArrays

    model = CompositeArrays(manifest)
    if model.takes_vectors and len(model.inputs) > 1:
        raise click.UsageError(
            f"--at and --at-code take one number for each element, and those of {manifest.name} have "
            f"{', '.join(model.inputs)}; softgate eval takes arrays"
        )

    def inputs(count: int) -> list[Input]:
        fields = list(model.inputs.items())
        if model.takes_vectors:
            fields = [(f"{fields[0][0]}[{number}]", fields[0][1]) for number in range(count)]
        return [Input(name, fmt, Range.of(fmt)) for name, fmt in fields]

    asked = [(each, codes_at(text, each)) for text in values for each in [inputs(text.count(",") + 1)]]
    asked += [(each, checked_codes(given, each)) for given in codes for each in [inputs(len(given))]]
    answers = []
    for fields, given in asked:
        found = model(given) if model.takes_vectors else model(*given)
        outputs: list[Named] = []
        for (name, fmt), array in zip(
            model.outputs.items(), found if isinstance(found, tuple) else (found,), strict=True
        ):
            several = array.ndim > 0
            outputs += [
                ((f"{name}[{number}]" if several else name, fmt), int(code))
                for number, code in enumerate(array.reshape(-1))
            ]
        sent = [((each.name, each.format), code) for each, code in zip(fields, given, strict=True)]
        answers.append((sent, outputs))
    return answers


def explain_composite(manifest: CompositeManifest, *, as_json: bool) -> None:
    """Print the contract of a composite, what it rests on, and how each part was made."""
    if as_json:
        print_json({key: manifest.as_dict()[key] for key in ("arguments", "words", "contract")})
        return
    click.echo(manifest.asked.title)
    for promise in manifest.contract:
        click.echo(f"  {promise.name:<10} {promise.statement}\n  {'':<10} proof: {promise.proof}")
    for name, part in manifest.parts.items():
        parameters = ", ".join(f"{key}={value}" for key, value in part.method_parameters.items())
        click.echo(
            f"  {name:<10} {part.specification.function}, {part.specification.domain} to "
            f"{part.specification.output_format}: {part.method} ({parameters}), error {part.error['max_ulp']:.4g} ulp"
        )
    click.echo(f"  {'timing':<10} {manifest.hardware.timing}")
