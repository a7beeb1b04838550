"""The cocotb bench passes a sound softmax, and complains of one whose last is moved."""

import json

import pytest
from small_cells import small_lstm
from small_neurons import small_neuron
from small_softmax import small_logsumexp, small_softmax

from softgate.hdl.manifest import seal
from softgate.sim.composites.simulate import simulate_composite
from softgate.support.files import sha256_text

pytestmark = pytest.mark.tools


@pytest.mark.slow
@pytest.mark.parametrize("make", [small_softmax, small_logsumexp])
def test_a_sound_unit_passes(make, tmp_path):
    unit = make(interface="axis")
    unit.emit(tmp_path)
    report = simulate_composite(tmp_path / f"{unit.asked.name}.json")
    assert [(test.name, test.status) for test in report.tests] == [
        ("full_speed", "passed"),
        ("stalls", "passed"),
        ("reset", "passed"),
    ]


@pytest.mark.slow
def test_a_cell_with_an_interval_passes(tmp_path):
    small_lstm(interval=5).emit(tmp_path)
    assert simulate_composite(tmp_path / "lstm_cell.json").passed


@pytest.mark.slow
def test_a_sound_layer_passes(tmp_path):
    small_neuron("layer", interface="axis").emit(tmp_path)
    assert simulate_composite(tmp_path / "neuron.json").passed


@pytest.mark.slow
def test_a_moved_last_is_found(tmp_path):
    small_softmax().emit(tmp_path)
    text = (tmp_path / "softmax.v").read_text()
    assert text.count("last_next <= x_last;") == 1
    text = text.replace("last_next <= x_last;", "last_next <= x_last & x_valid & ~x[0];")
    (tmp_path / "softmax.v").write_text(text)
    data = json.loads((tmp_path / "softmax.json").read_text())
    data["verilog_sha256"] = sha256_text(text)
    (tmp_path / "softmax.json").write_text(json.dumps(seal(data)))
    assert not simulate_composite(tmp_path / "softmax.json").passed


@pytest.mark.parametrize("interface", ["comb", "pipeline"])
def test_what_has_no_stream(tmp_path, interface):
    small_softmax(arrangement="parallel", interface=interface).emit(tmp_path)
    report = simulate_composite(tmp_path / "softmax.json", simulator="icarus")
    tests = {"comb": ["full_speed"], "pipeline": ["full_speed", "gaps"]}[interface]
    assert [test.name for test in report.tests if test.status == "passed"] == tests
    with pytest.raises(ValueError, match="there is no simulator 'vcs'"):
        simulate_composite(tmp_path / "softmax.json", simulator="vcs")
