"""Files that are slow to build and depend only on their inputs, kept between runs.

They live in `$SOFTGATE_CACHE`, else in `softgate` under `$XDG_CACHE_HOME` or `~/.cache`, and may be deleted at any
time.
"""

import atexit
import functools
import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path


def content_key(parts: Iterable[str]) -> str:
    """Return a name for what is built from these texts: the SHA-256 of all of them, boundaries included."""
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode()
        digest.update(len(data).to_bytes(8, "little") + data)
    return digest.hexdigest()


def cached_file(name: str, build: Callable[[Path], None]) -> Path:
    """Return the cached file `name`, which `build` writes to the path it is given if there is none yet.

    Safe with any number of processes: each builds aside and renames, so that a file is either absent or whole.
    """
    folder = cache_folder()
    path = folder / name
    if not path.exists():
        with tempfile.TemporaryDirectory(dir=folder, prefix="build-") as scratch:
            built = Path(scratch) / name
            build(built)
            built.replace(path)
    return path


def cache_folder() -> Path:
    """Return the cache's folder, or one that lasts as long as the process where that is not writable."""
    chosen = os.environ.get("SOFTGATE_CACHE")
    base = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    folder = Path(chosen or Path(base) / "softgate").expanduser()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return _temporary_folder()
    return folder if os.access(folder, os.W_OK | os.X_OK) else _temporary_folder()


@functools.cache
def _temporary_folder() -> Path:
    folder = tempfile.mkdtemp(prefix="softgate-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Path(folder)
