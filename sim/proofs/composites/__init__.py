"""Proofs of the contracts of composites, one file each, found by name (decision 050).

A proof takes a manifest's formats, words and plans, walks over all inputs of the parts, and derives every promise
again. It shares no code with what made the promises (`accuracy.composites`).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from ....hdl.composites.manifest import CompositeManifest
from ....support.registry import find_named, load_classes
from ..protocol import Fact
from .base import ContractProof

__all__ = ["ContractProof", "contract_proof", "prove_contract"]


@cache
def _proofs() -> tuple[type[ContractProof], ...]:
    return load_classes(__name__, __path__, ContractProof)


def contract_proof(manifest: CompositeManifest) -> ContractProof:
    """Return the proof of a manifest's contract."""
    return find_named("composite", manifest.asked.name, _proofs())(manifest)


def prove_contract(manifest: CompositeManifest) -> Iterator[Fact]:
    """Prove each promise of a manifest's contract, and yield it with whether it holds."""
    yield from contract_proof(manifest).facts()
