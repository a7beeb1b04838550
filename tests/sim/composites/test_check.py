"""The check of a composite passes what was emitted, and finds what was changed in the Verilog or the manifest."""

import json

import pytest
from small_cells import small_lstm
from small_neurons import small_neuron
from small_softmax import small_log_softmax, small_logsumexp, small_softmax

from softgate.hdl.manifest import seal
from softgate.sim.composites.check import check_composite
from softgate.support.files import sha256_text

pytestmark = pytest.mark.tools


def results(folder, name="softmax"):
    return {result.name: result for result in check_composite(folder / f"{name}.json")}


def changed(folder, old, new, name="softmax"):
    """Change the text, and its hash in the manifest."""
    text = (folder / f"{name}.v").read_text()
    assert text.count(old) == 1, text
    text = text.replace(old, new)
    (folder / f"{name}.v").write_text(text)
    path = folder / f"{name}.json"
    data = json.loads(path.read_text())
    data["verilog_sha256"] = sha256_text(text)
    path.write_text(json.dumps(seal(data)))


@pytest.fixture
def folder(tmp_path):
    small_softmax().emit(tmp_path)
    return tmp_path


@pytest.mark.slow
@pytest.mark.parametrize("make", [small_log_softmax, small_logsumexp])
def test_logarithms_of_sums_pass(make, tmp_path):
    manifest = make().emit(tmp_path)
    found = list(check_composite(tmp_path / f"{manifest.name}.json"))
    assert all(result.passed for result in found), found
    assert {"error", "hardware", "stalls", "latency", "printed"} <= {result.name for result in found}


def test_a_sound_pair_passes(folder):
    found = results(folder)
    assert all(result.passed for result in found.values()), found
    expected = ["manifest", "verilog", "weight", "logarithm", "share", "budget", "distance", "order", "sum", "error"]
    assert list(found)[:10] == expected
    assert {"one", "ties", "hardware", "stalls", "latency", "printed"} <= found.keys()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("above_last <= ", "above_last <= ~"),
        ("share_last_r1 <= share_last;", "share_last_r1 <= share_element[0];"),
        pytest.param("summed <= t_valid & t_last;", "summed <= t_valid;", marks=pytest.mark.slow),
    ],
    ids=["a wrong maximum", "last moved", "a sum of single elements"],
)
def test_wrong_hardware_is_found(folder, old, new):
    changed(folder, old, new)
    found = results(folder)
    assert not all(result.passed for name, result in found.items() if name in ("hardware", "stalls", "protocol"))
    assert not found["printed"].passed


def test_a_changed_text_is_found(folder):
    (folder / "softmax.v").write_text((folder / "softmax.v").read_text() + "\n")
    assert not results(folder)["verilog"].passed


def test_an_edited_promise_is_found(folder):
    path = folder / "softmax.json"
    data = json.loads(path.read_text())
    data["contract"][0]["limit"] /= 2
    path.write_text(json.dumps(seal(data)))
    (found,) = check_composite(path)
    assert (found.name, found.passed) == ("manifest", False)
    assert "its contract does not agree" in found.detail


def test_an_edited_error_of_a_part_is_found(folder):
    path = folder / "softmax.json"
    data = json.loads(path.read_text())
    data["parts"][0]["error"]["rms"] /= 2
    path.write_text(json.dumps(seal(data)))
    found = list(check_composite(path))
    assert [result.name for result in found if not result.passed] == ["weight"]


def test_a_cell_with_an_interval_passes(tmp_path):
    manifest = small_lstm(interval=5).emit(tmp_path)
    assert json.loads((tmp_path / "lstm_cell.json").read_text())["initiation_interval"] == 5
    assert manifest.latency == 20
    found = results(tmp_path, "lstm_cell")
    assert all(result.passed for result in found.values()), found
    assert {"core", "budget", "cell", "hidden", "stored", "hardware", "stalls", "latency"} <= found.keys()


@pytest.fixture
def layer(tmp_path):
    small_neuron("layer", bias="each").emit(tmp_path)
    return tmp_path


def test_a_sound_layer_passes(layer):
    found = results(layer, "neuron")
    assert all(result.passed for result in found.values()), found
    assert list(found)[:6] == ["manifest", "verilog", "function", "budget", "width", "error"]
    assert {"hardware", "stalls", "latency", "printed"} <= found.keys()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("reg signed [8:0] total;", "reg signed [7:0] total;"),
        ("start_r <= products_first_r1 ? start_entry_r1 : 5'd0;", "start_r <= 5'd0;"),
        ("last_now <= read_done;", "last_now <= ends;"),
        pytest.param("assign z_last = last_r;", "assign z_last = ~last_r;", marks=pytest.mark.slow),
    ],
    ids=["a bit short", "bias lost", "last at every neuron", "last moved"],
)
def test_wrong_layers_are_found(layer, old, new):
    changed(layer, old, new, "neuron")
    found = results(layer, "neuron")
    assert not all(result.passed for name, result in found.items() if name in ("hardware", "stalls", "protocol"))
