import numpy as np
import pytest
from onnx import TensorProto, helper
from onnx_models import constants, elementwise, info, lstm, model, node, outputs_of, saved

from softgate import rounded
from softgate.ml.scan.find import find_activations
from softgate.ml.scan.model import read_model
from softgate.ml.scan.replace import with_models


def replaced(tmp_path, made, **models):
    """A model with golden models in place of activations, which are named by their kinds."""
    read = read_model(saved(tmp_path, made))
    found = find_activations(read.prepared.graph, dict(read.types))
    return with_models(read.prepared, read.types, {each: models[each.kind] for each in found})


X = np.concatenate([np.linspace(-9, 9, 4001), np.arange(-40, 41) / 16, [1e30, -1e30, np.inf, -np.inf]])


@pytest.mark.parametrize(
    ("source", "output"),
    [("SQ4.4", "SQ1.7"), ("SQ3.3", "SQ1.3"), ("int8:0.047:-3", "int8:1/130:5"), ("uint8:1/32:128", "SQ1.5")],
)
def test_every_value_is_that_of_the_golden_model(source, output, tmp_path):
    unit = rounded("tanh", source, output, saturate=True)
    x = X.astype(np.float32)
    (y,) = outputs_of(replaced(tmp_path, elementwise(node("Tanh", "x", "y")), tanh=unit), x=x)
    assert np.array_equal(y, unit.floats(x).astype(np.float32))


def test_ties_of_a_float32_scale(tmp_path):
    """Products of a float32 scale and half a code, rounded to float32: on either side of a tie, or at it."""
    scale = float(np.float32(0.1))
    unit = rounded(
        "tanh", f"int8:{scale.as_integer_ratio()[0]}/{scale.as_integer_ratio()[1]}:0", "SQ1.7", saturate=True
    )
    x = np.float32(scale) * (np.arange(-60, 60, dtype=np.float32) + np.float32(0.5))
    x = np.concatenate([x, np.nextafter(x, np.float32(9)), np.nextafter(x, np.float32(-9))])
    (y,) = outputs_of(replaced(tmp_path, elementwise(node("Tanh", "x", "y")), tanh=unit), x=x)
    assert np.array_equal(y, unit.floats(x))


def test_an_input_is_limited_to_the_codes_that_may_occur(tmp_path):
    unit = rounded("reciprocal", "UQ2.4", "UQ2.4", saturate=True, input_range="1/2:3")
    (y,) = outputs_of(
        replaced(tmp_path, elementwise(node("Reciprocal", "x", "y")), reciprocal=unit), x=[0.0, 0.5, 2.0, 9.0]
    )
    assert y.tolist() == [2.0, 2.0, 0.5, 0.3125]


@pytest.mark.parametrize("element", [TensorProto.FLOAT16, TensorProto.DOUBLE])
def test_other_elements(element, tmp_path):
    dtype = helper.tensor_dtype_to_np_dtype(element)
    made = model([node("Tanh", "x", "y")], {"x": (element, [None])}, {"y": (element, [None])})
    unit = rounded("tanh", "SQ3.3", "SQ1.5", saturate=True)
    from onnxruntime import InferenceSession

    session = InferenceSession(replaced(tmp_path, made, tanh=unit).SerializeToString())
    x = np.linspace(-3, 3, 50).astype(dtype)
    (y,) = session.run(None, {"x": x})
    assert y.dtype == dtype
    assert np.array_equal(y, unit.floats(x).astype(dtype))


def test_a_spelled_out_activation_is_replaced_whole(tmp_path):
    made = elementwise(node("Sigmoid", "x", "s"), node("Mul", "x s", "y"))
    unit = rounded("silu", "SQ4.2", "SQ4.2")
    x = np.linspace(-9, 9, 99).astype(np.float32)
    (y,) = outputs_of(replaced(tmp_path, made, **{"silu(beta=1)": unit}), x=x)
    assert np.array_equal(y, unit.floats(x))


def test_branches(tmp_path):
    yes = helper.make_graph([node("Tanh", "x", "r")], "yes", [], [info("r", [None])])
    no = helper.make_graph([node("Relu", "x", "r")], "no", [], [info("r", [None])])
    made = model(
        [node("If", "flag", "y", then_branch=yes, else_branch=no)],
        {"x": [None], "flag": (TensorProto.BOOL, [])},
        {"y": [None]},
    )
    units = {"tanh": rounded("tanh", "SQ3.1", "SQ1.3"), "relu": rounded("relu", "SQ3.0", "UQ2.0", saturate=True)}
    other = replaced(tmp_path, made, **units)
    x = np.array([-1.3, 0.7, 2.6], np.float32)
    for flag, name in ((True, "tanh"), (False, "relu")):
        (y,) = outputs_of(other, x=x, flag=np.array(flag))
        assert np.array_equal(y, units[name].floats(x))


def test_the_gates_of_an_lstm(tmp_path):
    """Against the recurrence by hand, in float32, with weights and states so short that every sum is exact."""
    made, weights = lstm(bias=False)
    short = {name: np.rint(array * 4) / 4 for name, array in weights.items()}
    del made.graph.initializer[:]
    made.graph.initializer.extend(constants(**short))
    gate, limit = rounded("logistic", "SQ4.3", "UQ0.4", saturate=True), rounded("tanh", "SQ3.3", "SQ1.4", saturate=True)
    x = np.rint(np.random.default_rng(3).normal(0, 2, (4, 2, 2)) * 4).astype(np.float32) / 4
    y = outputs_of(replaced(tmp_path, made, logistic=gate, tanh=limit), x=x)[0]
    h, c = np.zeros((2, 3), np.float32), np.zeros((2, 3), np.float32)
    for step, each in enumerate(x):
        i, o, f, g = np.split(each @ short["W"][0].T + h @ short["R"][0].T, 4, axis=1)
        i, o, f, g = gate.floats(i), gate.floats(o), gate.floats(f), limit.floats(g)
        c = (f * c + i * g).astype(np.float32)
        h = (o * limit.floats(c)).astype(np.float32)
        assert np.array_equal(y[step, 0], h)
