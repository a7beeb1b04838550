"""Output codes of quantised activations as other frameworks compute them, in float32."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from softgate.plan.any_format import Format

__all__ = ["Pair", "onnx_qdq", "onnx_qlinear", "tflite_table"]

_OPSET = 24

_OPERATORS: dict[str, tuple[str, dict[str, Any]]] = {
    "logistic": ("Sigmoid", {}),
    "tanh": ("Tanh", {}),
    "gelu": ("Gelu", {}),
    "silu": ("Swish", {}),
    "hard_swish": ("HardSwish", {}),
    "elu": ("Elu", {}),
    "selu": ("Selu", {}),
    "softplus": ("Softplus", {}),
    "softsign": ("Softsign", {}),
    "mish": ("Mish", {}),
    "leaky_relu": ("LeakyRelu", {"alpha": 0.01}),
    "erf": ("Erf", {}),
}
"""Functions by softgate's names, and ONNX's operators with the attributes that differ from its defaults."""


@dataclass(frozen=True)
class Pair:
    """A function between two formats."""

    function: str
    source: Format
    target: Format


def onnx_qdq(pairs: Sequence[Pair]) -> list[NDArray[np.int64]]:
    """Return what ONNX Runtime computes for each pair at all input codes, in ascending order.

    Each is DequantizeLinear, the operator and QuantizeLinear, in a single model that is not optimised: optimised, some
    operators are fused with their neighbours.
    """

    def nodes(helper: Any, pair: Pair, name: str) -> list[Any]:
        operator, attributes = _OPERATORS[pair.function]
        source, target = f"{name}_source", f"{name}_target"
        return [
            helper.make_node("DequantizeLinear", [*_quantised(name, source)], [f"{name}_values"]),
            helper.make_node(operator, [f"{name}_values"], [f"{name}_results"], **attributes),
            helper.make_node("QuantizeLinear", [f"{name}_results", *_quantised("", target)[1:]], [f"{name}_codes"]),
        ]

    return _run(pairs, nodes)


def onnx_qlinear(pairs: Sequence[Pair]) -> list[NDArray[np.int64]]:
    """Return what ONNX Runtime's QLinearSigmoid and QLinearLeakyRelu compute, as `onnx_qdq` does."""
    operators = {"logistic": ("QLinearSigmoid", {}), "leaky_relu": ("QLinearLeakyRelu", {"alpha": 0.01})}

    def nodes(helper: Any, pair: Pair, name: str) -> list[Any]:
        operator, attributes = operators[pair.function]
        inputs = [*_quantised(name, f"{name}_source"), *_quantised(name, f"{name}_target")[1:]]
        return [helper.make_node(operator, inputs, [f"{name}_codes"], domain="com.microsoft", **attributes)]

    return _run(pairs, nodes)


def _quantised(tensor: str, parameters: str) -> list[str]:
    return [tensor, f"{parameters}_scale", f"{parameters}_zero"]


def _run(pairs: Sequence[Pair], nodes_of: Any) -> list[NDArray[np.int64]]:
    """Run one model with a branch for every pair, whose input codes are constants of it."""
    import onnx
    import onnxruntime as runtime

    helper, kinds = onnx.helper, onnx.TensorProto
    nodes, constants, outputs = [], [], []
    for place, pair in enumerate(pairs):
        name = f"p{place}"
        for which, fmt in ((f"{name}_source", pair.source), (f"{name}_target", pair.target)):
            constants.append(helper.make_tensor(f"{which}_scale", kinds.FLOAT, [], [float(fmt.ulp)]))
            constants.append(helper.make_tensor(f"{which}_zero", _element(kinds, fmt), [], [fmt.code_of_zero]))
        codes = pair.source.codes().tolist()
        constants.append(helper.make_tensor(name, _element(kinds, pair.source), [len(codes)], codes))
        nodes += [
            *nodes_of(helper, pair, name),
            helper.make_node("Cast", [f"{name}_codes"], [f"{name}_wide"], to=kinds.INT32),
        ]
        outputs.append(helper.make_tensor_value_info(f"{name}_wide", kinds.INT32, [len(codes)]))
    graph = helper.make_graph(nodes, "quantised", [], outputs, constants)
    imports = [helper.make_opsetid("", _OPSET), helper.make_opsetid("com.microsoft", 1)]
    model = helper.make_model(graph, opset_imports=imports, ir_version=10)
    options = runtime.SessionOptions()
    options.intra_op_num_threads = 1
    options.graph_optimization_level = runtime.GraphOptimizationLevel.ORT_DISABLE_ALL
    session = runtime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    return [np.asarray(each, np.int64) for each in session.run(None, {})]


def _element(kinds: Any, fmt: Format) -> int:
    return int(getattr(kinds, f"{'' if fmt.signed else 'U'}INT{fmt.width}"))


def tflite_table(pair: Pair) -> NDArray[np.int64]:
    """Return the table that TFLite's int8 kernels of the logistic function and of tanh look their outputs up in.

    In float32, each code is dequantised, the function applied, the result multiplied by the inverse of the output's
    scale, rounded half away from zero, moved to the zero point and saturated.

    Source: ``LUTPopulate`` in tensorflow/lite/kernels/internal/common.h, as tensorflow/lite/kernels/activations.cc
    calls it.
    """
    single = np.float32
    values = single(pair.source.ulp) * (pair.source.codes() - pair.source.code_of_zero).astype(single)
    results = np.tanh(values) if pair.function == "tanh" else single(1) / (single(1) + np.exp(-values))
    scaled = results * (single(1) / single(pair.target.ulp))
    rounded = np.copysign(np.floor(np.abs(scaled) + single(0.5)), scaled).astype(np.int64)
    codes: NDArray[np.int64] = np.clip(rounded + pair.target.code_of_zero, pair.target.min_code, pair.target.max_code)
    return codes
