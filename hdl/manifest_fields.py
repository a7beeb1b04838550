"""Fields of a manifest that are read with more than their kind: they name what there is, in the way it is named."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from ..methods import find_method
from ..plan.plan import Plan
from .build_options import BuildOptions
from .interfaces import check_interface
from .targets import target as find_target

__all__ = [
    "PRINTERS",
    "check_choice",
    "check_extras",
    "check_method",
    "check_sha256",
    "check_texts",
    "is_of_kind",
    "placement",
    "printer_version",
    "read_options",
    "shown",
]

_PLACEMENT: dict[str, Any] = {
    "objective": str,
    "compact": bool | None,
    "latency": int | None,
    "stages": int | None,
    "registers": list | None,
}
"""The kind of JSON value of each field of `pipelining`."""

PRINTERS = ("softgate", "amaranth")
"""The packages that decide how a unit is printed."""

printer_version = cache(version)
"""Version of a package; each time anew, it would be read from a file of its installation."""


def placement(options: BuildOptions) -> dict[str, Any]:
    """Return the field `pipelining`: what was asked for of the registers, all but what has a field of its own."""
    return {key: list(value) if isinstance(value := getattr(options, key), tuple) else value for key in _PLACEMENT}


def read_options(data: Mapping[str, Any], plan: Plan) -> BuildOptions:
    """Return what a manifest says that the unit is built for; `ValueError` or `TypeError` where it is wrong."""
    placed = _read_placement(data["pipelining"])
    return BuildOptions(
        interface=check_interface(data["interface"], plan),
        tlast=data["tlast"],
        target=_read_target(data["target"]),
        frequency=data["frequency"],
        dsp=data["dsp"],
        bram=data["bram"],
        **placed | {"registers": None if placed["registers"] is None else tuple(placed["registers"])},
    )


def is_of_kind(value: Any, kinds: Any) -> bool:
    """Return whether a JSON value is of a kind; true and false are no numbers."""
    return isinstance(value, kinds) and (not isinstance(value, bool) or kinds in (bool, bool | None))


def shown(value: Any) -> str:
    """Return a value as an error message has it, which is not for pages."""
    text = ascii(value)
    return text if len(text) <= 100 else f"{text[:100]}..."


def check_method(method: Mapping[str, Any]) -> None:
    """Raise `ValueError` unless there is such a method, by this name, with such parameters."""
    found = find_method(method["name"])
    if found.name != method["name"]:
        raise ValueError(f"the method must be called {found.name}, not {method['name']!r}")
    found.read({key: value for key, value in method.items() if key != "name"})


def check_choice(choice: Mapping[str, Any] | None, method: Mapping[str, Any]) -> None:
    """Raise `ValueError` unless one of what was weighed was chosen, and is what the unit is made with."""
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


def check_texts(field: str, data: Mapping[Any, Any]) -> None:
    """Raise `TypeError` unless all values are texts."""
    for key, value in data.items():
        if not isinstance(value, str):
            raise TypeError(f"{field} must hold texts, not {shown(value)} as {key!r}")


def check_extras(data: Mapping[str, Any]) -> None:
    """Raise unless extras are hashes of files beside the manifest: what is listed there may be removed one day."""
    check_texts("extras", data["extras"])
    for name, digest in data["extras"].items():
        if Path(name).name != name or name in (data["verilog"], f"{data['name']}.json"):
            raise ValueError(f"extras must name further files beside the manifest, not {name!r}")
        check_sha256(f"the hash of {name!r} in extras", digest)


def check_sha256(field: str, digest: str) -> None:
    """Raise `ValueError` unless a text is a SHA-256 in hexadecimal."""
    if not re.fullmatch("[0-9a-f]{64}", digest):
        raise ValueError(f"{field} is no SHA-256, {shown(digest)}")


def _read_placement(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return `pipelining` if its fields are those of `placement`; `ValueError` or `TypeError` if not."""
    for key in (*_PLACEMENT, *data):
        if key not in data or key not in _PLACEMENT:
            raise ValueError(f"pipelining {'lacks' if key in _PLACEMENT else 'has no field'} {key!r}")
        if not is_of_kind(data[key], _PLACEMENT[key]):
            raise TypeError(f"{key} of pipelining cannot be {shown(data[key])}")
    check_texts("registers", dict(enumerate(data["registers"] or ())))
    return dict(data)


def _read_target(name: str | None) -> str | None:
    """Return the name of a target, or None; `ValueError` if there is none of that name, or it is an alias."""
    if name is not None and (known := find_target(name).name) != name:
        raise ValueError(f"the target must be called {known}, not {name!r}")
    return name
