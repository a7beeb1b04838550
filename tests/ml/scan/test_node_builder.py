import numpy as np
from onnx import numpy_helper

from softgate.ml.scan.node_builder import NodeBuilder


def test_nodes_have_results_of_their_own():
    b = NodeBuilder("here/")
    two = b.constant([2, 2], np.int64)
    total = b("Add", "x", two, name="sum")
    assert b("Transpose", total, result="y", perm=[1, 0]) == "y"
    first, second, third = b.nodes
    assert (two, total) == ("here/Constant0", "here/Add1")
    assert numpy_helper.to_array(first.attribute[0].t).tolist() == [2, 2]
    assert (second.op_type, list(second.input), list(second.output), second.name) == ("Add", ["x", two], [total], "sum")
    assert list(third.attribute[0].ints) == [1, 0]
