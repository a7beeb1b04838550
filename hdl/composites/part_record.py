"""The record of a part in the manifest of a composite."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from ...accuracy.specification import Specification
from ...plan.plan import Plan
from ..manifest_fields import check_method, check_sha256
from ..manifest_json import shown
from ..manifest_specification import read_specification, specification_as_dict

__all__ = ["PartRecord"]

_ABOVE = 1 + Fraction(1, 1 << 40)
"""Factor that takes an error as a float to a bound of it."""


@dataclass(frozen=True)
class PartRecord:
    """A part of a composite: a unit's plan, with what was asked of it and its error.

    Parameters
    ----------
    specification
        The function, formats and budget asked for.
    method, method_parameters
        Method and the parameters it used.
    plan
        The computation.
    error
        Its error metrics as JSON values.

    """

    specification: Specification
    method: str
    method_parameters: Mapping[str, Any]
    plan: Plan
    error: Mapping[str, Any]

    @property
    def largest(self) -> Fraction:
        """A bound of the largest error, absolute."""
        return Fraction(self.error["max_abs"]) * _ABOVE

    def as_dict(self, name: str) -> dict[str, Any]:
        """Return the part as the manifest has it."""
        return {
            "name": name,
            **specification_as_dict(self.specification),
            "method": {"name": self.method, **self.method_parameters},
            "input": {"format": str(self.specification.input_format)},
            "output": {"format": str(self.specification.output_format)},
            "error": dict(self.error),
            "plan": self.plan.as_dict(),
            "plan_sha256": self.plan.sha256,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> PartRecord:
        """Read what `as_dict` wrote; raises `KeyError`, `TypeError` or `ValueError` if it is wrong."""
        if not isinstance(data, dict) or not all(isinstance(data[key], dict) for key in ("method", "error", "plan")):
            raise TypeError(f"a part must be an object with a method, an error and a plan, not {shown(data)}")
        plan, method = Plan.from_dict(data["plan"]), dict(data["method"])
        check_sha256("plan_sha256", data["plan_sha256"])
        specification = read_specification({**data, "range": None, "choice": None, "inputs": []}, plan)
        check_method(method)
        if not isinstance(specification, Specification):
            raise TypeError("a part must be a function of one input")
        return cls(specification, method.pop("name"), method, plan, data["error"])
