import json
import os
import subprocess
import sys

import pytest

from softgate import design
from softgate.explore.emission import extra_files
from softgate.hdl.manifest import Manifest
from softgate.hdl.unit_text import header_text
from softgate.support.files import sha256_text

UNIT = design("tanh", "SQ3.4", "SQ1.6", method="taylor", degree=1, segments=4)
OTHER = design("tanh", "SQ3.4", "SQ1.6", method="taylor", degree=2, segments=4)


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_pair_is_written_and_returned(tmp_path):
    manifest = UNIT.emit(tmp_path / "new" / "folder")
    assert sorted(contents(tmp_path / "new" / "folder")) == ["tanh.json", "tanh.v"]
    assert Manifest.load(tmp_path / "new" / "folder" / "tanh.json") == manifest
    text = (tmp_path / "new" / "folder" / "tanh.v").read_text()
    assert manifest.verilog_sha256 == sha256_text(text)
    assert "\nmodule tanh (" in text
    assert manifest.interface == "pipeline"
    assert manifest.error == UNIT.errors.as_dict()


def test_names_and_schedules(tmp_path):
    manifest = UNIT.emit(tmp_path, name="gate", interface="stream", stages=2)
    assert sorted(contents(tmp_path)) == ["gate.json", "gate.v"]
    assert (manifest.name, manifest.latency, manifest.verilog) == ("gate", 2, "gate.v")
    assert UNIT.emit(tmp_path, name="gate", registers=["magnitude"]).latency == 1


@pytest.mark.parametrize("name", ["2x", "wire", "a b", "../up", "", "tanh.v"])
def test_other_names_are_refused(name, tmp_path):
    with pytest.raises(ValueError, match="name"):
        UNIT.emit(tmp_path / "folder", name=name)
    assert contents(tmp_path) == {}


@pytest.mark.parametrize("options", [{"interface": "axi"}, {"registers": ["none"]}, {"interface": "comb", "stages": 1}])
def test_nothing_is_written_for_wrong_options(options, tmp_path):
    with pytest.raises(ValueError, match=r"interface|no step"):
        UNIT.emit(tmp_path / "folder", **options)
    assert contents(tmp_path) == {}


def test_its_own_pair_is_replaced(tmp_path):
    UNIT.emit(tmp_path)
    before = contents(tmp_path)
    OTHER.emit(tmp_path)
    after = contents(tmp_path)
    assert sorted(after) == sorted(before)
    assert all(after[name] != before[name] for name in before)
    UNIT.emit(tmp_path)
    assert contents(tmp_path) == before


@pytest.mark.parametrize("name", ["tanh.v", "tanh.json"])
def test_a_foreign_file_is_not_replaced(name, tmp_path):
    (tmp_path / name).write_text("mine")
    with pytest.raises(FileExistsError, match=rf"{name} is in the way, .*; use --force \(force=True\) to overwrite it"):
        UNIT.emit(tmp_path)
    assert contents(tmp_path) == {name: b"mine"}
    UNIT.emit(tmp_path, force=True)
    assert sorted(contents(tmp_path)) == ["tanh.json", "tanh.v"]
    assert Manifest.load(tmp_path / "tanh.json").plan == UNIT.plan


def test_an_edited_file_is_not_replaced(tmp_path):
    UNIT.emit(tmp_path)
    verilog = tmp_path / "tanh.v"
    verilog.write_text(verilog.read_text() + "// mine\n")
    with pytest.raises(FileExistsError, match=r"tanh\.v is in the way, and softgate did not write it so"):
        UNIT.emit(tmp_path)


def test_an_edited_manifest_is_not_replaced(tmp_path):
    UNIT.emit(tmp_path)
    path = tmp_path / "tanh.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"note": "mine"}))
    with pytest.raises(
        FileExistsError, match=r"tanh\.json is not the manifest of tanh in this version .*, or was edited"
    ):
        UNIT.emit(tmp_path)


def test_a_manifest_of_another_pair_does_not_vouch_for_the_file(tmp_path):
    UNIT.emit(tmp_path, name="other")
    (tmp_path / "other.json").rename(tmp_path / "tanh.json")
    with pytest.raises(FileExistsError, match=r"tanh\.json is not the manifest of tanh .* that of another unit"):
        UNIT.emit(tmp_path)


def test_half_a_pair_is_replaced(tmp_path):
    UNIT.emit(tmp_path)
    (tmp_path / "tanh.v").unlink()
    UNIT.emit(tmp_path)
    assert sorted(contents(tmp_path)) == ["tanh.json", "tanh.v"]


def test_nothing_is_left_where_nothing_can_be_written(tmp_path):
    (tmp_path / "file").write_text("mine")
    with pytest.raises(OSError, match="file"):
        UNIT.emit(tmp_path / "file" / "folder")
    assert contents(tmp_path) == {"file": b"mine"}


def test_nothing_is_half_written(tmp_path):
    UNIT.emit(tmp_path)
    before = contents(tmp_path)
    with pytest.raises(UnicodeEncodeError):
        OTHER.emit(tmp_path, extras=lambda manifest: {"fine.txt": "fine", "none.txt": "\ud800"})
    assert contents(tmp_path) == before


SCRIPT = """
import sys
from softgate import design
design("tanh", "SQ3.4", "SQ1.6", method="taylor", degree=1, segments=4).emit(sys.argv[1], interface="stream")
"""


@pytest.mark.tools
def test_bytes_do_not_depend_on_the_process(tmp_path):
    for seed in ("1", "2"):
        command = [sys.executable, "-c", SCRIPT, str(tmp_path / seed)]
        subprocess.run(command, env=os.environ | {"PYTHONHASHSEED": seed}, check=True)
    UNIT.emit(tmp_path / "here", interface="stream")
    assert contents(tmp_path / "1") == contents(tmp_path / "2") == contents(tmp_path / "here")


def test_extras_are_written_beside_the_pair(tmp_path):
    UNIT.emit(tmp_path, extras=lambda manifest: {f"{manifest.name}.txt": f"latency {manifest.latency}\n"})
    assert sorted(contents(tmp_path)) == ["tanh.json", "tanh.txt", "tanh.v"]
    assert (tmp_path / "tanh.txt").read_text().startswith("latency ")


def test_extras_do_not_replace_other_files(tmp_path):
    (tmp_path / "tanh.txt").write_text("mine")
    with pytest.raises(FileExistsError, match=r"tanh\.txt is in the way, and softgate did not write it so"):
        UNIT.emit(tmp_path, extras=lambda manifest: {"tanh.txt": "new"})
    assert contents(tmp_path) == {"tanh.txt": b"mine"}
    UNIT.emit(tmp_path, extras=lambda manifest: {"tanh.txt": "new"}, force=True)
    assert (tmp_path / "tanh.txt").read_text() == "new"
    UNIT.emit(tmp_path, extras=lambda manifest: {"tanh.txt": "new"})


def test_extras_of_the_former_unit_go_with_it(tmp_path):
    UNIT.emit(tmp_path, extras=extra_files(bench=True, vectors=True))
    (tmp_path / "tanh_notes.txt").write_text("mine")
    notes = []
    OTHER.emit(tmp_path, extras=extra_files(vectors=True), notes=notes.append)
    left = ["tanh.json", "tanh.v", "tanh_notes.txt", "tanh_tb.v", "tanh_x.hex", "tanh_y.hex"]
    assert sorted(contents(tmp_path)) == left
    OTHER.emit(tmp_path, notes=notes.append)
    assert sorted(contents(tmp_path)) == ["tanh.json", "tanh.v", "tanh_notes.txt"]
    assert notes == []


@pytest.mark.parametrize("force", [False, True])
def test_extras_that_were_changed_stay(force, tmp_path):
    UNIT.emit(tmp_path, extras=extra_files(bench=True))
    path = tmp_path / "test_tanh.py"
    path.write_text("# mine\n")
    notes = []
    OTHER.emit(tmp_path, force=force, notes=notes.append)
    assert path.read_text() == "# mine\n"
    assert notes == [f"{path} was written with the former unit and changed since: it stays as it is"]
    assert Manifest.load(tmp_path / "tanh.json").extras == {}


def test_nothing_is_removed_where_nothing_can_be_written(tmp_path):
    UNIT.emit(tmp_path, extras=extra_files(bench=True, vectors=True))
    before = contents(tmp_path)
    with pytest.raises(UnicodeEncodeError):
        OTHER.emit(tmp_path, extras=lambda manifest: {"none.txt": "\ud800"})
    assert contents(tmp_path) == before


def test_a_manifest_of_another_unit_removes_nothing(tmp_path):
    UNIT.emit(tmp_path, name="other", extras=extra_files(vectors=True))
    (tmp_path / "other.json").rename(tmp_path / "tanh.json")
    UNIT.emit(tmp_path, force=True)
    assert {"other_x.hex", "other_y.hex", "other_tb.v"} <= contents(tmp_path).keys()


def test_no_extras_are_none(tmp_path):
    assert extra_files()(UNIT.emit(tmp_path)) == {}


@pytest.mark.parametrize(
    ("interface", "timing"),
    [
        ("comb", "combinational, latency 0"),
        ("pipeline", "pipeline with clock enable, latency 3, a result every clock"),
        ("stream", "stream with valid and ready, latency 3, a result every clock"),
    ],
)
def test_header(interface, timing):
    lines = header_text(UNIT, interface, 0 if interface == "comb" else 3).splitlines()
    assert lines[0].startswith("tanh: ")
    assert lines[1] == "input    x in SQ3.4, output y in SQ1.6"
    assert lines[2].startswith("method   taylor (degree 1, segments ")
    assert lines[3].startswith(f"error    at most {UNIT.errors.max_ulp:.5g} ulp = {UNIT.errors.max_abs:.4g}, ")
    assert lines[5] == f"timing   {timing}"
    assert lines[6] == f"plan     sha256 {UNIT.plan.sha256}"


def test_header_of_a_range(tmp_path):
    unit = design("tanh", "SQ3.4", "SQ1.6", method="taylor", degree=1, segments=4, input_range="-1:2.5")
    lines = header_text(unit, "comb", 0).splitlines()
    assert lines[1] == "input    x in SQ3.4 from -1 to 2.5 (codes -16 to 40), output y in SQ1.6"
    assert lines[2] == "         of any other x, the output is undefined"
    assert lines[4].endswith("(exhaustive, 57 inputs)")
    unit.emit(tmp_path)
    assert (tmp_path / "tanh.v").read_text().splitlines()[1] == f"// {lines[1]}"


def test_extras_of_a_range(tmp_path):
    unit = design("tanh", "SQ3.4", "SQ1.6", method="taylor", degree=1, segments=4, input_range="1:1.5")
    unit.emit(tmp_path, extras=extra_files(bench=True, vectors=True))
    assert [int(line, 16) for line in (tmp_path / "tanh_x.hex").read_text().split()] == list(range(16, 25))


@pytest.mark.parametrize(
    ("function", "output", "shape"),
    [
        ("tanh", "SQ1.6", "monotonic, symmetric"),
        ("tanh_derivative", "UQ0.6", "monotonic on either side of 0, symmetric"),
    ],
)
def test_the_header_tells_the_shape(function, output, shape):
    unit = design(function, "SQ3.4", output, method="taylor", degree=2, segments=8)
    assert f"shape    {shape}\n" in header_text(unit, "pipeline", 3)
