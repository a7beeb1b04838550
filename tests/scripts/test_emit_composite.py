"""``softgate emit`` and the other commands on composites."""

import json

import numpy as np
import pytest

from softgate.hdl.composites.manifest import CompositeManifest

SOFTMAX = ["emit", "softmax", "-n", "3", "-i", "SQ2.2", "-o", "UQ0.6"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("composite")


def test_emit_show_and_explain(run, folder):
    code, out, _ = run(*SOFTMAX, "--out", folder, "--force")
    assert code == 0
    assert "softmax.v and " in out
    assert "  sum        the outputs of a vector sum to at most 1 and at least 1 - 2^-" in out
    code, out, _ = run("show", folder / "softmax.json")
    assert code == 0
    assert out.startswith("softmax, exp(x) over its sum: vectors of 1 to 3 elements, SQ2.2 to UQ0.6")
    assert "share: exp2(-x)" in out
    code, out, _ = run("explain", folder / "softmax.json", "--json")
    promises = [promise["name"] for promise in json.loads(out)["contract"]]
    assert promises == ["error", "sum", "equal", "order", "one", "stream"]
    code, out, _ = run(*SOFTMAX, "--out", folder, "--json", "--bench", "--vectors")  # replaces its own pair
    assert code == 0
    manifest = json.loads(out)
    assert manifest["kind"] == "composite"
    files = {"softmax.json", "softmax.v", *manifest["extras"]}
    assert files == {path.name for path in folder.iterdir()}
    assert manifest["extras"].keys() == {"test_softmax.py", "softmax_x.hex", "softmax_y.hex", "softmax_tb.v"}
    code, out, _ = run(*SOFTMAX, "--out", folder)  # takes them away
    assert {path.name for path in folder.iterdir()} == {"softmax.json", "softmax.v"}
    (folder / "softmax_tb.v").write_text("mine")
    code, _, err = run(*SOFTMAX, "--out", folder, "--vectors")
    assert code == 2
    assert "softmax_tb.v is in the way" in err


def test_a_softmax_with_log_is_a_log_softmax(run, tmp_path):
    asked = ("-n", "3", "-i", "SQ2.2", "-o", "SQ4.4", "--out", tmp_path)
    code, out, _ = run("emit", "softmax", "--log", *asked, "--json")
    assert code == 0
    assert json.loads(out)["composite"] == json.loads(out)["name"] == "log_softmax"
    text = (tmp_path / "log_softmax.v").read_text()
    code, _, _ = run("emit", "log_softmax", *asked)
    assert code == 0
    assert (tmp_path / "log_softmax.v").read_text() == text
    code, out, _ = run("emit", "softmax", "--log", *asked, "--name", "other")
    assert code == 0
    assert "other.v and " in out
    code, out, err = run("emit", "softmax", "--log", *asked[:-2], "--out", tmp_path, "-o", "UQ4.4")
    assert (code, out) == (2, "")
    assert "output must be signed for a log_softmax" in err


def test_list(run):
    code, out, _ = run("list", "composites")
    assert code == 0
    assert "softmax  exp(x_i) over the sum of all exp(x_j) of a vector" in out
    assert "-n --elements: The most elements of a vector." in out


def test_a_composite_is_named_first(run):
    code, _, err = run("emit", "-i", "SQ2.2", "-o", "UQ0.6", "softmax")
    assert code == 2
    assert "a composite is named first: softgate emit softmax ..." in err


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        (["-n", "0"], "n must be from 2 to 1024 elements for arrangement stream, not 0"),
        (["-n", "1"], "the softmax of one element is 1"),
        (["-n", "ten"], "'ten' is not a valid integer"),
        (["-o", "UQ0.1"], "output must have 2 to 24 fraction bits"),
        (["--max-error", "0.5ulp"], "rounding down takes 1ulp"),
        (["--base", "10"], "there is no base '10'"),
        (["--tlast"], "tlast"),
        (["--interface", "comb"], "there is no interface of vectors 'comb'"),
        (["--arrangement", "tree"], "there is no arrangement 'tree'"),
        (["--mask", "1"], "No such option"),
        (["--target", "asic"], "there is no target 'asic'"),
    ],
)
def test_refusals(run, tmp_path, changed, message):
    code, out, err = run(*SOFTMAX, "--out", tmp_path, *changed)
    assert (code, out) == (2, "")
    assert message in err
    assert "Traceback" not in err
    assert not list(tmp_path.iterdir())


CELL = ("emit", "lstm_cell", "--z", "SQ3.2", "--gate", "UQ0.4", "--cell", "SQ3.2", "--hidden", "SQ1.3")


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        (["--interval", "0"], "interval must be from 1 to 32 clocks, not 0"),
        (["--interval", "-1"], "interval must be from 1 to 32 clocks, not -1"),
        (["--interval", "100"], "interval must be from 1 to 32 clocks, not 100"),
        (["--interval", "two"], "'two' is not a valid integer"),
        (["--interval", "5", "--interface", "comb"], "needs an interface with ready, stream or axis, not comb"),
    ],
)
def test_refused_intervals(run, tmp_path, changed, message):
    code, out, err = run(*CELL, "--out", tmp_path, *changed)
    assert (code, out) == (2, "")
    assert message in err
    assert "Traceback" not in err
    assert not list(tmp_path.iterdir())


NEURON = ["emit", "neuron", "--inputs", "4", "--x", "SQ1.3", "--function", "relu", "-o", "UQ2.3"]


def test_a_layer_from_files(run, tmp_path):
    np.save(tmp_path / "w.npy", np.array([[0.5, -0.5, 0.25, 0.0], [0.75, 0.5, -1.0, 0.125]]))
    np.save(tmp_path / "b.npy", np.array([0.5, -0.25]))
    files = ["--weights", tmp_path / "w.npy", "--weight-format", "SQ1.3", "--bias", tmp_path / "b.npy"]
    code, out, _ = run(*NEURON, *files, "--out", tmp_path)
    assert code == 0
    assert "  function   relu, " in out
    assert "2 clocks for each transfer of a vector" in out
    for file in ("w.npy", "b.npy"):
        (tmp_path / file).unlink()  # the manifest has all of it
    unit = CompositeManifest.load(tmp_path / "neuron.json")
    assert unit.asked.weights == ((4, -4, 2, 0), (6, 4, -8, 1))
    assert unit.asked.biases == (32, -16)
    code, out, _ = run("show", tmp_path / "neuron.json")
    assert (code, out.splitlines()[0]) == (0, unit.asked.title)
    code, out, _ = run("explain", tmp_path / "neuron.json")
    assert code == 0
    assert "no sum of up to 4 elements exceeds" in out


def test_a_damaged_weight_is_refused(run, tmp_path):
    assert run(*NEURON, "--weights", "SQ1.3", "--bias", "0.25", "--out", tmp_path)[0] == 0
    path = tmp_path / "neuron.json"
    text = path.read_text()
    assert text.count('"hex": "10"') == 1
    path.write_text(text.replace('"hex": "10"', '"hex": "11"'))
    code, out, err = run("explain", path)
    assert (code, out) == (2, "")
    assert "bias were changed: the hash of their words is not sha256" in err


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (["--weights", "w.npy", "--weight-format", "SQ1.3"], "--weights: cannot read 'w.npy': No such file"),
        (["--weights", __file__, "--weight-format", "SQ1.3"], "is not an array of numbers that numpy.save wrote"),
        (["--weights", "SQ1.3", "--bias", "b.npy"], "--bias: cannot read 'b.npy'"),
        (["--weights", "SQ1.3", "--bias", "nan"], "bias must be a number such as 0.25"),
        (["--weights", "SQ1.3", "--inputs", "0"], "inputs must be from 1 to 4096, not 0"),
        (["--weights", "SQ1.3", "--parallel", "5"], "parallel must be from 1 to 4 as there are inputs, not 5"),
        (["--weights", "SQ1.3", "--function", "tahn"], "did you mean tanh"),
        (["--weights", "SQ1.3", "--interface", "pipeline"], "there is no interface of vectors 'pipeline'"),
        ([], "neuron needs weights: format of weights that are streamed beside x, such as SQ1.7; or constants"),
    ],
)
def test_neurons_that_are_refused(run, tmp_path, given, message):
    code, out, err = run(*NEURON, *given, "--out", tmp_path)
    assert (code, out) == (2, "")
    assert message in err
    assert "Traceback" not in err
    assert not list(tmp_path.iterdir())
