"""Folders and files on a disk that may be full: errors name the file, and no half-written file is left behind.

Some programs report nothing when the disk is full and leave truncated files; others fail with a message about something
else. So the free space is checked after each of them.
"""

from __future__ import annotations

import errno
import hashlib
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

__all__ = [
    "FULL",
    "created_folder",
    "naming",
    "scratch_folder",
    "sha256_text",
    "umask",
    "working_in",
    "write_atomically",
]

FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
"""Error numbers of a full disk."""

_PROBE = bytes(1 << 16)
"""Free bytes below which a disk counts as full."""


@contextmanager
def naming(path: Path, *aside: Path) -> Iterator[None]:
    """Make an `OSError` name `path` if it names no file, or a temporary one (`aside`).

    Python does not name the file if a write fails, and the user does not know the temporary files.
    """
    try:
        yield
    except OSError as error:
        if error.errno is None or (error.filename is not None and str(error.filename) not in map(str, aside)):
            raise
        raise OSError(error.errno, os.strerror(error.errno), str(path)) from None


@contextmanager
def working_in(folder: Path) -> Iterator[None]:
    """Raise an `OSError` that names the folder if its disk is full at the end of the block: its files may be truncated.

    If the block fails in another way while the disk is full, the full disk is reported as the cause.
    """
    with naming(folder):
        try:
            yield
        except OSError:
            raise
        except Exception:
            _refuse_full(folder)
            raise
        _refuse_full(folder)


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """Yield a temporary folder for the files of programs, watched by `working_in` and deleted after the block."""
    with tempfile.TemporaryDirectory(prefix="softgate-") as name, working_in(Path(name)):
        yield Path(name)


@contextmanager
def created_folder(folder: Path) -> Iterator[None]:
    """Make a folder and its missing parents; if the block fails, delete those that are still empty."""
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        yield
    except BaseException:
        for path in missing:  # innermost first
            with suppress(OSError):
                path.rmdir()
        raise


def umask() -> int:
    """Return the permission bits that this process clears in new files."""
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _refuse_full(folder: Path) -> None:
    try:
        with tempfile.TemporaryFile(dir=folder, buffering=0) as probe:
            written = probe.write(_PROBE)
    except OSError as error:
        if error.errno not in FULL:
            return
        written = 0
    if written < len(_PROBE):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(folder))


def sha256_text(text: str) -> str:
    """Return the SHA-256 of a text's UTF-8 bytes, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def write_atomically(files: Mapping[Path, str]) -> None:
    """Write text files so that readers see each one old or complete, and either all of them or none are replaced.

    All are written to temporary files first, and then renamed: an error such as a full disk occurs before any is
    replaced.
    """
    aside: dict[Path, str] = {}
    try:
        for path, text in files.items():
            try:
                handle, aside[path] = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
            except OSError as error:  # it names the temporary file, which the user does not know
                raise OSError(error.errno, error.strerror, str(path)) from None
            with naming(path), os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
                file.write(text)
            os.chmod(aside[path], 0o666 & ~umask())
        for path in files:
            if path.is_dir():
                raise IsADirectoryError(f"{path} is a folder; a file of that name is to be written")
        for path in files:
            os.replace(aside[path], path)
            del aside[path]
    finally:
        for temporary in aside.values():
            os.unlink(temporary)
