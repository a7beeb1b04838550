"""C++ compiled into shared libraries, which are kept in the cache and loaded into this process."""

from __future__ import annotations

import ctypes
import functools
import platform
from collections.abc import Sequence
from pathlib import Path

from .cache import cached, content_key
from .files import scratch_folder
from .programs import run_program
from .tools import ToolError, complaint, require_program

__all__ = ["compile_library", "compiler_version", "library_of", "load_library"]

# Without hidden visibility the compiler may not inline across functions of a shared object: two thirds of the speed.
# Fused multiplications would round differently on different machines.
_FLAGS = ("-std=c++17", "-O2", "-shared", "-fPIC", "-fvisibility=hidden", "-ffp-contract=off")


def library_of(source: str) -> ctypes.CDLL:
    """Return the library that the C++ compiler makes of a source text; one that was made before is loaded.

    Raises
    ------
    ToolError
        If there is no compiler, or it fails.

    """
    compiler = require_program("g++", "g++")

    def build() -> bytes:
        with scratch_folder() as scratch:
            path = scratch / "library.cc"
            path.write_text(source)
            return compile_library([compiler, *_FLAGS], path)

    key = content_key(("library", source, " ".join(_FLAGS), compiler_version(compiler), platform.machine()))
    return load_library(cached(f"{key}.so", build))


def compile_library(command: Sequence[str], source: Path) -> bytes:
    """Return the shared library that a compiler, given with its flags, makes of a source file.

    Raises
    ------
    ToolError
        If it fails.

    """
    path = source.with_suffix(".so")
    result = run_program([*command, str(source), "-o", str(path)], scratch=source.parent)
    if result.returncode != 0:
        raise ToolError(f"g++ could not compile the generated code: {complaint(result.stderr)}")
    return path.read_bytes()


def load_library(built: bytes) -> ctypes.CDLL:
    """Load a shared library: what was read and verified, from a file that nobody else knows.

    Once it is loaded, it is mapped and its file may go.
    """
    with scratch_folder() as scratch:
        path = scratch / "library.so"
        path.write_bytes(built)
        return ctypes.CDLL(str(path))


@functools.cache
def compiler_version(compiler: str) -> str:
    """Return what a compiler says of its version."""
    return run_program([compiler, "--version"]).stdout
