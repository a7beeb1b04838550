"""Files and options that ``softgate eval`` and ``softgate emit`` refuse: a sentence each, and nothing written."""

import zipfile

import numpy as np
import pytest
from refused import check_sentence

from softgate import design

ARRAYS = {
    "floats": np.zeros(3),
    "codes": np.zeros(3, int),
    "nan": np.array([[0.0, np.nan]]),
    "bools": np.array([True]),
    "complex": np.array([1j]),
    "text": np.array(["a"]),
    "bytes": np.array([b"a"]),
    "dates": np.array([3], "M8[s]"),
    "records": np.zeros(1, [("a", "i4")]),
    "beyond": np.array([[0, 99]]),
    "wide": np.array([2**64 - 1], np.uint64),
}

ARCHIVES = {
    "ab": {"a": np.zeros(3), "b": np.zeros(2, int)},
    "one": {"a": np.zeros(3)},
    "none": {},
    "text": {"a": np.zeros(1), "b": np.array(["x"])},
    "nan": {"a": np.array([np.nan])},
    "beyond": {"a": np.array([0, 99])},
    "x": {"x": np.zeros(3)},
    "shapes": {"x": np.zeros(3), "slope": np.zeros(2)},
    "both": {"x": np.zeros(3), "slope": np.zeros((3, 1), int)},
    "high": {"x": np.array([99]), "slope": np.array([1])},
    "more": {"x": np.zeros(1), "slope": np.zeros(1), "z": np.zeros(1)},
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("files")
    design("tanh", "SQ3.2", "SQ1.4", method="table").emit(folder)
    design("tanh", "SQ3.2", "SQ1.4", method="table", with_derivative="UQ1.3").emit(folder, name="two")
    design("prelu", "SQ3.2", "SQ3.2", ports={"slope": "SQ1.3"}).emit(folder, name="port")
    for name, array in ARRAYS.items():
        np.save(folder / f"{name}.npy", array)
    for name, arrays in ARCHIVES.items():
        np.savez(folder / f"{name}.npz", **arrays)
    np.save(folder / "objects.npy", np.array([None]), allow_pickle=True)
    np.savez(folder / "objects.npz", a=np.array([None]))
    for name in ("hello.npy", "hello.npz", "a.csv"):
        (folder / name).write_text("1,2")
    (folder / "empty.npy").write_bytes(b"")
    (folder / "folder.npy").mkdir()
    with zipfile.ZipFile(folder / "other.npz", "w") as archive:
        archive.writestr("a.txt", "1,2")
    return folder


NO_ARRAY = "is not an array of numbers that numpy.save wrote, nor several that numpy.savez wrote"
KINDS = "floats or integers are possible"

EVAL = [
    *((f"tanh.json {name}.npy out.npy", KINDS) for name in ("bools", "complex", "text", "bytes", "dates", "records")),
    *(
        (f"tanh.json {name} out.npy", NO_ARRAY)
        for name in ("objects.npy", "hello.npy", "empty.npy", "a.csv", "hello.npz")
    ),
    ("tanh.json objects.npz out.npz", NO_ARRAY),
    ("tanh.json nan.npy out.npy", "values of x must be numbers, but there is a NaN at [0, 1]"),
    ("tanh.json nan.npy out.npy --as values", "there is a NaN at [0, 1]"),
    ("tanh.json nan.npz out.npz", "array 'a': values of x must be numbers, but there is a NaN at [0]"),
    (
        "tanh.json beyond.npy out.npy",
        "codes of x must be within [-16, 15], the codes of SQ3.2, but the one at [0, 1] is 99",
    ),
    ("tanh.json wide.npy out.npy", "but the one at [0] is 18446744073709551615"),
    ("tanh.json beyond.npz out.npz", "array 'a': codes of x must be within [-16, 15]"),
    ("tanh.json text.npz out.npz", "IN: 'text.npz' holds <U1 in array 'b'; floats or integers are possible"),
    ("tanh.json none.npz out.npz", "IN: 'none.npz' holds no array"),
    ("tanh.json other.npz out.npz", "IN: 'a.txt' in 'other.npz' is not an array that numpy.savez wrote"),
    ("tanh.json nothing.npy out.npy", "IN: cannot read 'nothing.npy': No such file or directory"),
    ("tanh.json folder.npy out.npy", "IN: cannot read 'folder.npy': Is a directory"),
    ("tanh.json floats.npy out.csv", "OUT: one array is written as .npy, not as 'out.csv'"),
    ("tanh.json floats.npy out.txt", "OUT: one array is written as .npy, not as 'out.txt'"),
    ("tanh.json floats.npy out", "OUT: one array is written as .npy, not as 'out'"),
    ("tanh.json floats.npy out.npy.gz", "OUT: one array is written as .npy, not as 'out.npy.gz'"),
    ("tanh.json floats.npy out.npz", "OUT: one array is written as .npy, not as 'out.npz'"),
    ("tanh.json one.npz out.npy", "OUT: the array a is written as .npz, not as 'out.npy'"),
    ("tanh.json ab.npz out.npy", "OUT: the arrays a and b are written as .npz, not as 'out.npy'"),
    ("tanh.json floats.npy floats.npy", "OUT: 'floats.npy' is the file to read; name another"),
    ("tanh.json floats.npy ./floats.npy", "is the file to read; name another"),
    ("tanh.json floats.npy tanh.json", "OUT: 'tanh.json' is part of the unit; name another file"),
    ("tanh.json floats.npy tanh.v", "OUT: 'tanh.v' is part of the unit; name another file"),
    ("tanh.json floats.npy nowhere/out.npy", "OUT: 'nowhere/out.npy' is in a folder that does not exist"),
    ("tanh.json floats.npy folder.npy", "OUT: 'folder.npy' is a folder; name a file"),
    ("tanh.json floats.npy out.npy --as codes", "--as codes takes integers, and values that are floats need no --as"),
    ("tanh.json ab.npz out.npz --as codes", "IN: 'ab.npz' holds float64 in array 'a'; --as codes takes integers"),
    ("tanh.json complex.npy out.npy --as codes", KINDS),
    ("tanh.json bools.npy out.npy --as values", KINDS),
    ("tanh.json codes.npy out.npy --as bits", "'bits' is not one of 'codes', 'values'"),
    ("tanh.json codes.npy out.npy --as", "Option '--as' requires an argument"),
    ("tanh.json codes.npy out.npy --dtype narrow", "No such option '--dtype'"),
    ("two.json floats.npy out.npy", "OUT: the arrays y and dy are written as .npz, not as 'out.npy'"),
    ("two.json ab.npz out.npy", "OUT: the arrays a_y, a_dy, b_y and b_dy are written as .npz, not as 'out.npy'"),
    *(
        (f"port.json {name} out.npy", "must hold one array for each input, called x and slope (.npz)")
        for name in ("floats.npy", "ab.npz", "x.npz", "more.npz")
    ),
    ("port.json shapes.npz out.npy", "inputs must have shapes that broadcast, not (3,) and (2,)"),
    ("port.json both.npz out.npy", "IN: 'both.npz' holds floats and integers; --as values takes both as values"),
    ("port.json both.npz out.npy --as codes", "IN: 'both.npz' holds float64 in array 'x'; --as codes takes integers"),
    ("port.json high.npz out.npy", "codes of x must be within [-16, 15]"),
    ("nothing.json floats.npy out.npy", "cannot read manifest 'nothing.json': No such file or directory"),
    ("tanh.v floats.npy out.npy", "manifest 'tanh.v' is not JSON"),
    ("tanh.json", "Missing argument 'IN'"),
    ("tanh.json floats.npy", "Missing argument 'OUT'"),
    ("tanh.json floats.npy out.npy more", "Got unexpected extra argument (more)"),
]

EMIT = [
    ("tanh -i SQ3.2 -o SQ1.4 --rounding up", "there is no rounding 'up'; choose one of floor, half_away"),
    ("tanh -i SQ3.2 -o SQ1.4 --rounding=", "there is no rounding ''"),
    ("tanh -i SQ3.2 -o SQ1.4 --ends=", "there is no ends ''"),
    ("tanh -i SQ3.2 -o SQ1.4 --rounding floor --max-error 1ulp", "leave out max_error 1ulp"),
    ("tanh -i SQ3.2 -o SQ1.4 --rounding floor --ends exact", "leave out ends exact"),
    ("tanh -i SQ3.2 -o SQ1.4 --rounding half_up --symmetric", "symmetric needs a rounding that is the same for both"),
    ("tanh -i SQ3.2 -o ap_fixed<5,1,AP_RND> --max-error 1ulp", "rounding half_up gives the output at every input"),
    (
        "tanh -i SQ3.2 -o ap_fixed<5,1,AP_RND> --rounding floor",
        "rounding is floor, but the output format rounds half_up",
    ),
    ("tanh -i SQ3.2 -o fixed<5,1,RND,SAT_SYM>", "symmetric needs a rounding that is the same for both signs"),
    ("tanh -i int8:0.05:-3 -o SQ1.7 --symmetric", "symmetric needs an input whose zero point is 0, not -3"),
    ("tanh -i SQ3.2 -o int8:0.1:128", "output format int8:0.1:128 holds -25.6 to -0.1, but tanh of SQ3.2 goes from"),
    ("tanh -i SQ3.2 -o SQ1.4 --with-derivative Q1.3", "with_derivative format 'Q1.3' is ambiguous"),
    ("prelu -i SQ3.2 -o SQ3.2 --port slope=Q1.3", "slope format 'Q1.3' is ambiguous"),
    ("prelu -i SQ3.2 -o SQ3.2 --port slope", "--port takes KEY=VALUE, such as slope=SQ1.7, not 'slope'"),
    ("prelu -i SQ3.2 -o SQ3.2 --port slope=ap_fixed<8,2,AP_RND>", "slope format 'ap_fixed<8,2,AP_RND>' has modes of"),
]


LINES = [*((f"eval {line}", sentence) for line, sentence in EVAL), *((f"emit {line}", each) for line, each in EMIT)]


@pytest.mark.parametrize(("line", "sentence"), LINES)
def test_a_line_is_refused(line, sentence, run, folder, monkeypatch):
    monkeypatch.chdir(folder)
    before = sorted(folder.iterdir())
    code, out, err = run(*line.split())
    assert (code, out) == (2, "")
    *usage, message = err.splitlines()
    assert all(each.startswith(("Usage: softgate", "Try 'softgate")) for each in usage if each)
    assert message.startswith("Error: ")
    check_sentence(message.removeprefix("Error: ").removesuffix("."), sentence)
    assert sorted(folder.iterdir()) == before
