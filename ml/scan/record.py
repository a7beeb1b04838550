"""The record of a scan: JSON values, and a grid for sweeps."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from ...hdl.manifest_fields import GENERATOR
from .check import Comparison
from .propose import Proposal
from .scan import Scan, Site
from .units import OPTIONS

__all__ = ["SCHEMA", "record_of", "sweep_of"]

SCHEMA = 1
"""The version of the record's form, which docs/schema/scan.json describes."""


def record_of(
    found: Scan,
    names: Mapping[Proposal, str],
    luts: Mapping[Proposal, float],
    target: str | None,
    change: Comparison | None = None,
) -> dict[str, Any]:
    """Return a scan as JSON values.

    Parameters
    ----------
    found
        The scan.
    names
        The name of the unit of each distinct proposal.
    luts
        Their predicted look-up tables, where units were searched for.
    target
        The name of the target that they are for; None for no particular one.
    change
        What the model loses with the units' golden models, if it was run with them.

    """
    model = found.model
    units = {
        name: {**proposal.as_dict(), "luts": luts.get(proposal), "activations": _count(found, proposal)}
        for proposal, name in names.items()
    }
    return {
        "generator": GENERATOR,
        "kind": "scan",
        "schema": SCHEMA,
        "model": model.path.name,
        "model_sha256": hashlib.sha256(model.path.read_bytes()).hexdigest(),
        "target": target,
        "activations": [_site(site, names) for site in found.sites],
        "units": units,
        "check": None if change is None else change.as_dict(),
    }


def sweep_of(names: Mapping[Proposal, str], target: str | None) -> str:
    """Return a grid file for `softgate sweep` with the unit of each proposal as a point."""
    lines = ["# The units of a scan, for softgate sweep."]
    fixed = {**({} if target is None else {"target": target}), **OPTIONS}
    for proposal, name in names.items():
        values = {
            "function": proposal.function,
            "input": proposal.input,
            "output": proposal.output,
            "max_error": proposal.max_error,
            "saturate": True,
            **({} if proposal.clip is None else {"clip": proposal.clip}),
            **dict(proposal.parameters),
            **fixed,
        }
        lines += ["", f"[[grid]]  # {name}", *(f"{key} = {json.dumps(value)}" for key, value in values.items())]
    return "\n".join(lines) + "\n"


def _site(site: Site, names: Mapping[Proposal, str]) -> dict[str, Any]:
    seen = site.seen
    return {
        "node": site.activation.name,
        "operators": list(site.activation.operators),
        "function": site.activation.kind,
        "count": 0 if seen is None else seen.count,
        "nonfinite": 0 if seen is None else seen.nonfinite,
        "range": None if seen is None else [seen.low, seen.high],
        "central_range": None if seen is None else list(seen.central),
        "saturated_below": site.saturated[0],
        "saturated_above": site.saturated[1],
        "unit": None if site.proposal is None else names[site.proposal],
        "reason": site.reason,
    }


def _count(found: Scan, proposal: Proposal) -> int:
    return sum(site.proposal == proposal for site in found.sites)
