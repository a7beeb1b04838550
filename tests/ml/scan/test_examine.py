import json
from pathlib import Path

import numpy as np
import pytest
from jsonschema import Draft202012Validator
from onnx_models import elementwise, node, saved

from softgate import Design, load
from softgate.explore.sweep.grid import count_points, read_grid
from softgate.ml.scan.budget import ModelBudget
from softgate.ml.scan.emit import check_folder, emit_scan
from softgate.ml.scan.examine import examine
from softgate.ml.scan.listing import listing
from softgate.ml.scan.scan import scan
from softgate.ml.scan.units import unit_names

SCHEMA = json.loads((Path(__file__).parents[3] / "docs" / "schema" / "scan.json").read_text())
VALIDATOR = Draft202012Validator(SCHEMA)

NODES = [
    node("Relu", "x", "a", name="first"),
    node("Clip", "b low high", "c", name="second"),
    node("Add", "a one", "b"),
    node("HardSigmoid", "c", "d", name="third", alpha=0.25),
    node("Softmax", "d", "y", name="last"),
]

X = np.linspace(-2, 2, 101)


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    nodes = [NODES[0], NODES[2], NODES[1], *NODES[3:]]
    return scan(
        saved(tmp_path_factory.mktemp("model"), elementwise(*nodes, one=-1.0, low=-0.75, high=0.75)), {"x": X}, bits=4
    )


@pytest.fixture(scope="module")
def examined(found):
    return examine(found, target="ecp5", check=True)


def test_without_units(found):
    plain = examine(found)
    assert plain.units == {}
    assert plain.change is None
    record = plain.record
    VALIDATOR.validate(record)
    assert [each["unit"] for each in record["activations"]] == ["relu", "hard_tanh", "hard_logistic", None]
    assert record["units"]["relu"]["luts"] is None
    assert record["check"] is None


def test_the_record(examined):
    record = examined.record
    VALIDATOR.validate(record)
    first = record["activations"][0]
    assert (first["node"], first["operators"], first["count"], first["range"]) == ("first", ["Relu"], 101, [-2, 2])
    assert first["central_range"] == pytest.approx([-1.998, 1.998])
    assert (first["saturated_below"], first["saturated_above"], first["reason"]) == (0, None, None)
    unit = record["units"]["hard_tanh"]
    assert (unit["input"], unit["output"], unit["clip"]) == ("SQ1.3", "SQ1.3", None)
    assert unit["luts"] == examined.luts[examined.found.sites[1].proposal] > 0
    assert unit["function_parameters"] == {"max": "3/4", "min": "-3/4"}
    assert record["units"]["hard_logistic"]["function_parameters"]["slope"] == "1/4"
    assert record["check"]["largest_change"] == {"y": examined.change.output}


def test_the_text(examined):
    title, first, second, third, last, empty, total, change = listing(examined)
    assert title.split() == ["node", "function", "count", "range", "99.9", "%", "saturates", "input", "output", "unit"]
    assert first.split()[:4] == ["first", "relu", "101", "-2"]
    assert "below 0" in first
    assert "SQ1.3" in second
    assert third.endswith("LUTs")
    assert last.endswith("none: every output depends on all inputs")
    assert empty == ""
    assert total.startswith("4 activations, 3 with a unit: 3 specifications, ")
    assert change.startswith("output y changes by at most 0.")


def test_what_is_written(examined, tmp_path):
    folder = tmp_path / "out"
    emit_scan(folder, examined.record, examined.units, examined.names)
    names = ["hard_logistic", "hard_tanh", "relu"]
    assert sorted(path.name for path in folder.iterdir()) == sorted(
        [*(f"{name}{end}" for name in names for end in (".v", ".json")), "scan.json", "sweep.toml"]
    )
    assert json.loads((folder / "scan.json").read_text()) == examined.record
    for proposal, name in examined.names.items():
        unit = load(folder / f"{name}.json")
        assert np.array_equal(unit.golden.table(), examined.units[proposal].golden.table())
    emit_scan(folder, examined.record, examined.units, examined.names)


def test_units_of_a_former_scan_go_unless_they_were_changed(examined, tmp_path):
    emit_scan(tmp_path, examined.record, examined.units, examined.names)
    (tmp_path / "relu.v").write_text((tmp_path / "relu.v").read_text() + "// mine\n")
    kept = {proposal: name for proposal, name in examined.names.items() if name == "hard_logistic"}
    units = {proposal: examined.units[proposal] for proposal in kept}
    record = {**examined.record, "units": {"hard_logistic": examined.record["units"]["hard_logistic"]}}
    emit_scan(tmp_path, record, units, kept)
    names = ["hard_logistic.json", "hard_logistic.v", "relu.json", "relu.v", "scan.json", "sweep.toml"]
    assert sorted(path.name for path in tmp_path.iterdir()) == names


def test_nothing_is_written_if_a_unit_cannot_be(examined, tmp_path, monkeypatch):
    real = Design.emit

    def emit(self, folder, *, name, **options):
        if name == "relu":
            raise OSError(28, "No space left on device")
        return real(self, folder, name=name, **options)

    monkeypatch.setattr(Design, "emit", emit)
    with pytest.raises(OSError, match="No space left"):
        emit_scan(tmp_path / "out", examined.record, examined.units, examined.names)
    assert list(tmp_path.iterdir()) == []


def test_the_sweep_has_the_units_as_points(examined, tmp_path):
    emit_scan(tmp_path, examined.record, examined.units, examined.names)
    assert count_points(tmp_path / "sweep.toml") == 3
    points = [point.function for point in read_grid(tmp_path / "sweep.toml", seeds=[]).points]
    assert sorted(points) == ["hard_logistic", "hard_tanh", "relu"]


@pytest.mark.parametrize("name", ["relu.v", "hard_tanh.json", "scan.json", "sweep.toml"])
def test_files_of_others_are_in_the_way(examined, name, tmp_path):
    (tmp_path / name).write_text("mine")
    with pytest.raises(FileExistsError, match="is in the way, and softgate did not write it so"):
        check_folder(tmp_path, examined.names, force=False)
    with pytest.raises(FileExistsError):
        emit_scan(tmp_path, examined.record, examined.units, examined.names)
    assert [path.name for path in tmp_path.iterdir()] == [name]
    emit_scan(tmp_path, examined.record, examined.units, examined.names, force=True)
    assert (tmp_path / name).read_text() != "mine"


def test_a_budget(found):
    within = examine(found, budget=ModelBudget("output", 0.02))
    VALIDATOR.validate(within.record)
    assert within.change.output <= 0.02
    assert set(within.units) == set(within.names)
    lines = list(listing(within))
    assert any("LUTs for a unit of each activation, " in line for line in lines)


def test_accuracy_in_the_text(found):
    labels = np.array([0])
    with_labels = scan(found.model.path, {"x": X}, bits=4)
    assert list(listing(examine(with_labels, check=True, labels=labels)))[-1].startswith("accuracy ")


def test_equal_functions_are_numbered(tmp_path):
    nodes = [node("Relu", "x", "a"), node("Mul", "a eight", "b"), node("Relu", "b", "y")]
    found = scan(saved(tmp_path, elementwise(*nodes, eight=8.0)), {"x": X})
    assert list(unit_names(found.proposals).values()) == ["relu", "relu_2"]


def test_a_unit_that_there_is_not_has_a_reason(found, monkeypatch):
    from softgate.ml.scan import units

    def none(proposal, target):
        if proposal.function == "hard_tanh":
            raise ValueError("it cannot be")
        return real(proposal, target)

    real = units.design_of
    monkeypatch.setattr(units, "design_of", none)
    examined = examine(found, check=True)
    assert [site.reason for site in examined.found.sites][:3] == [None, "it cannot be", None]
    assert len(examined.units) == 2
