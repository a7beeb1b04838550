"""Operators of ONNX as ONNX Runtime computes them, at all inputs of 16 bits; in float64 where it has that."""

from fractions import Fraction
from functools import cache

import numpy as np
import pytest
from frameworks import Counterpart, assert_agreement, assert_unit_agrees

from softgate.functions import create_function
from softgate.functions.number_types import FLOATS

onnx = pytest.importorskip("onnx")
runtime = pytest.importorskip("onnxruntime")

OPSET = 24

RUNTIME_DOMAIN = "com.microsoft"


@cache
def session(operator, domain, constants, attributes, element):
    tensors = [onnx.helper.make_tensor_value_info(name, element, [None]) for name in "xy"]
    held = [onnx.helper.make_tensor(f"c{place}", element, [], [value]) for place, value in enumerate(constants)]
    inputs = ["x", *(each.name for each in held)]
    node = onnx.helper.make_node(operator, inputs, ["y"], domain=domain, **dict(attributes))
    imports = [onnx.helper.make_opsetid(*each) for each in (("", OPSET), (RUNTIME_DOMAIN, 1))]
    graph = onnx.helper.make_graph([node], "graph", tensors[:1], tensors[1:], held)
    model = onnx.helper.make_model(graph, opset_imports=imports, ir_version=10)
    options = runtime.SessionOptions()
    options.intra_op_num_threads = 1
    return runtime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])


def operator(name, *constants, domain="", **attributes):
    """Return a function of arrays of floats that applies an operator with its defaults but for some attributes."""

    def values(x):
        element = onnx.helper.np_dtype_to_tensor_dtype(x.dtype)
        return session(name, domain, constants, tuple(attributes.items()), element).run(None, {"x": x})[0]

    return values


def of(name, operator, *formats, **options):
    """Return a counterpart that computes in float32, whose errors leave one input in 50 undecided."""
    return Counterpart(name, operator, *formats, **{"undecided": 0.02, **options})


IN_FLOAT64 = [
    Counterpart("relu", operator("Relu")),
    Counterpart("hard_shrink", operator("Shrink")),
    Counterpart("hard_shrink", operator("Shrink", lambd=1.25), parameters={"lambd": "1.25"}),
    Counterpart("soft_shrink", operator("Shrink", bias=0.5)),
    Counterpart("soft_shrink", operator("Shrink", lambd=0.75, bias=0.75), parameters={"lambd": "0.75"}),
    Counterpart("relu6", operator("Clip", 0, 6)),
    Counterpart("hard_tanh", operator("Clip", -1, 1)),
    Counterpart("hard_tanh", operator("Clip", -0.375, 2), parameters={"min": "-0.375", "max": "2"}),
    Counterpart("silu", operator("Swish")),
    Counterpart("silu", operator("Swish", alpha=0.625), parameters={"alpha": "0.625"}),
    Counterpart("quick_gelu", operator("QuickGelu", domain=RUNTIME_DOMAIN)),
    Counterpart("logistic", operator("Sigmoid"), output="UQ0.16"),
    Counterpart("tanh", operator("Tanh"), output="SQ1.15"),
    Counterpart("exp", operator("Exp"), output="SQ5.11"),
    Counterpart("log", operator("Log"), "UQ4.12", least=1),
    Counterpart("sqrt", operator("Sqrt"), "UQ4.12", "UQ2.14"),
    Counterpart("reciprocal", operator("Reciprocal"), "UQ4.12", "UQ4.12", least=1),
    Counterpart("sin", operator("Sin"), output="SQ2.14"),
    Counterpart("cos", operator("Cos"), output="SQ2.14"),
]

IN_FLOAT32 = [
    of("leaky_relu", operator("LeakyRelu")),
    of("leaky_relu", operator("LeakyRelu", alpha=-0.3), parameters={"alpha": "-0.3"}),
    of("elu", operator("Elu")),
    of("elu", operator("Elu", alpha=1.75), parameters={"alpha": "1.75"}),
    of("selu", operator("Selu")),
    of("selu", operator("Selu", alpha=1.5, gamma=0.75), parameters={"alpha": "1.5", "gamma": "0.75"}),
    of("celu", operator("Celu")),
    of("celu", operator("Celu", alpha=2.5), parameters={"alpha": "2.5"}),
    of("threshold", operator("ThresholdedRelu"), parameters={"threshold": "1"}),
    of("threshold", operator("ThresholdedRelu", alpha=-0.5), parameters={"threshold": "-0.5"}),
    of("hard_logistic", operator("HardSigmoid"), parameters={"variant": "onnx"}),
    of("hard_logistic", operator("HardSigmoid", alpha=0.3, beta=0.4), parameters={"alpha": "0.3", "beta": "0.4"}),
    of("hard_swish", operator("HardSwish")),
    of("softplus", operator("Softplus"), "SQ6.10", "UQ6.10"),
    of("softsign", operator("Softsign")),
    of("erf", operator("Erf"), "SQ3.13"),
    of("atan", operator("Atan")),
    of("gelu", operator("Gelu")),
    of("gelu", operator("Gelu", approximate="tanh"), parameters={"approximate": "tanh"}),
    of("mish", operator("Mish")),
]


@pytest.mark.parametrize("counterpart", IN_FLOAT64, ids=str)
def test_values_in_float64(counterpart):
    assert_agreement(counterpart, np.float64)


@pytest.mark.parametrize("counterpart", IN_FLOAT32, ids=str)
def test_values_in_float32(counterpart):
    assert_agreement(counterpart, np.float32)


PIECEWISE_LINEAR = ("leaky_relu", "hard_logistic", "threshold")


def units(*names):
    """Return the counterparts of some functions that have no parameters beside the defaults of ONNX."""
    return [each for each in IN_FLOAT32 if each.name in names and set(each.parameters) <= {"variant", "threshold"}]


@pytest.mark.parametrize("counterpart", units(*PIECEWISE_LINEAR), ids=str)
def test_units_by_lines(counterpart):
    assert_unit_agrees(counterpart, np.float32)


@pytest.mark.slow
@pytest.mark.parametrize("counterpart", units("gelu", "mish", "elu", "softplus", "erf"), ids=str)
def test_units_by_polynomials(counterpart):
    assert_unit_agrees(counterpart, np.float32)


@pytest.mark.parametrize(
    ("name", "operator", "parameters"),
    [
        ("leaky_relu", "LeakyRelu", {}),
        ("elu", "Elu", {}),
        ("selu", "Selu", {}),
        ("celu", "Celu", {}),
        ("hard_logistic", "HardSigmoid", {"variant": "onnx"}),
        ("gelu", "Gelu", {}),
        ("silu", "Swish", {}),
    ],
)
def test_defaults_and_names_of_attributes(name, operator, parameters):
    held = [each.default_value for each in onnx.defs.get_schema(operator, OPSET, "").attributes.values()]
    given = {each.name: onnx.helper.get_attribute_value(each) for each in held}
    given = {key: value.decode() if isinstance(value, bytes) else Fraction(value) for key, value in given.items()}
    ours, theirs = create_function(name, **parameters), create_function(name, **given)
    x = np.arange(-40, 41) / 8
    assert given
    assert np.allclose(ours(x, FLOATS), theirs(x, FLOATS), rtol=2**-24, atol=2**-24)


def test_defaults_of_the_scaled_unit_are_those_of_float32():
    held = {name: each.default_value.f for name, each in onnx.defs.get_schema("Selu", OPSET, "").attributes.items()}
    ours = create_function("selu")
    assert held == {"alpha": np.float32(float(ours.alpha)), "gamma": np.float32(float(ours.scale))}
    assert Fraction(held["alpha"]) == Fraction("1.67326319217681884765625")
    assert Fraction(held["gamma"]) == Fraction("1.05070102214813232421875")
