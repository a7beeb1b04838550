"""Flows from Verilog to measured area and clock frequency, one file a target family."""

import importlib
import pkgutil
from types import ModuleType


def flow(name: str) -> ModuleType:
    """Return the flow `name`: the module of this folder whose function `synthesise` measures a unit."""
    if name not in flow_names():
        raise ValueError(f"there is no flow {name!r}; the flows are {', '.join(flow_names())}")
    return importlib.import_module(f".{name}", __name__)


def flow_names() -> list[str]:
    """Return the names of all flows."""
    modules = (module.name for module in pkgutil.iter_modules(__path__))
    return [name for name in modules if hasattr(importlib.import_module(f".{name}", __name__), "synthesise")]
