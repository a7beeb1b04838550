"""How it is built: schedules, datapaths, interfaces, components and Verilog."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .components import HardLogistic, HardTanh, TaylorLogistic, TaylorTanh
    from .unit import Unit

__all__ = ["HardLogistic", "HardTanh", "TaylorLogistic", "TaylorTanh", "Unit"]


def __getattr__(name: str) -> Any:
    # Imported on first use: the tools in this folder are wanted without Amaranth, too.
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(".unit" if name == "Unit" else ".components", __name__), name)
