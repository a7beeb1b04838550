"""The cocotb bench passes a sound softmax, and complains of one whose last is moved."""

import json

import pytest
from small_neurons import small_neuron
from small_softmax import small_softmax

from softgate.hdl.manifest import seal
from softgate.sim.composites.simulate import simulate_composite
from softgate.support.files import sha256_text

pytestmark = pytest.mark.tools


@pytest.mark.slow
def test_a_sound_unit_passes(tmp_path):
    small_softmax(interface="axis").emit(tmp_path)
    report = simulate_composite(tmp_path / "softmax.json")
    assert [(test.name, test.status) for test in report.tests] == [
        ("full_speed", "passed"),
        ("stalls", "passed"),
        ("reset", "passed"),
    ]


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


def test_what_has_no_stream_is_refused(tmp_path):
    small_softmax(arrangement="parallel", interface="pipeline").emit(tmp_path)
    with pytest.raises(ValueError, match="softmax has no stream to simulate"):
        simulate_composite(tmp_path / "softmax.json")
    with pytest.raises(ValueError, match="there is no simulator 'vcs'"):
        simulate_composite(tmp_path / "softmax.json", simulator="vcs")
