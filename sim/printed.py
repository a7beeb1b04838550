"""A unit's files, printed again from the request in its manifest.

This check is not independent, as printing shares its code with emission. It covers claims that no behaviour shows, such
as the clock that a unit was built for, the limits on its blocks and the text of the header (decision 021).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import zip_longest

from ..accuracy.error_metrics import ErrorMetrics
from ..hdl.approximation import Approximation
from ..hdl.build_options import BuildOptions
from ..hdl.composites.manifest import CompositeManifest
from ..hdl.manifest import Manifest
from ..hdl.manifest_fields import printer_versions
from ..hdl.manifest_json import shown
from ..hdl.scheduling.schedule import Schedule
from ..hdl.unit_text import plan_unit_text, unit_text
from ..plan.merging import single_output
from .standalone.cocotb_bench import bench_name
from .standalone.vector_bench import vector_files

__all__ = ["difference", "is_of_this_version"]


def is_of_this_version(manifest: Manifest | CompositeManifest) -> bool:
    """Return whether the packages that printed a unit are those installed here."""
    return all(manifest.versions.get(package) == current for package, current in printer_versions().items())


def difference(manifest: Manifest, errors: Mapping[str, ErrorMetrics], texts: Mapping[str, str]) -> str | None:
    """Describe where a unit differs from itself printed again, or return None.

    Parameters
    ----------
    manifest
        What was asked for, and the plan.
    errors
        The error metrics of the plan's outputs, which are in the header, by name; none if no function is claimed.
    texts
        The files beside the manifest, by name: the Verilog, and all extras that are not the user's.

    """
    try:
        options = BuildOptions.read(**manifest.options.keywords)
        schedule, text = _printed(manifest, errors, options)
    except (TypeError, ValueError) as error:
        return f"what was asked for cannot be built: {error}"
    if options.clock != manifest.clock:
        return f"what was asked for has registers placed for a clock of {options.clock} MHz, not {manifest.clock}"
    seen = schedule.seen_from(manifest.plan)
    if seen.latency != manifest.latency:
        return f"what was asked for has latency {seen.latency}, not {manifest.latency}"
    for name, stage in seen.stages.items():
        if manifest.schedule.stages[name] != stage:
            return f"step {name!r} is in stage {stage}, not {manifest.schedule.stages[name]}"
    again = {manifest.verilog: text}
    if manifest.extras.keys() - {bench_name(manifest)}:
        vectors = vector_files(manifest)
        again |= vectors if vectors.keys() & texts.keys() else {}
    if missing := [name for name in again if name not in texts]:
        return f"{missing[0]} is not among the extras, but others are that belong to it"
    for name, found in texts.items():
        if name in again and again[name] != found:
            return f"{name} differs from what is printed for it, first in line {_first_line(again[name], found)}"
    return None


def _printed(manifest: Manifest, errors: Mapping[str, ErrorMetrics], options: BuildOptions) -> tuple[Schedule, str]:
    if not errors:
        return plan_unit_text(manifest.plan, manifest.name, options)
    parts = {
        name: Approximation(
            claim.specification, claim.method, claim.method_parameters, single_output(manifest.plan, name), errors[name]
        )
        for name, claim in manifest.claims.items()
    }
    first = parts.pop(manifest.plan.outputs[0].name)
    return unit_text(replace(first, plan=manifest.plan, further=parts), manifest.name, options)


def _first_line(wanted: str, found: str) -> str:
    lines = enumerate(zip_longest(wanted.split("\n"), found.split("\n")), 1)
    number, (want, got) = next((number, pair) for number, pair in lines if pair[0] != pair[1])
    lines_shown = ["nothing" if line is None else shown(line) for line in (want, got)]
    return f"{number}: {lines_shown[0]}, and found is {lines_shown[1]}"
