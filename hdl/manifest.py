"""Manifests: the record of a unit beside its Verilog, from which anyone can check the pair again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..accuracy.run_time_specification import AnySpecification
from ..accuracy.specification import Specification
from ..plan.plan import Plan
from ..support.names import check_identifier
from .build_options import BuildOptions
from .claims import ASKS_NOTHING
from .emitted import Emitted
from .interfaces import Ports, ports
from .manifest_fields import (
    GENERATOR,
    SCHEMA,
    check_choice,
    check_extras,
    check_fields,
    check_method,
    check_sha256,
    check_texts,
    field_as_dict,
    placement,
    range_as_dict,
    read_options,
)
from .manifest_json import ManifestError, TamperedError, check_agreement, seal
from .manifest_specification import read_specification, specification_as_dict
from .output_claims import Claim, outputs_as_dict, read_further
from .scheduling.schedule import Schedule

__all__ = [
    "SCHEMA",
    "Manifest",
    "ManifestError",
    "TamperedError",
    "seal",
]


@dataclass(frozen=True)
class Manifest(Emitted):
    """A unit as it was emitted.

    Parameters
    ----------
    name
        Name of the module.
    specification
        The function, formats and budget asked for; None if the unit is that of a plan for which no function is claimed.
    method, method_parameters
        Method and the parameters it used; None and none without a function.
    options
        The build options as asked for; the registers of its tables are those of the chosen unit.
    schedule
        The plan and its register stages.
    error
        Error metrics as JSON values; None without a function.
    verilog
        Name of the Verilog file, which lies beside the manifest.
    verilog_sha256
        Hash of that file's bytes.
    clock
        Clock in MHz that the registers were placed for: the frequency asked for, or else the target's default. None if
        the stages do not depend on a clock.
    versions
        Versions of the packages that generated the pair.
    extras
        Hashes of further files that were written with the pair, by name.
    choice
        The units that were weighed and their results, as JSON values; None if there was only one.
    further
        What is claimed of each output but the first, by name.

    Raises
    ------
    ValueError
        If ``tlast`` is asked for on an interface that has none.

    """

    name: str
    specification: AnySpecification | None
    method: str | None
    method_parameters: Mapping[str, Any]
    options: BuildOptions
    schedule: Schedule
    error: Mapping[str, Any] | None
    verilog: str
    verilog_sha256: str
    versions: Mapping[str, str]
    clock: float | None = None
    extras: Mapping[str, str] = field(default_factory=dict)
    choice: Mapping[str, Any] | None = None
    further: Mapping[str, Claim] = field(default_factory=dict)

    def __post_init__(self) -> None:
        ports(self.plan, self.interface, tlast=self.tlast)

    @property
    def claimed(self) -> Specification:
        """The specification of the first output, for what needs one (see `claimed_of`)."""
        return self.claimed_of(self.plan.outputs[0].name)

    def claimed_of(self, output: str) -> Specification:
        """Return the specification of an output that is a function of x alone.

        Raises
        ------
        ManifestError
            If no function is claimed for the unit, or one of a parameter at run time, too.

        """
        if self.specification is None:
            raise ManifestError(f"no function is claimed for {self.name}, so there is no error to show")
        specification = self.claims[output].specification
        if not isinstance(specification, Specification):
            raise ManifestError(f"{self.name} has {len(self.plan.inputs)} inputs, and errors are shown over one")
        return specification

    @property
    def claims(self) -> dict[str, Claim]:
        """The claim about each output, by name and in order; nothing if no function is claimed."""
        if self.specification is None or self.method is None or self.error is None:
            return {}
        first = Claim(self.specification, self.method, self.method_parameters, self.error)
        return {self.plan.outputs[0].name: first, **self.further}

    @property
    def plan(self) -> Plan:
        """The plan that the unit computes."""
        return self.schedule.plan

    @property
    def ports(self) -> Ports:
        """The ports of the module."""
        return ports(self.plan, self.interface, tlast=self.tlast)

    @property
    def latency(self) -> int:
        """Clocks from input to output."""
        return self.schedule.latency

    @property
    def interval(self) -> int:
        """Clocks from one input to the next."""
        return self.schedule.interval

    @property
    def held(self) -> int:
        """Enabled clocks for which an input is to be held, and an output is: of a pipeline, the interval."""
        return self.interval if self.ports.protocol == "pipeline" else 1

    def as_dict(self) -> dict[str, Any]:
        plan, listed = self.plan, self.ports
        parameters = {} if self.specification is None else self.specification.ports
        inputs = [
            {
                "port": field.port,
                **field_as_dict(field),
                "format": str(fmt),
                **({"parameter": name} if name in parameters else {}),
            }
            for field, (name, fmt) in zip(listed.data("input"), plan.inputs, strict=True)
        ]
        outputs = outputs_as_dict(listed.data("output"), plan, self.error, self.further)
        asked = specification_as_dict(self.specification)
        fields = {
            "generator": GENERATOR,
            "kind": "unit",
            "schema": SCHEMA,
            "name": self.name,
            "function": asked["function"],
            "function_parameters": asked["function_parameters"],
            "method": None if self.method is None else {"name": self.method, **self.method_parameters},
            "input": inputs[0],
            "output": {key: value for key, value in outputs[0].items() if key != "error"},
            "range": range_as_dict(plan),
            "error": outputs[0]["error"],
            "inputs": inputs,
            "outputs": outputs,
            "interface": self.interface,
            "tlast": self.tlast,
            "ports": [port.as_dict() for port in listed],
            "latency": self.latency,
            "initiation_interval": self.interval,
            **{key: asked[key] for key in ASKS_NOTHING},
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

    @classmethod
    def from_dict(cls, data: Any) -> Manifest:
        check_fields(data)
        try:
            for key in ("plan_sha256", "verilog_sha256"):
                check_sha256(key, data[key])
            plan = Plan.from_dict(data["plan"])
            stages = {step.name: 0 for step in plan.steps} | data["stages"]
            specification, method = read_specification(data, plan), dict(data["method"] or {})
            further = read_further(data["outputs"], plan, specification)
            if specification is not None:
                check_method(method)
                check_choice(data["choice"], method, {name: claim.made_by for name, claim in further.items()})
            check_texts("versions", data["versions"])
            check_extras(data)
            manifest = cls(
                name=check_identifier(data["name"], "module name"),
                specification=specification,
                method=method.pop("name", None),
                method_parameters=method,
                options=read_options(data, plan),
                schedule=Schedule(plan, stages, data["latency"], interval=data["initiation_interval"]),
                error=data["error"],
                verilog=data["verilog"],
                verilog_sha256=data["verilog_sha256"],
                versions=data["versions"],
                clock=data["clock"],
                extras=data["extras"],
                choice=data["choice"],
                further=further,
            )
        except KeyError as error:
            raise ManifestError(f"the manifest lacks {error}") from None
        except (TypeError, ValueError) as error:
            raise ManifestError(f"the manifest holds something wrong: {error}") from None
        check_agreement(data, manifest.as_dict(), manifest.verilog)
        return manifest
