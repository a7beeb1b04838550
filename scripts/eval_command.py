"""``softgate eval``."""

from __future__ import annotations

from pathlib import Path

import click

from ..support.progress import working
from .common import refuse_to_overwrite, written_aside

__all__ = ["command"]


@click.command(name="eval")
@click.argument("manifest_path", metavar="MANIFEST", type=click.Path(path_type=Path))
@click.argument("source", metavar="IN.npy", type=click.Path(path_type=Path))
@click.argument("target", metavar="OUT.npy", type=click.Path(path_type=Path))
def command(manifest_path: Path, source: Path, target: Path) -> None:
    """Run the golden model on an array: floats are quantised and give floats, integers are codes and give codes.

    Of a unit of several outputs OUT is a .npz file, which holds an array for each, by its name.
    """
    import io
    import zipfile

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
    names = [output.name for output in manifest.plan.outputs]
    if len(names) > 1 and target.suffix != ".npz":
        raise click.UsageError(
            f"OUT.npy: {manifest.name} has the outputs {' and '.join(names)}, which a .npz file holds by name; "
            f"write {target.with_suffix('.npz').name}, not {target.name!r}"
        )
    model = golden(manifest.plan)
    with working("evaluating"):
        try:
            with source.open("rb") as file:
                if zipfile.is_zipfile(file):
                    raise click.UsageError(
                        f"IN.npy: {str(source)!r} holds several arrays; save a single one with numpy.save"
                    )
                file.seek(0)
                array = np.lib.format.read_array(file, allow_pickle=False)
        except OSError as error:
            raise click.UsageError(f"IN.npy: cannot read {str(source)!r}: {error.strerror}") from None
        except click.UsageError:
            raise
        except Exception:  # numpy fails in many ways on other files, depending on their first bytes
            raise click.UsageError(
                f"IN.npy: {str(source)!r} is not an array of numbers that numpy.save wrote"
            ) from None
        if np.issubdtype(array.dtype, np.floating):
            result = model.floats(array)
        elif np.issubdtype(array.dtype, np.integer):
            result = model(array)
        else:
            raise click.UsageError(f"IN.npy: {str(source)!r} holds {array.dtype}; floats or integer codes are possible")
        content = io.BytesIO()  # numpy's own error on a full disk has no error number
        if len(names) > 1:
            np.savez(content, **dict(zip(names, result, strict=True)))
        else:
            np.save(content, result)
        with written_aside(target) as aside:
            aside.write_bytes(content.getbuffer())
