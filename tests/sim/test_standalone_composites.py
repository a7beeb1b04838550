"""The benches of composites run without softgate's own simulation, and find planted faults."""

import pytest
from icarus_batch import icarus
from small_cells import small_gru
from small_softmax import small_softmax
from standalone_benches import run, run_bench, run_vectors

from softgate.explore.emission import extra_files

pytestmark = pytest.mark.tools


def emit(folder, unit):
    return unit.emit(folder, name="gate", extras=extra_files(bench=True, vectors=True))


UNITS = {
    "stream": small_softmax,
    "axis": lambda: small_softmax(interface="axis"),
    "pipeline": lambda: small_softmax(arrangement="parallel", interface="pipeline"),
    "comb": lambda: small_gru(interface="comb"),
    "a cell": lambda: small_gru(interface="axis", tlast=True),
}


@icarus
@pytest.mark.parametrize("unit", UNITS)
def test_vectors_pass(tmp_path, unit):
    emit(tmp_path, UNITS[unit]())
    count = len((tmp_path / "gate_x.hex").read_text().splitlines())
    assert count >= 2000
    assert run_vectors(tmp_path) == f"PASS {count} vectors\n"


@icarus
@pytest.mark.parametrize("unit", ["stream", pytest.param("comb", marks=pytest.mark.slow)])
def test_the_bench_passes(tmp_path, unit):
    emit(tmp_path, UNITS[unit]())
    result = run_bench(tmp_path)
    assert result.returncode == 0, result.stdout + result.stderr
    assert "TESTS=1 PASS=1 FAIL=0" in result.stdout + result.stderr


@icarus
def test_benches_find_a_vector_that_ends_early(tmp_path):
    emit(tmp_path, small_softmax())
    verilog = tmp_path / "gate.v"
    text = verilog.read_text()
    assert text.count("summed <= t_valid & t_last;") == 1
    verilog.write_text(text.replace("summed <= t_valid & t_last;", "summed <= t_valid;"))
    said = run_vectors(tmp_path).splitlines()
    assert said[0].startswith("vector ")
    assert said[-1] == "FAIL"
    assert run_bench(tmp_path).returncode != 0


@icarus
def test_a_bench_belongs_to_its_vectors(tmp_path):
    emit(tmp_path, small_softmax())
    assert run_vectors(tmp_path).startswith("PASS")
    lines = (tmp_path / "gate_y.hex").read_text().splitlines(keepends=True)
    (tmp_path / "gate_y.hex").write_text("".join(lines[:-1]))
    assert run(["vvp", "bench"], tmp_path).stdout.splitlines()[-1] == "FAIL"
