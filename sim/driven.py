"""Transfers that benches drive into a unit or a composite, and those that must come out (decision 059)."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..hdl.composites.manifest import CompositeManifest
from ..hdl.manifest import Manifest
from .composite_model import golden_model
from .composite_stimulus import stimulus
from .golden.model import golden
from .stimulus import EXHAUSTIVE_BITS, stimulus_codes
from .transfers import add_last

__all__ = ["TRANSFERS", "Driven", "driven"]

TRANSFERS = 2000
"""Transfers that benches drive into a composite, at least; vectors are complete."""


class Driven(NamedTuple):
    """Transfers into a unit and those that answer them, a column for each of `Ports.fields`, of shape (transfers,)."""

    sent: list[NDArray[Any]]
    received: list[NDArray[Any]]


def driven(manifest: Manifest | CompositeManifest, seed: int = 1, limit_bits: int = EXHAUSTIVE_BITS) -> Driven:
    """Return the transfers that a bench drives, and those that answer them by the golden model.

    Parameters
    ----------
    manifest
        The unit or the composite.
    seed
        Seed of all that is random.
    limit_bits
        A unit has all inputs of up to so many bits, of wider ones a sample (see `stimulus_codes`); a composite has
        `TRANSFERS` or ``2**limit_bits``, whichever is less (see `composite_stimulus.stimulus`).

    """
    if isinstance(manifest, CompositeManifest):
        sent = stimulus(manifest, min(TRANSFERS, 1 << limit_bits), seed)
        return Driven(list(sent), list(golden_model(manifest).transfers(sent)))
    return answered(manifest, stimulus_codes(manifest.plan, seed, limit_bits), seed)


def answered(manifest: Manifest, codes: NDArray[Any], seed: int = 1) -> Driven:
    """Return the transfers of these input codes, one row for each input of the unit, with ``last`` at random.

    A pipeline with an interval has each of them for all its clocks.
    """
    codes = np.repeat(codes, manifest.held, axis=1)
    answers = golden(manifest.plan)(*codes)
    return Driven(
        *add_last(manifest.ports, list(codes), list(answers) if isinstance(answers, tuple) else [answers], seed)
    )
