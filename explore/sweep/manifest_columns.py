"""Columns of a row that are read from the manifest of its unit or composite."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...plan.formats import FixedFormat
from .arguments import used_parameters

__all__ = ["manifest_columns"]


def manifest_columns(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns by name, for a manifest as JSON values.

    The error of a composite is proved: ``max_abs`` is the limit of the first promise of its contract that has one, the
    error that its budget is about; ``contract`` has those of all promises.
    """
    columns = {column: manifest[column] for column in ("latency", "initiation_interval", "verilog_sha256")}
    if manifest.get("kind") == "composite":
        parameters = used_parameters(manifest["composite"], manifest["arguments"])
        return columns | {"parameters": parameters, "error": _proved_error(manifest)}
    used = {name: str(value) for name, value in manifest["method"].items()}
    method = used.pop("name")
    parameters = {**manifest["function_parameters"], **used}
    own = {"error": manifest["error"], "plan_sha256": manifest["plan_sha256"]}
    return columns | {"method": method, "parameters": parameters, **own}


def _proved_error(manifest: Mapping[str, Any]) -> dict[str, Any]:
    limited = [promise for promise in manifest["contract"] if promise["limit"] is not None]
    if not limited:
        return {}
    first = limited[0]
    formats = {each.get("field", each["port"]): each["format"] for each in manifest["outputs"]}
    about = {formats[first["output"]]} if "output" in first else set(formats.values())
    found: dict[str, Any] = {}
    if len(about) == 1:  # otherwise an ulp is something else for each output
        found["max_ulp"] = first["limit"] / float(FixedFormat.parse(about.pop()).ulp)
    contract = {promise["name"]: promise["limit"] for promise in limited}
    return found | {"max_abs": first["limit"], "proof": "bounded", "contract": contract}
