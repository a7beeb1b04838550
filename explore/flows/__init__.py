"""Flows from Verilog to measured area and clock frequency, one file for each FPGA family."""

from __future__ import annotations

import json
from collections.abc import Sequence

from ...hdl.build_options import check_frequency
from ...hdl.interfaces import Ports
from ...hdl.targets import Target
from ...support.files import scratch_folder
from ...support.yosys import run_yosys
from .flow import find_flow
from .netlist import netlist_commands
from .result import SynthesisResult
from .wrapper import registered

__all__ = ["SynthesisResult", "find_flow", "netlist_commands", "synthesise"]


def synthesise(
    target: Target,
    verilog: str,
    top: str,
    *,
    ports: Ports,
    seeds: Sequence[int] = (1, 2, 3),
    frequency: float | None = None,
    dsp: bool = True,
    bram: bool = True,
) -> SynthesisResult:
    """Measure a module on a target.

    The area is that of the unit alone. The clock frequency is that of the unit between two ranks of registers on every
    side; a target whose flow has no place and route has none.

    Parameters
    ----------
    target
        Which FPGA; see `softgate.hdl.targets.target`.
    verilog, top
        Verilog text and the name of the module in it.
    ports
        The module's ports.
    seeds
        Place and route runs once with each; with none, only the area is measured.
    frequency
        MHz that place and route is asked for, from 1 to 2000; the target's ordinary clock unless given. nextpnr 0.11
        weighs every path by the slowest and reaches the same whatever it is asked for.
    dsp, bram
        Whether multipliers may use DSP blocks, and tables block RAM.

    Raises
    ------
    TypeError
        If `target` is not a `Target`.
    ValueError
        If no flow synthesises for the target, or the frequency is out of range.
    ToolError
        If a tool is not installed, or refuses the module.

    """
    flow = find_flow(target)
    asked = target.frequency if frequency is None else frequency
    check_frequency(asked)
    nextpnr = flow.place_and_route if seeds else None
    if nextpnr is not None:
        nextpnr.require()
    with scratch_folder() as work:
        (work / "unit.v").write_text(verilog)
        commands = flow.commands(target, top, dsp=dsp, bram=bram)
        script = _SYNTHESIS.format(commands=commands, before_counting=flow.before_counting)
        if nextpnr is not None:
            wrapper = f"{top}_registered"
            (work / "wrapper.v").write_text(registered(wrapper, top, ports))
            (work / "register.v").write_text(nextpnr.register)
            script += _WRAPPING.format(wrapper=wrapper, pads=nextpnr.pads.format(wrapper=wrapper))
        run_yosys(script, cwd=work)
        cells = json.loads((work / "stat.json").read_text())["design"]["num_cells_by_type"]
        resources, luts = flow.count(cells)
        if nextpnr is None:
            why = "no seeds are given" if flow.place_and_route else f"nothing places and routes for {target.name}"
        elif untimed := [cell for cell in nextpnr.untimed if cell in cells]:
            why = f"{nextpnr.name} does not know the delays of {', '.join(untimed)}"
        else:
            fmax = nextpnr.place_and_route(work / "netlist.json", target, list(dict.fromkeys(seeds)), asked)
            if fmax:
                return SynthesisResult(resources, luts, fmax)
            why = f"{nextpnr.name} knows the delay of no path between registers"
        return SynthesisResult(resources, luts, why_no_fmax=why)


# The unit is synthesised by itself and the wrapper put around its netlist, so that timing and area are those of the
# same logic, and no register of the wrapper can merge with a table of the unit into a block RAM.
_SYNTHESIS = """read_verilog unit.v
{commands}
design -save unit
{before_counting}
tee -q -o stat.json stat -json
"""

_WRAPPING = """design -load unit
read_verilog wrapper.v
hierarchy -check -top {wrapper}
proc {wrapper}
simplemap {wrapper}
techmap -map register.v {wrapper}
{pads}
flatten
opt_clean
write_json netlist.json
"""
