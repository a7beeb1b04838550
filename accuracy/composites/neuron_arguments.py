"""The arguments of a neuron: what they are called, and how they are read."""

from __future__ import annotations

from numbers import Integral
from typing import Any

import numpy as np

from ...functions import create_function
from ...plan.formats import FixedFormat
from .base import Argument
from .constant_codes import read_constants
from .given import read_fixed

__all__ = ["ARGUMENTS", "MOST_INPUTS", "WIDEST", "read_bias", "read_count", "read_function", "read_weights"]

WIDEST = 24
"""The most bits of an input, a weight and an output."""

MOST_INPUTS, _MOST_NEURONS, _MOST_WEIGHTS = 4096, 4096, 1 << 20

_LARGEST_BIAS = 1 << 60
"""The largest code of a bias: golden models compute in 64 bits, and all products together take up to 61."""

_LINEAR = ("linear", "identity", "x")
"""Names of the function that is the sum itself."""

ARGUMENTS = (
    Argument("inputs", "The elements of a vector x.", "N", kind=int, required=True),
    Argument("x", "Format of an element, such as SQ1.7.", "FORMAT", required=True),
    Argument(
        "weights",
        "Format of weights that are streamed beside x, such as SQ1.7; or constants: a .npy file of shape "
        "(inputs,), or of shape (neurons, inputs) for a layer.",
        "FORMAT|FILE",
        required=True,
        array=True,
    ),
    Argument("function", "Function or expression, such as tanh; linear for the sum itself.", "F", required=True),
    Argument("output_format", "Format of an output, such as SQ1.7.", "FORMAT", "-o", required=True, option="--output"),
    Argument("weight_format", "Format of constant weights.", "FORMAT"),
    Argument("bias", "Constant bias: a number, or a .npy file with one for each neuron.", "B|FILE", array=True),
    Argument("parallel", "Products a clock, 1 to inputs.", "P", kind=int, default=1),
    Argument("max_error", "Error budget: 1ulp (the default), 1e-3, 2^-11.", "ERROR", default="1ulp"),
    Argument("memory", "Where constant weights are: logic, bram, or auto (the smaller one).", "NAME", default="auto"),
    Argument(
        "products",
        "dsp (multiplier blocks, if the target has some that keep the clock; the default) or logic.",
        "NAME",
        default="dsp",
    ),
)
"""The arguments of a neuron, in Python and on the command line."""


def read_count(name: str, given: Any, most: int, why: str = "") -> int:
    """Return a whole number from 1 to `most`; `TypeError` or `ValueError` for other values."""
    if isinstance(given, bool) or not isinstance(given, Integral):
        raise TypeError(f"{name} must be a whole number, not {given!r:.60}")
    if not 1 <= int(given) <= most:
        raise ValueError(f"{name} must be from 1 to {most}{why}, not {int(given)}")
    return int(given)


def read_function(given: Any) -> str:
    """Return the text of a function, empty for the sum itself; `TypeError` or `ValueError` for other values."""
    if not isinstance(given, str):
        raise TypeError(f"function must be a name such as tanh, or an expression of x as text, not {given!r:.60}")
    if given.strip().lower() in _LINEAR:
        return ""
    create_function(given)  # which refuses other text
    return given.strip()


def read_weights(
    given: Any, weight_format: Any, inputs: int
) -> tuple[FixedFormat, tuple[tuple[int, ...], ...] | None, bool]:
    """Return the format of weights, their codes if they are constant, and whether they are those of a layer."""
    if isinstance(given, str | FixedFormat):
        if weight_format is not None:
            raise ValueError(
                f"weight_format is for constant weights; weights {given} are streamed and have that format"
            )
        return read_fixed("weights", given, WIDEST), None, False
    if weight_format is None:
        raise TypeError("constant weights need weight_format: a format such as SQ1.7")
    weight = read_fixed("weight_format", weight_format, WIDEST)
    codes = read_constants("weights", given, weight.min_code, weight.max_code, weight.fraction_bits, str(weight))
    if codes.ndim not in (1, 2) or codes.shape[-1] != inputs:
        raise ValueError(
            f"weights must have shape ({inputs},), or (neurons, {inputs}) for a layer, as there are {inputs} inputs, "
            f"not {codes.shape}"
        )
    rows = codes.reshape(-1, inputs)
    if not 1 <= len(rows) <= _MOST_NEURONS:
        raise ValueError(f"weights must be those of 1 to {_MOST_NEURONS} neurons, not of {len(rows)}")
    if rows.size > _MOST_WEIGHTS:
        raise ValueError(f"there must be at most {_MOST_WEIGHTS} weights, not {rows.size}")
    return weight, tuple(tuple(row) for row in rows.tolist()), codes.ndim == 2


def read_bias(given: Any, neurons: int, x: FixedFormat, weight: FixedFormat) -> tuple[int, ...]:
    """Return the bias of each neuron in codes with the fraction bits of a product."""
    if given is None:
        return (0,) * neurons
    point = x.fraction_bits + weight.fraction_bits
    codes = read_constants("bias", given, -_LARGEST_BIAS, _LARGEST_BIAS, point, "a sum")
    if codes.ndim > 1 or codes.size not in (1, neurons):
        raise ValueError(f"bias must hold one number, or one for each of {neurons} neurons, not shape {codes.shape}")
    return tuple(np.broadcast_to(codes.reshape(-1), (neurons,)).tolist())
