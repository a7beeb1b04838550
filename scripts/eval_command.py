"""``softgate eval``."""

from __future__ import annotations

from collections.abc import Sequence
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

    Floats are quantised and give floats; integer codes give integer codes. IN and OUT are files of one array (.npy) or
    of several by name (.npz). A unit of several outputs writes one array per output into OUT, named after the output;
    if IN has several arrays, after the array and the output.
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
        outputs = [output.name for output in manifest.plan.outputs]
        named = {name: _output_names(name, outputs) for name in arrays}
        check_array_name("OUT", target, [each for names in named.values() for each in names])
        results: dict[str, Any] = {}
        for name, array in arrays.items():
            found = _evaluated(model, array, name, source, kind)
            results.update(zip(named[name], found if len(outputs) > 1 else (found,), strict=True))
        write_arrays(target, results)


def _output_names(name: str, outputs: Sequence[str]) -> list[str]:
    """Return the names of the arrays that an array gives."""
    if len(outputs) == 1:
        return [name]
    return [f"{name}_{output}" if name else output for output in outputs]


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
        outputs = model.plan.outputs
        codes = model(fmt.quantize(array))
        if len(outputs) == 1:
            return outputs[0].format.to_float(codes)
        return tuple(output.format.to_float(each) for output, each in zip(outputs, codes, strict=True))
    except ValueError as error:
        raise ValueError(f"array {name!r}: {error}" if name else str(error)) from None
