"""Manifests of composites: what was asked for, the parts with the evidence for each, and the contract."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from ...accuracy.composites import find_composite
from ...accuracy.composites.base import Composite, Promise, Words
from ...plan.plan import Plan
from ...support.names import check_identifier
from ..build_options import BuildOptions
from ..interfaces import Field, Ports
from ..manifest import Manifest
from ..manifest_fields import (
    GENERATOR,
    SCHEMA,
    check_extras,
    check_sha256,
    check_texts,
    field_as_dict,
)
from ..manifest_json import ManifestError, check_agreement, load_json, read_json, seal, shown
from . import CompositeHardware, composite_hardware
from .part_record import PartRecord

__all__ = ["CompositeManifest", "is_composite_manifest", "load_manifest"]

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


@dataclass(frozen=True)
class CompositeManifest:
    """A composite as it was emitted.

    Parameters
    ----------
    name
        Name of the module.
    asked
        What was asked for.
    words
        What its arithmetic is built with.
    parts
        The parts by name.
    options
        Interface, target and clock.
    verilog, verilog_sha256
        Name of the Verilog file, which lies beside the manifest, and the hash of its bytes.
    versions
        Versions of the packages that generated the pair.
    extras
        Hashes of further files that were written with the pair, by name.

    """

    name: str
    asked: Composite
    words: Words
    parts: Mapping[str, PartRecord]
    options: BuildOptions
    verilog: str
    verilog_sha256: str
    versions: Mapping[str, str]
    extras: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def hardware(self) -> CompositeHardware:
        """The hardware, built again."""
        return composite_hardware(self.asked, self.words, self.plans, self.options)

    @property
    def plans(self) -> dict[str, Plan]:
        """The plans of the parts, by name."""
        return {name: part.plan for name, part in self.parts.items()}

    @property
    def contract(self) -> tuple[Promise, ...]:
        """The promises that follow from the parts."""
        return self.asked.contract(self.words, {name: part.largest for name, part in self.parts.items()})

    @property
    def ports(self) -> Ports:
        """The ports of the module."""
        return self.hardware.ports

    @property
    def latency(self) -> int:
        """Clocks from the first input to the first output."""
        return self.hardware.latency

    @property
    def interface(self) -> str:
        """Name of the interface."""
        return self.options.interface

    @property
    def target(self) -> str | None:
        """Name of the target, if one was asked for."""
        return self.options.target

    @property
    def frequency(self) -> float | None:
        """Clock in MHz, if one was asked for."""
        return self.options.frequency

    @property
    def clock(self) -> float | None:
        """Clock in MHz that the registers were placed for."""
        return self.options.clock

    @property
    def header(self) -> str:
        """The comment above the module."""
        promises = "\n".join(f"         {promise.statement}" for promise in self.contract)
        lines = [
            self.asked.title,
            f"parts    {', '.join(f'{name}: {part.specification.function}' for name, part in self.parts.items())}",
            f"contract {promises.strip()}",
            f"timing   {self.hardware.timing}",
        ]
        if self.target or self.frequency:
            lines.append(f"clock    built for {self.options.device.name} at {self.clock:g} MHz")
        return "\n".join(lines)

    def as_dict(self) -> dict[str, Any]:
        """Return the manifest as JSON values, in the order in which a person reads them."""
        listed = self.ports
        fields = {
            "generator": GENERATOR,
            "kind": "composite",
            "schema": SCHEMA,
            "name": self.name,
            "composite": self.asked.name,
            "arguments": self.asked.as_dict(),
            "words": dict(self.words),
            "parts": [part.as_dict(name) for name, part in self.parts.items()],
            "inputs": [_port_as_dict(each, self.hardware.formats[each.name]) for each in listed.data("input")],
            "outputs": [_port_as_dict(each, self.hardware.formats[each.name]) for each in listed.data("output")],
            "interface": self.interface,
            "tlast": self.options.tlast,
            "ports": [port.as_dict() for port in listed],
            "latency": self.latency,
            "timing": self.hardware.timing,
            "initiation_interval": self.hardware.interval,
            "contract": [promise.as_dict(f"softgate check {self.name}.json") for promise in self.contract],
            "target": self.target,
            "frequency": self.frequency,
            "clock": self.clock,
            "verilog": self.verilog,
            "verilog_sha256": self.verilog_sha256,
            "versions": dict(self.versions),
            "extras": dict(self.extras),
        }
        return seal(fields)

    def to_json(self) -> str:
        """Return the manifest as the text of its file."""
        return json.dumps(self.as_dict(), indent=2) + "\n"

    @classmethod
    def from_dict(cls, data: Any) -> CompositeManifest:
        """Read what `as_dict` wrote.

        Raises
        ------
        ManifestError
            If a field is missing or wrong, or contradicts the others.

        """
        _check_fields(data)
        try:
            check_sha256("verilog_sha256", data["verilog_sha256"])
            check_texts("versions", data["versions"])
            check_extras(data)
            for key, value in data["words"].items():
                if not isinstance(value, int) or isinstance(value, bool):
                    raise TypeError(f"words must be integers, not {shown(value)} as {key!r}")
            asked = find_composite(data["composite"]).read(**data["arguments"])
            parts = {part["name"]: PartRecord.from_dict(part) for part in data["parts"]}
            needed = asked.parts(data["words"])
            if list(parts) != list(needed):
                raise ValueError(f"parts must be {', '.join(needed)}, not {', '.join(map(str, parts)) or 'none'}")
            manifest = cls(
                name=check_identifier(data["name"], "module name"),
                asked=asked,
                words=data["words"],
                parts=parts,
                options=BuildOptions.read(**{key: data[key] for key in ("interface", "tlast", "target", "frequency")}),
                verilog=data["verilog"],
                verilog_sha256=data["verilog_sha256"],
                versions=data["versions"],
                extras=data["extras"],
            )
            again = manifest.as_dict()
        except KeyError as error:
            raise ManifestError(f"the manifest lacks {error}") from None
        except (TypeError, ValueError) as error:
            raise ManifestError(f"the manifest holds something wrong: {error}") from None
        check_agreement(data, again, manifest.verilog)
        return manifest

    @classmethod
    def load(cls, path: str | Path) -> CompositeManifest:
        """Read a manifest's file; `ManifestError` if it is not one of a composite."""
        return load_json(path, cls.from_dict)


def load_manifest(path: str | Path) -> Manifest | CompositeManifest:
    """Read the manifest of a unit or of a composite.

    Raises
    ------
    ManifestError
        If it cannot be read or is not a sound manifest.
    TypeError
        If `path` is neither text nor a path.

    """

    def read(data: Any) -> Manifest | CompositeManifest:
        if isinstance(data, dict) and data.get("kind") == "composite":
            return CompositeManifest.from_dict(data)
        return Manifest.from_dict(data)

    return load_json(path, read)


def is_composite_manifest(path: str | Path) -> bool:
    """Tell whether a file calls itself the manifest of a composite, sound or not."""
    try:
        data = read_json(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(data, dict) and data.get("kind") == "composite"


def _port_as_dict(each: Field, fmt: Any) -> dict[str, Any]:
    return {"port": each.port, **field_as_dict(each), "format": str(fmt)}


def _check_fields(data: Any) -> None:
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
