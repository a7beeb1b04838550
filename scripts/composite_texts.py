"""Composites as text: what ``softgate show`` and ``softgate explain`` print of one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from .common import print_json

if TYPE_CHECKING:
    from ..hdl.composites.manifest import CompositeManifest

__all__ = ["explain_composite", "show_composite"]


def show_composite(manifest: CompositeManifest, *, as_json: bool) -> None:
    """Print what a composite computes, the words of its arithmetic, and the plan of each part."""
    if as_json:
        parts = {name: plan.as_dict() for name, plan in manifest.plans.items()}
        print_json({"composite": manifest.asked.name, "words": dict(manifest.words), "parts": parts})
        return
    click.echo(manifest.asked.title)
    for name, word in manifest.words.items():
        click.echo(f"  {name:<16} {word}")
    for name, plan in manifest.plans.items():
        click.echo(f"\n{name}: {manifest.parts[name].specification.function}\n{plan.listing()}")


def explain_composite(manifest: CompositeManifest, *, as_json: bool) -> None:
    """Print the contract of a composite, what it rests on, and how each part was made."""
    if as_json:
        print_json({key: manifest.as_dict()[key] for key in ("arguments", "words", "contract")})
        return
    click.echo(manifest.asked.title)
    for promise in manifest.contract:
        click.echo(f"  {promise.name:<10} {promise.statement}\n  {'':<10} proof: {promise.proof}")
    for name, part in manifest.parts.items():
        parameters = ", ".join(f"{key}={value}" for key, value in part.method_parameters.items())
        click.echo(
            f"  {name:<10} {part.specification.function}, {part.specification.domain} to "
            f"{part.specification.output_format}: {part.method} ({parameters}), error {part.error['max_ulp']:.4g} ulp"
        )
    click.echo(f"  {'timing':<10} {manifest.hardware.timing}")
