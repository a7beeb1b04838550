import math

import numpy as np
import pytest
from onnx_models import elementwise, node

from softgate.ml.scan.expressions import expression_of, limits_of, readable
from softgate.ml.scan.graphs import Scope
from softgate.ml.scan.normal_form import X, apply, clip, power


def scope(*nodes, **held):
    return Scope(elementwise(*nodes, **held).graph)


def read(*nodes, **held):
    found = expression_of(scope(*nodes, **held), "y", "x")
    return None if found is None else found[0]


@pytest.mark.parametrize(
    ("nodes", "held", "expression"),
    [
        ([node("Mul", "x two", "t"), node("Sub", "one t", "y")], {"two": 2.0, "one": 1.0}, 1 - 2 * X),
        ([node("Div", "two x", "y")], {"two": [2.0, 2.0]}, 2 / X),
        ([node("Neg", "x", "t"), node("Exp", "t", "y")], {}, apply("exp")(-X)),
        ([node("Pow", "x three", "y")], {"three": 3.0}, X * X * X),
        ([node("Sqrt", "x", "t"), node("Reciprocal", "t", "y")], {}, power(X, -0.5)),
        ([node("Max", "zero x", "y")], {"zero": 0.0}, clip(X, 0, math.inf)),
        ([node("Min", "x six", "t"), node("Relu", "t", "y")], {"six": 6.0}, None),
        ([node("Clip", "x low", "y")], {"low": 1.0}, clip(X, 1, math.inf)),
        ([node("HardSigmoid", "x", "y", alpha=0.25)], {}, clip(X / 4 + 0.5, 0, 1)),
        ([node("HardSwish", "x", "y")], {}, X * clip(X + 3, 0, 6) / 6),
        ([node("Identity", "x", "y")], {}, X),
    ],
)
def test_what_is_read(nodes, held, expression):
    found = read(*nodes, **held)
    assert found is not None
    assert expression is None or found.same(expression)


@pytest.mark.parametrize(
    ("nodes", "held"),
    [
        ([node("Mul", "x two", "y")], {"two": [2.0, 3.0]}),
        ([node("Pow", "x x", "y")], {}),
        ([node("Max", "x t", "y"), node("Neg", "x", "t")], {}),
        ([node("Floor", "x", "y")], {}),
        ([node("Clip", "x high low", "y")], {"low": 0.0, "high": 1.0}),
        ([node("Add", "x z", "y")], {}),
    ],
)
def test_what_is_no_expression(nodes, held):
    assert read(*nodes, **held) is None


def test_the_nodes_are_those_up_to_x():
    nodes = [node("Floor", "x", "a"), node("Neg", "a", "b"), node("Exp", "b", "y")]
    _, used = expression_of(scope(*nodes), "y", "a")
    assert [each.op_type for each in used] == ["Exp", "Neg"]


def test_limits():
    huge = float(np.finfo(np.float32).max)
    made = scope(node("Clip", "x low high", "y"), low=-1.5, high=huge)
    assert limits_of(made, made.graph.node[0]) == (-1.5, math.inf)
    moving = scope(node("Clip", "x x", "y"))
    assert limits_of(moving, moving.graph.node[0]) is None


def test_operators_of_others_are_not_read():
    assert readable(node("Mul", "x x", "y"))
    assert not readable(node("Mul", "x x", "y", domain="my.own"))
