"""The fields of a composite's manifest, and their kinds."""

from __future__ import annotations

from typing import Any

__all__ = ["KINDS"]

KINDS: dict[str, Any] = {
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
