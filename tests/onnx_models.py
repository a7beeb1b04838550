"""Tiny ONNX models for tests, and runs of them."""

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

OPSET = 17

FLOAT = TensorProto.FLOAT


def node(operator, inputs, outputs, **attributes):
    """A node; inputs and outputs are names with spaces between."""
    return helper.make_node(operator, inputs.split(" "), outputs.split(" "), **attributes)


def info(name, shape, element=FLOAT):
    return helper.make_tensor_value_info(name, element, shape)


def constants(**arrays):
    """Constants of a graph; floats become float32."""
    held = {name: np.asarray(array) for name, array in arrays.items()}
    held = {name: array.astype(np.float32) if array.dtype == np.float64 else array for name, array in held.items()}
    return [numpy_helper.from_array(array, name) for name, array in held.items()]


def model(nodes, inputs, outputs, held=(), opset=OPSET):
    """A model of some nodes. Inputs and outputs are shapes by name, or a tuple of element type and shape."""
    sides = [
        [
            info(name, shape[1], shape[0]) if isinstance(shape, tuple) else info(name, shape)
            for name, shape in side.items()
        ]
        for side in (inputs, outputs)
    ]
    graph = helper.make_graph(nodes, "graph", *sides, held)
    imports = [helper.make_opsetid("", opset), helper.make_opsetid("com.microsoft", 1)]
    return helper.make_model(graph, opset_imports=imports, ir_version=8)


def elementwise(*nodes, opset=OPSET, **held):
    """A model from x to y, both of one axis, with constants by name."""
    return model(list(nodes), {"x": [None]}, {"y": [None]}, constants(**held), opset)


def saved(folder, made, name="model.onnx"):
    """The path that a model is written to."""
    onnx.save(made, folder / name)
    return folder / name


def outputs_of(made, **inputs):
    """What ONNX Runtime gives for a model."""
    session = onnxruntime.InferenceSession(made.SerializeToString(), providers=["CPUExecutionProvider"])
    given = {name: np.asarray(array) for name, array in inputs.items()}
    given = {name: array.astype(np.float32) if array.dtype == np.float64 else array for name, array in given.items()}
    return session.run(None, given)


def lstm(directions=1, hidden=3, width=2, seed=0, operator="LSTM", gates=4, bias=True, lengths=False, **attributes):
    """A model of one recurrent node, from x to y, with its weights by name."""
    rng = np.random.default_rng(seed)
    weights = {
        "W": rng.normal(0, 1, (directions, gates * hidden, width)),
        "R": rng.normal(0, 1, (directions, gates * hidden, hidden)),
        "B": rng.normal(0, 1, (directions, 2 * gates * hidden)),
    }
    if not bias:
        del weights["B"]
    inputs = {"x": [None, None, width]}
    names = f"x W R {'B' if bias else ''} {'lengths' if lengths else ''}".rstrip(" ")
    if lengths:
        inputs["lengths"] = (TensorProto.INT32, [None])
    results = "y yh yc" if operator == "LSTM" else "y yh"
    made = node(operator, names, results, name="rnn", hidden_size=hidden, **attributes)
    outputs = dict.fromkeys(results.split(" "))
    return model([made], inputs, outputs, constants(**weights)), {k: v.astype(np.float32) for k, v in weights.items()}
