"""Synthesis of scheduled plans, whose figures are kept: what is the same is synthesised once, whoever asks."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from ..hdl.cache import cached_file, content_key
from ..hdl.interfaces import ports
from ..hdl.module_text import module_text
from ..hdl.schedule import Schedule
from ..hdl.targets import Target
from .flows import SynthesisResult, synthesise
from .versions import tool_versions

__all__ = ["SEEDS", "measure"]

SEEDS = (1, 2, 3)
"""Of place and route where the median of several counts."""

_NAME = "unit"


def measure(
    target: Target,
    schedule: Schedule,
    interface: str,
    *,
    seeds: Sequence[int] = (),
    frequency: float | None = None,
    dsp: bool = True,
    bram: bool = True,
) -> SynthesisResult:
    """Return what `synthesise` measures of a scheduled plan behind an interface.

    It comes from the cache if that has been asked before of the same Verilog, with the same tools.
    """
    verilog = module_text(schedule, interface, _NAME)

    def build(path: Path) -> None:
        result = synthesise(
            target,
            verilog,
            _NAME,
            ports=ports(schedule.plan, interface),
            seeds=seeds,
            frequency=frequency,
            dsp=dsp,
            bram=bram,
        )
        path.write_text(json.dumps(result.as_dict()), encoding="utf-8")

    asked = {
        "target": target.name,
        "device": dict(target.device),
        "top": _NAME,
        "seeds": list(seeds),
        "frequency": frequency,
        "blocks": [dsp, bram],
        "versions": tool_versions(),
    }
    path = cached_file(f"synthesis-{content_key([json.dumps(asked, sort_keys=True), verilog])}.json", build)
    return SynthesisResult.from_dict(json.loads(path.read_text(encoding="utf-8")))
