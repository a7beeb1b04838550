"""The base of proofs of contracts."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import ClassVar

from ....hdl.composites.manifest import CompositeManifest
from ...golden.model import GoldenModel
from ..protocol import Fact

__all__ = ["ContractProof"]


class ContractProof(ABC):
    """A proof of a composite's contract (see `prove_contract`)."""

    name: ClassVar[str]
    aliases: ClassVar[tuple[str, ...]] = ()

    def __init__(self, manifest: CompositeManifest) -> None:
        self._arguments = manifest.asked.as_dict()
        self._words = manifest.words
        self._parts = {name: GoldenModel(plan) for name, plan in manifest.plans.items()}
        self._limits = {promise.name: promise.limit for promise in manifest.contract}

    @abstractmethod
    def facts(self) -> Iterator[Fact]:
        """Yield a fact for each lemma and each promise."""
