"""Run the cocotb bench on an emitted unit, on Verilator or Icarus."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from ..hdl.composites.manifest import CompositeManifest
from ..hdl.manifest import Manifest
from ..plan.operations.base import Range
from ..plan.plan import Plan
from ..support.files import created_folder, scratch_folder, working_in
from ..support.parameters import read_name
from .cocotb_runner import (
    SIMULATORS,
    SimulationError,
    build_model,
    put_model,
    run_step,
    simulator_environment,
    wave_file,
)
from .simulation_report import SimulationReport, read_results
from .stimulus import stimulus_codes

__all__ = ["run_bench", "simulate"]


def simulate(
    manifest_path: str | Path,
    *,
    simulator: str = "verilator",
    only: Sequence[int | Sequence[int]] = (),
    seed: int = 1,
    waves: bool = False,
    build_dir: str | Path | None = None,
    verbose: bool = False,
) -> SimulationReport:
    """Simulate the Verilog beside a manifest and compare it with the golden model, bit for bit.

    All inputs of up to 16 bits are driven, of wider ones corners and a sample; then, where the interface has them,
    random gaps, stalls and resets. The built model is kept in the cache for the next simulation of the same text.

    Parameters
    ----------
    manifest_path
        The manifest; the Verilog file that it names lies beside it.
    simulator
        ``verilator`` or ``icarus``.
    only
        The only input codes to drive, all if empty; for a unit of several inputs, one sequence of codes each.
    seed
        Seed of the sample and of the stalls.
    waves
        Whether to record all signals.
    build_dir
        Folder for the simulator's results and traces; a temporary one unless given.
    verbose
        Whether the simulator's output is shown as it comes.

    Raises
    ------
    ManifestError
        If the manifest cannot be read.
    FileNotFoundError
        If its Verilog file is missing.
    MissingToolError
        If the simulator, or a program that it needs, is not installed.
    SimulationError
        If the simulator cannot build the unit or ends without results.
    ValueError
        If the simulator is unknown, or a code in `only` is not one of its input's format or range.

    """
    simulator = read_name("simulator", simulator, SIMULATORS)
    manifest_path = Path(manifest_path).resolve()
    manifest = Manifest.load(manifest_path)
    inputs = _checked(only, manifest.plan)
    return run_bench(
        manifest_path,
        manifest,
        f"{__package__}.bench",
        len(inputs) or stimulus_codes(manifest.plan, seed).shape[1],
        {"SOFTGATE_ONLY": " ".join(",".join(map(str, codes)) for codes in inputs), "SOFTGATE_SEED": str(seed)},
        simulator=simulator,
        waves=waves,
        build_dir=build_dir,
        verbose=verbose,
    )


def run_bench(
    manifest_path: Path,
    manifest: Manifest | CompositeManifest,
    module: str,
    inputs: int,
    settings: Mapping[str, str],
    *,
    simulator: str,
    waves: bool,
    build_dir: str | Path | None,
    verbose: bool,
) -> SimulationReport:
    """Run a cocotb bench on the Verilog beside a manifest.

    Parameters
    ----------
    manifest_path, manifest
        The manifest.
    module
        The bench, a Python module.
    inputs
        Number of inputs that it drives.
    settings
        Environment variables of the bench beside ``SOFTGATE_MANIFEST`` and ``SOFTGATE_LATENCY``.
    simulator, waves, build_dir, verbose
        As for `simulate`, which says what is raised, too.

    """
    began = time.monotonic()
    verilog = manifest_path.parent / manifest.verilog
    if not verilog.is_file():
        raise FileNotFoundError(f"the Verilog file {manifest.verilog!r} is not beside the manifest {manifest_path}")
    environment = simulator_environment(simulator)
    with _folder(build_dir, keep=waves) as folder:
        model = build_model(simulator, verilog, manifest.name, environment, waves=waves, verbose=verbose)
        put_model(model, simulator, manifest.name, folder)
        results, latency = folder / "results.xml", folder / "latency.txt"
        traces = folder / wave_file(simulator, manifest.name)
        latency.unlink(missing_ok=True)
        environment |= {
            "COCOTB_REWRITE_ASSERTION_FILES": "",  # the bench words its own messages; rewriting numpy costs a second
            "SOFTGATE_MANIFEST": str(manifest_path),
            "SOFTGATE_LATENCY": str(latency),
            **settings,
        }
        options = {
            "test_module": module,
            "hdl_toplevel": manifest.name,
            "hdl_toplevel_lang": "verilog",
            "build_dir": str(folder),
            "results_xml": str(results),
            "waves": waves,
            "plusargs": [f"+dumpfile_path={traces}"] if waves and simulator == "icarus" else [],
        }
        output, _ = run_step(simulator, "test", options, environment, folder, verbose=verbose)
        if not results.exists():
            raise SimulationError(f"{simulator} ended without results{output}")
        tests = tuple(read_results(results))
        if not tests:
            raise SimulationError(f"{simulator} ran no test of the bench{output}")
        return SimulationReport(
            simulator=simulator,
            tests=tests,
            inputs=inputs,
            latency=int(latency.read_text(encoding="ascii")) if latency.exists() else None,
            seconds=time.monotonic() - began,
            waves=traces if waves else None,
        )


def _checked(only: Sequence[int | Sequence[int]], plan: Plan) -> list[tuple[int, ...]]:
    rows = [(codes,) if isinstance(codes, int) else tuple(codes) for codes in only]
    for row in rows:
        if len(row) != len(plan.inputs):
            raise ValueError(f"only has {len(row)} codes for {len(plan.inputs)} inputs: {', '.join(map(str, row))}")
        for code, (name, fmt) in zip(row, plan.inputs, strict=True):
            if code not in (held := plan.ranges[name]):
                whose = f"the codes of {fmt} are" if held == Range.of(fmt) else "it is promised to stay within"
                raise ValueError(f"{name} cannot be {code}: {whose} {held.low} to {held.high}")
    return rows


@contextmanager
def _folder(chosen: str | Path | None, *, keep: bool) -> Iterator[Path]:
    """Yield the folder to simulate in: the chosen one, or a temporary one, deleted afterwards unless `keep`."""
    if chosen is not None:
        folder = Path(chosen).resolve()
        with created_folder(folder), working_in(folder):
            yield folder
    elif keep:
        folder = Path(tempfile.mkdtemp(prefix="softgate-"))
        with working_in(folder):
            yield folder
    else:
        with scratch_folder() as folder:
            yield folder
