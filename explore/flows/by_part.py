"""The area of a unit by part of its plan."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ...hdl.manifest import Manifest
from ...hdl.module_text import module_text
from ...hdl.targets import Target
from ...hdl.unit import schedule_for
from ...plan.parts import part_order
from ...support.files import scratch_folder
from ...support.yosys import run_yosys
from .attribution import SOURCE, attributed
from .flow import find_flow
from .netlist_graph import Netlist

__all__ = ["Area", "PartAreas", "area_by_part"]


@dataclass(frozen=True)
class Area:
    """The area of a unit, or of a part of it, on an FPGA; see `SynthesisResult` for the attributes."""

    resources: Mapping[str, int]
    luts: int

    def as_dict(self) -> dict[str, Any]:
        """Return the figures as JSON values."""
        return {"luts": self.luts, "resources": dict(self.resources)}


@dataclass(frozen=True)
class PartAreas:
    """The area of a unit by part, and in all.

    Attributes
    ----------
    parts
        The area of each part, by its name and in order: those of `softgate.plan.parts.PARTS` and the tables, parts
        joined by ``and`` that share cells, ``shift registers``, ``control`` and ``rest``.
    total
        That of the unit, which is the sum of the parts.

    """

    parts: Mapping[str, Area]
    total: Area

    def as_dict(self) -> dict[str, Any]:
        """Return the figures as JSON values."""
        return {"parts": {part: area.as_dict() for part, area in self.parts.items()}, **self.total.as_dict()}


def area_by_part(target: Target, manifest: Manifest, verilog: str, *, dsp: bool = True, bram: bool = True) -> PartAreas:
    """Synthesise a unit as `synthesise` does, and return its area by part of its plan.

    Parameters
    ----------
    target
        Which FPGA; see `softgate.hdl.targets.target`. It may be another than the unit was built for.
    manifest, verilog
        The unit: its manifest, and the text of its Verilog.
    dsp, bram
        Whether multipliers may use DSP blocks, and tables block RAM.

    Raises
    ------
    TypeError
        If `target` is not a `Target`, or `manifest` that of a composite.
    ValueError
        If no flow synthesises for the target, or the Verilog is not what this version prints for the manifest, so that
        its signals are not known.
    ToolError
        If Yosys is not installed, or refuses the module.

    """
    if not isinstance(manifest, Manifest):
        raise TypeError(f"the area by part is that of a unit, and {manifest.name} is a composite of several")
    flow = find_flow(target)
    schedule = schedule_for(manifest.plan, manifest.options)
    printed = module_text(
        schedule, manifest.interface, manifest.name, tlast=manifest.tlast, target=manifest.options.device
    )
    if not verilog.endswith(printed):
        raise ValueError(
            f"{manifest.verilog} is not what this version of softgate prints for its manifest, so the parts of its "
            "plan cannot be found in it; emit the unit again"
        )
    with scratch_folder() as work:
        (work / SOURCE).write_text(verilog)
        commands = flow.commands(target, manifest.name, dsp=dsp, bram=bram)
        run_yosys(f"read_verilog {SOURCE}\n{commands}\n{flow.before_counting}\nwrite_json unit.json\n", cwd=work)
        netlist = Netlist(json.loads((work / "unit.json").read_text()), manifest.name)
    part_of = attributed(netlist, flow, schedule, verilog)
    cells: dict[str, Counter[str]] = {}
    for cell in netlist.cells:
        cells.setdefault(part_of[cell.name], Counter())[cell.kind] += 1
    parts = {part: Area(*flow.count(cells[part])) for part in sorted(cells, key=part_order)}
    return PartAreas(parts, Area(*flow.count(Counter(cell.kind for cell in netlist.cells))))
