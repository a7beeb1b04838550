"""Search for a counterexample to the protocol: runs at random, of which one with a fault is reduced to a minimum.

If a lemma of `protocol` fails, it names the registers that break it, but in a state that may be unreachable. A run
starts from a reset, and its outputs are compared with the golden model: it shows the fault as a neighbour of the unit
would see it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from ...hdl.interfaces import Ports
from ...hdl.manifest import Manifest
from ...support.yosys import YosysError
from ..engines.compiled import CompiledUnit, compile_unit
from ..engines.scoreboard import CALM, Transfer, Wishes, scoreboard
from ..golden.model import GoldenModel, golden
from ..stimulus import stimulus_codes
from ..transfers import add_last, input_words, output_words
from .counterexample import Counterexample, Moment

__all__ = ["find_counterexample", "find_run"]

_ATTEMPTS = 1500
"""Number of random runs tried."""

_TRANSFERS = 64
"""Number of different transfers in a run; longer runs repeat them."""


class Emitted(Protocol):
    """The part of a manifest that a run needs."""

    @property
    def name(self) -> str:
        """Name of the module."""

    @property
    def ports(self) -> Ports:
        """Its ports."""

    @property
    def latency(self) -> int:
        """Clocks from the first input to the first output."""


def find_counterexample(manifest: Manifest, verilog: str) -> Counterexample | None:
    """Search for a run of a unit that contradicts its manifest; return None if none is found.

    Raises
    ------
    MissingToolError
        If no C++ compiler is installed.

    """
    model, choice = golden(manifest.plan), stimulus_codes(manifest.plan)

    def transfers(seed: int) -> list[Transfer]:
        found = _transfers(manifest.ports, model, choice, seed)
        return [transfer for transfer in found for _ in range(manifest.held)]

    return find_run(manifest, verilog, transfers)


def find_run(
    manifest: Emitted, verilog: str, transfers: Callable[[int], Sequence[Transfer]], *, restarts: bool = False
) -> Counterexample | None:
    """Search for a run of a module in which it does not answer transfers as it should; return None if none is found.

    Parameters
    ----------
    manifest
        Its name, ports and latency.
    verilog
        Its text.
    transfers
        Random transfers and their answers for a seed.
    restarts
        Whether the first of them follows a reset.

    Raises
    ------
    MissingToolError
        If no C++ compiler is installed.

    """
    ports = manifest.ports
    try:
        unit = compile_unit(verilog, manifest.name, ports=ports, latency=manifest.latency)
    except (YosysError, ValueError):
        return None
    for seed in range(_ATTEMPTS):
        sent = transfers(seed)
        if found := _search(unit, sent, list(_wishes(manifest, seed)), restarts=restarts):
            return found
    if ports.protocol == "stream" and all(len(answers) == 1 for _, answers in sent):  # at most the latency is wrong
        return _search(unit, sent, [(False, True, True)] * (2 * manifest.latency + _TRANSFERS), timed=True)
    return None


def _search(
    unit: CompiledUnit,
    transfers: Sequence[Transfer],
    wishes: Sequence[Wishes],
    *,
    timed: bool = False,
    restarts: bool = False,
) -> Counterexample | None:
    """Play a run; if it has a fault, return the run reduced to as few clocks and events as possible."""
    run = partial(_play, unit, transfers, timed=timed, restarts=restarts)
    return _shrunk(run, found, wishes, CALM[unit.ports.protocol]) if (found := run(wishes)) else None


def _transfers(ports: Ports, model: GoldenModel, choice: NDArray[Any], seed: int) -> list[Transfer]:
    """Return random transfers of some input codes; consecutive ones have different outputs, if the unit has any."""
    random = np.random.default_rng(seed)
    codes = choice[:, random.integers(0, choice.shape[1], 4 * _TRANSFERS)]
    answers = model(*codes)
    columns = np.array(answers if isinstance(answers, tuple) else [answers])
    differ = np.flatnonzero(np.append(True, (columns[:, 1:] != columns[:, :-1]).any(axis=0)))[:_TRANSFERS]
    sent, received = add_last(ports, list(codes[:, differ]), list(columns[:, differ]), seed)
    answers = ([words] for words in output_words(ports, received))
    return list(zip(input_words(ports, sent, seed), answers, strict=True))


def _wishes(manifest: Emitted, seed: int) -> Iterator[Wishes]:
    """Yield random demands of the unit's neighbours: now and then, mostly, always."""
    random = np.random.default_rng(seed)
    shares = [random.choice([0.3, 0.7])]
    if manifest.ports.protocol == "stream":
        shares = [random.choice([0.0, 0.04]), random.choice([0.3, 0.7, 1.0]), random.choice([0.2, 0.5, 0.8, 1.0])]
    count = int(random.integers(8, 4 * manifest.latency + 32))
    for row in random.random((count, len(shares))) < shares:
        yield tuple(map(bool, row))


def _play(
    unit: CompiledUnit, transfers: Sequence[Transfer], wishes: Sequence[Wishes], *, timed: bool, restarts: bool
) -> Counterexample | None:
    """Play a run, of a stream after one clock of reset; return it up to the first fault, if any."""
    board = scoreboard(unit.ports, unit.latency, transfers, timed=timed, restarts=restarts)
    first: list[Wishes] = [(True, False, False)] if unit.ports.protocol == "stream" else []
    moments: list[Moment] = []
    with unit.player() as clock:
        for wish in [*first, *wishes]:
            given = board.drive(wish)
            seen = clock(given)
            note, complaint = board.judge(seen)
            moments.append(Moment({**given, **seen}, note))
            if complaint:
                return Counterexample(complaint, unit.ports, tuple(moments))
    return None


def _shrunk(
    run: Callable[[Sequence[Wishes]], Counterexample | None],
    found: Counterexample,
    wishes: Sequence[Wishes],
    calm: Wishes,
) -> Counterexample:
    """Remove everything from a run that its fault does not need: clocks, then resets, offers and stalls."""
    wishes = list(wishes[: len(found.moments)])
    for length in (64, 32, 16, 8, 4, 2):  # long runs of clocks first
        place = 0
        while place + length <= len(wishes):
            candidate = wishes[:place] + wishes[place + length :]
            if again := run(candidate):
                found, wishes = again, candidate[: len(again.moments)]
            else:
                place += length
    place = 0
    while place < len(wishes):
        row = wishes[place]
        quieter = [[(*row[:n], quiet, *row[n + 1 :])] for n, quiet in enumerate(calm) if row[n] != quiet]
        for instead in ([], *quieter):
            candidate = [*wishes[:place], *instead, *wishes[place + 1 :]]
            if again := run(candidate):
                found, wishes, place = again, candidate[: len(again.moments)], -1  # try earlier clocks again
                break
        place += 1
    return found
