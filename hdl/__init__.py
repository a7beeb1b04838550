"""Hardware of plans: schedules, datapaths, interfaces, components and Verilog.

`Unit` is the hardware of any plan. `FunctionUnit` and the units that are called after a function find their plan by a
search, so they live in `explore`, above this room; users find all components here.
"""

from __future__ import annotations

import importlib
from typing import Any

__all__ = ["FunctionUnit", "HardLogistic", "HardTanh", "TaylorLogistic", "TaylorTanh", "Unit"]


def __getattr__(name: str) -> Any:
    # Imported on first use: the tools in this folder are wanted without Amaranth, too.
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    home = ".unit" if name == "Unit" else "..explore.components"
    return getattr(importlib.import_module(home, __name__), name)
