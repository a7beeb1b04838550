"""``softgate eval``."""

from __future__ import annotations

from pathlib import Path

import click

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

    model = golden(Manifest.load(manifest_path).plan)
    try:
        array = np.load(source, allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise click.UsageError(f"cannot read {str(source)!r} as a numpy array: {error}") from None
    if not isinstance(array, np.ndarray):
        raise click.UsageError(f"{str(source)!r} holds several arrays; save a single one with numpy.save")
    if np.issubdtype(array.dtype, np.floating):
        result = model.floats(array)
    elif np.issubdtype(array.dtype, np.integer):
        result = model(array)
    else:
        raise click.UsageError(f"{str(source)!r} holds {array.dtype}; floats or integer codes are possible")
    temporary = target.with_name(f".{target.name}.part")
    try:
        with temporary.open("wb") as file:
            np.save(file, result)
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)
