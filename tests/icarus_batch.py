"""Many units in one run of Icarus Verilog: each with its vector bench, which compares all its outputs."""

import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from softgate.hdl.manifest import Manifest
from softgate.sim.standalone.vector_bench import vector_files

icarus = pytest.mark.skipif(shutil.which("iverilog") is None, reason="Icarus Verilog is not installed")


def complaints(folder: Path, units: Mapping[str, tuple[Manifest, str]]) -> dict[str, str]:
    """Run the benches of units, by their names; return what went wrong, or was said beside that a unit passes.

    The benches run side by side in one simulation: each ends when it is done, and the simulation with the last.
    """
    for name, (manifest, text) in units.items():
        assert manifest.name == name
        files = vector_files(manifest)
        bench = files[f"{name}_tb.v"].replace("$finish_and_return(failed);", "")
        files[f"{name}_tb.v"] = bench.replace('$display("', f'$display("{name}: ')
        for file, content in (files | {f"{name}.v": text}).items():
            (folder / file).write_text(content)
    said: dict[str, list[str]] = {name: [] for name in units}
    beside: list[str] = []
    if not units:
        return {}
    sources = sorted(str(path.name) for path in folder.glob("*.v"))
    for command in (["iverilog", "-g2005", "-Wall", "-o", "all", *sources], ["vvp", "-n", "all"]):
        job = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        for line in (job.stdout + job.stderr).splitlines():
            name, colon, rest = line.partition(": ")
            (said[name] if colon and name in said else beside).append(rest if name in said else line)
    wrong = {
        name: "\n".join(lines) or "no word"
        for name, lines in said.items()
        if lines != [f"PASS {_count(folder, name)} vectors"]
    }
    return wrong | ({"": "\n".join(beside)} if beside else {})


def _count(folder: Path, name: str) -> int:
    return (folder / f"{name}_x.hex").read_text().count("\n")
