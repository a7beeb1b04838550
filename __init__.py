"""softgate: small, fast, proven FPGA units for neural activation functions.

`design` finds a unit for a function between two fixed-point formats; what it returns holds the golden model, the error
figures and the hardware. Amaranth components are in `softgate.hdl`, plans and formats in `softgate.plan`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .accuracy.budget import Budget
    from .explore.design import BudgetError, Design, design
    from .plan.formats import FixedFormat
    from .plan.plan import Plan
    from .sim.golden.model import golden

__all__ = ["Budget", "BudgetError", "Design", "FixedFormat", "Plan", "design", "golden"]

_HOMES = {
    "Budget": "accuracy.budget",
    "BudgetError": "explore.design",
    "Design": "explore.design",
    "FixedFormat": "plan.formats",
    "Plan": "plan.plan",
    "design": "explore.design",
    "golden": "sim.golden.model",
}


def __getattr__(name: str) -> Any:
    # Imported on first use: the command line starts in a fraction of the time that numpy takes.
    if name not in _HOMES:
        raise AttributeError(f"module 'softgate' has no attribute {name!r}")
    import importlib

    return getattr(importlib.import_module(f".{_HOMES[name]}", __name__), name)
