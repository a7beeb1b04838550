import os
from pathlib import Path

import pytest
from damages import DAMAGES

from softgate.sim import cocotb_runner

VERILOG = "module unit(input x, output y); assign y = x; endmodule"


@pytest.fixture
def builder(tmp_path, monkeypatch):
    """Replace the simulators by one that builds a numbered model at once; give the models that it built."""
    monkeypatch.setenv("SOFTGATE_CACHE", str(tmp_path / "cache"))
    built = []

    def run(simulator, step, options, environment, scratch, *, verbose):
        assert step == "build"
        built.append(f"model {len(built) + 1}".encode())
        Path(options["build_dir"], cocotb_runner._MODEL_FILES[simulator].format(options["hdl_toplevel"])).write_bytes(
            built[-1]
        )
        return "", 0

    monkeypatch.setattr(cocotb_runner, "run_step", run)
    monkeypatch.setattr(cocotb_runner, "_versions", lambda simulator: (simulator, "1.0"))
    return built


def model(folder, simulator="icarus", *, verilog=VERILOG, top="unit", waves=False):
    (folder / "unit.v").write_text(verilog)
    return cocotb_runner.build_model(simulator, folder / "unit.v", top, {}, waves=waves, verbose=False)


@pytest.mark.parametrize("simulator", cocotb_runner.SIMULATORS)
@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_model_is_built_again(builder, tmp_path, simulator, damage):
    assert model(tmp_path, simulator) == b"model 1"
    (entry,) = (tmp_path / "cache").iterdir()
    DAMAGES[damage](entry)
    spared = damage == "unreadable" and os.access(entry, os.R_OK)  # the super-user reads what is unreadable
    for _ in range(2):
        assert model(tmp_path, simulator) == (b"model 1" if spared else b"model 2")


def test_a_model_is_built_anew_for_all_that_matters(builder, tmp_path, monkeypatch):
    models = [
        model(tmp_path),
        model(tmp_path, "verilator"),
        model(tmp_path, waves=True),
        model(tmp_path, top="other"),
        model(tmp_path, verilog=f"{VERILOG}\n"),
    ]
    monkeypatch.setattr(cocotb_runner, "_versions", lambda simulator: (simulator, "1.1"))
    models.append(model(tmp_path))
    assert models == builder
    assert len(set(models)) == 6


def test_a_model_is_put_where_the_runner_looks(tmp_path):
    for model in (b"first", b"second"):
        cocotb_runner.put_model(model, "icarus", "unit", tmp_path)
        assert (tmp_path / "sim.vvp").read_bytes() == model
        assert os.access(tmp_path / "sim.vvp", os.X_OK)
    cocotb_runner.put_model(b"third", "verilator", "unit", tmp_path)
    assert (tmp_path / "unit").read_bytes() == b"third"


def test_a_file_that_is_not_text_is_refused(tmp_path):
    (tmp_path / "unit.v").write_bytes(b"\xff")
    with pytest.raises(ValueError, match=r"unit\.v is not text; emit the unit again"):
        cocotb_runner.build_model("verilator", tmp_path / "unit.v", "unit", {}, waves=False, verbose=False)


def test_settings_of_an_outer_run_do_not_reach_a_simulation(monkeypatch, tmp_path):
    monkeypatch.setattr(cocotb_runner, "require_program", lambda program, package: None)
    monkeypatch.setenv("COCOTB_TEST_MODULES", "other")
    monkeypatch.setenv("WAVES", "1")
    monkeypatch.setenv("HOME", str(tmp_path))
    environment = cocotb_runner.simulator_environment("icarus")
    assert environment["HOME"] == str(tmp_path)
    assert not {"COCOTB_TEST_MODULES", "WAVES"} & environment.keys()
