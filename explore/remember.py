"""Designs that were found before, kept in the cache by all that was asked for, and measured again when read."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from ..accuracy.specification import Specification
from ..hdl.build_options import BuildOptions
from ..hdl.manifest_specification import specification_as_dict
from ..plan.plan import Plan
from ..plan.proofs import ProofError, verify_narrowings
from ..sim.golden.model import RangeError
from ..sim.plan_errors import plan_errors
from ..support.cache import cached, content_key
from ..support.versions import tool_versions
from .choose.choice import Choice
from .choose.result import Design
from .flows import find_flow

__all__ = ["remembered"]


def remembered(
    specification: Specification, options: BuildOptions, search: Mapping[str, Any], find: Callable[[], Design]
) -> Design:
    """Return the design that was found for the same before; otherwise find it and keep it.

    What is read from the cache is only a plan: its ranges are proved and its error is measured anew, and it has to meet
    the specification. A plan that does not is searched for again.

    Parameters
    ----------
    specification, options
        What was asked for.
    search
        What else the result depends on, as JSON values: the method, its parameters, the effort.
    find
        Searches for the design.

    """
    found: list[Design] = []

    def build() -> bytes:
        found.append(find())
        return _as_json(found[0]).encode()

    asked = {
        **specification_as_dict(specification),
        "input": str(specification.input_format),
        "output": str(specification.output_format),
        "range": list(specification.codes),
        "options": options.keywords,
        **search,
    }
    flow = () if options.device.flow is None else find_flow(options.device).packages
    key = content_key(("design", json.dumps(asked, sort_keys=True, default=str), json.dumps(tool_versions(flow))))
    content = cached(key, build)
    return found[0] if found else (_read(content, specification, options) or find())


def _as_json(design: Design) -> str:
    return json.dumps(
        {
            "method": design.method,
            "parameters": dict(design.parameters),
            "plan": design.plan.as_dict(),
            "tried": design.tried,
            "choice": None if design.choice is None else design.choice.as_dict(),
        }
    )


def _read(content: bytes, specification: Specification, options: BuildOptions) -> Design | None:
    """Return a kept design if it is what was asked for, by measurements made now."""
    data = json.loads(content)
    plan = Plan.from_dict(data["plan"])
    try:
        verify_narrowings(plan)
        errors = plan_errors(plan, specification)
    except (ProofError, RangeError, ValueError):
        return None
    budget = specification.budget
    met = budget is None or errors.meets(budget, specification.output_format)
    if not met or not all(demand.met for demand in specification.demands(errors)):
        return None
    choice = None if data["choice"] is None else Choice.from_dict(data["choice"])
    return Design(specification, data["method"], data["parameters"], plan, errors, data["tried"], choice, options)
