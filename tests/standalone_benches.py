"""Benches that users get, of a unit called gate, run as users do."""

import subprocess
import sys

from softgate.sim.cocotb_runner import simulator_environment


def run(command, folder, **options):
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, **options)


def run_vectors(folder):
    build = run(["iverilog", "-g2005", "-Wall", "-o", "bench", "gate_tb.v", "gate.v"], folder)
    assert (build.returncode, build.stdout, build.stderr) == (0, "", "")
    return run(["vvp", "bench"], folder).stdout


def run_bench(folder, simulator="icarus"):
    environment = simulator_environment(simulator) | {"SIM": simulator}
    return run([sys.executable, "test_gate.py"], folder, env=environment)
