"""Fields of a manifest: the kind of each, and the checks of those whose values have to name something that exists."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from ..methods import find_method
from ..plan.operations.base import Range
from ..plan.plan import Plan
from .build_options import BuildOptions, read_interval
from .interfaces import Field, check_interface
from .manifest_json import ManifestError, shown
from .targets import target as find_target

__all__ = [
    "GENERATOR",
    "KINDS",
    "SCHEMA",
    "check_choice",
    "check_extras",
    "check_fields",
    "check_method",
    "check_sha256",
    "check_texts",
    "field_as_dict",
    "placement",
    "printer_versions",
    "range_as_dict",
    "read_options",
    "read_range",
]

SCHEMA = 1
"""Version of the manifest's layout; it rises when a field changes its meaning or goes away."""

GENERATOR = "softgate"

KINDS: dict[str, Any] = {
    "name": str,
    "function": str | None,
    "function_parameters": dict,
    "method": dict | None,
    "input": dict,
    "output": dict,
    "range": dict | None,
    "error": dict | None,
    "inputs": list,
    "outputs": list,
    "interface": str,
    "tlast": bool,
    "ports": list,
    "latency": int,
    "initiation_interval": int,
    "budget": str | None,
    "saturate": bool,
    "monotonic": bool,
    "ends": str,
    "symmetric": bool,
    "max_bias": str | None,
    "rounding": str | None,
    "choice": dict | None,
    "target": str | None,
    "frequency": float | int | None,
    "clock": float | int | None,
    "dsp": int | None,
    "bram": int | None,
    "pipelining": dict,
    "stages": dict,
    "plan": dict,
    "verilog": str,
    "plan_sha256": str,
    "verilog_sha256": str,
    "versions": dict,
    "extras": dict,
    "manifest_sha256": str,
}
"""Kind of JSON value of each field."""

_PLACEMENT: dict[str, Any] = {
    "objective": str,
    "compact": bool | None,
    "latency": int | None,
    "stages": int | None,
    "registers": list | None,
}
"""Kind of JSON value of each field of `pipelining`."""

_MARGIN = "margin"
"""A further one, of units with a margin alone."""


@cache
def printer_versions() -> Mapping[str, str]:
    """Return the versions of the packages that decide how a unit is printed; looked up once, since that reads files."""
    return {package: version(package) for package in ("softgate", "amaranth")}


def check_fields(data: Any, kind: str = "unit", fields: Mapping[str, Any] = KINDS) -> None:
    """Raise `ManifestError` unless JSON values are a manifest of this kind and schema, and each field of its own kind.

    Parameters
    ----------
    data
        The manifest, as read.
    kind
        The kind of manifest: ``unit`` or ``composite``.
    fields
        Kind of JSON value of each field but the first three.

    """
    if not isinstance(data, dict) or data.get("generator") != GENERATOR or data.get("kind") != kind:
        raise ManifestError(f"this is not the manifest of a softgate {kind}")
    if data.get("schema") != SCHEMA or isinstance(data["schema"], bool):
        raise ManifestError(f"the manifest has schema {data.get('schema')!r}; this softgate reads schema {SCHEMA}")
    for key, kinds in fields.items():
        if key not in data:
            raise ManifestError(f"the manifest lacks {key!r}")
        if not _is_of_kind(data[key], kinds):
            raise ManifestError(f"the manifest holds something wrong: {key} cannot be {shown(data[key])}")


def placement(options: BuildOptions) -> dict[str, Any]:
    """Return the field `pipelining`: the options that place registers and have no field of their own."""
    fields = {key: list(value) if isinstance(value := getattr(options, key), tuple) else value for key in _PLACEMENT}
    return fields | ({_MARGIN: options.margin} if options.margin else {})


def read_options(data: Mapping[str, Any], plan: Plan) -> BuildOptions:
    """Return the build options that a manifest records; `ValueError` or `TypeError` if they are wrong."""
    placed = _read_placement(data["pipelining"])
    return BuildOptions(
        interface=check_interface(data["interface"], plan),
        tlast=data["tlast"],
        target=_read_target(data["target"]),
        frequency=data["frequency"],
        dsp=data["dsp"],
        bram=data["bram"],
        interval=read_interval(data["initiation_interval"]),
        **placed | {"registers": None if placed["registers"] is None else tuple(placed["registers"])},
    )


def _is_of_kind(value: Any, kinds: Any) -> bool:
    """Whether a JSON value is of a kind; true and false are not numbers."""
    return isinstance(value, kinds) and (not isinstance(value, bool) or kinds in (bool, bool | None))


def check_method(method: Mapping[str, Any]) -> None:
    """Raise `ValueError` unless a method has this name, not an alias of it, and takes these parameters."""
    found = find_method(method["name"])
    if found.name != method["name"]:
        raise ValueError(f"the method must be called {found.name}, not {method['name']!r}")
    found.read({key: value for key, value in method.items() if key != "name"})


def check_choice(
    choice: Mapping[str, Any] | None, method: Mapping[str, Any], further: Mapping[str, Mapping[str, Any]]
) -> None:
    """Raise `ValueError` unless exactly one of the units weighed was chosen, and it is the one of these methods.

    `further` has the methods of the outputs after the first, by name.
    """
    if choice is None:
        return
    weighed = choice["weighed"]
    if not isinstance(weighed, list) or not all(isinstance(each, dict) for each in weighed):
        raise TypeError(f"what was weighed must be a list of objects, not {shown(weighed)}")
    chosen = [each for each in weighed if each.get("chosen") is True]
    if len(chosen) != 1:
        raise ValueError(f"one unit of those weighed must be chosen, not {len(chosen)}")
    parameters = chosen[0]["parameters"]
    if not isinstance(parameters, dict):
        raise TypeError(f"the parameters of what was chosen must be an object, not {shown(parameters)}")
    made = {"name": chosen[0].get("method"), **parameters}
    if made != method:
        raise ValueError(f"the unit chosen is {shown(made)}, but the method is {shown(method)}")
    others = chosen[0].get("further", {})
    if others != further:
        raise ValueError(f"the unit chosen has further outputs {shown(others)}, but the outputs say {shown(further)}")


def check_texts(field: str, data: Mapping[Any, Any]) -> None:
    """Raise `TypeError` unless all values are texts."""
    for key, value in data.items():
        if not isinstance(value, str):
            raise TypeError(f"{field} must hold texts, not {shown(value)} as {key!r}")


def check_extras(data: Mapping[str, Any]) -> None:
    """Raise unless extras are hashes of files beside the manifest: a later emission may delete the files listed."""
    check_texts("extras", data["extras"])
    for name, digest in data["extras"].items():
        if Path(name).name != name or name in (data["verilog"], f"{data['name']}.json"):
            raise ValueError(f"extras must name further files beside the manifest, not {name!r}")
        check_sha256(f"the hash of {name!r} in extras", digest)


def check_sha256(field: str, digest: str) -> None:
    """Raise `ValueError` unless a text is a SHA-256 in hexadecimal."""
    if not re.fullmatch("[0-9a-f]{64}", digest):
        raise ValueError(f"{field} must be a SHA-256 in hexadecimal, not {shown(digest)}")


def _read_placement(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return `pipelining`; `ValueError` or `TypeError` unless its fields are those of `placement`."""
    kinds = _PLACEMENT | ({_MARGIN: float} if _MARGIN in data else {})
    for key in (*kinds, *data):
        if key not in data or key not in kinds:
            raise ValueError(f"pipelining {'lacks' if key in kinds else 'has no field'} {key!r}")
        if not _is_of_kind(data[key], kinds[key]):
            raise TypeError(f"{key} of pipelining cannot be {shown(data[key])}")
    check_texts("registers", dict(enumerate(data["registers"] or ())))
    return dict(data)


def _read_target(name: str | None) -> str | None:
    """Return the name of a target, or None; `ValueError` if the name is unknown or an alias."""
    if name is not None and (known := find_target(name).name) != name:
        raise ValueError(f"the target must be called {known}, not {name!r}")
    return name


def field_as_dict(field: Field) -> dict[str, Any]:
    """Return where in its port an input or output is; nothing if it is all of it."""
    if field.name == field.port:
        return {}
    return {"field": field.name, "low": field.low, "width": field.width}


def range_as_dict(plan: Plan) -> dict[str, Any] | None:
    """Return the range that the first input is promised to stay within; None if it takes every code."""
    name, fmt = plan.inputs[0]
    held = plan.ranges[name]
    if held == Range.of(fmt):
        return None
    low, high = (float(fmt.shown.value(code)) for code in held)
    return {**held._asdict(), "low_value": low, "high_value": high}


def read_range(data: Mapping[str, Any] | None) -> Range | None:
    """Return the range of a field `range`, or None; `TypeError` if its codes are not integers."""
    if data is None:
        return None
    held = Range(data["low"], data["high"])
    if not all(isinstance(code, int) and not isinstance(code, bool) for code in held):
        raise TypeError(f"the codes of range must be integers, not {held.low!r} and {held.high!r}")
    return held
