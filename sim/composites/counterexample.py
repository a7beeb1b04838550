"""Runs in which a composite breaks its protocol, found at random."""

from __future__ import annotations

from functools import partial
from itertools import pairwise

import numpy as np

from ...hdl.composites.manifest import CompositeManifest
from ..composite_model import golden_model
from ..engines.scoreboard import Transfer
from ..golden.composites.base import Codes, CompositeModel
from ..proofs.counterexample import Counterexample
from ..proofs.counterexample_search import find_run
from ..transfers import input_words, output_words

__all__ = ["find_composite_run"]

_TRANSFERS = 96
"""Number of different transfers in a run, at least, beside four times the latency: more than a run takes."""


def find_composite_run(manifest: CompositeManifest, verilog: str) -> Counterexample | None:
    """Search for a run of a composite that contradicts its golden model; return None if none is found.

    Vectors are of few elements, of many, or both, with stalls and resets. What depends on all transfers since a reset,
    such as a random slope, begins again with it.

    Raises
    ------
    MissingToolError
        If no C++ compiler is installed.

    """
    model = golden_model(manifest)
    return find_run(manifest, verilog, partial(_transfers, manifest, model), restarts=bool(manifest.hardware.held))


def _transfers(manifest: CompositeManifest, model: CompositeModel, seed: int) -> list[Transfer]:
    """Return random transfers into the composite, and those that answer them, which are due with a vector's last."""
    sent, ports = _inputs(manifest, seed), manifest.ports
    answers = list(output_words(ports, model.transfers(sent)))
    due = model.answered(sent)
    if manifest.asked.streams_vectors:
        due[1:] *= np.asarray(sent[-1], np.int64)
        due = np.maximum.accumulate(due)
    due_now = (answers[first:end] for first, end in pairwise(due.tolist()))
    return list(zip(input_words(ports, sent, seed), due_now, strict=True))


def _inputs(manifest: CompositeManifest, seed: int) -> list[Codes]:
    """Return the fields of random transfers, of whole vectors where they are elements of vectors."""
    random = np.random.default_rng(seed)
    formats = [manifest.hardware.formats[field.name] for field in manifest.ports.data("input")]
    most = getattr(manifest.asked, "n", 1) if manifest.asked.streams_vectors else 1
    among = [np.array([1, most]), np.arange(1, most + 1), np.array([1] * 3 * most + [most])][seed % 3]
    lengths: list[int] = []
    while sum(lengths) < _TRANSFERS + 4 * manifest.latency:
        lengths.append(int(random.choice(among)))
    sent = [random.integers(fmt.min_code, fmt.max_code, sum(lengths), endpoint=True) for fmt in formats]
    if manifest.ports.has("last"):
        last = np.zeros(sum(lengths), np.int64)
        last[np.cumsum(lengths) - 1] = 1
        sent.append(last)
    return sent
