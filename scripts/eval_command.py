"""``softgate eval``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..support.progress import working
from .common import refuse_to_overwrite

if TYPE_CHECKING:
    from typing import TypeAlias

    from numpy.typing import NDArray

    from ..plan.formats import FixedFormat
    from ..sim.composite_arrays import CompositeArrays
    from ..sim.golden.model import GoldenModel

    Array: TypeAlias = NDArray[Any]

__all__ = ["command"]


@click.command(name="eval")
@click.argument("manifest_path", metavar="MANIFEST", type=click.Path(path_type=Path))
@click.argument("source", metavar="IN", type=click.Path(path_type=Path))
@click.argument("target", metavar="OUT", type=click.Path(path_type=Path))
@click.option(
    "--as",
    "kind",
    type=click.Choice(["codes", "values"], case_sensitive=False),
    help="What the numbers are. Floats are values and integers codes unless this says otherwise.",
)
def command(manifest_path: Path, source: Path, target: Path, kind: str | None) -> None:
    """Run the golden model on an array, or on each array of an archive.

    Floats are quantised and give floats; integer codes give integer codes. IN and OUT are files of one array (.npy) or
    of several by name (.npz). A unit of several outputs writes one array per output into OUT, named after the output;
    if IN has several arrays, after the array and the output. For a unit of several inputs, IN holds one array per
    input, named after it (.npz); their shapes broadcast.

    Of a composite that takes vectors, the last axis of an array is that of a vector's elements.
    """
    from ..hdl.composites.manifest import CompositeManifest, load_manifest
    from ..sim.composite_arrays import CompositeArrays
    from ..sim.golden.model import golden
    from .array_files import check_array_name, read_arrays, write_arrays

    if source.resolve() == target.resolve():
        raise click.UsageError(f"OUT: {str(target)!r} is the file to read; name another")
    manifest = load_manifest(manifest_path)
    refuse_to_overwrite("OUT", target, manifest_path, [manifest.verilog, *manifest.extras])
    model: GoldenModel | CompositeArrays
    if isinstance(manifest, CompositeManifest):
        model = CompositeArrays(manifest)
        inputs, outputs = model.inputs, model.outputs
    else:
        model, plan = golden(manifest.plan), manifest.plan
        inputs, outputs = dict(plan.inputs), {output.name: output.format for output in plan.outputs}
    with working("evaluating"):
        sets = _sets(list(inputs), read_arrays("IN", source), source)
        named = {name: _output_names(name, list(outputs)) for name in sets}
        check_array_name("OUT", target, [each for names in named.values() for each in names])
        results: dict[str, Any] = {}
        for name, arrays in sets.items():
            found = _evaluated(model, arrays, list(inputs.values()), list(outputs.values()), name, source, kind)
            results.update(zip(named[name], found if len(outputs) > 1 else (found,), strict=True))
        write_arrays(target, results)


def _sets(inputs: Sequence[str], arrays: dict[str, Array], source: Path) -> dict[str, dict[str, Array]]:
    """Return the arrays that belong together, by their own names, under the name that their results have."""
    if len(inputs) == 1:
        return {name: {name: array} for name, array in arrays.items()}
    if arrays.keys() != set(inputs):
        names = f"{', '.join(inputs[:-1])} and {inputs[-1]}"
        raise click.UsageError(f"IN: {str(source)!r} must hold one array for each input, called {names} (.npz)")
    return {"": {name: arrays[name] for name in inputs}}


def _output_names(name: str, outputs: Sequence[str]) -> list[str]:
    """Return the names of the arrays that an array gives."""
    if len(outputs) == 1:
        return [name]
    return [f"{name}_{output}" if name else output for output in outputs]


def _evaluated(
    model: GoldenModel | CompositeArrays,
    arrays: dict[str, Array],
    inputs: Sequence[FixedFormat],
    outputs: Sequence[FixedFormat],
    name: str,
    source: Path,
    kind: str | None,
) -> Any:
    """Return the outputs for an array of each input: values for values, and codes for codes."""
    floats = []
    for own, array in arrays.items():
        numbers = array.dtype.kind
        what = f"IN: {str(source)!r} holds {array.dtype}" + (f" in array {own!r}" if own else "")
        if numbers not in "fiu":
            raise click.UsageError(f"{what}; floats or integers are possible")
        if kind == "codes" and numbers == "f":
            raise click.UsageError(f"{what}; --as codes takes integers, and values that are floats need no --as")
        floats.append(numbers == "f")
    if any(floats) and not all(floats) and kind != "values":
        raise click.UsageError(f"IN: {str(source)!r} holds floats and integers; --as values takes both as values")
    try:
        if all(floats):
            return model.floats(*arrays.values())
        if kind != "values":
            return model(*arrays.values())
        codes = model(*(fmt.quantize(each) for each, fmt in zip(arrays.values(), inputs, strict=True)))
        if len(outputs) == 1:
            return outputs[0].to_float(codes)
        return tuple(fmt.to_float(each) for fmt, each in zip(outputs, codes, strict=True))
    except ValueError as error:
        raise ValueError(f"array {name!r}: {error}" if name else str(error)) from None
