import numpy as np
import onnxruntime
import pytest
from onnx import TensorProto, helper, numpy_helper

from examples.vad.lstm import Gates, Watched, run_with_cell

RANDOM = np.random.default_rng(1)
X = RANDOM.normal(0, 2, (6, 2, 3)).astype(np.float32)
STATES = {name: RANDOM.uniform(-1, 1, (1, 2, 4)).astype(np.float32) for name in "hc"}
WEIGHTS = {
    "w": RANDOM.normal(0, 1, (1, 16, 3)).astype(np.float32),
    "r": RANDOM.normal(0, 1, (1, 16, 4)).astype(np.float32),
    "b": RANDOM.normal(0, 1, (1, 32)).astype(np.float32),
}


def model(inputs="xwrb.hc", outputs=("y", "hn", "cn"), states="hc", **attributes):
    """Return a model of one LSTM, 3 inputs to 4 states, and a ReLU; a dot in its inputs is one left out."""
    lstm = helper.make_node(
        "LSTM", [name.strip(".") for name in inputs], [*outputs], name="cell", hidden_size=4, **attributes
    )
    relu = helper.make_node("Relu", [outputs[0]], ["z"])
    given = [("x", (6, 2, 3)), *((name, (1, 2, 4)) for name in states)]
    graph = helper.make_graph(
        [lstm, relu],
        "small",
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in given],
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in ("z", *outputs[1:])],
        [numpy_helper.from_array(array, name) for name, array in WEIGHTS.items()],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 16)], ir_version=8)


@pytest.mark.parametrize(
    ("small", "inputs"),
    [
        (model(), {"x": X, **STATES}),
        (model("xwr", ("y",), ""), {"x": X}),
        (model("xwrb..c", states="c", activations=["Sigmoid", "Tanh", "Tanh"]), {"x": X, "c": STATES["c"]}),
    ],
    ids=["all inputs", "no bias", "no first state"],
)
def test_exact_gates_run_the_model_as_onnx_runtime_does(small, inputs):
    expected = onnxruntime.InferenceSession(small.SerializeToString()).run(None, inputs)
    found = run_with_cell(small, Gates.exact(), inputs)
    assert list(found) == [output.name for output in small.graph.output]
    for output, array in zip(found.values(), expected, strict=True):
        np.testing.assert_allclose(output, array, rtol=0, atol=2e-6)
        assert (output.shape, output.dtype) == (array.shape, np.float32)


def test_rounded_gates_are_correctly_rounded_and_saturate():
    gates = Gates.rounded(8)
    x = np.array([-99, -1, 0, 0.06, 2, 99], np.float32)
    assert (gates.gate(x) * 256).tolist() == [0, 69, 128, 128, 225, 255]
    assert (gates.candidate(x) * 128).tolist() == [-128, -97, 0, 8, 123, 127]
    assert gates.cell is gates.candidate
    assert gates.gate(x).dtype == np.float32


def test_finer_gates_change_the_outputs_less():
    exact = run_with_cell(model(), Gates.exact(), {"x": X, **STATES})["z"]
    outputs = [run_with_cell(model(), Gates.rounded(bits), {"x": X, **STATES})["z"] for bits in (8, 12, 16)]
    coarse, middle, fine = (abs(output - exact).max() for output in outputs)
    assert coarse > 4 * middle > 16 * fine > 0


def test_a_watched_function_remembers_its_range():
    watched = Watched(np.tanh)
    np.testing.assert_array_equal(watched(np.float32([1, -2])), np.tanh(np.float32([1, -2])))
    watched(np.float32([0.5]))
    assert (watched.low, watched.high) == (-2, 1)


@pytest.mark.parametrize(
    ("small", "message"),
    [
        (model(direction="reverse"), "the LSTM 'cell' has direction = b'reverse', which this example does not run"),
        (model(clip=3.0), "the LSTM 'cell' has clip = 3.0, which"),
        (model("xwrblhc", states="lhc"), "the LSTM 'cell' has the input sequence_lens, which"),
        (model("xwrb.hcp", states="hcp"), "the LSTM 'cell' has the input P, which"),
    ],
)
def test_what_is_more_than_plain_is_refused(small, message):
    with pytest.raises(ValueError, match=message):
        run_with_cell(small, Gates.exact(), {"x": X, **STATES})


def test_a_model_without_an_lstm_is_refused():
    without = model()
    del without.graph.node[0]
    with pytest.raises(ValueError, match="the model has no LSTM"):
        run_with_cell(without, Gates.exact(), {"x": X})
