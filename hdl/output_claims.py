"""Claims of a manifest about each output: a function, the method that approximates it, and the error."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..accuracy.run_time_specification import AnySpecification
from ..accuracy.specification import Specification
from ..functions import create_function
from ..plan.any_format import parse_format
from ..plan.plan import Plan
from .approximation import Approximation
from .interfaces import Field
from .manifest_fields import check_method, field_as_dict

__all__ = ["Claim", "claims_of", "outputs_as_dict", "read_further"]


@dataclass(frozen=True)
class Claim:
    """The claim about an output.

    Parameters
    ----------
    specification
        The function, formats and budget asked for.
    method, method_parameters
        Method and the parameters it used.
    error
        Error metrics as JSON values.

    """

    specification: AnySpecification
    method: str
    method_parameters: Mapping[str, Any]
    error: Mapping[str, Any]

    @property
    def made_by(self) -> dict[str, Any]:
        """The method with its parameters, as JSON values."""
        return {"name": self.method, **self.method_parameters}

    def as_dict(self) -> dict[str, Any]:
        """Return the fields of an output's entry that the manifest has no others for."""
        return {
            "function": self.specification.function.spelling,
            "function_parameters": self.specification.function.as_dict(),
            "method": self.made_by,
        }


def claims_of(approximation: Approximation) -> dict[str, Claim]:
    """Return the claims of all outputs but the first."""
    return {
        name: Claim(each.specification, each.method, each.parameters, each.errors.as_dict())
        for name, each in approximation.further.items()
    }


def outputs_as_dict(
    fields: Sequence[Field], plan: Plan, error: Mapping[str, Any] | None, further: Mapping[str, Claim]
) -> list[dict[str, Any]]:
    """Return the entries of a manifest's `outputs`; those after the first say what function they are of.

    Parameters
    ----------
    fields
        Where in its port each output is.
    plan
        The plan that they are the outputs of.
    error
        The error of the first; None if no function is claimed.
    further
        What is claimed of the others, by name.

    """
    entries = []
    for field, output in zip(fields, plan.outputs, strict=True):
        claim = further.get(output.name)
        found = error if claim is None else claim.error
        entries.append(
            {
                "port": field.port,
                **field_as_dict(field),
                "format": str(output.format),
                "error": None if found is None else dict(found),
                **({} if claim is None else claim.as_dict()),
            }
        )
    return entries


def read_further(
    entries: Sequence[Mapping[str, Any]], plan: Plan, specification: AnySpecification | None
) -> dict[str, Claim]:
    """Return what the entries of `outputs` claim beyond the first; nothing if no function is claimed.

    Raises
    ------
    KeyError, TypeError, ValueError
        If a field is missing or wrong, or contradicts the plan.

    """
    if specification is None or len(entries) != len(plan.outputs):  # then they are found to contradict the plan
        return {}
    claims: dict[str, Claim] = {}
    if not isinstance(specification, Specification):
        if len(plan.outputs) > 1:
            raise ValueError("a function with a parameter at run time has one output")
        return claims
    for output, entry in zip(plan.outputs[1:], entries[1:], strict=True):
        for key in ("function_parameters", "method", "error"):
            if not isinstance(entry[key], dict):
                raise TypeError(f"{key} of output {output.name} must be an object, not {entry[key]!r:.60}")
        function = create_function(entry["function"], **entry["function_parameters"])
        method = dict(entry["method"])
        check_method(method)
        asked = specification.of_another(function, parse_format(entry["format"]))
        claims[output.name] = Claim(asked, method.pop("name"), method, entry["error"])
    return claims
