"""Emitted Verilog as the standard reads it: Icarus Verilog runs the vector bench on the text.

Yosys, and so CXXRTL, takes Verilog for the hardware that it stands for: where the standard says `x`, some bits will do.
Icarus keeps to the standard's letter. An index that is signed, and negative, reads outside its table; what was never
given a value is unknown, and so is all that depends on it.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from ..hdl.composites.manifest import CompositeManifest
from ..hdl.manifest import Manifest
from .standalone.vector_bench import vector_files
from .stimulus import EXHAUSTIVE_BITS

__all__ = ["Reading", "is_installed", "read_by_icarus", "run_program"]

_WORK = 1 << 26
"""The most signals times inputs: about ten seconds. A unit of many signals is run on fewer inputs."""

_PATIENCE = 300
"""Seconds after which a simulation counts as hanging."""


@dataclass(frozen=True)
class Reading:
    """The outcome of a reading: the number of vectors that passed, or the first complaint."""

    vectors: int
    complaint: str = ""


def is_installed() -> bool:
    """Tell whether Icarus Verilog is installed."""
    return shutil.which("iverilog") is not None and shutil.which("vvp") is not None


def read_by_icarus(manifest: Manifest | CompositeManifest, text: str) -> Reading:
    """Run Verilog in Icarus, with random stalls, against the golden model of a unit or a composite.

    Parameters
    ----------
    manifest
        The manifest.
    text
        The Verilog.

    Returns
    -------
    Reading
        All inputs of a unit were run if they have up to 16 bits, and fewer if it is large; otherwise corners and a
        sample, and of a composite a sample.

    """
    signals = 1 + text.count("wire ") + text.count(" <= ")
    held = manifest.held if isinstance(manifest, Manifest) else 1
    files = vector_files(manifest, min(EXHAUSTIVE_BITS, (_WORK // signals // held).bit_length() - 1))
    count = files[f"{manifest.name}_x.hex"].count("\n")
    files["unit.v"] = text
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        for name, content in files.items():
            (folder / name).write_text(content, encoding="utf-8")
        said = run_program(folder, "iverilog", "-g2005", "-Wall", "-o", "bench", f"{manifest.name}_tb.v", "unit.v")
        if not said:
            said = run_program(folder, "vvp", "-n", "bench")
            if said.splitlines()[-1:] == [f"PASS {count} vectors"]:
                return Reading(count // held)
    return Reading(count // held, said.removesuffix("FAIL\n").strip() or "the simulation says nothing")


def run_program(folder: Path, *command: str) -> str:
    """Run a program in a folder; return all that it says."""
    try:
        job = subprocess.run(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=_PATIENCE,
        )
    except subprocess.TimeoutExpired:
        return f"{command[0]} does not end"
    return job.stdout
