import numpy as np
import pytest
from onnx import TensorProto, helper
from onnx_models import constants, info, model, node, outputs_of

from softgate.ml.scan.expose import expose

BOOL, INT64 = TensorProto.BOOL, TensorProto.INT64


def graph(name, inputs, outputs, *nodes):
    return helper.make_graph(list(nodes), name, inputs, outputs)


def turn(*nodes):
    """The body of a loop that carries v to w."""
    inputs = [info("i", [], INT64), info("c", [], BOOL), info("v", [None])]
    return graph("turn", inputs, [info("c2", [], BOOL), info("w", [None])], node("Identity", "c", "c2"), *nodes)


def seen(made, names, **inputs):
    """The exposed values, by name, after a run; and the model's own output."""
    places = expose(made.graph, names)
    results = dict(zip([each.name for each in made.graph.output], outputs_of(made, **inputs), strict=True))
    return {name: results[place].tolist() for name, place in places.items()}, results["y"].tolist()


def test_values_of_the_whole_graph():
    made = model([node("Neg", "x", "t"), node("Neg", "t", "y")], {"x": [None, None]}, {"y": [None, None]})
    values, y = seen(made, ["x", "t", "y"], x=[[1.0, 2.0], [3.0, 4.0]])
    assert values == {"x": [1, 2, 3, 4], "t": [-1, -2, -3, -4], "y": [1, 2, 3, 4]}
    assert y == [[1, 2], [3, 4]]


@pytest.mark.parametrize(("flag", "yes", "no"), [(True, [2.0, 4.0], []), (False, [], [-1.0, -2.0])])
def test_values_of_branches(flag, yes, no):
    branches = {
        "then_branch": graph("yes", [], [info("r", [None])], node("Add", "x x", "a"), node("Neg", "a", "r")),
        "else_branch": graph("no", [], [info("s", [None])], node("Neg", "x", "b"), node("Neg", "b", "s")),
    }
    made = model([node("If", "flag", "y", **branches)], {"x": [None], "flag": (BOOL, [])}, {"y": [None]})
    values, _ = seen(made, ["a", "b"], x=[1.0, 2.0], flag=np.array(flag))
    assert values == {"a": yes, "b": no}


def test_a_branch_may_give_a_value_of_outside():
    branches = {
        "then_branch": graph("yes", [], [info("r", [None])], node("Neg", "x", "r")),
        "else_branch": graph("no", [], [info("s", [None])], node("Identity", "x", "s")),
    }
    made = model([node("If", "flag", "y", **branches)], {"x": [None], "flag": (BOOL, [])}, {"y": [None]})
    assert seen(made, ["r"], x=[1.0], flag=np.array(False)) == ({"r": []}, [1.0])


def test_values_of_all_turns_of_a_loop():
    made = model(
        [node("Loop", "count flag x", "y", body=turn(node("Add", "v v", "a"), node("Neg", "a", "w")))],
        {"x": [None], "count": (INT64, []), "flag": (BOOL, [])},
        {"y": [None]},
    )
    inputs = {"x": [1.0], "flag": np.array(True)}
    copy = type(made)()
    copy.CopyFrom(made)
    assert seen(made, ["a"], count=np.array(3), **inputs) == ({"a": [2, -4, 8]}, [-8])
    assert seen(copy, ["a"], count=np.array(0), **inputs) == ({"a": []}, [1])


def test_a_loop_that_joins_results_of_its_own():
    """The added values stand between those that it carries and those that it joins."""
    body = turn(node("Add", "v v", "a"), node("Neg", "a", "w"), node("Neg", "w", "joined"))
    body.output.append(info("joined", [None]))
    made = model(
        [node("Loop", "count flag x", "last y", body=body)],
        {"x": [None], "count": (INT64, []), "flag": (BOOL, [])},
        {"y": [None, None]},
    )
    values, y = seen(made, ["a", "w"], x=[1.0], count=np.array(2), flag=np.array(True))
    assert values == {"a": [2, -4], "w": [-2, 4]}
    assert y == [[2], [-4]]


def test_values_of_a_branch_within_a_loop():
    branches = {
        "then_branch": graph("yes", [], [info("r", [None])], node("Add", "v one", "a"), node("Neg", "a", "r")),
        "else_branch": graph("no", [], [info("s", [None])], node("Add", "v one", "s")),
    }
    nodes = [node("Equal", "i two", "e"), node("If", "e", "w", **branches)]
    made = model(
        [node("Loop", "count flag x", "y", body=turn(*nodes))],
        {"x": [None], "count": (INT64, []), "flag": (BOOL, [])},
        {"y": [None]},
        constants(one=1.0, two=np.array(2)),
    )
    values, y = seen(made, ["a", "s"], x=[0.0], count=np.array(4), flag=np.array(True))
    assert values == {"a": [3.0], "s": [1.0, 2.0, -2.0]}
    assert y == [-2.0]


@pytest.mark.parametrize("reverse", [0, 1])
def test_values_of_a_scan(reverse):
    step = graph(
        "step",
        [info("s", [2]), info("e", [2])],
        [info("s2", [2]), info("o", [2])],
        node("Add", "s e", "s2"),
        node("Neg", "s2", "o"),
    )
    scan = node(
        "Scan",
        "zero x",
        "last y",
        body=step,
        num_scan_inputs=1,
        scan_input_directions=[reverse],
        scan_output_directions=[reverse],
    )
    made = model([scan], {"x": [None, 2]}, {"y": [None, 2]}, constants(zero=[0.0, 0.0]))
    values, y = seen(made, ["s2"], x=[[1.0, 2.0], [3.0, 4.0]])
    assert values["s2"] == ([3, 4, 4, 6] if reverse else [1, 2, 4, 6])
    assert y == ([[-4, -6], [-3, -4]] if reverse else [[-1, -2], [-4, -6]])
