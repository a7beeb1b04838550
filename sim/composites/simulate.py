"""Simulation of a composite with cocotb, on Verilator or Icarus."""

from __future__ import annotations

from pathlib import Path

from ...hdl.composites.manifest import CompositeManifest
from ...support.parameters import read_name
from ..cocotb_runner import SIMULATORS
from ..driven import TRANSFERS
from ..simulate import run_bench
from ..simulation_report import SimulationReport

__all__ = ["simulate_composite"]


def simulate_composite(
    manifest_path: str | Path,
    *,
    simulator: str = "verilator",
    seed: int = 1,
    waves: bool = False,
    build_dir: str | Path | None = None,
    verbose: bool = False,
) -> SimulationReport:
    """Simulate the Verilog beside a manifest and compare it with the golden model, bit for bit.

    Transfers, or vectors of mixed lengths, are driven at full speed and, where the interface has them, with random gaps
    and stalls, and after resets amid vectors. The parameters and what is raised are as for
    `softgate.sim.simulate.simulate`.
    """
    simulator = read_name("simulator", simulator, SIMULATORS)
    path = Path(manifest_path).resolve()
    manifest = CompositeManifest.load(path)
    return run_bench(
        path,
        manifest,
        f"{__package__}.bench",
        TRANSFERS,
        {"SOFTGATE_SEED": str(seed)},
        simulator=simulator,
        waves=waves,
        build_dir=build_dir,
        verbose=verbose,
    )
