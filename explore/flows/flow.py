"""The base of flows: the declaration of a family's synthesis, its cells, and its place and route."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase

from ...hdl.targets import Target, target_names
from ...hdl.targets import target as find_target
from ...support.tools import ToolError
from .nextpnr import Nextpnr

__all__ = ["Flow", "find_flow"]

_SCOPE = "$scopeinfo"
"""A mark that Yosys leaves where it has flattened a module: no hardware."""


_ROLES = {
    "FF": "register",
    "SRL": "delay",
    **dict.fromkeys(("DSP", "BRAM", "LUTRAM"), "block"),
    **dict.fromkeys(("CCU2C", "CARRY4", "CARRY", "ALU", "ADDF"), "carry"),
}
"""The role of the cells of a resource; all others are logic."""


@dataclass(frozen=True)
class Flow:
    """The flow that measures units on a family; the file named after the family declares it as ``FLOW``.

    Cells are named by the patterns of `fnmatch`.

    Attributes
    ----------
    synthesis
        Returns the Yosys commands for a target, the last without ``-top``, given whether DSP blocks and block RAMs may
        be used.
    resources
        For every resource, the cells that take it and how many of it each takes.
    luts
        Look-up tables that a cell takes the place of.
    models
        Verilog with the cells' models, as Yosys names its own files.
    unmodelled
        Cells that have none, or none that Yosys can make anything of.
    before_counting
        Yosys commands that make the netlist one whose cells can be counted; place and route gets it as it was.
    place_and_route
        What finds the clock frequency; None where nothing does.

    """

    synthesis: Callable[[Target, bool, bool], str]
    resources: Mapping[str, Mapping[str, int]]
    luts: Mapping[str, int]
    models: str
    unmodelled: tuple[str, ...]
    before_counting: str = ""
    place_and_route: Nextpnr | None = None

    @property
    def packages(self) -> tuple[str, ...]:
        """The packages that the measurements depend on."""
        return ("pyosys",) if self.place_and_route is None else ("pyosys", self.place_and_route.distribution)

    def commands(self, target: Target, top: str, *, dsp: bool, bram: bool) -> str:
        """Return the Yosys commands that synthesise the module `top`, with or without DSP blocks and block RAMs.

        A target that has none of them gets none.
        """
        dsp, bram = dsp and target.multiplier is not None, bram and target.block_ram is not None
        command = f"{self.synthesis(target, dsp, bram)} -top {top}"
        # Otherwise a table with the attribute for block RAM would still be put there.
        return command if bram else f"setattr -unset rom_style m:*\n{command}"

    def role(self, cell: str) -> str:
        """Return what a cell is in a netlist: ``register``, ``delay``, ``block``, ``carry`` or, of all else, ``logic``.

        A delay is a shift register in a look-up table.
        """
        named = [name for name, cells in self.resources.items() if any(fnmatchcase(cell, each) for each in cells)]
        return next((_ROLES[name] for name in reversed(named) if name in _ROLES), "logic")

    def count(self, cells: Mapping[str, int]) -> tuple[dict[str, int], int]:
        """Return resources and look-up tables of a netlist with these numbers of cells by type.

        Raises
        ------
        ToolError
            If there is a cell that the flow does not know.

        """
        known = [_SCOPE, *self.luts, *(pattern for patterns in self.resources.values() for pattern in patterns)]
        if unknown := [cell for cell in cells if not any(fnmatchcase(cell, pattern) for pattern in known)]:
            raise ToolError(f"Yosys made cells that this flow cannot count: {', '.join(unknown)}")
        return {name: _sum(cells, weights) for name, weights in self.resources.items()}, _sum(cells, self.luts)


def find_flow(target: Target) -> Flow:
    """Return the flow that synthesises for a target.

    Raises
    ------
    TypeError
        If it is not a `Target`, but a name, for instance.
    ValueError
        If no flow does.

    """
    if not isinstance(target, Target):
        raise TypeError(f"target must be a Target, which softgate.hdl.targets.target finds by name, not {target!r}")
    if target.flow is None:
        able = [name for name in target_names() if find_target(name).flow is not None]
        raise ValueError(f"nothing synthesises for target {target.name!r}; it does for {', '.join(able)}")
    flow: Flow = importlib.import_module(f".{target.flow}", __package__).FLOW
    return flow


def _sum(cells: Mapping[str, int], weights: Mapping[str, int]) -> int:
    return sum(
        weight * count
        for pattern, weight in weights.items()
        for cell, count in cells.items()
        if fnmatchcase(cell, pattern)
    )
