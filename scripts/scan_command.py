"""``softgate scan``."""

from __future__ import annotations

from pathlib import Path

import click

from ..support.progress import working
from .array_files import read_array, read_arrays
from .common import json_option, print_json

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
    from ..ml.scan.budget import ModelBudget
    from ..ml.scan.emit import check_folder, emit_scan
    from ..ml.scan.examine import examine
    from ..ml.scan.listing import listing
    from ..ml.scan.packages import need_packages
    from ..ml.scan.scan import scan
    from ..ml.scan.units import unit_names

    need_packages()
    asked = None if budget is None else ModelBudget.parse(budget)
    if labels_path is not None and not check and asked is None:
        raise click.UsageError("--labels is for --check and --budget; give one of them")
    if asked is not None and asked.kind == "accuracy" and labels_path is None:
        raise click.UsageError("--budget accuracy needs the right class of each sample: --labels FILE")
    if force and folder is None:
        raise click.UsageError("--force is for --emit; give it, too")
    target = BuildOptions.read(target=target).target
    data = read_arrays("--data", data_path)
    labels = None if labels_path is None else read_array("--labels", labels_path)
    with working("running the model") as progress:
        found = scan(model_path, data, bits=bits, source=data_path)
        if folder is not None:
            check_folder(folder, unit_names(found.proposals), force=force)
        examined = examine(
            found,
            target=target,
            units=folder is not None,
            check=check,
            labels=labels,
            budget=asked,
            at=progress.at,
        )
        if folder is not None:
            progress.at("writing")
            emit_scan(folder, examined.record, examined.units, examined.names, force=force)
    if as_json:
        print_json(examined.record)
        return 0
    for line in listing(examined):
        click.echo(line)
    if folder is not None:
        click.echo(f"written: {folder / 'scan.json'}, sweep.toml and {len(examined.units)} units")
    return 0
