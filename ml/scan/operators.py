"""Operators that are activations by themselves, and the functions that they are.

Most are found by their names, which are those of softgate's functions or aliases of them, and by their attributes,
which are parameters or aliases of these; defaults are those of ONNX.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from ...functions import create_function, find_function
from ...functions.base import Function
from .expressions import limits_of
from .graphs import Scope, attributes_of, is_standard

__all__ = ["UNUSABLE", "function_of", "near_rational"]

Parameters = dict[str, Any]

_OPERATORS = {
    "Sigmoid",
    "Tanh",
    "Relu",
    "LeakyRelu",
    "Elu",
    "Selu",
    "Celu",
    "Softplus",
    "Softsign",
    "HardSwish",
    "Mish",
    "Gelu",
    "Swish",
    "QuickGelu",
    "Exp",
    "Log",
    "Sqrt",
    "Reciprocal",
    "Erf",
    "Sin",
    "Cos",
    "Atan",
}
"""Operators with a function of their name."""

UNUSABLE = {
    "Softmax": "every output depends on all inputs",
    "LogSoftmax": "every output depends on all inputs",
    "PRelu": "its slopes differ; a unit takes one at run time, by softgate emit prelu --port slope=FORMAT",
}
"""Why there is no unit for an operator, as half a sentence."""

_FEW_DIGITS = 7
"""Characters of a decimal that was written by a person."""

_ROUNDED = 2.0**-21
"""The relative distance within which a float32 counts as a rounded rational; 0.16666670143604279 is 2**-22 from 1/6."""


def function_of(scope: Scope, node: Any) -> Function | None:
    """Return the function that a node's operator computes, element by element; None if it is no activation.

    Parameters that float32 had to round are taken as the rationals that were meant (see `near_rational`).
    """
    if not is_standard(node):
        return None
    if node.op_type in _SPECIAL:
        found = _SPECIAL[node.op_type](scope, node)
    elif node.op_type in _OPERATORS:
        found = node.op_type.lower(), _with_defaults(node)
    else:
        return None
    if found is None:
        return None
    name, given = found
    declared = {alias for each in find_function(name).parameters for alias in (each.name, *each.aliases)}
    read = {key: near_rational(value) if isinstance(value, float) else value for key, value in given.items()}
    return create_function(name, **{key: value for key, value in read.items() if key in declared})


def near_rational(value: float) -> Fraction:
    """Return the number that a float32 was rounded from: a short decimal, a ratio of small integers, or itself."""
    import numpy as np

    short = str(np.float32(value))
    if len(short.lstrip("-")) <= _FEW_DIGITS and np.float32(short) == np.float32(value):
        return Fraction(short)
    ratio = Fraction(value).limit_denominator(64)
    return ratio if abs(float(ratio) - value) <= _ROUNDED * abs(value) else Fraction(value)


def _with_defaults(node: Any) -> Parameters:
    """Return a node's attributes, with the defaults that ONNX declares for the others."""
    from onnx import defs, helper

    given = attributes_of(node)
    if node.domain == "com.microsoft" or not defs.has(node.op_type):
        return given
    for name, attribute in defs.get_schema(node.op_type).attributes.items():
        if name not in given and attribute.default_value.name:
            value = helper.get_attribute_value(attribute.default_value)
            given[name] = value.decode(errors="replace") if isinstance(value, bytes) else value
    return given


def _clip(scope: Scope, node: Any) -> tuple[str, Parameters] | None:
    limits = limits_of(scope, node)
    if limits == (0.0, math.inf):
        return "relu", {}
    if limits is None or math.inf in limits or -math.inf in limits or limits[0] >= limits[1]:
        return None  # a guard against 0 or overflow, say
    return ("relu6", {}) if limits == (0.0, 6.0) else ("hard_tanh", {"min": limits[0], "max": limits[1]})


def _hard_sigmoid(_: Scope, node: Any) -> tuple[str, Parameters] | None:
    given = _with_defaults(node)
    variants = {Fraction(1, 5): "onnx", Fraction(1, 6): "torch"}
    slope, offset = near_rational(given["alpha"]), near_rational(given["beta"])
    if offset == Fraction(1, 2) and slope in variants:
        return "hard_logistic", {"variant": variants[slope]}
    return "hard_logistic", {"slope": slope, "offset": offset}


def _prelu(scope: Scope, node: Any) -> tuple[str, Parameters] | None:
    slope = scope.number(node.input[1])
    return None if slope is None else ("leaky_relu", {"negative_slope": slope})


def _fast_gelu(_: Scope, node: Any) -> tuple[str, Parameters] | None:
    return ("gelu", {"approximate": "tanh"}) if len(node.input) == 1 else None  # the other one is a bias


def _thresholded(_: Scope, node: Any) -> tuple[str, Parameters] | None:
    return "threshold", {"threshold": attributes_of(node).get("alpha", 1.0)}


def _shrink(_: Scope, node: Any) -> tuple[str, Parameters] | None:
    given = attributes_of(node)
    distance, bias = given.get("lambd", 0.5), given.get("bias", 0.0)
    if bias not in {0.0, distance}:
        return None
    return ("soft_shrink" if bias else "hard_shrink"), {"lambd": distance}


_SPECIAL: Mapping[str, Callable[[Scope, Any], tuple[str, Parameters] | None]] = {
    "Clip": _clip,
    "FastGelu": _fast_gelu,
    "HardSigmoid": _hard_sigmoid,
    "PRelu": _prelu,
    "ThresholdedRelu": _thresholded,
    "Shrink": _shrink,
}
"""Operators whose function depends on their inputs, or is called otherwise."""
