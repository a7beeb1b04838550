"""Emitted units and composites, read from their manifests as the designs that they were."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from ..accuracy.ball_arithmetic import uses_ball_arithmetic
from ..hdl.composites.manifest import CompositeManifest, load_manifest
from ..hdl.manifest import Manifest, ManifestError
from ..sim.plan_errors import plan_errors
from .choose.choice import Choice
from .choose.result import Design
from .composites.design import CompositeDesign
from .measured import Made, measured

__all__ = ["load"]


@uses_ball_arithmetic
def load(path: str | Path) -> Design | CompositeDesign:
    """Return the design that a manifest was emitted from.

    Its plan, or that of each part of a composite, is measured again, at every input or as a proved bound, as by
    `softgate.design`; the Verilog beside the manifest is left to ``softgate check``.

    Parameters
    ----------
    path
        The manifest, such as ``build/tanh.json`` or ``build/softmax.json``.

    Raises
    ------
    ManifestError
        If it cannot be read, was edited, claims no function, or an error in it is not that of its plan.
    TypeError
        If `path` is neither text nor a path.

    """
    manifest = load_manifest(path)
    if isinstance(manifest, CompositeManifest):
        return _composite(path, manifest)
    return _unit(path, manifest)


def _composite(path: str | Path, manifest: CompositeManifest) -> CompositeDesign:
    for name, part in manifest.parts.items():
        if plan_errors(part.plan, part.specification).as_dict() != part.error:
            raise ManifestError(
                f"{path}: the error of {name}, a part of {manifest.name}, is not that of its plan; run softgate check "
                "on it"
            )
    return CompositeDesign(manifest.asked, manifest.words, manifest.parts, manifest.options)


def _unit(path: str | Path, manifest: Manifest) -> Design:
    if not manifest.claims:
        raise ManifestError(
            f"{path}: no function is claimed for {manifest.name}, so it has no design; its model is "
            "softgate.golden(Manifest.load(path).plan), with Manifest from softgate.hdl.manifest"
        )
    claims = manifest.claims.values()
    made = [Made(claim.specification, claim.method, claim.method_parameters) for claim in claims]
    design = measured(manifest.plan, made)
    if any(each.errors.as_dict() != claim.error for each, claim in zip(design.outputs.values(), claims, strict=True)):
        raise ManifestError(f"{path}: the error of {manifest.name} is not that of its plan; run softgate check on it")
    choice = None if manifest.choice is None else Choice.from_dict(manifest.choice)
    return replace(design, choice=choice, options=manifest.options)
