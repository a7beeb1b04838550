"""The command line: ``python -m benchmarks KIND``."""

from __future__ import annotations

import json
from collections.abc import Iterator

import click

from softgate.support.progress import watched
from softgate.support.rows import Row, markdown

__all__ = ["command"]


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("kind", metavar="KIND")
@click.option("--target", metavar="NAME", help="Whose ordinary clock to try, for the kind clocks; ecp5 unless given.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
def command(kind: str, target: str | None, as_json: bool) -> None:
    """Measure the numbers of the documentation again.

    KIND is one of: units, on an ECP5; activations, of trained networks on an ECP5; peers, units beside those of a peer
    and of more widths; parts, where their look-up tables go; blocks, what these are with a block or two; efforts, with
    every effort; fits, polynomials by different fits; composites, on an ECP5; monotonic units; demands, units with free
    ends, symmetric ones and ones of little bias; quantised, the codes of quantised units beside those of ONNX Runtime
    and TFLite; scales, what these cost in hardware; speed of the tool, or of a sweep, on this machine; torch, the speed
    of layers for PyTorch; timing of units built for a clock; clocks, whether what is built by default keeps a target's
    ordinary clock.

    Prints Markdown tables, line by line as they come. What was synthesised and routed is kept, so that a
    command which was interrupted goes on from there.
    """
    try:
        rows = watched(f"measuring {kind}", _measured(kind, target))
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    if as_json:
        click.echo(json.dumps([{"label": row.label, **row.cells} for row in rows], indent=2))
        return
    for line in markdown(kind.removesuffix("s"), rows):
        click.echo(line)
    if kind in ("speed", "sweep", "torch"):
        from .speed import machine

        click.echo(f"\nMeasured on {machine()}.")


def _measured(kind: str, target: str | None) -> Iterator[Row]:
    from softgate.hdl.targets import target as find_target
    from softgate.support.parameters import read_name

    from .activations import measure_activations
    from .blocks import measure_blocks
    from .clocks import measure_clocks
    from .composites import measure_composites
    from .demands import measure_demands, measure_monotonic
    from .efforts import measure_efforts
    from .fits import measure_fits
    from .parts import measure_parts
    from .peers import measure_peers
    from .quantised import measure_quantised
    from .scales import measure_scales
    from .speed import measure_speed
    from .sweeps import measure_sweep
    from .timing import measure_timing
    from .torch_speed import measure_torch
    from .units import measure_units

    measures = {
        "units": measure_units,
        "activations": measure_activations,
        "peers": measure_peers,
        "parts": measure_parts,
        "blocks": measure_blocks,
        "composites": measure_composites,
        "efforts": measure_efforts,
        "fits": measure_fits,
        "demands": measure_demands,
        "monotonic": measure_monotonic,
        "quantised": measure_quantised,
        "scales": measure_scales,
        "speed": measure_speed,
        "sweep": measure_sweep,
        "timing": measure_timing,
        "torch": measure_torch,
    }
    kind = read_name("benchmark", kind, [*measures, "clocks"])
    if kind == "clocks":
        return measure_clocks(find_target(target or "ecp5"))
    if target is not None:
        raise ValueError(f"--target is for the kind clocks, not for {kind}; leave it out")
    return measures[kind]()
