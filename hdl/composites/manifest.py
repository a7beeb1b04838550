"""Manifests of composites: what was asked for, the parts with the evidence for each, and the contract."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...accuracy.composites import find_composite
from ...accuracy.composites.base import Composite, Promise, Words
from ...plan.plan import Plan
from ...support.names import check_identifier
from ..build_options import BuildOptions
from ..emitted import Emitted
from ..interfaces import Field, Ports
from ..manifest import Manifest
from ..manifest_fields import GENERATOR, SCHEMA, check_extras, check_fields, check_sha256, check_texts, field_as_dict
from ..manifest_json import ManifestError, check_agreement, load_json, read_json, seal, shown
from ..scheduling.schedule import Schedule
from . import composite_hardware
from .manifest_fields import KINDS
from .part_record import PartRecord

if TYPE_CHECKING:
    from .base import CompositeHardware

__all__ = ["CompositeManifest", "is_composite_manifest", "load_manifest", "read_manifest"]


@dataclass(frozen=True)
class CompositeManifest(Emitted):
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

    def part(self, name: str) -> Manifest:
        """Return the manifest of a part by itself, as a combinational unit in the files of the composite."""
        record = self.parts[name]
        schedule = Schedule(record.plan, {step.name: 0 for step in record.plan.steps}, 0)
        return Manifest(
            name=name,
            specification=record.specification,
            method=record.method,
            method_parameters=record.method_parameters,
            options=BuildOptions.read(interface="comb"),
            schedule=schedule,
            error=record.error,
            verilog=self.verilog,
            verilog_sha256=self.verilog_sha256,
            versions=self.versions,
            extras=self.extras,
        )

    @property
    def contract(self) -> tuple[Promise, ...]:
        """The promises that follow from the parts, and that of the order of what comes out of a stream."""
        found = self.asked.contract(self.words, {name: part.largest for name, part in self.parts.items()})
        if not self.asked.output_order:
            return found
        statement = f"{self.asked.output_order}, however inputs and outputs are stalled"
        proof = "by lemmas about the emitted text, from every state of its registers"
        return (*found, Promise("stream", statement, proof, command="prove"))

    @property
    def ports(self) -> Ports:
        """The ports of the module."""
        return self.hardware.ports

    @property
    def latency(self) -> int:
        """Clocks from the first input to the first output."""
        return self.hardware.latency

    @property
    def clock(self) -> float | None:
        """Clock in MHz that the registers were placed for."""
        return self.options.clock

    @property
    def header(self) -> str:
        """The comment above the module."""
        promises = "\n".join(f"         {promise.statement}" for promise in self.contract)
        parts = ", ".join(f"{name}: {part.specification.function}" for name, part in self.parts.items())
        lines = [
            self.asked.title,
            *([f"parts    {parts}"] if parts else []),
            f"contract {promises.strip()}",
            f"timing   {self.hardware.timing}",
        ]
        if self.target or self.frequency:
            lines.append(f"clock    built for {self.options.device.name} at {self.clock:g} MHz")
        return "\n".join(lines)

    def as_dict(self) -> dict[str, Any]:
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
            "tlast": self.tlast,
            "ports": [port.as_dict() for port in listed],
            "latency": self.latency,
            "timing": self.hardware.timing,
            "initiation_interval": self.hardware.interval,
            "contract": [promise.as_dict(self.name) for promise in self.contract],
            "target": self.target,
            "frequency": self.frequency,
            "clock": self.clock,
            "verilog": self.verilog,
            "verilog_sha256": self.verilog_sha256,
            "versions": dict(self.versions),
            "extras": dict(self.extras),
        }
        return seal(fields)

    @classmethod
    def from_dict(cls, data: Any) -> CompositeManifest:
        check_fields(data, "composite", KINDS)
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


def read_manifest(data: Any) -> Manifest | CompositeManifest:
    """Return the manifest that JSON values are, of a unit or of a composite; `ManifestError` if they are neither."""
    kind = data.get("kind") if isinstance(data, dict) else None
    if kind not in ("unit", "composite"):
        raise ManifestError("this is not the manifest of a softgate unit or composite")
    return CompositeManifest.from_dict(data) if kind == "composite" else Manifest.from_dict(data)


def load_manifest(path: str | Path) -> Manifest | CompositeManifest:
    """Read the manifest of a unit or of a composite.

    Raises
    ------
    ManifestError
        If it cannot be read or is not a sound manifest.
    TypeError
        If `path` is neither text nor a path.

    """
    return load_json(path, read_manifest)


def is_composite_manifest(path: str | Path) -> bool:
    """Tell whether a file calls itself the manifest of a composite, sound or not."""
    try:
        data = read_json(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(data, dict) and data.get("kind") == "composite"


def _port_as_dict(each: Field, fmt: Any) -> dict[str, Any]:
    return {"port": each.port, **field_as_dict(each), "format": str(fmt)}
