"""Files of arrays: one array in .npy, several by name in .npz."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .common import written_aside

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["check_array_name", "read_array", "read_arrays", "write_arrays"]

_ONE = ""
"""The name of the array of a file that holds a single one; numpy gives none to it."""


def read_arrays(argument: str, path: Path) -> dict[str, NDArray[Any]]:
    """Return the arrays of a file by name; under an empty name if the file holds one without a name.

    Raises
    ------
    click.UsageError
        If it cannot be read, or is not one of numpy's files of numbers; names the argument.

    """
    import numpy as np

    try:
        with path.open("rb") as file:
            archive = zipfile.is_zipfile(file)
            file.seek(0)
            if not archive:
                return {_ONE: np.lib.format.read_array(file, allow_pickle=False)}
            with np.load(file, allow_pickle=False) as content:
                arrays = {name: content[name] for name in content.files}
    except OSError as error:
        raise click.UsageError(f"{argument}: cannot read {str(path)!r}: {error.strerror}") from None
    except Exception:  # numpy fails in many ways on other files, depending on their first bytes
        raise click.UsageError(
            f"{argument}: {str(path)!r} is not an array of numbers that numpy.save wrote, nor several that numpy.savez "
            "wrote"
        ) from None
    if not arrays:
        raise click.UsageError(f"{argument}: {str(path)!r} holds no array")
    for name, array in arrays.items():
        if not isinstance(array, np.ndarray):  # numpy returns other members of the file as bytes
            raise click.UsageError(f"{argument}: {name!r} in {str(path)!r} is not an array that numpy.savez wrote")
    return arrays


def read_array(argument: str, path: Path) -> NDArray[Any]:
    """Return the array of a file that ``numpy.save`` wrote; raise `click.UsageError` that names the argument if not."""
    arrays = read_arrays(argument, path)
    if _ONE not in arrays:
        raise click.UsageError(f"{argument}: {str(path)!r} holds several arrays; save a single one with numpy.save")
    return arrays[_ONE]


def check_array_name(argument: str, path: Path, names: Sequence[str]) -> None:
    """Raise `click.UsageError` unless the ending of a file is that of the arrays of these names."""
    one = _ONE in names
    if path.suffix.lower() != (suffix := ".npy" if one else ".npz"):
        count = "one array is" if one else f"the arrays {', '.join(names[:-1])} and {names[-1]} are"
        count = count if one or len(names) > 1 else f"the array {names[0]} is"
        raise click.UsageError(f"{argument}: {count} written as {suffix}, not as {path.name!r}")


def write_arrays(path: Path, arrays: dict[str, NDArray[Any]]) -> None:
    """Write arrays as `read_arrays` reads them; the file takes its place once it is complete."""
    import numpy as np

    content = io.BytesIO()  # numpy's own error on a full disk has no error number
    if _ONE in arrays:
        np.save(content, arrays[_ONE])
    else:
        # Not numpy.savez: it takes names as keywords, and some of these are its own parameters.
        with zipfile.ZipFile(content, "w") as archive:
            for name, array in arrays.items():
                with archive.open(f"{name}.npy", "w", force_zip64=True) as file:
                    np.lib.format.write_array(file, np.asarray(array), allow_pickle=False)
    with written_aside(path) as aside:
        aside.write_bytes(content.getbuffer())
