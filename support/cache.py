"""Cache of results that take long to compute, kept between runs under a hash of all their inputs.

They live in `$SOFTGATE_CACHE`, else in `softgate` under `$XDG_CACHE_HOME` or `~/.cache`, and may be deleted at any
time. An entry is a file: a digest of its name and its content, followed by the content. An entry that does not agree
with its digest is made again (decision 022).
"""

from __future__ import annotations

import atexit
import functools
import hashlib
import os
import shutil
import stat
import tempfile
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

from .files import umask

__all__ = ["cache_folder", "cached", "can_be_written", "content_key", "keep", "kept"]


def content_key(parts: Iterable[str]) -> str:
    """Return the name of the entry that is built from these texts: the SHA-256 of all of them and of their lengths."""
    return _sha256(part.encode() for part in parts).hex()


def cached(name: str, build: Callable[[], bytes]) -> bytes:
    """Return the content of the entry `name`, or what `build` returns if there is no sound entry.

    Safe with any number of processes: each writes a temporary file and renames it. If that fails, nothing is kept.
    """
    content = kept(name)
    if content is None:
        content = build()
        keep(name, content)
    return content


def kept(name: str) -> bytes | None:
    """Return the content of the entry `name`; None if there is no sound entry."""
    return _read(cache_folder() / name)


def keep(name: str, content: bytes) -> None:
    """Write the entry `name`, replacing the former one; nothing is kept if that fails."""
    with suppress(OSError):  # the result is of use even if the disk is full or cannot be written to
        _write(cache_folder() / name, content)


def cache_folder() -> Path:
    """Return the cache's folder; if it is not writable, one that lasts as long as the process."""
    try:
        folder = _chosen_folder()
    except RuntimeError:  # the user has no home folder
        return _temporary_folder()
    return folder if can_be_written(folder) else _temporary_folder()


def can_be_written(folder: Path) -> bool:
    """Return whether files can be written into a folder, which is made if it is missing."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):  # permissions alone do not decide it
            return True
    except OSError:
        return False


def _chosen_folder() -> Path:
    if chosen := os.environ.get("SOFTGATE_CACHE"):
        return Path(chosen).expanduser()
    base = os.environ.get("XDG_CACHE_HOME", "")
    # The XDG specification says to ignore a relative path.
    return (Path(base) if os.path.isabs(base) else Path("~/.cache").expanduser()) / "softgate"


def _read(path: Path) -> bytes | None:
    """Return the content of an entry; None if it is missing or damaged."""
    try:
        # Reading anything but a file, such as a pipe, might block for ever.
        with open(path, "rb", opener=lambda name, flags: os.open(name, flags | os.O_NONBLOCK)) as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                return None
            digest, content = file.read(hashlib.sha256().digest_size), file.read()
    except OSError:
        return None
    return content if digest == _digest(path.name, content) else None


def _write(path: Path, content: bytes) -> None:
    """Write an entry, replacing the former one."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    handle, aside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(_digest(path.name, content) + content)
            os.fchmod(file.fileno(), 0o666 & ~umask())
            file.flush()
            os.fsync(file.fileno())  # otherwise a crash may leave the new name on an empty file
        os.replace(aside, path)
    except BaseException:
        os.unlink(aside)
        raise


def _digest(name: str, content: bytes) -> bytes:
    """Return the digest at the start of an entry; it covers the name, so that no entry can be mistaken for another."""
    return _sha256([name.encode(), content])


def _sha256(parts: Iterable[bytes]) -> bytes:
    """Return the SHA-256 of some texts, each preceded by its length, so that boundaries between them count."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "little") + part)
    return digest.digest()


@functools.cache
def _temporary_folder() -> Path:
    folder = tempfile.mkdtemp(prefix="softgate-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Path(folder)
