"""Claims of a manifest, and the part of a check that makes each of them again.

Every field of a manifest must be in `CLAIMS`, which drives the check, so that a new field cannot be forgotten. The last
line of a check calls a field recorded if its part of the check was not made, or if it has none.
`docs/manifest.md` has the same table for people.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

__all__ = ["ASKS_NOTHING", "CLAIMS", "RECORDED", "recorded_text"]

RECORDED = "recorded"
"""Fields that record how a unit came to be, which nothing makes again."""

CLAIMS: dict[str, str] = {
    "generator": "manifest",
    "kind": "manifest",
    "schema": "manifest",
    "name": "hardware",
    "function": "error",
    "function_parameters": "error",
    "method": RECORDED,
    "input": "manifest",
    "output": "manifest",
    "range": "manifest",
    "error": "error",
    "inputs": "manifest",
    "outputs": "manifest",
    "interface": "hardware",
    "tlast": "hardware",
    "ports": "manifest",
    "latency": "printed",
    "initiation_interval": "printed",
    "budget": "budget",
    "saturate": "manifest",
    "monotonic": "monotonic",
    "ends": "ends",
    "symmetric": "symmetric",
    "max_bias": "bias",
    "rounding": "rounding",
    "choice": RECORDED,
    "target": "printed",
    "frequency": "printed",
    "clock": "printed",
    "dsp": "printed",
    "bram": "printed",
    "pipelining": "printed",
    "stages": "printed",
    "plan": "hardware",
    "verilog": "verilog",
    "plan_sha256": "manifest",
    "verilog_sha256": "verilog",
    "versions": RECORDED,
    "extras": "extras",
    "manifest_sha256": "manifest",
}
"""The part of a check that makes each field again, or `RECORDED`.

What has the part ``manifest`` follows from other fields, and is compared with them when the manifest is read.
"""

ASKS_NOTHING: Mapping[str, Any] = {
    "budget": None,
    "saturate": True,
    "monotonic": False,
    "ends": "free",
    "symmetric": False,
    "max_bias": None,
    "rounding": None,
}
"""Fields for what was asked of the error, each with the value that asks for nothing: such a field claims nothing."""

_NO_LIMITS: Mapping[str, Any] = {"dsp": None, "bram": None}
"""Fields for what was asked of the hardware, likewise."""


def recorded_text(fields: Mapping[str, Any], made: Collection[str]) -> str:
    """Return the fields that no part of a check made again, in a sentence.

    Parameters
    ----------
    fields
        A manifest as `Manifest.as_dict` returns it.
    made
        Names of the parts that were made.

    """
    free = [key for key, nothing in {**ASKS_NOTHING, **_NO_LIMITS}.items() if fields[key] == nothing]
    recorded = [key for key, part in CLAIMS.items() if part not in made and key not in free and fields[key]]
    text = f"not made again: {', '.join(recorded)}"
    return f"{text}; nothing is asked for by: {', '.join(free)}" if free else text
