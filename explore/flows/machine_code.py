"""The machine code that a tool's WebAssembly is compiled to. YoWASP caches it and does not verify it.

It is written without care for other processes, and an altered page of it runs as it is: nextpnr would end, or place
and route otherwise. So a digest lies beside what has been made here, and what does not agree with it is made again.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ...support.cache import cache_folder, can_be_written

__all__ = ["machine_code_folder", "sealed"]

_SEAL = ".sha256"
"""Suffix of a digest's file name."""


def machine_code_folder() -> Path:
    """Return the folder for YoWASP's machine code: its own, or one of softgate's if that is unusable."""
    from platformdirs import user_cache_dir  # YoWASP has it

    folder = Path(os.environ.get("YOWASP_CACHE_DIR") or user_cache_dir("YoWASP", appauthor=False))
    return folder if folder.is_absolute() and can_be_written(folder) else cache_folder() / "YoWASP"


@contextmanager
def sealed(folder: Path, package: str) -> Iterator[None]:
    """Lock the machine code of a package: delete damaged files first, and seal the new ones afterwards."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{package}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for module in _modules(folder, package):
            if not _is_whole(module):
                shutil.rmtree(module) if module.is_dir() and not module.is_symlink() else module.unlink()
        yield
        for module in _modules(folder, package):
            if not _is_whole(module):
                with suppress(OSError):  # a full disk: then it is made again next time
                    _seal_of(module).write_text(_digest(module), encoding="ascii")


def _modules(folder: Path, package: str) -> list[Path]:
    return [path for path in folder.glob(f"{package}/*/*") if path.suffix != _SEAL]


def _is_whole(module: Path) -> bool:
    try:
        return module.is_file() and _seal_of(module).read_text(encoding="ascii") == _digest(module)
    except (OSError, ValueError):
        return False


def _seal_of(module: Path) -> Path:
    return module.with_name(module.name + _SEAL)


def _digest(module: Path) -> str:
    with module.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
