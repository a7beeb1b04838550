"""The command `softgate scan`, and what it refuses."""

import json

import numpy as np
import pytest
from onnx_models import constants, elementwise, model, node, saved

from softgate.scripts.cli import _COMMANDS as COMMANDS

X = np.linspace(-2, 2, 64).reshape(16, 4)


@pytest.fixture(scope="module")
def given(tmp_path_factory):
    """A folder with models, data and labels, good and bad."""
    folder = tmp_path_factory.mktemp("given")
    nodes = [node("MatMul", "x w", "a"), node("Relu", "a", "b", name="act"), node("Softmax", "b", "y")]
    rng = np.random.default_rng(6)
    weights = constants(w=rng.normal(0, 1, (4, 3)))
    saved(folder, model(nodes, {"x": ["N", 4]}, {"y": ["N", 3]}, weights))
    saved(folder, elementwise(node("Frobnicate", "x", "y")), "unknown.onnx")
    saved(folder, elementwise(node("Tanh", "x", "y", domain="my.own")), "foreign.onnx")
    saved(folder, elementwise(node("Tanh", "x", "y"), opset=9), "old.onnx")
    saved(folder, elementwise(node("Add", "x x", "y")), "none.onnx")
    saved(folder, elementwise(node("Softmax", "x", "y")), "softmax.onnx")
    saved(folder, elementwise(node("Log", "x", "a"), node("Tanh", "a", "y")), "log.onnx")
    two = model([node("Add", "x z", "a"), node("Relu", "a", "y")], {"x": ["N", 4], "z": ["N", 4]}, {"y": ["N", 4]})
    saved(folder, two, "two.onnx")
    (folder / "text.onnx").write_text("no model")
    (folder / "empty.onnx").write_bytes(b"")
    (folder / "cut.onnx").write_bytes((folder / "model.onnx").read_bytes()[:-20])
    (folder / "text.npz").write_text("no arrays")
    (folder / "folder").mkdir()
    arrays = {
        "x": {"x": X},
        "other": {"z": X},
        "more": {"x": X, "z": X},
        "narrow": {"x": X[:, :3]},
        "flat": {"x": X[0]},
        "deep": {"x": X[None, None]},
        "empty": {"x": X[:0]},
        "integers": {"x": X.astype(int)},
        "booleans": {"x": X > 0},
        "complex": {"x": X + 1j},
        "words": {"x": np.array([["a"] * 4])},
        "nan": {"x": np.where(X > 1, np.nan, X)},
        "infinite": {"x": np.where(X > 1, np.inf, X)},
        "uneven": {"x": X, "z": X[:3]},
        "vector": {"x": X[0, :2]},
        "mixed": {"x": np.array([-1.0, 1.0])},
        "samples": {"x": X[None].repeat(3, 0), "z": X[None].repeat(2, 0)},
    }
    for name, held in arrays.items():
        np.savez(folder / f"{name}.npz", **held)
    np.save(folder / "x.npy", X)
    np.save(folder / "labels.npy", np.zeros(16, int))
    np.save(folder / "fewer.npy", np.zeros(15, int))
    np.save(folder / "table.npy", np.zeros((16, 3), int))
    np.save(folder / "floats.npy", np.zeros(16))
    np.save(folder / "names.npy", np.array(["a"] * 16))
    return folder


@pytest.fixture
def scan(run, given):
    def call(*arguments, model="model", data="x.npz"):
        return run("scan", given / f"{model}.onnx", "--data", given / data, *arguments)

    return call


def test_it_is_listed():
    assert "scan" in COMMANDS


@pytest.mark.parametrize("data", ["x.npz", "x.npy"])
def test_the_list(scan, data):
    code, out, err = scan(data=data)
    lines = out.splitlines()
    assert (code, err) == (0, "")
    assert lines[1].split()[:3] == ["act", "relu", "48"]
    assert lines[-1] == "2 activations, 1 with a unit: 1 specification"


def test_json(scan):
    code, out, _ = scan("--json", "--bits", "6")
    record = json.loads(out)
    assert code == 0
    assert [each["unit"] for each in record["activations"]] == ["relu", None]
    assert record["model"] == "model.onnx"


def test_everything_at_once(scan, given, tmp_path):
    folder = tmp_path / "out"
    options = ["--target", "ecp5", "--labels", given / "labels.npy", "--budget", "accuracy=50", "--emit", folder]
    code, out, err = scan(*options)
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert lines[-1] == f"written: {folder / 'scan.json'}, sweep.toml and 1 units"
    assert lines[-2].startswith("accuracy ")
    assert sorted(path.name for path in folder.iterdir()) == ["relu.json", "relu.v", "scan.json", "sweep.toml"]


def test_check(scan, given):
    code, out, _ = scan("--check", "--bits", "8", "--labels", given / "labels.npy")
    assert code == 0
    assert out.splitlines()[-2].startswith("output y changes by at most 0.0")


def test_a_budget_that_cannot_be_met(scan, tmp_path):
    code, out, err = scan("--budget", "output=0", "--emit", tmp_path / "out")
    assert (code, out) == (1, "")
    assert err.startswith("Error: formats of 16 bits do not meet the budget output=0: outputs change by up to ")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("nothing x.npz", "it is not there"),
        ("folder x.npz", "it is not there"),
        ("text x.npz", "is not an ONNX model"),
        ("empty x.npz", "is not an ONNX model"),
        ("cut x.npz", "is not an ONNX model"),
        ("unknown x.npz", "Frobnicate"),
        ("foreign x.npz", "my.own"),
        ("old x.npz", "uses version 9 of ONNX's operators"),
        ("none vector.npz", "has no activations that softgate knows"),
        ("model nothing.npz", "cannot read"),
        ("model folder", "cannot read"),
        ("model text.npz", "is not an array of numbers"),
        ("model model.onnx", "is not an array of numbers"),
        ("model other.npz", "holds no array called x, which is an input of the model; it holds z"),
        ("model more.npz", "holds an array 'z', but the model's inputs are x"),
        ("model narrow.npz", "array x has the shape (16, 3), but the input takes (any, 4)"),
        ("model flat.npz", "array x has the shape (4), but the input takes (any, 4)"),
        ("model deep.npz", "array x has the shape (1, 1, 16, 4), but the input takes (any, 4)"),
        ("model empty.npz", "array x is empty"),
        ("model integers.npz", "array x is of type int64, but the input takes float32"),
        ("model booleans.npz", "array x is of type bool, but the input takes float32"),
        ("model complex.npz", "array x is of type complex128, but the input takes float32"),
        ("model words.npz", "array x is of type <U1, but the input takes float32"),
        ("model nan.npz", "array x holds nan at index (12, 0)"),
        ("model infinite.npz", "array x holds inf at index (12, 0)"),
        ("two x.npz", "holds no array called z"),
        ("two x.npy", "holds one array without a name, but the model has the inputs x, z"),
        ("two uneven.npz", "the model fails on the data"),
        ("two samples.npz", "holds different numbers of samples: 3 of x, 2 of z"),
        ("model x.npz --bits 1", "1 is not in the range 2<=x<=16"),
        ("model x.npz --bits 17", "17 is not in the range 2<=x<=16"),
        ("model x.npz --bits many", "'many' is not a valid integer"),
        ("model x.npz --target ecp", "there is no target 'ecp'; did you mean ecp5?"),
        ("model x.npz --labels labels.npy", "--labels is for --check and --budget; give one of them"),
        ("model x.npz --check --labels fewer.npy", "labels have the shape (15,), but the model gives 16 answers"),
        ("model x.npz --check --labels table.npy", "labels have the shape (16, 3), but the model gives 16 answers"),
        ("model x.npz --check --labels floats.npy", "labels must be integers, not float64"),
        ("model x.npz --check --labels names.npy", "labels must be integers, not <U1"),
        ("model x.npz --check --labels nothing.npy", "cannot read"),
        ("model x.npz --check --labels x.npz", "holds several arrays; save a single one with numpy.save"),
        ("model x.npz --budget accuracy=1", "--budget accuracy needs the right class of each sample: --labels FILE"),
        ("model x.npz --budget accuracy=1 --labels fewer.npy", "labels have the shape (15,)"),
        ("model x.npz --budget speed=1", "--budget takes accuracy=POINTS"),
        ("model x.npz --budget output", "--budget takes accuracy=POINTS"),
        ("model x.npz --budget output=-1", "--budget takes accuracy=POINTS"),
        ("model x.npz --budget output=nan", "--budget takes accuracy=POINTS"),
        ("softmax vector.npz --budget output=1", "has no activation that there is a unit for"),
        ("log vector.npz --check", "has no activation that there is a unit for"),
        ("log mixed.npz --check", "NaN reaches y, which no unit takes"),
        ("model x.npz --force", "--force is for --emit; give it, too"),
        ("model x.npz --emit labels.npy", "is a file, not a folder"),
        ("model x.npz --emit", "requires an argument"),
        ("model", "Missing option '--data'"),
        ("model x.npz --colour red", "No such option"),
    ],
)
def test_what_is_refused(run, given, line, sentence, monkeypatch):
    monkeypatch.chdir(given)
    before = sorted(given.rglob("*"))
    name, *rest = line.split()
    data = ["--data", *rest] if rest else []
    code, out, err = run("scan", f"{name}.onnx", *data)
    *usage, message = err.splitlines()
    assert (code, out) == (2, "")
    assert message.startswith("Error: ")
    assert sentence in message
    assert all(each.startswith(("Usage: softgate scan", "Try 'softgate scan")) for each in usage if each)
    assert sorted(given.rglob("*")) == before


def test_files_of_others_stay(scan, tmp_path):
    (tmp_path / "relu.v").write_text("mine")
    code, out, err = scan("--emit", tmp_path)
    assert (code, out) == (2, "")
    assert "is in the way, and softgate did not write it so" in err
    assert [path.name for path in tmp_path.iterdir()] == ["relu.v"]


@pytest.mark.parametrize("missing", ["onnx", "onnxruntime"])
def test_the_extra_is_named(scan, monkeypatch, missing):
    import sys

    monkeypatch.setitem(sys.modules, missing, None)
    assert scan() == (2, "", f"Error: softgate scan needs {missing}: pip install 'softgate[onnx]'\n")
