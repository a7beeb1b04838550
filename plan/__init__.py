"""The language that a unit is written in: formats, operations, and plans made of them.

`Budget` and `create_function`, which were found here, are in `softgate` and `softgate.functions`.
"""

from __future__ import annotations

from typing import Any

from .affine_format import AffineFormat
from .any_format import parse_format
from .builder import PlanBuilder
from .formats import FixedFormat
from .plan import Plan

__all__ = ["AffineFormat", "FixedFormat", "Plan", "PlanBuilder", "parse_format"]

_MOVED = {"Budget": "softgate", "create_function": "softgate.functions"}


def __getattr__(name: str) -> Any:
    if name not in _MOVED:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import importlib
    import warnings

    home = _MOVED[name]
    warnings.warn(f"{__name__}.{name} has moved: write `from {home} import {name}`", DeprecationWarning, stacklevel=2)
    return getattr(importlib.import_module(home), name)
