from fractions import Fraction

import numpy as np
import pytest
from onnx import TensorProto, numpy_helper
from onnx_models import elementwise, model, node, outputs_of

from softgate.ml.scan.graphs import Scope
from softgate.ml.scan.quantized import format_after, format_before, spell_out_quantized
from softgate.plan import AffineFormat, FixedFormat


def formats(scale, zero, **attributes):
    """The formats before and after an operator between conversions of one scale and zero point."""
    held = {"s": scale} | ({} if zero is None else {"z": zero})
    zeros = "" if zero is None else " z"
    nodes = [
        node("QuantizeLinear", f"x s{zeros}", "q", **attributes),
        node("DequantizeLinear", f"q s{zeros}", "a"),
        node("Tanh", "a", "b"),
        node("QuantizeLinear", f"b s{zeros}", "p", **attributes),
        node("DequantizeLinear", f"p s{zeros}", "y"),
    ]
    scope = Scope(elementwise(*nodes, **held).graph)
    return format_before(scope, "a"), format_after(scope, "b")


@pytest.mark.parametrize(
    ("scale", "zero", "fmt"),
    [
        (np.float32(0.5), np.int8(-3), AffineFormat(FixedFormat(True, 8, 0), Fraction(1, 2), -3)),
        (np.float32(0.1), np.uint8(7), AffineFormat(FixedFormat(False, 8, 0), Fraction(13421773, 134217728), 7)),
        (np.float32(2**-12), np.int16(0), FixedFormat(True, 4, 12)),
        (np.float32(1), np.uint16(0), FixedFormat(False, 16, 0)),
        (np.float32(0.25), None, FixedFormat(False, 6, 2)),
    ],
)
def test_scales_are_read_exactly(scale, zero, fmt):
    assert formats(scale, zero) == (fmt, fmt)


def test_scales_by_channel_are_no_format():
    assert formats(np.array([0.5, 0.25], np.float32), np.array([0, 0], np.int8)) == (None, None)


def test_integers_of_32_bits_are_sums_and_no_codes():
    nodes = [node("DequantizeLinear", "x s z", "y")]
    made = model(nodes, {"x": (TensorProto.INT32, [None])}, {"y": [None]})
    made.graph.initializer.extend(
        [numpy_helper.from_array(np.float32(0.5), "s"), numpy_helper.from_array(np.int32(0), "z")]
    )
    assert format_before(Scope(made.graph), "y") is None


def test_a_value_that_is_used_unquantised_has_no_format():
    nodes = [node("Tanh", "x", "b"), node("QuantizeLinear", "b s z", "q"), node("Neg", "b", "y")]
    scope = Scope(elementwise(*nodes, s=np.float32(0.5), z=np.int8(0)).graph)
    assert format_after(scope, "b") is None
    assert format_before(scope, "x") is None


@pytest.mark.parametrize("operator", ["QLinearSigmoid", "QLinearLeakyRelu"])
def test_operators_on_codes_are_spelled_out(operator):
    attributes = {"alpha": 0.25} if operator == "QLinearLeakyRelu" else {}
    made = model(
        [node(operator, "x sx zx sy zy", "y", domain="com.microsoft", name="q", **attributes)],
        {"x": (TensorProto.INT8, [None])},
        {"y": (TensorProto.INT8, [None])},
    )
    held = {"sx": np.float32(0.047), "zx": np.int8(-3), "sy": np.float32(0.0039), "zy": np.int8(-128)}
    made.graph.initializer.extend(numpy_helper.from_array(np.asarray(each), name) for name, each in held.items())
    codes = np.arange(-128, 128).astype(np.int8)
    (before,) = outputs_of(made, x=codes)
    spell_out_quantized(made.graph)
    assert [each.op_type for each in made.graph.node] == [
        "DequantizeLinear",
        operator.removeprefix("QLinear"),
        "QuantizeLinear",
    ]
    assert np.array_equal(outputs_of(made, x=codes)[0], before)
