import numpy as np
from onnx import helper
from onnx_models import constants, info, model, node, outputs_of

from softgate.ml.scan.graphs import Scope, make_names_unique, scopes


def branch(name, *nodes):
    return helper.make_graph(list(nodes), name, [], [info("r", [None])])


def with_branches():
    """A model whose branches have values of the same names, and read one from outside."""
    branches = {
        "then_branch": branch("yes", node("Mul", "x two", "t"), node("Add", "t two", "r")),
        "else_branch": branch("no", node("Neg", "x", "t"), node("Relu", "t", "r")),
    }
    nodes = [node("ReduceSum", "x", "s", keepdims=0), node("Greater", "s zero", "c")]
    nodes.append(node("If", "c", "t", name="choose", **branches))
    nodes.append(node("Identity", "t", "y"))
    return model(nodes, {"x": [None]}, {"y": [None]}, constants(two=[2.0], zero=0.0))


def test_unique_names_change_no_value():
    made = with_branches()
    before = [outputs_of(made, x=x)[0] for x in ([1.0, 2.0], [-1.0, -2.0])]
    make_names_unique(made.graph)
    names = [name for scope in scopes(made.graph) for each in scope.graph.node for name in each.output]
    assert len(names) == len(set(names)) == 8
    assert all(map(np.array_equal, before, [outputs_of(made, x=x)[0] for x in ([1.0, 2.0], [-1.0, -2.0])]))
    assert [each.tolist() for each in before] == [[4, 6], [1, 2]]


def test_scopes_see_what_they_lie_in():
    outer, no, yes = scopes(with_branches().graph)
    assert (outer.path, yes.path, no.path) == ((), ("choose.then",), ("choose.else",))
    assert yes.number("two") == 2
    assert yes.is_constant("two")
    assert not yes.is_constant("x")
    assert not no.is_constant("t")
    assert outer.users["x"][-1].op_type == "If"


def test_numbers_behind_other_operators():
    nodes = [
        node("Constant", "", "a", value_float=2.5),
        node("Constant", "", "b", value_ints=[3, 3]),
        node("Identity", "a", "c"),
        node("Unsqueeze", "c zero", "d"),
        node("Add", "a a", "sum"),
        node("RandomNormal", "", "random", shape=[1]),
        node("Add", "x d", "y"),
    ]
    for each in nodes:
        each.input[:] = [name for name in each.input if name]
    scope = Scope(model(nodes, {"x": [None]}, {"y": [None]}, constants(zero=np.array([0]), two=[1.0, 2.0])).graph)
    assert [scope.number(name) for name in "abcd"] == [2.5, 3, 2.5, 2.5]
    assert [scope.number(name) for name in ("two", "sum", "x", "random", "nothing")] == [None] * 5
    assert [scope.is_constant(name) for name in ("two", "sum", "d", "random", "y")] == [True, True, True, False, False]
