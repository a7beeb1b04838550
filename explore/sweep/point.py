"""Points: one combination of everything that a sweep varies, with a name of its own and the commands that remake it."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Any

from ...accuracy.composites import is_composite
from ...functions import find_function
from ...hdl.build_options import BuildKeywords, BuildOptions
from ...hdl.targets import target as find_target
from ...methods import implied_method
from ...support.files import sha256_text
from ..flows import find_flow
from .arguments import OWN, keywords_of, options_of

__all__ = ["OPTIONS", "Point"]

OPTIONS: dict[str, Any] = {
    "objective": "balanced",
    "effort": "quick",
    "latency": None,
    "stages": None,
    "dsp": None,
    "bram": None,
    "interval": 1,
    "tlast": False,
    "monotonic": False,
    "ends": "exact",
    "symmetric": False,
    "max_bias": None,
    "rounding": None,
    "range": None,
    "clip": None,
    "with_derivative": None,
}
"""Options of ``softgate emit`` that a point may have beside its fields, with their defaults."""


@dataclass(frozen=True)
class Point:
    """A unit or a composite to make and how to measure it, every value in softgate's canonical form.

    Attributes
    ----------
    function
        Name of the function, or of the composite.
    input, output
        Formats such as ``SQ4.12``; None of composites whose formats are among their parameters.
    method
        Name of the method; None for the best there is, and of composites.
    parameters
        Parameters of function and method, or arguments of the composite, as text, by name; without those left to
        softgate.
    max_error
        Error budget such as ``1ulp``; None as in `softgate.design` or in the composite's function.
    saturate
        Whether the output format may be too small for the function's values.
    interface
        Name of the interface.
    target
        Name of the target.
    frequency
        Clock in MHz; None for the target's default.
    seeds
        Seeds to place and route with; none for synthesis alone.
    options
        Further options, by the names of the `OPTIONS`, without those at their defaults.

    """

    function: str
    input: str | None
    output: str | None
    method: str | None
    parameters: Mapping[str, str]
    max_error: str | None
    saturate: bool
    interface: str
    target: str
    frequency: float | None
    seeds: tuple[int, ...]
    options: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def name(self) -> str:
        """The point's name: 16 hexadecimal digits that depend on nothing but its values."""
        values = self.as_dict()
        if not self.options:  # compatible with names from before options existed
            del values["options"]
        return sha256_text(json.dumps(values, sort_keys=True))[:16]

    def as_dict(self) -> dict[str, Any]:
        """Return the point as JSON values."""
        return {
            **asdict(self),
            "parameters": dict(self.parameters),
            "seeds": list(self.seeds),
            "options": dict(self.options),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Point:
        """Read what `as_dict` wrote."""
        return cls(**{**data, "seeds": tuple(data["seeds"])})

    @property
    def is_composite(self) -> bool:
        """Whether it is a composite."""
        return is_composite(self.function)

    @property
    def build(self) -> BuildOptions:
        """The options that the unit is built with; `ValueError` where they contradict each other."""
        chosen = {name: value for name, value in self.options.items() if name in BuildKeywords.__annotations__}
        asked: dict[str, Any] = {"interface": self.interface, "target": self.target, "frequency": self.frequency}
        return BuildOptions.read(**asked, **chosen)

    @property
    def _arguments(self) -> dict[str, Any]:
        """The values of a composite's arguments by axis; None for those left to softgate."""
        return {**self.parameters, **{name: getattr(self, name) for name in OWN}}

    @property
    def keywords(self) -> dict[str, Any]:
        """The arguments of `design`, or `design_composite`, beside what is made; `ValueError` as by `build`."""
        if self.is_composite:
            build = {"interface": self.interface, "target": self.target, "frequency": self.frequency}
            return {**keywords_of(self.function, self._arguments), **build, **self.options}
        formats = {"input_format": self.input, "output_format": self.output}
        others = {name: value for name, value in self.options.items() if name not in BuildKeywords.__annotations__}
        if (limits := others.pop("range", None)) is not None:
            others["input_range"] = limits
        implied = implied_method(self.parameters)
        method = implied.name if self.method is None and implied else self.method
        asked = {"max_error": self.max_error, "method": method, "saturate": self.saturate}
        made = self.build.keywords
        del made["margin"]  # found by place and route, not asked for
        return {**formats, **asked, **others, **made, **self.parameters}

    @property
    def routed(self) -> bool:
        """Whether the unit is placed and routed: there are seeds, and a tool for the target."""
        target = find_target(self.target)
        return bool(self.seeds) and target.flow is not None and find_flow(target).place_and_route is not None

    def measurement(self, verilog_sha256: str) -> str:
        """Return a name for measuring this Verilog as the point asks: the same for points that make the same unit."""
        frequency = self.frequency if self.routed else None  # synthesis does not depend on the clock
        forbidden = [name for name in ("dsp", "bram") if self.options.get(name) == 0]
        return sha256_text(json.dumps([verilog_sha256, self.target, frequency, list(self.seeds), *forbidden]))

    def emit_command(self) -> str:
        """Return the command line that makes the unit."""
        asked = options_of(self.function, self._arguments) if self.is_composite else self._unit_options()
        command = ["softgate", "emit", self.function, *asked]
        command += ["--interface", self.interface, "--target", self.target]
        command += ["--frequency", f"{self.frequency:g}"] if self.frequency is not None else []
        for name, value in self.options.items():
            option = f"--{name.replace('_', '-')}"
            # Limits may begin with a minus sign, which would look like an option.
            limits = name in ("range", "clip")
            command += [option] if value is True else [f"{option}={value}"] if limits else [option, str(value)]
        return shlex.join([*command, "--out", "build"])

    def _unit_options(self) -> list[str]:
        """Return the options that say what is asked of a unit, for the command line."""
        asked = ["-i", str(self.input), "-o", str(self.output)]
        asked += ["--max-error", self.max_error] if self.max_error is not None else []
        asked += ["--method", self.method] if self.method is not None else []
        for key, value in self.parameters.items():
            asked += ["--set", f"{key}={value}"]
        return asked + ["--saturate"] * self.saturate

    def synth_command(self) -> str:
        """Return the command line that measures the unit, once it is made; empty if the target has no synthesis."""
        if find_target(self.target).flow is None:
            return ""
        name = self.function if self.is_composite else find_function(self.function).module_name
        command = ["softgate", "synth", f"build/{name}.json", "--target", self.target]
        if not self.routed:
            return shlex.join([*command, "--no-route"])
        command += ["--frequency", f"{self.frequency:g}"] if self.frequency is not None else []
        for seed in self.seeds:
            command += ["--seed", str(seed)]
        return shlex.join(command)
