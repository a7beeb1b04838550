"""Synthesis of units whose figures are kept: the same Verilog is synthesised once for a target, whoever asks."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from ..hdl.cache import cached_file, content_key
from ..hdl.interfaces import Ports
from ..hdl.targets import Target
from .flows import SynthesisResult, synthesise
from .versions import tool_versions

__all__ = ["measure"]


def measure(
    target: Target,
    verilog: str,
    top: str,
    *,
    ports: Ports,
    seeds: Sequence[int] = (),
    frequency: float | None = None,
    dsp: bool = True,
    bram: bool = True,
) -> SynthesisResult:
    """Return what `synthesise` does, from the cache if that has been asked before with the same tools."""

    def build(path: Path) -> None:
        result = synthesise(target, verilog, top, ports=ports, seeds=seeds, frequency=frequency, dsp=dsp, bram=bram)
        path.write_text(json.dumps(result.as_dict()), encoding="utf-8")

    asked = {
        "target": target.name,
        "device": dict(target.device),
        "top": top,
        "seeds": list(seeds),
        "frequency": frequency,
        "blocks": [dsp, bram],
        "versions": tool_versions(),
    }
    path = cached_file(f"synthesis-{content_key([json.dumps(asked, sort_keys=True), verilog])}.json", build)
    return SynthesisResult.from_dict(json.loads(path.read_text(encoding="utf-8")))
