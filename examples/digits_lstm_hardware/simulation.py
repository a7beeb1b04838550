"""Simulation of the emitted network with cocotb, on Verilator."""

import os
from pathlib import Path

import numpy as np

from softgate.sim.cocotb_runner import SimulationError, build_model, put_model, run_step, simulator_environment
from softgate.sim.simulation_report import read_results
from softgate.support.files import scratch_folder

from .emission import NAME
from .model import Answers, Codes

_CHECKOUT = Path(__file__).parents[2]


def simulate(verilog: Path, pixels: Codes, answers: Answers) -> int:
    """Compare the network in simulation with the answers of the model, and return the clocks of an image.

    These are the clocks from one answer to the next; of a single image, from the reset to its answer.

    Raises
    ------
    SimulationError
        If a state or an answer differs, or the simulator ends without results.
    MissingToolError
        If a program is missing.

    """
    environment = simulator_environment("verilator")
    model = build_model("verilator", verilog, NAME, environment, waves=False, verbose=False)
    with scratch_folder() as folder:
        put_model(model, "verilator", NAME, folder)
        words, clocks, results = folder / "words.npz", folder / "clocks.txt", folder / "results.xml"
        _write(words, pixels, answers)
        paths = [str(_CHECKOUT), *filter(None, [environment.get("PYTHONPATH")])]
        environment |= {
            "COCOTB_REWRITE_ASSERTION_FILES": "",  # the bench words its own messages
            "DIGITS_LSTM_WORDS": str(words),
            "DIGITS_LSTM_CLOCKS": str(clocks),
            "PYTHONPATH": os.pathsep.join(paths),
        }
        options = {
            "test_module": f"{__package__}.bench",
            "hdl_toplevel": NAME,
            "hdl_toplevel_lang": "verilog",
            "build_dir": str(folder),
            "results_xml": str(results),
        }
        output, _ = run_step("verilator", "test", options, environment, folder, verbose=False)
        tests = list(read_results(results)) if results.exists() else []
        if not tests:
            raise SimulationError(f"Verilator ended without results{output}")
        failed = [f"{test.name}: {test.message}" for test in tests if test.status != "passed"]
        if failed:
            raise SimulationError("; ".join(failed))
        return int(clocks.read_text())


def _write(path: Path, pixels: Codes, answers: Answers) -> None:
    """Write the words of rows and of answers, the first field lowest, and the codes of the states."""
    octets = np.ascontiguousarray(pixels.astype(np.int8))
    rows = octets.view("<u8")[..., 0]
    digits_and_shares = answers.digits | answers.shares.max(axis=1) << 4
    np.savez(path, rows=rows, answers=digits_and_shares, hidden=answers.hidden)
