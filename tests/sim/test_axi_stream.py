"""AXI4-Stream units between the bus models of cocotbext-axi."""

import os
import shutil
from itertools import product
from pathlib import Path

import pytest

from softgate import design
from softgate.sim.cocotb_runner import build_model, put_model, run_step, simulator_environment
from softgate.sim.simulation_report import read_results

pytestmark = pytest.mark.tools

pytest.importorskip("cocotbext.axi")

TESTS = Path(__file__).parents[1]

UNITS = {
    "one byte": (("tanh", "SQ4.4", "SQ1.7"), {"method": "taylor", "degree": 2, "segments": 8}),
    "padded": (("logistic", "SQ4.5", "SQ2.8"), {"method": "taylor", "degree": 1, "segments": 8}),
    "three bytes": (("hard_logistic", "SQ6.11", "UQ1.17"), {"variant": "keras3"}),
}

NEEDS_ICARUS = pytest.mark.skipif(shutil.which("iverilog") is None, reason="Icarus Verilog is not installed")

ORDINARY = {
    ("one byte", False, "icarus"),
    ("padded", True, "icarus"),
}
"""Runs of every test; the others are slow."""

RUNS = [
    pytest.param(*run, marks=[NEEDS_ICARUS] * (run[2] == "icarus") + [pytest.mark.slow] * (run not in ORDINARY))
    for run in product(UNITS, (False, True), ("icarus", "verilator"))
]


def run_bench(folder, simulator):
    """Run `axi_stream_bench` on the unit ``unit.json`` in a folder; return its tests."""
    tools = simulator_environment(simulator)
    model = build_model(simulator, folder / "unit.v", "unit", tools, waves=False, verbose=False)
    put_model(model, simulator, "unit", folder)
    options = {
        "test_module": "axi_stream_bench",
        "hdl_toplevel": "unit",
        "hdl_toplevel_lang": "verilog",
        "build_dir": str(folder),
        "results_xml": str(folder / "results.xml"),
    }
    path = os.pathsep.join([str(TESTS), os.environ.get("PYTHONPATH", "")]).rstrip(os.pathsep)
    environment = tools | {"SOFTGATE_MANIFEST": str(folder / "unit.json"), "PYTHONPATH": path}
    output, _ = run_step(simulator, "test", options, environment, folder, verbose=False)
    assert (folder / "results.xml").exists(), output
    return list(read_results(folder / "results.xml"))


@pytest.mark.parametrize(("name", "tlast", "simulator"), RUNS)
def test_frames_are_answered(name, tlast, simulator, tmp_path):
    formats, parameters = UNITS[name]
    design(*formats, **parameters).emit(tmp_path, name="unit", interface="axis", tlast=tlast)
    tests = run_bench(tmp_path, simulator)
    assert [test.status for test in tests] == ["passed"] * 12, tests


@NEEDS_ICARUS
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("m_axis_tlast = last_r2", "m_axis_tlast = last_r1"),
        pytest.param("s_axis_tready = advance", "s_axis_tready = 1'b1", marks=pytest.mark.slow),
        ("advance = m_axis_tready | ~valid_r2", "advance = 1'b1"),
        pytest.param("if (reset) valid_r2 <= 1'b0", "if (reset) valid_r2 <= 1'b1", marks=pytest.mark.slow),
    ],
)
def test_faults_are_found(old, new, tmp_path):
    formats, parameters = UNITS["padded"]
    design(*formats, **parameters).emit(tmp_path, name="unit", interface="axis", tlast=True, stages=2)
    text = (tmp_path / "unit.v").read_text()
    assert old in text
    (tmp_path / "unit.v").write_text(text.replace(old, new))
    assert "failed" in [test.status for test in run_bench(tmp_path, "icarus")]
