"""Synthesised netlists with simulation models of their cells."""

from __future__ import annotations

from ...hdl.targets import Target
from .flow import find_flow

__all__ = ["netlist_commands"]


def netlist_commands(target: Target, top: str, *, dsp: bool = True, bram: bool = True) -> str:
    """Return Yosys commands that synthesise a design as `synthesise` does, and replace its cells by models.

    They are for `prepare` of `softgate.sim.engines.compiled.compile_unit`. Yosys has models of look-up tables, carries,
    flip-flops and some multiplier blocks. Where it has none, it refuses the netlist with a `YosysError` that names the
    cells; `dsp` and `bram` False keep those out.

    Raises
    ------
    ValueError
        If no flow synthesises for the target.

    """
    flow = find_flow(target)
    # Without cells to look for, everything would be selected.
    refuse = f"select -assert-none {' '.join(f't:{cell}' for cell in flow.unmodelled)}" if flow.unmodelled else ""
    # Deferred, only the models that are used are elaborated: that of a large RAM takes a minute.
    return f"""{flow.commands(target, top, dsp=dsp, bram=bram)}
{refuse}
delete =A:blackbox
read_verilog -defer -overwrite {flow.models}
hierarchy -check -top {top}"""
