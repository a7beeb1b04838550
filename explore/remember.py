"""Designs that were found earlier: cached under everything asked for, and measured again when read."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace

from ..accuracy.run_time_specification import AnySpecification
from ..hdl.manifest_specification import specification_as_dict
from ..plan.plan import Plan
from ..plan.proofs import ProofError, verify_narrowings
from ..sim.golden.plan_evaluation import RangeError
from ..support.cache import cached, content_key
from ..support.versions import tool_versions
from .choose.choice import Choice
from .choose.result import Design
from .choose.search import Search
from .flows import find_flow
from .measured import Made, measured

__all__ = ["remembered"]


def remembered(specifications: Sequence[AnySpecification], search: Search, find: Callable[[], Design]) -> Design:
    """Return the design that was found for the same before; otherwise find it and keep it.

    What is read from the cache is only a plan: its ranges are proved and its errors measured anew, and it has to meet
    the specifications. If it does not, the search is made again.

    Parameters
    ----------
    specifications
        What is asked for, of each output.
    search
        How it is searched for.
    find
        Searches for the design.

    """
    found: list[Design] = []

    def build() -> bytes:
        found.append(find())
        return _as_json(found[0]).encode()

    content = cached(_key(specifications, search), build)
    return found[0] if found else (_read(content, specifications, search) or find())


def _key(specifications: Sequence[AnySpecification], search: Search) -> str:
    device = search.options.device
    asked = {
        "outputs": [
            {
                **specification_as_dict(each),
                "input": str(each.input_format),
                "output": str(each.output_format),
                "range": list(each.codes),
                "ports": {name: str(fmt) for name, fmt in each.ports.items()},
            }
            for each in specifications
        ],
        "options": search.options.keywords,
        "method": None if search.method is None else search.method.name,
        "given": dict(search.given),
        "effort": search.effort,
        "versions": tool_versions(() if device.flow is None else find_flow(device).packages),
    }
    return content_key(("design", json.dumps(asked, sort_keys=True, default=str)))


def _as_json(design: Design) -> str:
    return json.dumps(
        {
            "plan": design.plan.as_dict(),
            "outputs": [{"method": each.method, "parameters": each.parameters} for each in design.outputs.values()],
            "tried": design.tried,
            "choice": None if design.choice is None else design.choice.as_dict(),
        }
    )


def _read(content: bytes, specifications: Sequence[AnySpecification], search: Search) -> Design | None:
    """Return a cached design if new measurements show that it meets the specification."""
    data = json.loads(content)
    plan = Plan.from_dict(data["plan"])
    kept = zip(specifications, data["outputs"], strict=True)
    try:
        verify_narrowings(plan)
        design = measured(plan, [Made(asked, each["method"], each["parameters"]) for asked, each in kept])
    except (ProofError, RangeError, ValueError):
        return None
    for each in design.outputs.values():
        asked, errors = each.specification, each.errors
        if asked.budget is not None and not errors.meets(asked.budget, asked.output_format):
            return None
        if not all(demand.met for demand in asked.demands(errors)):
            return None
    choice = None if data["choice"] is None else Choice.from_dict(data["choice"])
    reached = None if choice is None else choice.chosen.measured_fmax
    return replace(design, tried=data["tried"], choice=choice, options=search.options, reached=reached)
