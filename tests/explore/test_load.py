import json

import numpy as np
import pytest
from several_ports import prelu
from small_cells import small_lstm
from small_softmax import small_softmax

from softgate import design, emit_plan, load
from softgate.hdl.manifest import Manifest, ManifestError, seal


@pytest.mark.parametrize(
    "asked",
    [
        {"method": "taylor", "degree": 1, "segments": 4},
        {"method": "table", "with_derivative": "SQ2.3"},
        {"interface": "axis", "tlast": True, "target": "ecp5", "frequency": 150.0, "monotonic": True},
    ],
)
def test_a_loaded_design_emits_the_same_files(asked, tmp_path):
    unit = design("tanh", "SQ3.2", "SQ1.4", **asked)
    unit.emit(tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    again = load(tmp_path / "tanh.json")
    assert again.specification == unit.specification
    assert again.plan == unit.plan
    assert again.errors == unit.errors
    assert again.options == unit.built()
    assert again.further == unit.further
    assert np.array_equal(again.golden.table(), unit.golden.table())
    again.emit(tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_manifest_whose_error_is_another(tmp_path):
    unit = design("tanh", "SQ3.2", "SQ1.4", method="taylor", degree=1, segments=4)
    unit.emit(tmp_path)
    data = json.loads((tmp_path / "tanh.json").read_text())
    better = {**data["error"], "max_ulp": 0.25}
    data["error"], data["outputs"][0]["error"] = better, better
    (tmp_path / "tanh.json").write_text(json.dumps(seal({k: v for k, v in data.items() if k != "manifest_sha256"})))
    Manifest.load(tmp_path / "tanh.json")
    with pytest.raises(ManifestError, match="the error of tanh is not that of its plan; run softgate check on it"):
        load(tmp_path / "tanh.json")


def test_a_unit_without_a_function(tmp_path):
    emit_plan(prelu(), tmp_path, "prelu")
    with pytest.raises(ManifestError, match="no function is claimed for prelu, so it has no design"):
        load(tmp_path / "prelu.json")


def test_files_that_are_no_manifests(tmp_path):
    with pytest.raises(ManifestError, match="cannot read manifest"):
        load(tmp_path / "none.json")
    with pytest.raises(TypeError, match="path must be text or a path, not 3"):
        load(3)


@pytest.mark.parametrize("unit", [small_softmax, small_lstm])
def test_a_loaded_composite_emits_the_same_files(unit, tmp_path):
    unit = unit()
    manifest = unit.emit(tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    again = load(tmp_path / f"{manifest.name}.json")
    assert (again.asked, again.words, again.options) == (unit.asked, unit.words, unit.options)
    assert again.contract == unit.contract
    assert again.manifest.to_json().encode() == before[f"{manifest.name}.json"]
    assert repr(again.golden) == repr(unit.golden)
    again.emit(tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def edited(tmp_path, edit):
    data = small_softmax().manifest.as_dict()
    edit(data)
    (tmp_path / "softmax.json").write_text(json.dumps(seal(data)))
    return tmp_path / "softmax.json"


def test_a_part_whose_error_is_another(tmp_path):
    path = edited(tmp_path, lambda data: data["parts"][1]["error"].update(rms=0.25))
    with pytest.raises(ManifestError, match="the error of logarithm, a part of softmax, is not that of its plan"):
        load(path)


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (lambda data: data.update(kind="network"), "this is not the manifest of a softgate unit or composite"),
        (lambda data: data.update(kind="unit"), "the manifest lacks 'function'"),
        (lambda data: data.pop("words"), "the manifest lacks 'words'"),
        (lambda data: data.update(latency=1), "the manifest was edited: its latency does not agree with the rest"),
    ],
)
def test_damaged_manifests(tmp_path, edit, message):
    with pytest.raises(ManifestError, match=f"softmax.json: {message}"):
        load(edited(tmp_path, edit))
