"""``softgate eval``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..support.progress import working
from .common import refuse_to_overwrite

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..sim.golden.model import GoldenModel

__all__ = ["command"]


@click.command(name="eval")
@click.argument("manifest_path", metavar="MANIFEST", type=click.Path(path_type=Path))
@click.argument("source", metavar="IN", type=click.Path(path_type=Path))
@click.argument("target", metavar="OUT", type=click.Path(path_type=Path))
@click.option(
    "--as",
    "kind",
    type=click.Choice(["codes", "values"]),
    help="What the numbers are. Floats are values and integers codes unless this says otherwise.",
)
def command(manifest_path: Path, source: Path, target: Path, kind: str | None) -> None:
    """Run the golden model on an array, or on each array of an archive.

    Values are quantised and give values, in floats; codes give codes, in integers. IN and OUT are files of one array
    (.npy) or of several by name (.npz).
    """
    from ..hdl.manifest import Manifest
    from ..sim.golden.model import golden
    from .array_files import check_array_name, read_arrays, write_arrays

    if source.resolve() == target.resolve():
        raise click.UsageError(f"OUT: {str(target)!r} is the file to read; name another")
    manifest = Manifest.load(manifest_path)
    refuse_to_overwrite("OUT", target, manifest_path, [manifest.verilog, *manifest.extras])
    if (count := len(manifest.plan.inputs)) > 1:
        raise click.UsageError(
            f"MANIFEST: {manifest.name} has {count} inputs, and eval takes one array; use softgate.golden"
        )
    model = golden(manifest.plan)
    with working("evaluating"):
        arrays = read_arrays("IN", source)
        check_array_name("OUT", target, arrays)
        write_arrays(target, {name: _evaluated(model, array, name, source, kind) for name, array in arrays.items()})


def _evaluated(model: GoldenModel, array: NDArray[Any], name: str, source: Path, kind: str | None) -> Any:
    """Return the outputs for an array: values for values, and codes for codes."""
    numbers = array.dtype.kind
    what = f"IN: {str(source)!r} holds {array.dtype}" + (f" in array {name!r}" if name else "")
    if numbers not in "fiu":
        raise click.UsageError(f"{what}; floats or integers are possible")
    if kind == "codes" and numbers == "f":
        raise click.UsageError(f"{what}; --as codes takes integers, and values that are floats need no --as")
    try:
        if numbers == "f":
            return model.floats(array)
        if kind != "values":
            return model(array)
        ((_, fmt),) = model.plan.inputs
        return model.plan.outputs[0].format.to_float(model(fmt.quantize(array)))
    except ValueError as error:
        raise ValueError(f"array {name!r}: {error}" if name else str(error)) from None
