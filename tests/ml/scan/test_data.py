from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from softgate.ml.scan.data import feeds_of
from softgate.ml.scan.packages import ScanError

PATH = Path("x.npz")


def session(**inputs):
    """A session with inputs of some shapes, or of a type and a shape."""
    given = {name: each if isinstance(each, tuple) else ("tensor(float)", each) for name, each in inputs.items()}
    listed = [SimpleNamespace(name=name, type=kind, shape=shape) for name, (kind, shape) in given.items()]
    return SimpleNamespace(get_inputs=lambda: listed)


def test_the_shape_of_the_input_is_run_at_once():
    (feed,) = feeds_of(session(x=["N", 3]), {"x": np.ones((5, 3))}, PATH)
    assert (feed["x"].shape, feed["x"].dtype) == ((5, 3), np.float32)


def test_a_single_array_needs_no_name():
    (feed,) = feeds_of(session(x=[None]), {"": np.ones(4)}, PATH)
    assert feed["x"].tolist() == [1, 1, 1, 1]


def test_an_axis_in_front_holds_samples():
    x = np.arange(12.0).reshape(3, 2, 2)
    feeds = feeds_of(session(x=[2, 2], h=[2]), {"x": x, "h": np.array([7.0, 8.0])}, PATH)
    assert [each["x"].tolist() for each in feeds] == x.tolist()
    assert [each["h"].tolist() for each in feeds] == [[7, 8]] * 3


def test_a_fixed_first_axis_cuts_samples():
    feeds = feeds_of(session(x=[1, 3]), {"x": np.arange(6.0).reshape(2, 3)}, PATH)
    assert [each["x"].tolist() for each in feeds] == [[[0, 1, 2]], [[3, 4, 5]]]


def test_scalars_and_integers():
    (feed,) = feeds_of(session(rate=("tensor(int64)", [])), {"rate": np.array(16000, np.int32)}, PATH)
    assert (feed["rate"].shape, feed["rate"].dtype) == ((), np.int64)


@pytest.mark.parametrize(
    ("inputs", "arrays", "sentence"),
    [
        ({"x": [2]}, {"y": np.zeros(2)}, "holds no array called x, which is an input of the model; it holds y"),
        ({"x": [2]}, {}, "holds no array called x, which is an input of the model; it holds nothing"),
        ({"x": [2]}, {"x": np.zeros(2), "z": np.zeros(2)}, "holds an array 'z', but the model's inputs are x"),
        ({"x": [2], "y": [2]}, {"": np.zeros(2)}, "holds one array without a name, but the model has the inputs x, y"),
        ({"x": [2, 3]}, {"x": np.zeros((2, 4))}, r"array x has the shape \(2, 4\), but the input takes \(2, 3\)"),
        ({"x": ["N", 3]}, {"x": np.zeros(3)}, r"array x has the shape \(3\), but the input takes \(any, 3\)"),
        ({"x": [4, 3]}, {"x": np.zeros((6, 3))}, r"array x has the shape \(6, 3\), but the input takes \(4, 3\)"),
        ({"x": [None]}, {"x": np.zeros(0)}, r"array x is empty, of shape \(0\)"),
        ({"x": [2]}, {"x": np.zeros(2, int)}, "array x is of type int64, but the input takes float32"),
        ({"x": [1]}, {"x": np.array(["a"])}, "array x is of type <U1, but the input takes float32"),
        ({"x": [2]}, {"x": np.array([1, np.nan])}, r"array x holds nan at index \(1\); all numbers must be finite"),
        ({"x": [1]}, {"x": np.array([-np.inf])}, r"array x holds -inf at index \(0\)"),
        (
            {"x": ("tensor(int8)", [1])},
            {"x": np.array([200])},
            "array x is of type int64 with numbers that do not fit the input's int8",
        ),
        (
            {"x": ("tensor(int64)", [1])},
            {"x": np.array([1.5])},
            "array x is of type float64, but the input takes int64",
        ),
        ({"x": ("tensor(string)", [1])}, {"x": np.array([1.5])}, r"an input of type tensor\(string\) cannot be given"),
        (
            {"x": [2], "y": [2]},
            {"x": np.zeros((3, 2)), "y": np.zeros((4, 2))},
            "holds different numbers of samples: 3 of x, 4 of y",
        ),
    ],
)
def test_data_that_do_not_fit(inputs, arrays, sentence):
    with pytest.raises(ScanError, match=sentence):
        feeds_of(session(**inputs), arrays, PATH)
