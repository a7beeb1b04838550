"""softgate: small, fast, proven FPGA units for neural activation functions.

`design` finds a unit for a function between two fixed-point formats; what it returns holds the golden model, the error
metrics and the hardware. `load` reads the design of an emitted unit from its manifest, `rounded` gives the correctly
rounded function as a model without hardware, and `requantize` takes codes from one format to another. Amaranth
components are in `softgate.hdl`, plans and formats in `softgate.plan`; `emit_plan` writes the unit of a plan of your
own, and `golden` is the model of one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .accuracy.budget import Budget
    from .explore.composites.cells import gru_cell, lstm_cell
    from .explore.composites.neuron import neuron
    from .explore.composites.softmax import softmax
    from .explore.design import BudgetError, Design, design
    from .explore.load import load
    from .explore.plan_emission import emit_plan
    from .explore.rounded import rounded
    from .plan.affine_format import AffineFormat
    from .plan.formats import FixedFormat
    from .plan.plan import Plan
    from .plan.requantize import requantize
    from .sim.golden.model import golden

    __version__: str

__all__ = [
    "AffineFormat",
    "Budget",
    "BudgetError",
    "Design",
    "FixedFormat",
    "Plan",
    "__version__",
    "design",
    "emit_plan",
    "golden",
    "gru_cell",
    "load",
    "lstm_cell",
    "neuron",
    "requantize",
    "rounded",
    "softmax",
]

_HOMES = {
    "AffineFormat": "plan.affine_format",
    "Budget": "accuracy.budget",
    "BudgetError": "explore.design",
    "Design": "explore.design",
    "FixedFormat": "plan.formats",
    "Plan": "plan.plan",
    "design": "explore.design",
    "emit_plan": "explore.plan_emission",
    "golden": "sim.golden.model",
    "gru_cell": "explore.composites.cells",
    "load": "explore.load",
    "lstm_cell": "explore.composites.cells",
    "neuron": "explore.composites.neuron",
    "requantize": "plan.requantize",
    "rounded": "explore.rounded",
    "softmax": "explore.composites.softmax",
}


def __getattr__(name: str) -> Any:
    # Imported on first use: the command line starts in a fraction of the time that numpy takes.
    if name == "__version__":
        from importlib.metadata import version

        return version("softgate")
    if name not in _HOMES:
        raise AttributeError(f"module 'softgate' has no attribute {name!r}")
    import importlib

    return getattr(importlib.import_module(f".{_HOMES[name]}", __name__), name)


def __dir__() -> list[str]:
    return sorted(__all__)
