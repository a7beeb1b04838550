import numpy as np
import onnx
import pytest
from onnx import helper
from onnx_models import elementwise, info, lstm, model, node, saved

from softgate.ml.scan.model import open_session, read_model, run
from softgate.ml.scan.packages import ScanError


def test_functions_of_the_model_are_written_in_place(tmp_path):
    inside = helper.make_function(
        "own", "Twice", ["a"], ["b"], [node("Tanh", "a", "t"), node("Tanh", "t", "b")], [helper.make_opsetid("", 17)]
    )
    graph = helper.make_graph([node("Twice", "x", "y", domain="own")], "g", [info("x", [None])], [info("y", [None])])
    imports = [helper.make_opsetid("", 17), helper.make_opsetid("own", 1)]
    made = helper.make_model(graph, functions=[inside], opset_imports=imports, ir_version=8)
    read = read_model(saved(tmp_path, made))
    assert [each.op_type for each in read.prepared.graph.node] == ["Tanh", "Tanh"]
    assert len(read.given.functions) == 1


def test_recurrent_nodes_are_loops_and_the_given_model_stays(tmp_path):
    made, _ = lstm()
    read = read_model(saved(tmp_path, made))
    assert [each.op_type for each in read.given.graph.node] == ["LSTM"]
    assert "LSTM" not in [each.op_type for each in read.prepared.graph.node]
    assert read.types["x"] == onnx.TensorProto.FLOAT


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is not an ONNX model, or one without operators"),
        (b"not a model at all", "is not an ONNX model"),
        (np.arange(99).tobytes(), "is not an ONNX model"),
    ],
)
def test_files_that_are_no_models(content, sentence, tmp_path):
    (tmp_path / "model.onnx").write_bytes(content)
    with pytest.raises(ScanError, match=sentence):
        read_model(tmp_path / "model.onnx")


def test_files_that_are_not_there(tmp_path):
    with pytest.raises(ScanError, match="it is not there"):
        read_model(tmp_path / "model.onnx")
    with pytest.raises(ScanError, match="it is a folder"):
        read_model(tmp_path)


@pytest.mark.parametrize(
    ("made", "sentence"),
    [
        (elementwise(node("Frobnicate", "x", "y")), "Frobnicate"),
        (elementwise(node("Tanh", "x", "y", domain="my.own")), "my.own"),
        (elementwise(node("Tanh", "z", "y")), "z"),
        (elementwise(node("Tanh", "x", "y"), opset=9), "uses version 9 of ONNX's operators; convert it to 11 or later"),
        (model([], {"x": [None]}, {"x": [None]}), "without operators"),
    ],
)
def test_models_that_cannot_be_run(made, sentence, tmp_path):
    with pytest.raises(ScanError, match=sentence) as error:
        read_model(saved(tmp_path, made))
    assert "\n" not in str(error.value)
    assert "ONNXRuntimeError" not in str(error.value)


def test_runs_that_fail_are_a_sentence(tmp_path):
    made = model([node("Add", "x z", "y")], {"x": [None], "z": [None]}, {"y": [None]})
    session = open_session(made, tmp_path / "model.onnx")
    feeds = [{"x": np.zeros(2, np.float32), "z": np.zeros(3, np.float32)}]
    with pytest.raises(ScanError, match="the model fails on the data: ") as error:
        run(session, feeds)
    assert "\n" not in str(error.value)


def test_names_that_are_no_text(tmp_path):
    made, _ = lstm()
    (tmp_path / "model.onnx").write_bytes(made.SerializeToString().replace(b"rnn", b"r\xeen"))
    with pytest.raises(ScanError, match="is not an ONNX model: it has names that are not text in UTF-8"):
        read_model(tmp_path / "model.onnx")


def test_damaged_files_are_read_or_refused_in_a_sentence(tmp_path):
    made, _ = lstm()
    good, rng, refused = made.SerializeToString(), np.random.default_rng(8), 0
    path = tmp_path / "model.onnx"
    for number in range(120):
        damaged = bytearray(good)
        for place in rng.integers(len(damaged), size=2):
            damaged[place] = rng.integers(256)
        path.write_bytes(damaged[: rng.integers(len(damaged))] if number % 4 == 0 else damaged)
        try:
            read_model(path)
        except ScanError as error:
            refused += 1
            assert "\n" not in str(error)
    assert 20 < refused < 120
