"""Cached measurements of scheduled plans by synthesis, and by place and route."""

from __future__ import annotations

import json
from collections.abc import Sequence

from ...hdl.interfaces import ports
from ...hdl.module_text import module_text
from ...hdl.scheduling.schedule import Schedule
from ...hdl.targets import Target
from ...support.cache import cached, content_key
from ...support.versions import tool_versions
from . import SynthesisResult, find_flow, synthesise

__all__ = ["SEEDS", "measure"]

SEEDS = (1, 2, 3)
"""Seeds of place and route whose median counts."""

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
    verilog = module_text(schedule, interface, _NAME, target=target)

    asked_for = target.frequency if frequency is None else frequency

    def build() -> bytes:
        result = synthesise(
            target,
            verilog,
            _NAME,
            ports=ports(schedule.plan, interface),
            seeds=seeds,
            frequency=asked_for,
            dsp=dsp,
            bram=bram,
        )
        return json.dumps(result.as_dict()).encode()

    asked = {
        "target": target.name,
        "flow": target.flow,
        "device": dict(target.device),
        "multiplier": target.multiplier is not None,
        "top": _NAME,
        "seeds": list(seeds),
        "frequency": asked_for,
        "blocks": [dsp, bram],
        "versions": tool_versions(find_flow(target).packages),
    }
    key = content_key(("measured", json.dumps(asked, sort_keys=True), verilog))
    return SynthesisResult.from_dict(json.loads(cached(f"{key}.json", build)))
