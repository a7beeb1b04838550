"""The commands on manifests of composites, with the options that units have."""

import json

import numpy as np
import pytest
from small_cells import small_gru, small_lstm
from small_softmax import small_softmax


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("composites")
    for unit in (small_softmax(), small_lstm(), small_gru()):
        unit.emit(folder)
    return folder


def test_eval_of_vectors(run, folder, tmp_path):
    np.save(tmp_path / "codes.npy", np.array([[0, 0, 0], [7, -8, -8]]))
    assert run("eval", folder / "softmax.json", tmp_path / "codes.npy", tmp_path / "out.npy") == (0, "", "")
    assert np.load(tmp_path / "out.npy").tolist() == [[20, 20, 20], [57, 1, 1]]
    assert run("eval", folder / "softmax.json", tmp_path / "codes.npy", tmp_path / "out.npy", "--as", "values")[0] == 0
    shares = np.load(tmp_path / "out.npy")  # of 7, beyond SQ2.2, which is limited
    assert shares.tolist() == small_softmax().golden.floats([[0.0, 0.0, 0.0], [1.75, -2.0, -2.0]]).tolist()


def test_eval_of_a_cell(run, folder, tmp_path):
    values = {"i": 0.5, "f": 1.0, "g": np.array([-0.5, 0.25]), "o": 2.0, "c": -1.0}
    np.savez(tmp_path / "in.npz", **values)
    assert run("eval", folder / "lstm_cell.json", tmp_path / "in.npz", tmp_path / "out.npz") == (0, "", "")
    found, expected = np.load(tmp_path / "out.npz"), small_lstm().golden.floats(**values)
    assert sorted(found.files) == ["c_next", "h"]
    assert found["h"].tolist() == expected.h.tolist()
    assert found["c_next"].tolist() == expected.c_next.tolist()


@pytest.mark.parametrize(
    ("manifest", "array", "message"),
    [
        ("softmax", np.zeros((2, 4)), "vectors must have 1 to 3 elements along the last axis, not 4"),
        ("softmax", np.float64(1), "an array needs an axis for the elements of a vector, and this is a single number"),
        ("lstm_cell", np.zeros(3), "must hold one array for each input, called i, f, g, o and c (.npz)"),
    ],
)
def test_refused_arrays(run, folder, tmp_path, manifest, array, message):
    np.save(tmp_path / "in.npy", array)
    code, out, err = run("eval", folder / f"{manifest}.json", tmp_path / "in.npy", tmp_path / "out.npy")
    assert (code, out) == (2, "")
    assert message in err
    assert not (tmp_path / "out.npy").exists()


def test_show_at(run, folder):
    code, out, _ = run("show", folder / "softmax.json", "--at", "0,0,0.0", "--at", "1.75,-2,-2")
    assert code == 0
    assert out.splitlines() == [
        "x[0] = 0.0 (code 0), x[1] = 0.0 (code 0), x[2] = 0.0 (code 0)",
        "  y[0] = 0.3125 (code 20), y[1] = 0.3125 (code 20), y[2] = 0.3125 (code 20)",
        "x[0] = 1.75 (code 7), x[1] = -2.0 (code -8), x[2] = -2.0 (code -8)",
        "  y[0] = 0.890625 (code 57), y[1] = 0.015625 (code 1), y[2] = 0.015625 (code 1)",
    ]
    code, out, _ = run("show", folder / "gru_cell.json", "--at-code", "0,8,4,-8,3", "--json")
    (found,) = json.loads(out)["values"]
    assert found["inputs"] == {"r": 0, "u": 8, "n_x": 4, "n_h": -8, "h": 3}
    assert found["outputs"] == {"h_next": int(small_gru().golden(**found["inputs"]).h_next)}


def test_drawings_and_parts(run, folder, tmp_path):
    assert run("show", folder / "gru_cell.json", "--svg", tmp_path / "cell.svg")[0] == 0
    assert "GRU cell" in (tmp_path / "cell.svg").read_text()
    code, out, _ = run("show", folder / "softmax.json", "--part", "share", "--svg", tmp_path / "part.svg", "--at", "0")
    assert code == 0
    assert out.startswith("x = 0.0 (code 0)\n")
    assert "exp2(-x)" in (tmp_path / "part.svg").read_text()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["--svg", "a.svg"],
            "--svg draws one plan, and softmax has several: name one with --part, of weight, logarithm",
        ),
        (
            ["--plot", "a.png"],
            "--plot and --output are for units; softmax is a composite, of which --part names a unit",
        ),
        (["--part", "sum"], "--part must be one of weight, logarithm, share, not 'sum'"),
        (["--at", "0,1,2,3"], "vectors must have 1 to 3 elements along the last axis, not 4"),
        (["--at", "0,zero"], "--at takes a number, such as 0.37, not 'zero'"),
        (["--at-code", "0,8"], "--at-code must be from -8 to 7, the codes of SQ2.2, not 8"),
    ],
)
def test_refusals_of_show(run, folder, arguments, message):
    code, out, err = run("show", folder / "softmax.json", *arguments)
    assert (code, out) == (2, "")
    assert message in err


def test_inputs_of_a_cell_are_named(run, folder):
    code, _, err = run("show", folder / "gru_cell.json", "--at", "0.5")
    assert code == 2
    assert "--at takes a number for each of r, u, n_x, n_h, h, with commas, not 1" in err


def test_a_name_that_is_a_port(run, tmp_path):
    code, _, err = run(
        *("emit", "gru_cell", "--z", "SQ3.2", "--gate", "UQ0.4", "--hidden", "SQ1.3"),
        *("--name", "n_x", "--out", tmp_path),
    )
    assert code == 2
    assert "name 'n_x' is that of a port of gru_cell, too; choose another" in err
    assert not list(tmp_path.iterdir())
