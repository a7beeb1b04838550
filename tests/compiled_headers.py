"""The headers of compiled units, precompiled once for all tests of a run: to read them takes longer than the rest.

What g++ makes of a unit is the same with and without them; the processes that tests start do without.
"""

import fcntl
import os
import subprocess
from pathlib import Path

from softgate.sim.engines import compiled
from softgate.support.yosys import pyosys_folder

_TEXT = "#include <cxxrtl/cxxrtl.h>\n#include <array>\n"


def install(folder: Path, patch) -> None:
    """Let units be compiled with headers that lie in a folder, which all processes of the run know."""
    real = compiled._compile

    def compile_with_headers(compiler: str, source: Path) -> bytes:
        header = _precompiled(folder, compiler)
        source.write_text(f'#include "{header}"\n{source.read_text()}')
        return real(compiler, source)

    patch.setattr(compiled, "_compile", compile_with_headers)


def _precompiled(folder: Path, compiler: str) -> Path:
    """Return the header, made by whoever comes first; the others wait."""
    header = folder / "headers.h"
    made = Path(f"{header}.gch")
    if not made.exists():
        folder.mkdir(exist_ok=True)
        with open(folder / "lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not made.exists():
                header.write_text(_TEXT)
                runtime = pyosys_folder() / "share/include/backends/cxxrtl/runtime"
                flags = [flag for flag in compiled._CXX_FLAGS if flag != "-shared"]
                aside = folder / "aside.gch"
                command = [compiler, *flags, f"-I{runtime}", "-x", "c++-header", str(header), "-o", str(aside)]
                subprocess.run(command, check=True, capture_output=True)
                os.replace(aside, made)
    return header
