"""A unit as it was emitted, read from its manifest as the design that it was."""

from __future__ import annotations

from pathlib import Path

from ..accuracy.ball_arithmetic import uses_ball_arithmetic
from ..hdl.manifest import Manifest, ManifestError
from ..sim.plan_errors import plan_errors
from .choose.choice import Choice
from .choose.result import Design

__all__ = ["load"]


@uses_ball_arithmetic
def load(path: str | Path) -> Design:
    """Return the design that a manifest was emitted from.

    Its plan is measured again, at every input or as a proved bound, as by `softgate.design`; the Verilog beside the
    manifest is left to ``softgate check``.

    Parameters
    ----------
    path
        The manifest, such as ``build/tanh.json``.

    Raises
    ------
    ManifestError
        If it cannot be read, was edited, claims no function, or its error is not that of its plan.
    TypeError
        If `path` is neither text nor a path.

    """
    manifest = Manifest.load(path)
    if manifest.specification is None or manifest.error is None or manifest.method is None:
        raise ManifestError(
            f"{path}: no function is claimed for {manifest.name}, so it has no design; its model is "
            "softgate.golden(Manifest.load(path).plan), with Manifest from softgate.hdl.manifest"
        )
    errors = plan_errors(manifest.plan, manifest.specification)
    if errors.as_dict() != dict(manifest.error):
        raise ManifestError(f"{path}: the error of {manifest.name} is not that of its plan; run softgate check on it")
    choice = None if manifest.choice is None else Choice.from_dict(manifest.choice)
    return Design(
        manifest.specification,
        manifest.method,
        manifest.method_parameters,
        manifest.plan,
        errors,
        choice=choice,
        options=manifest.options,
    )
