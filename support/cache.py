"""Results that take long and depend only on what they are made of, kept between runs.

They live in `$SOFTGATE_CACHE`, else in `softgate` under `$XDG_CACHE_HOME` or `~/.cache`, and may be deleted at any
time. An entry is a file: a digest of its name and its content, and then the content. What does not agree with its
digest is made again (decision 022).
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

__all__ = ["cache_folder", "cached", "can_be_written", "content_key"]


def content_key(parts: Iterable[str]) -> str:
    """Return a name for what is built from these texts: the SHA-256 of all of them, boundaries included."""
    return _sha256(part.encode() for part in parts).hex()


def cached(name: str, build: Callable[[], bytes]) -> bytes:
    """Return the content of the entry `name`, or what `build` returns if there is no sound entry.

    Safe with any number of processes: each writes aside and renames. What cannot be written is not kept.
    """
    path = cache_folder() / name
    content = _read(path)
    if content is None:
        content = build()
        with suppress(OSError):  # a full disk, or one that cannot be written, is no reason to withhold what was made
            _write(path, content)
    return content


def cache_folder() -> Path:
    """Return the cache's folder, or one that lasts as long as the process where that is not writable."""
    try:
        folder = _chosen_folder()
    except RuntimeError:  # whoever this is has no home
        return _temporary_folder()
    return folder if can_be_written(folder) else _temporary_folder()


def can_be_written(folder: Path) -> bool:
    """Return whether files can be written into a folder, which is made if it is not there."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):  # permissions alone do not tell
            return True
    except OSError:
        return False


def _chosen_folder() -> Path:
    if chosen := os.environ.get("SOFTGATE_CACHE"):
        return Path(chosen).expanduser()
    base = os.environ.get("XDG_CACHE_HOME", "")
    # By its specification, a path there that is relative is to be ignored.
    return (Path(base) if os.path.isabs(base) else Path("~/.cache").expanduser()) / "softgate"


def _read(path: Path) -> bytes | None:
    """Return the content of an entry; None unless it is there and whole."""
    try:
        # What is no file, such as a pipe, must not be waited for.
        with open(path, "rb", opener=lambda name, flags: os.open(name, flags | os.O_NONBLOCK)) as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                return None
            digest, content = file.read(hashlib.sha256().digest_size), file.read()
    except OSError:
        return None
    return content if digest == _digest(path.name, content) else None


def _write(path: Path, content: bytes) -> None:
    """Put an entry in the place of whatever is there."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    handle, aside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(_digest(path.name, content) + content)
            os.fchmod(file.fileno(), 0o666 & ~umask())
            file.flush()
            os.fsync(file.fileno())  # or a crash may leave the new name with nothing behind it
        os.replace(aside, path)
    except BaseException:
        os.unlink(aside)
        raise


def _digest(name: str, content: bytes) -> bytes:
    """Return what an entry begins with; the name is part of it, so that entries cannot be taken for one another."""
    return _sha256([name.encode(), content])


def _sha256(parts: Iterable[bytes]) -> bytes:
    """Return the SHA-256 of some texts: each behind its length, so that where one ends makes a difference."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "little") + part)
    return digest.digest()


@functools.cache
def _temporary_folder() -> Path:
    folder = tempfile.mkdtemp(prefix="softgate-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Path(folder)
