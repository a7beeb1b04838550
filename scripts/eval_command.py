"""``softgate eval``."""

from __future__ import annotations

from pathlib import Path

import click

from .common import refuse_to_overwrite

__all__ = ["command"]


@click.command(name="eval")
@click.argument("manifest_path", metavar="MANIFEST", type=click.Path(path_type=Path))
@click.argument("source", metavar="IN.npy", type=click.Path(path_type=Path))
@click.argument("target", metavar="OUT.npy", type=click.Path(path_type=Path))
def command(manifest_path: Path, source: Path, target: Path) -> None:
    """Run the golden model over an array: floats give floats (quantised first), integers are codes and give codes."""
    import numpy as np

    from ..hdl.manifest import Manifest
    from ..sim.golden import golden

    manifest = Manifest.load(manifest_path)
    refuse_to_overwrite("OUT.npy", target, manifest_path, manifest.verilog)
    model = golden(manifest.plan)
    try:
        with source.open("rb") as file:
            array = np.lib.format.read_array(file, allow_pickle=False)
    except OSError as error:
        raise click.UsageError(f"IN.npy: cannot read {str(source)!r}: {error.strerror}") from None
    except (ValueError, EOFError):
        raise click.UsageError(
            f"IN.npy: {str(source)!r} is no .npy file of numbers; save one with numpy.save"
        ) from None
    if np.issubdtype(array.dtype, np.floating):
        result = model.floats(array)
    elif np.issubdtype(array.dtype, np.integer):
        result = model(array)
    else:
        raise click.UsageError(f"IN.npy: {str(source)!r} holds {array.dtype}; floats or integer codes are possible")
    temporary = target.with_name(f".{target.name}.part")
    try:
        with temporary.open("wb") as file:
            np.save(file, result)
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)
