"""Units recorded by the hashes of their plans and Verilog: ``python tests/recorded_units.py`` records them anew.

Each line of `recorded_units.txt` is a unit: the first digits of the two hashes, and the arguments of ``softgate emit``.
A change that is meant to alter units shows as changed lines, any other leaves the file as it is.
"""

import json
import sys
from concurrent.futures import ProcessPoolExecutor
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

RECORD = Path(__file__).with_suffix(".txt")
DIGITS = 16


def recorded() -> dict[str, tuple[str, str]]:
    """Return the recorded hashes of every unit's plan and Verilog, by what follows ``softgate emit``."""
    found = {}
    for line in RECORD.read_text().splitlines():
        plan, verilog, command = line.split(maxsplit=2)
        found[command] = plan, verilog
    return found


def emitted(command: str) -> tuple[str, str]:
    """Emit a unit, and return the first digits of the hashes of its plan and of its Verilog."""
    from softgate.scripts.cli import softgate

    with TemporaryDirectory() as folder, redirect_stdout(StringIO()), redirect_stderr(StringIO()):
        softgate.main(
            ["emit", *command.split(), "--no-verify", "--name", "unit", "--out", folder], standalone_mode=False
        )
        manifest = json.loads((Path(folder) / "unit.json").read_text())
    return manifest["plan_sha256"][:DIGITS], manifest["verilog_sha256"][:DIGITS]


if __name__ == "__main__":
    commands = sys.argv[1:] or list(recorded())
    with ProcessPoolExecutor() as pool:
        found = pool.map(emitted, commands)
        lines = [" ".join((*hashes, command)) for command, hashes in zip(commands, found, strict=True)]
    RECORD.write_text("\n".join(lines) + "\n")
