"""The base of proofs of contracts."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import ClassVar

from ....hdl.composites.manifest import CompositeManifest
from ....hdl.interfaces import Ports
from ...golden.model import GoldenModel
from ..passage import Passage
from ..protocol import Fact

__all__ = ["ContractProof"]


class ContractProof(ABC):
    """A proof of a composite's contract (see `prove_contract`)."""

    name: ClassVar[str]
    aliases: ClassVar[tuple[str, ...]] = ()

    def __init__(self, manifest: CompositeManifest) -> None:
        self._arguments = manifest.asked.as_dict()
        self._words = manifest.words
        self._manifest = manifest
        self._parts = {name: GoldenModel(plan) for name, plan in manifest.plans.items()}
        self._limits = {promise.name: promise.limit for promise in manifest.contract}

    def passage(self, ports: Ports, registers: tuple[str, ...]) -> Passage | None:
        """Return the way of elements through the registers of a stream, for the proof of their order.

        None where no order is proved.
        """
        return None

    @abstractmethod
    def facts(self) -> Iterator[Fact]:
        """Yield a fact for each lemma and each promise."""
