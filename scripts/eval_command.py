"""``softgate eval``."""

from __future__ import annotations

from pathlib import Path

import click

from ..support.progress import working
from .common import read_npy, refuse_to_overwrite, written_aside

__all__ = ["command"]


@click.command(name="eval")
@click.argument("manifest_path", metavar="MANIFEST", type=click.Path(path_type=Path))
@click.argument("source", metavar="IN.npy", type=click.Path(path_type=Path))
@click.argument("target", metavar="OUT.npy", type=click.Path(path_type=Path))
def command(manifest_path: Path, source: Path, target: Path) -> None:
    """Run the golden model on an array: floats are quantised and give floats, integers are codes and give codes."""
    import io

    import numpy as np

    from ..hdl.manifest import Manifest
    from ..sim.golden.model import golden

    if source.resolve() == target.resolve():
        raise click.UsageError(f"OUT.npy: {str(target)!r} is the array to read; name another file")
    manifest = Manifest.load(manifest_path)
    refuse_to_overwrite("OUT.npy", target, manifest_path, [manifest.verilog, *manifest.extras])
    if (count := len(manifest.plan.inputs)) > 1:
        raise click.UsageError(
            f"MANIFEST: {manifest.name} has {count} inputs, and eval takes one array; use softgate.golden"
        )
    model = golden(manifest.plan)
    with working("evaluating"):
        array = read_npy("IN.npy", source)
        if np.issubdtype(array.dtype, np.floating):
            result = model.floats(array)
        elif np.issubdtype(array.dtype, np.integer):
            result = model(array)
        else:
            raise click.UsageError(f"IN.npy: {str(source)!r} holds {array.dtype}; floats or integer codes are possible")
        content = io.BytesIO()  # numpy's own error on a full disk has no error number
        np.save(content, result)
        with written_aside(target) as aside:
            aside.write_bytes(content.getbuffer())
