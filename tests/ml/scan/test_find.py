import math
from fractions import Fraction

import numpy as np
import pytest
from onnx import TensorProto, helper
from onnx_models import constants, elementwise, info, model, node, saved

from softgate.functions import create_function
from softgate.ml.scan.find import find_activations
from softgate.ml.scan.model import read_model
from softgate.plan import AffineFormat, FixedFormat

ROOT2, ROOT_PI = math.sqrt(2), math.sqrt(2 / math.pi)

SPELLED = {
    "hard_swish by HardSigmoid": (
        [node("HardSigmoid", "x", "s", alpha=0.16666670143604279), node("Mul", "s x", "y")],
        {},
        create_function("hard_swish"),
    ),
    "hard_swish by Clip, divided at the end": (
        [
            node("Add", "x three", "a"),
            node("Clip", "a zero six", "c"),
            node("Mul", "x c", "m"),
            node("Div", "m six", "y"),
        ],
        {"zero": 0.0, "three": 3.0, "six": 6.0},
        create_function("hard_swish"),
    ),
    "hard_swish by Clip, multiplied first": (
        [
            node("Add", "three x", "a"),
            node("Clip", "a zero six", "c"),
            node("Mul", "c sixth", "d"),
            node("Mul", "d x", "y"),
        ],
        {"zero": 0.0, "three": 3.0, "six": 6.0, "sixth": 1 / 6},
        create_function("hard_swish"),
    ),
    "hard_swish by Relu and Min": (
        [
            node("Add", "x three", "a"),
            node("Relu", "a", "b"),
            node("Min", "b six", "c"),
            node("Mul", "x c", "m"),
            node("Div", "m six", "y"),
        ],
        {"three": 3.0, "six": 6.0},
        create_function("hard_swish"),
    ),
    "gelu of PyTorch": (
        [
            node("Div", "x root", "a"),
            node("Erf", "a", "b"),
            node("Add", "b one", "c"),
            node("Mul", "x c", "d"),
            node("Mul", "d half", "y"),
        ],
        {"root": ROOT2, "one": 1.0, "half": 0.5},
        create_function("gelu"),
    ),
    "gelu with half of x first": (
        [
            node("Mul", "x half", "h"),
            node("Mul", "x root", "a"),
            node("Erf", "a", "b"),
            node("Add", "one b", "c"),
            node("Mul", "h c", "y"),
        ],
        {"root": 1 / ROOT2, "one": 1.0, "half": 0.5},
        create_function("gelu"),
    ),
    "gelu by tanh": (
        [
            node("Pow", "x three", "a"),
            node("Mul", "a part", "b"),
            node("Add", "x b", "c"),
            node("Mul", "c root", "d"),
            node("Tanh", "d", "e"),
            node("Add", "e one", "f"),
            node("Mul", "f half", "g"),
            node("Mul", "x g", "y"),
        ],
        {"three": 3.0, "part": 0.044715, "root": ROOT_PI, "one": 1.0, "half": 0.5},
        create_function("gelu", approximate="tanh"),
    ),
    "gelu by tanh, x squared": (
        [
            node("Mul", "x x", "a"),
            node("Mul", "a part", "b"),
            node("Add", "b one", "c"),
            node("Mul", "x root", "d"),
            node("Mul", "c d", "e"),
            node("Tanh", "e", "f"),
            node("Add", "one f", "g"),
            node("Mul", "half x", "h"),
            node("Mul", "h g", "y"),
        ],
        {"part": 0.044715, "root": ROOT_PI, "one": 1.0, "half": 0.5},
        create_function("gelu", approximate="tanh"),
    ),
    "silu": ([node("Sigmoid", "x", "s"), node("Mul", "x s", "y")], {}, create_function("silu")),
    "silu behind Identity": (
        [node("Sigmoid", "x", "s"), node("Identity", "s", "t"), node("Mul", "t x", "y")],
        {},
        create_function("silu"),
    ),
    "quick_gelu": (
        [node("Mul", "x factor", "a"), node("Sigmoid", "a", "s"), node("Mul", "x s", "y")],
        {"factor": 1.702},
        create_function("quick_gelu"),
    ),
    "mish": (
        [node("Softplus", "x", "a"), node("Tanh", "a", "b"), node("Mul", "x b", "y")],
        {},
        create_function("mish"),
    ),
    "softplus": (
        [node("Exp", "x", "a"), node("Add", "a one", "b"), node("Log", "b", "y")],
        {"one": 1.0},
        create_function("softplus"),
    ),
    "logistic": (
        [node("Neg", "x", "a"), node("Exp", "a", "b"), node("Add", "one b", "c"), node("Reciprocal", "c", "y")],
        {"one": 1.0},
        create_function("logistic"),
    ),
    "softsign": (
        [node("Abs", "x", "a"), node("Add", "a one", "b"), node("Div", "x b", "y")],
        {"one": 1.0},
        create_function("softsign"),
    ),
    "relu_squared": ([node("Relu", "x", "a"), node("Mul", "a a", "y")], {}, create_function("relu_squared")),
    "rsqrt": ([node("Sqrt", "x", "a"), node("Div", "one a", "y")], {"one": 1.0}, create_function("rsqrt")),
    "relu by Max": ([node("Max", "x zero", "y")], {"zero": 0.0}, create_function("relu")),
    "hard_logistic": (
        [node("Add", "x three", "a"), node("Clip", "a zero six", "c"), node("Div", "c six", "y")],
        {"zero": 0.0, "three": 3.0, "six": 6.0},
        create_function("hard_logistic", variant="torch"),
    ),
    "half of float16": (
        [node("Sigmoid", "x", "s"), node("Mul", "x s", "y")],
        {},
        create_function("silu"),
    ),
}


def found(tmp_path, made):
    read = read_model(saved(tmp_path, made))
    return find_activations(read.prepared.graph, dict(read.types))


@pytest.mark.parametrize("spelling", SPELLED)
def test_one_activation_however_it_is_spelled(spelling, tmp_path):
    nodes, held, function = SPELLED[spelling]
    (only,) = found(tmp_path, elementwise(*nodes, **held))
    assert (only.function, only.x, only.y, only.reason) == (function, "x", "y", None)
    assert only.operators == tuple(each.op_type for each in nodes)


def test_a_part_that_is_used_elsewhere_is_one_of_its_own(tmp_path):
    nodes = [node("Sigmoid", "x", "s", name="gate"), node("Mul", "x s", "m", name="silu"), node("Add", "m s", "y")]
    assert [each.kind for each in found(tmp_path, elementwise(*nodes))] == ["logistic", "silu(beta=1)"]


def test_another_factor_makes_no_activation(tmp_path):
    nodes = [node("Sigmoid", "z", "s"), node("Mul", "x s", "y")]
    made = model(nodes, {"x": [None], "z": [None]}, {"y": [None]})
    assert [each.kind for each in found(tmp_path, made)] == ["logistic"]


def test_softmax_is_listed_without_a_unit(tmp_path):
    nodes = [
        node("ReduceMax", "x", "m", axes=[-1]),
        node("Sub", "x m", "d"),
        node("Exp", "d", "e"),
        node("ReduceSum", "e axis", "s"),
        node("Div", "e s", "t"),
        node("Softmax", "t", "y"),
    ]
    first, second = found(tmp_path, model(nodes, {"x": [2, 3]}, {"y": [2, 3]}, constants(axis=np.array([-1]))))
    assert (first.kind, first.operators, first.x) == ("softmax", ("Exp", "ReduceSum", "Div"), "d")
    assert (second.kind, second.operators) == ("softmax", ("Softmax",))
    assert first.function is second.function is None
    assert first.reason == second.reason == "every output depends on all inputs"


def test_slopes_by_channel_have_a_unit_at_run_time_only(tmp_path):
    made = elementwise(node("PRelu", "x slope", "y"), slope=[0.25, 0.5])
    (only,) = found(tmp_path, made)
    assert (only.kind, only.function) == ("prelu", None)
    assert only.reason.startswith("its slopes differ")


def test_constants_and_integers_are_no_activations(tmp_path):
    nodes = [
        node("Sqrt", "two", "root"),
        node("Clip", "n low high", "m"),
        node("Cast", "m", "r", to=TensorProto.FLOAT),
        node("Mul", "r root", "y"),
    ]
    held = constants(two=2.0, low=np.array(0), high=np.array(6))
    assert found(tmp_path, model(nodes, {"n": (TensorProto.INT64, [None])}, {"y": [None]}, held)) == []


def body(name, inputs, outputs, *nodes):
    return helper.make_graph(list(nodes), name, inputs, outputs)


def test_branches_and_loops_are_looked_through(tmp_path):
    yes = body("yes", [], [info("r", [None])], node("Tanh", "x", "r", name="act"))
    no = body("no", [], [info("r2", [None])], node("Sigmoid", "x", "s"), node("Mul", "x s", "r2", name="act"))
    turn = body(
        "turn",
        [info("i", [], TensorProto.INT64), info("c", [], TensorProto.BOOL), info("v", [None])],
        [info("c2", [], TensorProto.BOOL), info("w", [None])],
        node("Identity", "c", "c2"),
        node("Relu", "v", "w"),
    )
    nodes = [
        node("If", "flag", "t", name="choose", then_branch=yes, else_branch=no),
        node("Loop", "count flag t", "y", name="repeat", body=turn),
    ]
    made = model(nodes, {"x": [None], "flag": (TensorProto.BOOL, [])}, {"y": [None]}, constants(count=np.array(2)))
    names = {each.name: each.kind for each in found(tmp_path, made)}
    assert names == {"choose.then/act": "tanh", "choose.else/act": "silu(beta=1)", "repeat.body/w": "relu"}


def test_formats_of_a_quantised_model(tmp_path):
    nodes = [
        node("QuantizeLinear", "x sx zx", "q"),
        node("DequantizeLinear", "q sx zx", "d"),
        node("Sigmoid", "d", "s"),
        node("QuantizeLinear", "s sy zy", "p"),
        node("DequantizeLinear", "p sy zy", "y"),
    ]
    scale = np.float32(0.047)
    held = {"sx": scale, "zx": np.int8(-3), "sy": np.float32(1 / 256), "zy": np.uint8(0)}
    (only,) = found(tmp_path, elementwise(*nodes, **held))
    assert only.input == AffineFormat(FixedFormat(True, 8, 0), Fraction(float(scale)), -3)
    assert only.output == FixedFormat(False, 0, 8)
