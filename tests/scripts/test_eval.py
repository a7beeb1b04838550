import gc
import zipfile

import numpy as np
import pytest
from several_ports import prelu

from softgate import design, emit_plan


@pytest.fixture(scope="module")
def unit(tmp_path_factory):
    folder = tmp_path_factory.mktemp("unit")
    found = design("tanh", "SQ3.2", "SQ1.4", method="taylor", degree=1, segments=4)
    found.emit(folder)
    return found, folder / "tanh.json"


@pytest.fixture
def refused(run, unit, tmp_path):
    def call(source, target="out.npy"):
        before = sorted(tmp_path.iterdir())
        code, out, err = run("eval", unit[1], tmp_path / source, tmp_path / target)
        assert (code, out) == (2, "")
        (message,) = err.splitlines()
        assert message.startswith("Error: ")
        assert sorted(tmp_path.iterdir()) == before
        return message

    return call


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_floats_give_floats(dtype, run, unit, tmp_path):
    values = np.array([[-1, 0.25, 7.5], [0, 1e4, -1e4]], dtype)
    np.save(tmp_path / "in.npy", values)
    assert run("eval", unit[1], tmp_path / "in.npy", tmp_path / "out.npy") == (0, "", "")
    result = np.load(tmp_path / "out.npy")
    assert result.dtype == (np.float64 if dtype == "float64" else np.float32)
    assert np.array_equal(result, unit[0].golden.floats(values))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.npy", "out.npy"]


@pytest.mark.parametrize("dtype", ["int8", "int64"])
def test_codes_give_codes(dtype, run, unit, tmp_path):
    codes = np.arange(-16, 16, dtype=dtype)
    np.save(tmp_path / "in.npy", codes)
    assert run("eval", unit[1], tmp_path / "in.npy", tmp_path / "out.npy") == (0, "", "")
    result = np.load(tmp_path / "out.npy")
    assert np.issubdtype(result.dtype, np.integer)
    assert np.array_equal(result, unit[0].golden(codes))


@pytest.mark.parametrize("array", [np.array([]), np.array([], int), np.float64(0.5), np.array([np.inf, -np.inf])])
def test_borders(array, run, unit, tmp_path):
    np.save(tmp_path / "in.npy", array)
    assert run("eval", unit[1], tmp_path / "in.npy", tmp_path / "out.npy") == (0, "", "")
    assert np.load(tmp_path / "out.npy").shape == array.shape


@pytest.mark.parametrize(
    ("array", "message"),
    [
        (np.array([1j]), "holds complex128; floats or integers are possible"),
        (np.array([True]), "holds bool; floats or integers are possible"),
        (np.array(["a"]), "holds <U1; floats or integers are possible"),
        (np.array([(1, 2.0)], [("a", "i4"), ("b", "f4")]), "floats or integers are possible"),
        (np.array([{}], object), "is not an array of numbers that numpy.save wrote"),
        (np.array([0.5, np.nan]), "NaN"),
        (np.array([0, 16]), "[-16, 15]"),
        (np.array([-17]), "[-16, 15]"),
        (np.array([2**64 - 1], np.uint64), "[-16, 15]"),
    ],
    ids=["complex", "bool", "text", "record", "object", "nan", "above", "below", "wide"],
)
def test_arrays_that_are_refused(array, message, refused, tmp_path):
    np.save(tmp_path / "in.npy", array, allow_pickle=True)
    assert message in refused("in.npy")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"hello",
        b"\x93NUMPY\x01\x00v\x00{'descr': '<f8', ",
        b"\x93NUMPY\x01\x00\x46\x00{'descr': '<f8', 'fortran_order': False, 'shape': (1000000000000000,)}\n",
    ],
    ids=["empty", "text", "cut", "huge"],
)
def test_files_that_are_no_arrays(data, refused, tmp_path):
    (tmp_path / "in.npy").write_bytes(data)
    message = refused("in.npy")
    assert f"IN: '{tmp_path}/in.npy' is not an array of numbers that numpy.save wrote" in message
    assert "unsafely" not in message  # no advice to load what may run code


def test_an_array_that_was_cut_off(refused, tmp_path):
    np.save(tmp_path / "in.npy", np.zeros(100))
    (tmp_path / "in.npy").write_bytes((tmp_path / "in.npy").read_bytes()[:-8])
    assert "is not an array of numbers that numpy.save wrote" in refused("in.npy")


def test_archives(run, unit, tmp_path):
    np.savez(tmp_path / "some.npz", values=np.array([[0.5, -9.0]]), codes=np.array([3, -16], np.int8))
    with zipfile.ZipFile(tmp_path / "some.npz") as some, zipfile.ZipFile(tmp_path / "in.npz", "w") as archive:
        archive.writestr("file.npy", some.read("values.npy"))  # a name that numpy.savez cannot write
        archive.writestr("codes.npy", some.read("codes.npy"))
    assert run("eval", unit[1], tmp_path / "in.npz", tmp_path / "out.npz") == (0, "", "")
    with np.load(tmp_path / "out.npz") as results:
        assert sorted(results.files) == ["codes", "file"]
        assert np.array_equal(results["file"], unit[0].golden.floats([[0.5, -9.0]]))
        assert np.array_equal(results["codes"], unit[0].golden([3, -16]))


def test_a_unit_of_two_outputs(run, tmp_path):
    unit = design("tanh", "SQ3.2", "SQ1.4", method="table", with_derivative="SQ2.3")
    unit.emit(tmp_path)
    values = np.array([0.5, -1.0])
    np.save(tmp_path / "in.npy", values)
    np.savez(tmp_path / "in.npz", a=values)
    for source, names in (("in.npy", ["y", "dy"]), ("in.npz", ["a_y", "a_dy"])):
        assert run("eval", tmp_path / "tanh.json", tmp_path / source, tmp_path / "out.npz") == (0, "", "")
        with np.load(tmp_path / "out.npz") as results:
            assert results.files == names
            for name, expected in zip(names, unit.golden.floats(values), strict=True):
                assert np.array_equal(results[name], expected)
    code, out, err = run("eval", tmp_path / "tanh.json", tmp_path / "in.npy", tmp_path / "out.npy")
    assert (code, out) == (2, "")
    assert "OUT: the arrays y and dy are written as .npz, not as 'out.npy'" in err


def test_archives_with_an_array_that_is_refused(refused, tmp_path):
    np.savez(tmp_path / "in.npz", a=np.zeros(1), b=np.array([0, 99]))
    message = refused("in.npz", "out.npz")
    assert "array 'b': codes of x must be within [-16, 15], the codes of SQ3.2, but the one at [1] is 99" in message
    np.savez(tmp_path / "in.npz", a=np.zeros(1), b=np.array(["text"]))
    assert "holds <U4 in array 'b'; floats or integers are possible" in refused("in.npz", "out.npz")
    gc.collect()  # an archive left open would be a warning, and so an error


@pytest.mark.parametrize(
    ("source", "target", "message"),
    [
        ("in.npz", "out.npy", "OUT: the array a is written as .npz, not as 'out.npy'"),
        ("in.npy", "out.npz", "OUT: one array is written as .npy, not as 'out.npz'"),
        ("in.npy", "out.csv", "OUT: one array is written as .npy, not as 'out.csv'"),
        ("in.npy", "out", "OUT: one array is written as .npy, not as 'out'"),
    ],
)
def test_endings_that_cannot_be_written(source, target, message, refused, tmp_path):
    np.savez(tmp_path / "in.npz", a=np.zeros(1))
    np.save(tmp_path / "in.npy", np.zeros(1))
    assert message in refused(source, target)


def test_integers_as_values(run, unit, tmp_path):
    np.save(tmp_path / "in.npy", np.array([-5, -1, 0, 1, 9]))
    assert run("eval", unit[1], tmp_path / "in.npy", tmp_path / "out.npy", "--as", "values") == (0, "", "")
    assert np.array_equal(np.load(tmp_path / "out.npy"), unit[0].golden.floats([-5.0, -1.0, 0.0, 1.0, 9.0]))
    assert run("eval", unit[1], tmp_path / "in.npy", tmp_path / "out.npy", "--as", "codes") == (0, "", "")
    assert np.array_equal(np.load(tmp_path / "out.npy"), unit[0].golden([-5, -1, 0, 1, 9]))


def test_floats_as_codes_are_refused(run, unit, tmp_path):
    np.save(tmp_path / "in.npy", np.array([1.0]))
    code, out, err = run("eval", unit[1], tmp_path / "in.npy", tmp_path / "out.npy", "--as", "codes")
    assert (code, out) == (2, "")
    assert "holds float64; --as codes takes integers" in err


def test_inputs_that_are_no_files(refused, tmp_path):
    assert f"IN: cannot read '{tmp_path}/none.npy': No such file" in refused("none.npy")
    assert f"IN: cannot read '{tmp_path}': Is a directory" in refused(".")


@pytest.mark.parametrize("target", ["none/out.npy", "in.npy/out.npy", ".", "folder"])
def test_outputs_that_cannot_be_written(target, refused, tmp_path):
    np.save(tmp_path / "in.npy", np.zeros(1))
    (tmp_path / "folder").mkdir()
    message = refused("in.npy", target)
    assert str(tmp_path / target) in message
    assert "Errno" not in message
    assert ".part" not in message


def test_the_manifest_is_not_written_over(run, unit, tmp_path):
    manifest = unit[1]
    np.save(tmp_path / "in.npy", np.zeros(1))
    before = manifest.read_bytes()
    try:
        code, out, err = run("eval", manifest, tmp_path / "in.npy", manifest)
        assert (code, out) == (2, "")
        assert str(manifest) in err
        assert manifest.read_bytes() == before
    finally:
        manifest.write_bytes(before)


def test_arguments_that_are_missing(run, unit, tmp_path):
    code, out, err = run("eval", unit[1], tmp_path / "in.npy")
    assert (code, out) == (2, "")
    assert "Missing argument 'OUT'" in err


@pytest.mark.parametrize(
    ("array", "message"),
    [
        (np.array([0, 9]), "the one at [1] is 2.25 (code 9)"),
        (np.array([0.0, -1.2]), "the one at [1] is -1.25 (code -5)"),
        (np.array([1e9]), "the one at [0] is 3.75 (code 15)"),
    ],
)
def test_inputs_outside_the_range_of_the_unit(array, message, run, tmp_path):
    unit = design("tanh", "SQ3.2", "SQ1.4", method="taylor", degree=1, segments=4, input_range="-1:2")
    unit.emit(tmp_path)
    np.save(tmp_path / "in.npy", array)
    assert run("eval", tmp_path / "tanh.json", tmp_path / "in.npy", tmp_path / "out.npy") == (
        2,
        "",
        f"Error: input x is promised to stay within -1 to 2 (codes -4 to 8), but {message}\n",
    )
    assert not (tmp_path / "out.npy").exists()
    np.save(tmp_path / "in.npy", np.array([-1.0, 2.0, 2.1]))
    assert run("eval", tmp_path / "tanh.json", tmp_path / "in.npy", tmp_path / "out.npy") == (0, "", "")
    assert np.array_equal(np.load(tmp_path / "out.npy"), unit.golden.floats([-1.0, 2.0, 2.0]))


@pytest.fixture
def of_two(run, tmp_path):
    """Evaluate the unit of a plan of two inputs at arrays; return the exit code, the message and the result."""
    emit_plan(prelu(), tmp_path, "prelu")

    def call(arrays, *options):
        np.savez(tmp_path / "in.npz", **arrays)
        code, _, err = run("eval", tmp_path / "prelu.json", tmp_path / "in.npz", tmp_path / "out.npy", *options)
        return code, err, np.load(tmp_path / "out.npy") if code == 0 else None

    return call


def test_several_inputs_are_arrays_by_name(of_two):
    codes = {"slope": np.array([[32], [-64]]), "x": np.array([-128, -3, 5])}
    code, err, found = of_two(codes)
    assert (code, err) == (0, "")
    assert found.tolist() == [[-64, -1, 5], [127, 3, 5]]
    values = {"slope": np.array([0.5]), "x": np.array([-8.0, -0.1875, 0.3125])}
    assert of_two(values)[2].tolist() == [-4.0, -0.0625, 0.3125]
    mixed = {"slope": np.array([0.5]), "x": np.array([-8, 3])}
    assert of_two(mixed, "--as", "values")[2].tolist() == [-4.0, 3.0]
    code, err, _ = of_two(mixed)
    assert code == 2
    assert "holds floats and integers; --as values takes both as values" in err
    code, err, _ = of_two({"x": np.arange(3)})
    assert code == 2
    assert "must hold one array for each input, called x and slope (.npz)" in err
    code, err, _ = of_two({"x": np.arange(3), "slope": np.arange(2)})
    assert code == 2
    assert "inputs must have shapes that broadcast, not (3,) and (2,)" in err
