"""Functions from files of arrays, on the command line."""

import json

import numpy as np
import pytest

X = np.arange(-16, 16) / 4
FORMATS = ("-i", "SQ3.2", "-o", "SQ1.5")


def saved(folder, array):
    np.save(folder / "array.npy", array)
    return folder / "array.npy"


@pytest.mark.tools
def test_a_table_from_the_file_to_the_check(run, tmp_path):
    file = saved(tmp_path, np.tanh(X))
    code, out, _ = run("emit", "--table", file, *FORMATS, "--name", "act", "--out", tmp_path)
    assert code == 0
    assert "100 % correctly rounded" in out
    file.unlink()  # the manifest holds the values
    code, out, _ = run("check", tmp_path / "act.json")
    assert code == 0
    assert "ok   error     at most 0.4" in out
    assert run("show", tmp_path / "act.json")[0] == 0
    manifest = json.loads((tmp_path / "act.json").read_text())
    assert manifest["function"] == "value_table"
    assert manifest["function_parameters"]["values"][:16] == np.float64(np.tanh(-4.0)).tobytes()[::-1].hex()
    assert (tmp_path / "act.v").read_text().startswith("// value_table(32 values, sha256 ")


def test_thresholds_without_an_output_format(run, tmp_path):
    file = saved(tmp_path, np.array([-1.0, 0.5, 2.0, 2.0]))
    code, _, err = run("emit", "--thresholds", file, "-i", "SQ3.2", "--out", tmp_path)
    assert (code, err) == (0, "")
    manifest = json.loads((tmp_path / "thresholds.json").read_text())
    assert (manifest["output"]["format"], manifest["budget"], manifest["error"]["max_ulp"]) == ("UQ3.0", "0.5ulp", 0)


@pytest.mark.parametrize(
    ("array", "message"),
    [
        (np.arange(32), "table must hold values as floats, not int64, which may be codes"),
        (
            np.tanh(X)[1:],
            "table must hold one value for each of the 32 codes of SQ3.2, in ascending order, not 31 values",
        ),
        (np.tanh(X).reshape(4, 8), "table must be an array of one axis, not of shape (4, 8)"),
        (np.where(X == 1, np.nan, X), "table must be numbers, but there is a NaN at [20]"),
        (np.where(X == 1, np.inf, X), "table must hold finite values, but there is inf at [20]"),
    ],
)
def test_arrays_that_are_refused(run, tmp_path, array, message):
    code, out, err = run("emit", "--table", saved(tmp_path, array), *FORMATS, "--out", tmp_path / "out")
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert message in err
    assert not (tmp_path / "out").exists()


def test_files_that_are_no_array(run, tmp_path):
    (tmp_path / "text.npy").write_text("hello")
    np.savez(tmp_path / "two.npz", a=X, b=X)
    for file, message in (
        ("text.npy", "is not an array of numbers that numpy.save wrote"),
        ("two.npz", "holds several arrays; save a single one with numpy.save"),
        ("none.npy", "No such file or directory"),
    ):
        code, _, err = run("emit", "--thresholds", tmp_path / file, "-i", "SQ3.2")
        assert code == 2
        assert "--thresholds: " in err
        assert message in err


def test_one_function_is_given(run, tmp_path):
    file = saved(tmp_path, np.tanh(X))
    for given in (("tanh", "--table", file), ("--table", file, "--thresholds", file)):
        code, _, err = run("emit", *given, *FORMATS)
        assert code == 2
        assert "Two functions are named: give one of FUNCTION, --table FILE and --thresholds FILE" in err
    code, _, err = run("emit", *FORMATS)
    assert code == 2
    assert "Missing argument 'FUNCTION': give one of FUNCTION, --table FILE and --thresholds FILE" in err
    code, _, err = run("emit", "--table", file, "-i", "SQ3.2")
    assert code == 2
    assert "Missing option '-o' / '--output'." in err
