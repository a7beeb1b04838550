"""The proof that Verilog with a vendor's adder cells means the same to synthesis as to everything else (decision 060).

Such a text has a helper module with two bodies: cells where the macro ``SYNTHESIS`` is defined, and plain text where it
is not. All else here reads the plain text. So that whatever is checked or proved of it holds of the cells too, it is
shown that the unit's own module is the same in both readings, and that each of its instances of the helper module has
the same function in both. Yosys has models of the cells; its SAT solver proves the functions equal, for all inputs.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

from ...hdl.targets import Target
from ...support.files import scratch_folder
from ...support.yosys import YosysError, run_yosys

__all__ = ["CellProof", "has_cells", "prove_cells"]

_READ = """read_verilog -ppdump {option} unit.v
proc
write_json unit.json
"""

_PROVE = """read_verilog -nosynthesis unit.v
hierarchy -check -top {module} {parameters}
proc
rename -top plain
design -stash plain
read_verilog -defer -overwrite {models}
read_verilog unit.v
hierarchy -check -top {module} {parameters}
proc
flatten
rename -top cells
design -stash cells
design -copy-from plain -as plain plain
design -copy-from cells -as cells cells
miter -equiv -flatten plain cells both
sat -prove trigger 0 -timeout {seconds} both
"""

_PATIENCE = 120
"""Time limit of the solver for one instance, in seconds; most take 0.1 s."""

_Instance = tuple[str, tuple[tuple[str, int], ...]]


@dataclass(frozen=True)
class CellProof:
    """The outcome: whether both readings are proved to be the same, and a sentence about it."""

    holds: bool
    sentence: str


def has_cells(verilog: str) -> bool:
    """Whether a text may mean something else to synthesis than to everything else."""
    return "SYNTHESIS" in verilog


def prove_cells(verilog: str, top: str, target: Target) -> CellProof:
    """Prove that a text with cells of a target means the same with and without the macro ``SYNTHESIS``.

    Parameters
    ----------
    verilog, top
        The text, and the name of the unit's module in it.
    target
        What it is for.

    """
    if target.adder_cell is None:
        return CellProof(False, f"the text asks for SYNTHESIS, and {target.name} has no cells for it")
    name = target.adder_cell.name
    with scratch_folder() as folder:
        (folder / "unit.v").write_text(verilog, encoding="utf-8")
        try:
            plain, synthesised = (_read(folder, top, option) for option in ("-nosynthesis", ""))
            if plain != synthesised:
                return CellProof(False, f"module {top} itself is another one to synthesis")
            instances = _instances(folder, top)
            for module, parameters in sorted(set(instances)):
                given = " ".join(f"-chparam {key} {value}" for key, value in parameters)
                script = {"module": module, "parameters": given, "models": target.adder_cell.models}
                said = run_yosys(_PROVE.format(**script, seconds=_PATIENCE), cwd=folder)
                if "SAT proof finished - no model found" not in said:
                    is_open = "SAT proof finished" not in said
                    how = "are not proved to add as" if is_open else "do not add as"
                    listed = ", ".join(f"{key} {value}" for key, value in parameters)
                    return CellProof(False, f"{name} cells {how} the plain text does, with {listed}")
        except (YosysError, ValueError) as error:
            return CellProof(False, f"the cells cannot be read: {error}")
    count = f"{len(instances)} addition{'s' if len(instances) != 1 else ''}"
    return CellProof(
        True, f"{name} cells, which synthesis is given, are proved to add as the plain text does ({count})"
    )


def _read(folder: Path, top: str, option: str) -> str:
    """Return the text of the module `top` after the preprocessor, and have all modules written to a file."""
    said = run_yosys(_READ.format(option=option), cwd=folder)
    found = re.search(rf"^module {re.escape(top)}\b.*?^endmodule$", said, re.DOTALL | re.MULTILINE)
    if found is None:
        raise ValueError(f"there is no module {top}")
    return found[0]


def _instances(folder: Path, top: str) -> list[_Instance]:
    """Return the instances of other modules in the module `top` of the file."""
    cells = json.loads((folder / "unit.json").read_text(encoding="utf-8"))["modules"][top]["cells"].values()
    return [
        (cell["type"], tuple((key, int(value, 2)) for key, value in cell["parameters"].items()))
        for cell in cells
        if not cell["type"].startswith("$")
    ]
