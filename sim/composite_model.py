"""The golden model of a composite that was emitted."""

from __future__ import annotations

from ..hdl.composites.manifest import CompositeManifest
from .golden.composites import CompositeModel, composite_model

__all__ = ["golden_model"]


def golden_model(manifest: CompositeManifest) -> CompositeModel:
    """Return the bit-accurate numpy model of the composite of a manifest."""
    asked = manifest.asked
    return composite_model(asked.name, asked.as_dict(), manifest.words, manifest.plans)
