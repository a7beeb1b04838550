"""Folders and files on a disk that may be full: what fails names its file, and leaves nothing half-made behind.

Programs that run here write their files as they can. Some of them say nothing where the disk is full, and what they
leave is cut short; others fail over it with a message about something else. So the disk is asked, after each of them.
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
"""Numbers of the errors that say that there is no room."""

_PROBE = bytes(1 << 16)
"""Bytes that a disk must still have room for to count as not full."""


@contextmanager
def naming(path: Path, *aside: Path) -> Iterator[None]:
    """Let an `OSError` that names no file, or one of those `aside`, name `path` instead.

    Python does not name the file where it is a write that fails; and what is written aside nobody has asked for.
    """
    try:
        yield
    except OSError as error:
        if error.errno is None or (error.filename is not None and str(error.filename) not in map(str, aside)):
            raise
        raise OSError(error.errno, os.strerror(error.errno), str(path)) from None


@contextmanager
def working_in(folder: Path) -> Iterator[None]:
    """Raise `OSError`, which names the folder, where its disk is full at the end: what came of it is not to be used.

    Where the block fails otherwise on a full disk, that is taken for the cause.
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
    """Give a temporary folder for the files of programs, watched by `working_in`; it goes at the end of the block."""
    with tempfile.TemporaryDirectory(prefix="softgate-") as name, working_in(Path(name)):
        yield Path(name)


@contextmanager
def created_folder(folder: Path) -> Iterator[None]:
    """Make a folder, and those above that are missing; if the block fails, those that are still empty go again."""
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        yield
    except BaseException:
        for path in missing:  # the innermost first
            with suppress(OSError):
                path.rmdir()
        raise


def umask() -> int:
    """Return the bits that this process takes from the permissions of new files."""
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
    """Write text files so that a reader finds an old one or a whole new one, and all of them or none are new.

    All are written aside first, and then renamed: what can fail, such as a full disk, fails before any is replaced.
    """
    aside: dict[Path, str] = {}
    try:
        for path, text in files.items():
            try:
                handle, aside[path] = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
            except OSError as error:  # it names the file aside, which nobody asked for
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
