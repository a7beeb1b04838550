"""The fields of a composite's manifest, and their kinds."""

from __future__ import annotations

from typing import Any

from ..manifest_fields import GENERATOR, SCHEMA
from ..manifest_json import ManifestError, shown

__all__ = ["check_composite_fields"]

_KINDS: dict[str, Any] = {
    "name": str,
    "composite": str,
    "arguments": dict,
    "words": dict,
    "parts": list,
    "inputs": list,
    "outputs": list,
    "interface": str,
    "tlast": bool,
    "ports": list,
    "latency": int,
    "timing": str,
    "initiation_interval": int,
    "contract": list,
    "target": str | None,
    "frequency": float | int | None,
    "clock": float | int | None,
    "verilog": str,
    "verilog_sha256": str,
    "versions": dict,
    "extras": dict,
    "manifest_sha256": str,
}
"""Kind of JSON value of each field but the first three."""


def check_composite_fields(data: Any) -> None:
    """Raise `ManifestError` unless JSON values are those of a composite of this schema, each field of its kind."""
    if not isinstance(data, dict) or data.get("generator") != GENERATOR or data.get("kind") != "composite":
        raise ManifestError("this is not the manifest of a softgate composite")
    if data.get("schema") != SCHEMA or isinstance(data["schema"], bool):
        raise ManifestError(f"the manifest has schema {data.get('schema')!r}; this softgate reads schema {SCHEMA}")
    for key, kind in _KINDS.items():
        if key not in data:
            raise ManifestError(f"the manifest lacks {key!r}")
        if not isinstance(data[key], kind) or (isinstance(data[key], bool) and kind is not bool):
            raise ManifestError(f"the manifest holds something wrong: {key} cannot be {shown(data[key])}")
