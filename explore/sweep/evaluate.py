"""The work for a point, in whatever process: make the unit and check it; measure it.

Both take and return plain values: a worker may be on another machine, with another file system.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ...accuracy.ball_arithmetic import BALL_ARITHMETIC
from ...hdl.composites.manifest import CompositeManifest, read_manifest
from ...hdl.manifest import Manifest
from ...hdl.targets import target as find_target
from ...hdl.targets import target_names
from ...sim.composites.check import check_emitted_composite
from ...sim.engines.interpreted import quick_unit
from ...sim.hardware_check import check_hardware
from ...support.files import scratch_folder
from ...support.versions import tool_versions
from ..choose.choice import megahertz
from ..composites.design import design_composite
from ..design import BudgetError, design
from ..flows import find_flow, synthesise
from .point import Point

__all__ = ["known_targets", "make_unit", "measure_unit"]

_STALLED = 1 << 11
"""Inputs run with stalls: in some hundred lanes at once, every kind of stall of a stage occurs."""


def known_targets() -> list[str]:
    """Return the names of the possible targets of a point."""
    return target_names()


def make_unit(asked: Mapping[str, Any]) -> dict[str, Any]:
    """Emit the unit of a point and check it: its Verilog against its golden model, bit for bit on every input.

    A composite is run on the transfers of ``softgate check``, and its contract is proved again.

    Parameters
    ----------
    asked
        A point as `Point.as_dict` returns it.

    Returns
    -------
    dict
        ``status``: ``emitted``; ``infeasible`` if no unit meets the specification, or ``failed`` if it is faulty, with
        ``reason``. A unit's ``manifest`` and ``verilog`` as text; ``versions``; ``seconds`` by what took them.

    """
    point = Point.from_dict(asked)
    start = time.perf_counter()
    answer: dict[str, Any] = {"versions": tool_versions(), "seconds": {}}
    try:
        with BALL_ARITHMETIC, scratch_folder() as folder:
            manifest = _emitted(point, folder)
            verilog = Path(folder, manifest.verilog).read_bytes().decode()
    except (BudgetError, ValueError) as error:
        return answer | {"status": "infeasible", "reason": str(error)}
    finally:
        answer["seconds"]["emit"] = time.perf_counter() - start
    start = time.perf_counter()
    if isinstance(manifest, CompositeManifest):
        checks = check_emitted_composite(manifest, verilog)
    else:
        checks = check_hardware(manifest, verilog, quick_unit, stalled=_STALLED)
    wrong = [result for result in checks if not result.passed]
    answer["seconds"]["check"] = time.perf_counter() - start
    answer |= {"manifest": manifest.to_json(), "verilog": verilog}
    if wrong:
        return answer | {"status": "failed", "reason": f"{wrong[0].name}: {wrong[0].detail}"}
    return answer | {"status": "emitted", "reason": None}


def _emitted(point: Point, folder: Path) -> Manifest | CompositeManifest:
    if point.is_composite:
        return design_composite(point.function, **point.keywords).emit(folder)
    # Points that are to be routed are, and tell which clocks they miss.
    return design(point.function, verify=False, **point.keywords).emit(folder)


def measure_unit(asked: Mapping[str, Any], manifest: str, verilog: str) -> dict[str, Any]:
    """Synthesise a unit for the target of a point and, if it has seeds, place and route it.

    Returns
    -------
    dict
        ``resources``, ``luts``, ``ff``, ``dsp``, ``bram``, ``fmax_by_seed`` and ``fmax`` of a `SynthesisResult`;
        ``status``: ``done``, or ``missed`` where that is slower than the clock that the unit was built for; ``reason``,
        by how much, or why there is no clock frequency although there are seeds; ``versions`` and ``seconds``.

    """
    point, unit = Point.from_dict(asked), read_manifest(json.loads(manifest))
    start = time.perf_counter()
    target = find_target(point.target)
    measured: dict[str, Any] = dict.fromkeys(("luts", "ff", "dsp", "bram", "fmax"))
    measured |= {"resources": {}, "fmax_by_seed": {}, "why_no_fmax": f"nothing synthesises for {target.name}"}
    packages: tuple[str, ...] = ()
    if target.flow is not None:
        packages = find_flow(target).packages
        measured = synthesise(
            target,
            verilog,
            unit.name,
            ports=unit.ports,
            seeds=point.seeds,
            frequency=point.frequency,
            dsp=unit.options.dsp != 0,
            bram=unit.options.bram != 0,
        ).as_dict()
    status, why_no_fmax = "done", measured.pop("why_no_fmax")
    reason = why_no_fmax if point.seeds else None
    clock = point.build.clock
    if measured["fmax"] is not None and clock is not None and measured["fmax"] < clock:
        status, reason = "missed", f"reaches {megahertz(measured['fmax'])} MHz, and was built for {clock:g} MHz"
    seconds = {"measure": time.perf_counter() - start}
    return measured | {"status": status, "reason": reason, "versions": tool_versions(packages), "seconds": seconds}
