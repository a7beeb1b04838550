"""``softgate scan``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..support.progress import working
from .array_files import read_array, read_arrays
from .common import console, json_option, print_json

if TYPE_CHECKING:
    from ..explore.choose.result import Design
    from ..ml.scan.check import Comparison
    from ..ml.scan.propose import Proposal
    from ..ml.scan.scan import Scan, Site

__all__ = ["command"]


@click.command(name="scan")
@click.argument("model_path", metavar="MODEL.onnx", type=click.Path(path_type=Path))
@click.option(
    "--data",
    "data_path",
    required=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Arrays named like the model's inputs (.npz), or the array of a single input (.npy).",
)
@click.option(
    "--bits",
    type=click.IntRange(2, 16),
    default=12,
    show_default=True,
    metavar="N",
    help="Width of the formats to propose, 2 to 16.",
)
@click.option("--target", metavar="NAME", help="Predict the units' look-up tables for this FPGA.")
@click.option(
    "--emit",
    "folder",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Write one unit per distinct specification, scan.json and sweep.toml.",
)
@click.option("--check", is_flag=True, help="Run the model with golden models in place of its activations.")
@click.option(
    "--labels",
    "labels_path",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The right class of each sample (.npy), to judge accuracy by.",
)
@click.option(
    "--budget",
    metavar="KIND=AMOUNT",
    help="Search the smallest formats within it: accuracy=0.5 (points of accuracy) or output=1e-3 (change of outputs).",
)
@click.option("--force", is_flag=True, help="Overwrite files that softgate did not write.")
@json_option
def command(
    model_path: Path,
    data_path: Path,
    bits: int,
    target: str | None,
    folder: Path | None,
    check: bool,
    labels_path: Path | None,
    budget: str | None,
    force: bool,
    as_json: bool,
) -> int:
    """List the activations of an ONNX model, the values that reach them, and the units that they need.

    The model is run on the data. Formats hold the values seen, except where the function is saturated. Units are
    searched for with --target, --emit, --check and --budget only. Needs the extra onnx: pip install 'softgate[onnx]'.

    Exit code 1 if the budget cannot be met.
    """
    from ..hdl.build_options import BuildOptions
    from ..ml.scan.budget import ModelBudget, smallest
    from ..ml.scan.check import Reference
    from ..ml.scan.emit import check_folder, emit_scan
    from ..ml.scan.packages import need_packages
    from ..ml.scan.record import record_of
    from ..ml.scan.scan import scan
    from ..ml.scan.units import luts_of, unit_names, with_units

    need_packages()
    asked = None if budget is None else ModelBudget.parse(budget)
    if labels_path is not None and not check and asked is None:
        raise click.UsageError("--labels is for --check and --budget; give one of them")
    if asked is not None and asked.kind == "accuracy" and labels_path is None:
        raise click.UsageError("--budget accuracy needs the right class of each sample: --labels FILE")
    target = BuildOptions.read(target=target).target
    data = read_arrays("--data", data_path)
    labels = None if labels_path is None else read_array("--labels", labels_path)
    units: dict[Proposal, Design] = {}
    change: Comparison | None = None
    notes: list[str] = []
    with working("running the model") as progress:
        found = scan(model_path, data, bits=bits, source=data_path)
        reference = Reference(found, labels) if check or asked is not None else None
        if folder is not None:
            check_folder(folder, unit_names(found.proposals), force=force)
        if target is not None or folder is not None or reference is not None:
            found, units = with_units(found, target, progress.at)
        if reference is not None:
            reference.found = found
        if asked is not None and reference is not None:
            search = smallest(reference, asked, target, progress.at)
            found, units, change = search.found, search.units, search.change
            saved = 100 * (1 - search.luts / search.uniform_luts) if search.uniform_luts else 0.0
            notes.append(
                f"{search.luts:.0f} look-up tables for all activations, {saved:.0f} % fewer than the "
                f"{search.uniform_luts:.0f} of {search.uniform_bits} bits throughout"
            )
        elif reference is not None:
            progress.at("checking")
            change = reference.compare(
                {site.activation: units[site.proposal].golden for site in found.sites if site.proposal is not None}
            )
        names = unit_names(found.proposals)
        sizes = {proposal: luts_of(unit) for proposal, unit in units.items()}
        record = record_of(found, names, sizes, target)
        if change is not None:
            record["check"] = {
                "largest_change": dict(change.largest),
                "accuracy": None if change.accuracy is None else list(change.accuracy),
            }
        if folder is not None:
            progress.at("writing")
            emit_scan(folder, record, units, names, force=force)
    if as_json:
        print_json(record)
        return 0
    out = console()
    for line in _lines(found, names, sizes):
        out.print(line, markup=False)
    for line in _summary(found, sizes, change, notes):
        out.print(line, markup=False)
    if folder is not None:
        out.print(f"[bold green]{folder / 'scan.json'}[/], sweep.toml and {len(units)} units")
    return 0


def _lines(found: Scan, names: Mapping[Proposal, str], sizes: Mapping[Proposal, float]) -> Iterator[str]:
    """Yield the table of activations."""
    rows = [("node", "function", "count", "range", "99.9 %", "saturates", "input", "output", "unit")]
    rows += [_row(site, names, sizes) for site in found.sites]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        yield "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip()


def _row(site: Site, names: Mapping[Proposal, str], sizes: Mapping[Proposal, float]) -> tuple[str, ...]:
    seen, proposal = site.seen, site.proposal
    name = site.activation.name
    node = name if len(name) <= _LONGEST else "..." + name[3 - _LONGEST :]
    if seen is None:
        numbers = ["0", "", "", ""]
    else:
        numbers = [str(seen.count), _span(seen.low, seen.high), _span(*seen.central), _saturates(site)]
    if proposal is None:
        return (node, site.activation.kind, *numbers, "", "", f"none: {site.reason}")
    size = f", {sizes[proposal]:.0f} LUTs" if proposal in sizes else ""
    return (
        node,
        site.activation.kind,
        *numbers,
        proposal.input,
        proposal.output,
        f"{names[proposal]}, {proposal.max_error}{size}",
    )


_LONGEST = 40
"""Characters of a node's name that are shown."""


def _span(low: float, high: float) -> str:
    return f"{low:.4g} .. {high:.4g}"


def _saturates(site: Site) -> str:
    below, above = site.within
    parts = [] if below is None else [f"below {below:.4g}"]
    return ", ".join([*parts, *([] if above is None else [f"above {above:.4g}"])])


def _summary(
    found: Scan, sizes: Mapping[Proposal, float], change: Comparison | None, notes: list[str]
) -> Iterator[str]:
    """Yield what holds for the model."""
    proposals: list[Any] = [site.proposal for site in found.sites if site.proposal is not None]
    distinct = len(set(proposals))
    yield (
        f"{len(found.sites)} activations, {len(proposals)} with a unit: {distinct} "
        f"{'specification' if distinct == 1 else 'distinct specifications'}"
        + (f", {sum(sizes.values()):.0f} LUTs for one unit of each" if sizes else "")
    )
    yield from notes
    if change is not None:
        for name, largest in change.largest.items():
            yield f"output {name} changes by at most {largest:.4g}"
        if change.accuracy is not None:
            yield f"accuracy {change.accuracy[0]:.2f} % before, {change.accuracy[1]:.2f} % after"
