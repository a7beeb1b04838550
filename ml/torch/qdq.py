"""A function between QuantizeLinear and DequantizeLinear, as ONNX has the operators of a quantised model."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import Tensor

from ...plan.any_format import Format
from ...plan.operations.base import Range
from .unit_table import UnitTable

__all__ = ["ONNX_FORMS", "check_qdq", "qdq"]

ONNX_FORMS = ("table", "qdq")
"""Ways to export an activation: as its table, bit for bit, or as the function in floats between quantised tensors."""

_TYPES = {(True, 8): torch.int8, (False, 8): torch.uint8, (True, 16): torch.int16, (False, 16): torch.uint16}
"""Types of codes that ONNX's QuantizeLinear has, by sign and width."""


def check_qdq(unit: UnitTable) -> None:
    """Raise `ValueError` if ONNX has no types for the formats of a unit."""
    for name, fmt in (("input", unit.input), ("output", unit.output)):
        if (fmt.signed, fmt.width) not in _TYPES:
            raise ValueError(
                f'onnx "qdq" needs an {name} format of 8 or 16 bits, not {fmt}, which has {fmt.width}; onnx="table" '
                "takes any"
            )
        if not fmt.min_code <= fmt.code_of_zero <= fmt.max_code:
            raise ValueError(f'onnx "qdq" needs a zero point that is a code, which that of {fmt} is not')
        if float(np.float32(fmt.ulp)) == 0 or not np.isfinite(np.float32(fmt.ulp)):
            raise ValueError(f'onnx "qdq" needs a scale that float32 holds, which that of {fmt} is not')
    if unit.held != Range.of(unit.input):
        raise ValueError('onnx "qdq" has no input_range: clip the input (clip=), or choose onnx="table"')


def qdq(x: Tensor, function: Callable[[Tensor], Tensor], source: Format, target: Format) -> Tensor:
    """Return what stands for the four operators and the function in a graph that is exported."""
    return _rounded(function(_rounded(x.float(), source)), target).to(x.dtype)


def _rounded(x: Tensor, fmt: Format) -> Tensor:
    kind = _TYPES[fmt.signed, fmt.width]
    scale = torch.full((), float(fmt.ulp), dtype=torch.float32)
    zero = torch.full((), fmt.code_of_zero, dtype=kind)
    # Codes of 16 bits came with version 21, which is then to be asked for: export(..., opset_version=version).
    version = 21 if fmt.width == 16 else None
    symbolic: Any = torch.onnx.ops.symbolic
    codes = symbolic("QuantizeLinear", (x, scale, zero), dtype=kind, shape=x.shape, version=version)
    found: Tensor = symbolic(
        "DequantizeLinear", (codes, scale, zero), dtype=torch.float32, shape=x.shape, version=version
    )
    return found
