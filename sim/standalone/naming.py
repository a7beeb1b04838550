"""Title and signal names that the benches share."""

from __future__ import annotations

from ...hdl.composites.manifest import CompositeManifest
from ...hdl.manifest import Manifest
from ...plan.input_range import show_codes

__all__ = ["SIGNALS", "bench_title"]

SIGNALS = {
    ("clock", "input"): "clk",
    ("reset", "input"): "rst",
    ("enable", "input"): "en",
    ("valid", "input"): "x_valid",
    ("ready", "output"): "x_ready",
    ("valid", "output"): "y_valid",
    ("ready", "input"): "y_ready",
}
"""Names of the control ports in the benches, by role and direction."""


def bench_title(manifest: Manifest | CompositeManifest) -> str:
    """Return a line that states the function or composite, the formats, the interface and the latency."""
    what = manifest.asked.title if isinstance(manifest, CompositeManifest) else _unit_title(manifest)
    return f"{what}, interface {manifest.interface}, latency {manifest.latency}"


def _unit_title(manifest: Manifest) -> str:
    formats = [str(fmt) for _, fmt in manifest.plan.inputs], [str(output.format) for output in manifest.plan.outputs]
    specification = manifest.specification
    what = "plan" if specification is None else str(specification.function)
    what += f" from {', '.join(formats[0])} to {', '.join(formats[1])}"
    if specification is not None and (held := specification.input_range) is not None:
        what += f", input within {show_codes(held, specification.input_format)}"
    return what
