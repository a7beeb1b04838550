"""Hardware of plans: schedules, datapaths, interfaces, components and Verilog.

`Unit` is the hardware of any plan. The other components find their plans by a search, so they live in `explore`, above
this room; users find all components here.
"""

from __future__ import annotations

import importlib
from typing import Any

_HOMES = {
    "FunctionUnit": "..explore.components",
    "GRUCell": "..explore.composites.cells",
    "HardLogistic": "..explore.components",
    "HardTanh": "..explore.components",
    "LSTMCell": "..explore.composites.cells",
    "Neuron": "..explore.composites.neuron",
    "Softmax": "..explore.composites.softmax",
    "TaylorLogistic": "..explore.components",
    "TaylorTanh": "..explore.components",
    "Unit": ".unit",
}

__all__ = list(_HOMES)


def __getattr__(name: str) -> Any:
    # Imported on first use: the tools in this folder are wanted without Amaranth, too.
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_HOMES[name], __name__), name)
