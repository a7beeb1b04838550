from fractions import Fraction

import numpy as np
import pytest
from onnx_models import elementwise, node, outputs_of

from softgate.functions import create_function
from softgate.functions.number_types import FLOATS
from softgate.ml.scan.graphs import Scope
from softgate.ml.scan.operators import function_of, near_rational

ALONE = [
    ("Sigmoid", {}),
    ("Tanh", {}),
    ("Relu", {}),
    ("LeakyRelu", {}),
    ("LeakyRelu", {"alpha": 0.1}),
    ("Elu", {}),
    ("Elu", {"alpha": 1.75}),
    ("Selu", {}),
    ("Celu", {"alpha": 2.5}),
    ("Softplus", {}),
    ("Softsign", {}),
    ("HardSigmoid", {}),
    ("HardSigmoid", {"alpha": 0.16666670143604279}),
    ("HardSigmoid", {"alpha": 0.3, "beta": 0.4}),
    ("HardSwish", {}),
    ("Mish", {}),
    ("Gelu", {}),
    ("Gelu", {"approximate": "tanh"}),
    ("Exp", {}),
    ("Log", {}),
    ("Sqrt", {}),
    ("Reciprocal", {}),
    ("Erf", {}),
    ("Sin", {}),
    ("Cos", {}),
    ("Atan", {}),
    ("ThresholdedRelu", {}),
    ("ThresholdedRelu", {"alpha": 0.5}),
    ("Shrink", {"lambd": 0.75}),
    ("Shrink", {"lambd": 0.75, "bias": 0.75}),
]


def found(made):
    return function_of(Scope(made.graph), made.graph.node[0])


@pytest.mark.parametrize(("operator", "attributes"), ALONE, ids=str)
def test_an_operator_is_its_function(operator, attributes):
    made = elementwise(node(operator, "x", "y", **attributes), opset=22 if operator in {"Gelu", "Mish"} else 17)
    low = 0.125 if operator in {"Log", "Sqrt", "Reciprocal"} else -6
    x = np.linspace(low, 6, 97).astype(np.float32)
    made.ir_version = 10
    assert np.allclose(outputs_of(made, x=x)[0], found(made)(x.astype(float), FLOATS), rtol=2e-6, atol=2e-6)


@pytest.mark.parametrize(
    ("nodes", "held", "function"),
    [
        (node("Clip", "x low high", "y"), {"low": 0.0, "high": 6.0}, create_function("relu6")),
        (node("Clip", "x low", "y"), {"low": 0.0}, create_function("relu")),
        (node("Clip", "x low high", "y"), {"low": -1.0, "high": 2.0}, create_function("hard_tanh", min=-1, max=2)),
        (node("Clip", "x low", "y"), {"low": 1e-5}, None),
        (node("PRelu", "x slope", "y"), {"slope": [0.25, 0.25]}, create_function("leaky_relu", alpha="1/4")),
        (node("PRelu", "x slope", "y"), {"slope": [0.25, 0.5]}, None),
        (node("Shrink", "x", "y", lambd=0.5, bias=0.25), {}, None),
        (node("Floor", "x", "y"), {}, None),
        (node("Tanh", "x", "y", domain="my.own"), {}, None),
        (
            node("HardSigmoid", "x", "y", alpha=0.16666670143604279),
            {},
            create_function("hard_logistic", variant="torch"),
        ),
        (node("FastGelu", "x", "y", domain="com.microsoft"), {}, create_function("gelu", approximate="tanh")),
        (node("FastGelu", "x b", "y", domain="com.microsoft"), {"b": [1.0]}, None),
        (node("QuickGelu", "x", "y", domain="com.microsoft"), {}, create_function("quick_gelu")),
    ],
)
def test_functions_that_depend_on_inputs(nodes, held, function):
    assert found(elementwise(nodes, **held)) == function


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (0.16666670143604279, Fraction(1, 6)),
        (float(np.float32(0.01)), Fraction(1, 100)),
        (float(np.float32(1 / 3)), Fraction(1, 3)),
        (1.0, Fraction(1)),
        (float(np.float32(1.702)), Fraction(851, 500)),
        (-0.25, Fraction(-1, 4)),
        (0.1234567135572433471679, Fraction(0.1234567135572433471679)),
    ],
)
def test_numbers_that_float32_rounded(value, number):
    assert near_rational(value) == number
