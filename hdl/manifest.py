"""Manifests: what softgate writes beside the Verilog, so that anyone can check the pair again."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..accuracy.budget import BiasLimit, Budget
from ..accuracy.specification import Specification
from ..functions import create_function
from ..plan.formats import FixedFormat
from ..plan.operations.base import Range
from ..plan.plan import Plan
from ..support.files import sha256_text
from ..support.names import check_identifier
from .build_options import BuildOptions
from .interfaces import Ports, ports
from .manifest_fields import (
    check_choice,
    check_extras,
    check_method,
    check_sha256,
    check_texts,
    is_of_kind,
    placement,
    read_options,
    shown,
)
from .scheduling.schedule import Schedule

__all__ = [
    "SCHEMA",
    "Manifest",
    "ManifestError",
    "TamperedError",
    "seal",
]

SCHEMA = 1
"""Version of the manifest's layout; it rises when a field changes its meaning or goes away."""

_GENERATOR = "softgate"

_LONGEST_MESSAGE = 300
"""Characters of a message about a manifest, which is for a person."""

_KINDS: dict[str, Any] = {
    "name": str,
    "function": str,
    "function_parameters": dict,
    "method": dict,
    "input": dict,
    "output": dict,
    "range": dict | None,
    "error": dict,
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
"""The kind of JSON value of each field."""


class ManifestError(ValueError):
    """A manifest that cannot be read, is not softgate's, or contradicts itself."""


class TamperedError(ManifestError):
    """A manifest whose fields do not agree with one another."""


@dataclass(frozen=True)
class Manifest:
    """A unit as it was emitted.

    Parameters
    ----------
    name
        Name of the module.
    specification
        Function, formats and budget asked for.
    method, method_parameters
        Method and the parameters it used.
    options
        What it is built for, as asked; the registers of its tables as they were when the unit was chosen.
    schedule
        The plan and its register stages.
    error
        Error figures as JSON values.
    verilog
        Name of the Verilog file, which lies beside the manifest.
    verilog_sha256
        Hash of that file's bytes.
    clock
        MHz for which the registers were placed: the frequency asked for, else the target's ordinary clock. None where
        no clock decided that.
    versions
        Versions of the packages that made the pair.
    extras
        Hashes of further files that were written with the pair, by name.
    choice
        What the unit was weighed against and how it came out, as JSON values; None if nothing was.

    Raises
    ------
    ValueError
        If the interface has no ``tlast``, and is to carry it.

    """

    name: str
    specification: Specification
    method: str
    method_parameters: Mapping[str, Any]
    options: BuildOptions
    schedule: Schedule
    error: Mapping[str, Any]
    verilog: str
    verilog_sha256: str
    versions: Mapping[str, str]
    clock: float | None = None
    extras: Mapping[str, str] = field(default_factory=dict)
    choice: Mapping[str, Any] | None = None

    def __post_init__(self) -> None:
        ports(self.plan, self.interface, tlast=self.tlast)

    @property
    def plan(self) -> Plan:
        """The plan that the unit computes."""
        return self.schedule.plan

    @property
    def interface(self) -> str:
        """Name of the interface."""
        return self.options.interface

    @property
    def tlast(self) -> bool:
        """Whether an AXI4-Stream carries ``tlast``."""
        return self.options.tlast

    @property
    def target(self) -> str | None:
        """Name of the target, if one was asked for."""
        return self.options.target

    @property
    def frequency(self) -> float | None:
        """Clock in MHz, if one was asked for."""
        return self.options.frequency

    @property
    def ports(self) -> Ports:
        """The ports of the module."""
        return ports(self.plan, self.interface, tlast=self.tlast)

    @property
    def latency(self) -> int:
        """Clocks from input to output."""
        return self.schedule.latency

    def as_dict(self) -> dict[str, Any]:
        """Return the manifest as JSON values, in the order in which a person reads them."""
        specification, plan = self.specification, self.plan
        listed = self.ports
        inputs = [
            {"port": port.name, "format": str(fmt)}
            for port, (_, fmt) in zip(listed.data("input"), plan.inputs, strict=True)
        ]
        outputs = [
            {"port": port.name, "format": str(output.format), "error": dict(self.error)}
            for port, output in zip(listed.data("output"), plan.outputs, strict=True)
        ]
        fields = {
            "generator": _GENERATOR,
            "kind": "unit",
            "schema": SCHEMA,
            "name": self.name,
            "function": specification.function.name,
            "function_parameters": specification.function.as_dict(),
            "method": {"name": self.method, **self.method_parameters},
            "input": inputs[0],
            "output": {key: value for key, value in outputs[0].items() if key != "error"},
            "range": _range_as_dict(plan),
            "error": dict(self.error),
            "inputs": inputs,
            "outputs": outputs,
            "interface": self.interface,
            "tlast": self.tlast,
            "ports": [port.as_dict() for port in listed],
            "latency": self.latency,
            "initiation_interval": 1,
            "budget": str(specification.budget) if specification.budget else None,
            "saturate": specification.saturate,
            "monotonic": specification.monotonic,
            "ends": specification.ends,
            "symmetric": specification.symmetric,
            "max_bias": str(specification.max_bias) if specification.max_bias else None,
            "choice": None if self.choice is None else dict(self.choice),
            "target": self.target,
            "frequency": self.frequency,
            "clock": self.clock,
            "dsp": self.options.dsp,
            "bram": self.options.bram,
            "pipelining": placement(self.options),
            "stages": {name: stage for name, stage in self.schedule.stages.items() if stage},
            "plan": plan.as_dict(),
            "verilog": self.verilog,
            "plan_sha256": plan.sha256,
            "verilog_sha256": self.verilog_sha256,
            "versions": dict(self.versions),
            "extras": dict(self.extras),
        }
        return seal(fields)

    def to_json(self) -> str:
        """Return the manifest as the text of its file."""
        return json.dumps(self.as_dict(), indent=2) + "\n"

    @classmethod
    def from_dict(cls, data: Any) -> Manifest:
        """Read what `as_dict` wrote.

        Raises
        ------
        ManifestError
            If a field is missing or wrong, or contradicts the plan.

        """
        if not isinstance(data, dict) or data.get("generator") != _GENERATOR or data.get("kind") != "unit":
            raise ManifestError("this is not the manifest of a softgate unit")
        if data.get("schema") != SCHEMA or isinstance(data["schema"], bool):
            raise ManifestError(f"the manifest has schema {data.get('schema')!r}; this softgate reads schema {SCHEMA}")
        for key, kinds in _KINDS.items():
            if key not in data:
                raise ManifestError(f"the manifest lacks {key!r}")
            if not is_of_kind(data[key], kinds):
                raise ManifestError(f"the manifest holds something wrong: {key} cannot be {shown(data[key])}")
        try:
            for key in ("plan_sha256", "verilog_sha256"):
                check_sha256(key, data[key])
            plan = Plan.from_dict(data["plan"])
            stages = {step.name: 0 for step in plan.steps} | data["stages"]
            method = dict(data["method"])
            check_method(method)
            check_choice(data["choice"], method)
            check_texts("versions", data["versions"])
            check_extras(data)
            manifest = cls(
                name=check_identifier(data["name"], "module name"),
                specification=Specification(
                    create_function(data["function"], **data["function_parameters"]),
                    FixedFormat.parse(data["input"]["format"]),
                    FixedFormat.parse(data["output"]["format"]),
                    None if data["budget"] is None else Budget.parse(data["budget"]),
                    data["saturate"],
                    _read_range(data["range"]),
                    data["monotonic"],
                    data["ends"],
                    data["symmetric"],
                    None if data["max_bias"] is None else BiasLimit.parse(data["max_bias"]),
                ),
                method=method.pop("name"),
                method_parameters=method,
                options=read_options(data, plan),
                schedule=Schedule(plan, stages, data["latency"]),
                error=data["error"],
                verilog=data["verilog"],
                verilog_sha256=data["verilog_sha256"],
                versions=data["versions"],
                clock=data["clock"],
                extras=data["extras"],
                choice=data["choice"],
            )
        except KeyError as error:
            raise ManifestError(f"the manifest lacks {error}") from None
        except (TypeError, ValueError) as error:
            raise ManifestError(f"the manifest holds something wrong: {error}") from None
        manifest._check_consistency(data)
        return manifest

    def _check_consistency(self, data: Mapping[str, Any]) -> None:
        if Path(self.verilog).name != self.verilog:
            raise ManifestError(f"verilog must be the name of a file beside the manifest, not {self.verilog!r}")
        again = self.as_dict()
        for key in data:
            if key not in again:
                raise TamperedError(f"the manifest was edited: it has no field {key!r}")
        for key in again:  # the seal comes last: a field that contradicts others is named itself
            if _json(again[key]) != _json(data[key]):  # as numbers 1, 1.0 and true are equal
                raise TamperedError(f"the manifest was edited: its {key} does not agree with the rest")

    @classmethod
    def load(cls, path: str | Path) -> Manifest:
        """Read a manifest's file.

        Raises
        ------
        ManifestError
            If it cannot be read or is not a sound manifest.
        TypeError
            If `path` is neither text nor a path.

        """
        if not isinstance(path, str | Path):
            raise TypeError(f"path must be text or a path, not {path!r}")
        path = Path(path)
        try:
            data = json.loads(
                path.read_text(encoding="utf-8"),
                object_pairs_hook=_object,
                parse_float=_finite,
                parse_constant=_finite,
            )
            return cls.from_dict(data)
        except OSError as error:
            raise ManifestError(f"cannot read manifest {str(path)!r}: {error.strerror}") from None
        except ManifestError as error:
            said = str(error)  # whole plans can get into it, where they do not belong
            said = said if len(said) <= _LONGEST_MESSAGE else f"{said[:_LONGEST_MESSAGE]}..."
            raise type(error)(f"{path}: {said}") from None
        except (ValueError, RecursionError):
            raise ManifestError(f"manifest {str(path)!r} is not JSON") from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return a JSON object; one that has a name twice says one thing to one reader and another to the next."""
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ManifestError(f"the manifest has {twice!r} twice in one object")
    return found


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ManifestError(f"the manifest has a number that is not finite, {text[:40]}")
    return value


def _json(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


def _range_as_dict(plan: Plan) -> dict[str, Any] | None:
    """Return the range that the first input is promised to stay within; None if it takes every code."""
    name, fmt = plan.inputs[0]
    held = plan.ranges[name]
    if held == Range.of(fmt):
        return None
    return {**held._asdict(), "low_value": float(fmt.value(held.low)), "high_value": float(fmt.value(held.high))}


def _read_range(data: Mapping[str, Any] | None) -> Range | None:
    if data is None:
        return None
    held = Range(data["low"], data["high"])
    if not all(isinstance(code, int) and not isinstance(code, bool) for code in held):
        raise TypeError(f"the codes of range must be integers, not {held.low!r} and {held.high!r}")
    return held


def seal(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a manifest with the hash of all of them, `manifest_sha256`."""
    sealed = {key: value for key, value in fields.items() if key != "manifest_sha256"}
    return {**sealed, "manifest_sha256": sha256_text(_json(sealed))}
