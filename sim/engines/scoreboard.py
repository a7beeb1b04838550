"""Scoreboards: what surrounds a unit, clock by clock, and whether the unit does right by it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import Protocol

from ...hdl.interfaces import Field, Port, Ports

__all__ = ["CALM", "Scoreboard", "Transfer", "Wishes", "scoreboard", "word_text"]

Transfer = tuple[tuple[int, ...], Sequence[tuple[int, ...]]]
"""The words of the inputs, and those of the outputs in each transfer out that is due from then on: one of a unit; of a
composite that takes vectors none before the end of a vector, and then all that answer it."""

Wishes = tuple[bool, ...]
"""Wishes of the surroundings in a clock: of a stream a reset, to offer an input, to take an output; of a pipeline that
it is enabled."""


CALM: dict[str, Wishes] = {"stream": (False, False, True), "pipeline": (True,)}
"""By protocol, a clock in which nothing happens and nothing is in the way."""


class Scoreboard(Protocol):
    """The surroundings of a unit during a run."""

    def drive(self, wishes: Wishes) -> dict[str, int]:
        """Return the words of the inputs for a clock, by name."""

    def judge(self, seen: Mapping[str, int]) -> tuple[str, str]:
        """Take in the words of the outputs in that clock; return what happened, and what is wrong if anything is."""


def scoreboard(
    ports: Ports, latency: int, transfers: Sequence[Transfer], *, timed: bool = False, restarts: bool = False
) -> Scoreboard:
    """Return a scoreboard that sends these transfers, and again when they run out.

    With `timed`, the latency of a stream counts, too; that of a pipeline always does. A reset drops the rest of a
    vector; with `restarts`, the first transfer follows it.
    """
    if ports.protocol == "stream":
        return _StreamScoreboard(ports, latency, transfers, timed=timed, restarts=restarts)
    return _PipelineScoreboard(ports, latency, transfers)


class _Answers:
    """Transfers in and out by number, and the verdict on what comes out."""

    def __init__(self, ports: Ports, transfers: Sequence[Transfer]) -> None:
        self._ports, self._transfers = ports, transfers
        self._answers = [answer for _, answers in transfers for answer in answers]
        self._firsts = list(accumulate((len(answers) for _, answers in transfers), initial=0))

    def send(self, number: int, *, offered: bool) -> dict[str, int]:
        """Return the words of a transfer, or words that differ from it in every bit."""
        words = self._transfers[number % len(self._transfers)][0]
        return {
            port.name: word if offered else word ^ (1 << port.width) - 1
            for port, word in zip(self._ports.inputs, words, strict=True)
        }

    def due(self, number: int) -> range:
        """Return the numbers of the transfers out that are due with a transfer in; none within a vector."""
        rounds, place = divmod(number, len(self._transfers))
        before = rounds * len(self._answers)
        return range(before + self._firsts[place], before + self._firsts[place + 1])

    def difference(self, number: int, seen: Mapping[str, int], before: Mapping[str, int] | None, go: str) -> str:
        """Say what is wrong with a transfer out; `before` are the outputs if they waited for `go`."""
        expected = self._answers[number % len(self._answers)]
        for port, want in zip(self._ports.outputs, expected, strict=True):
            got = seen[port.name]
            if got == want:
                continue
            if before is not None and before[port.name] != got:
                return f"{port.name} changes while it waits for {go}"
            complaint = f"{port.name} is {word_text(port, got)} for transfer {number + 1}"
            return f"{complaint}{self._resemblance(number, seen)}, and should be {word_text(port, want)}"
        return ""

    def _resemblance(self, number: int, seen: Mapping[str, int]) -> str:
        outputs = tuple(seen[port.name] for port in self._ports.outputs)
        for other in (number - 1, number + 1, number - 2, number + 2):
            if other >= 0 and self._answers[other % len(self._answers)] == outputs:
                return f", the answer to {other + 1}"
        return ""


class _StreamScoreboard:
    """The surroundings of a stream; an offer, once made, stands until it is taken."""

    def __init__(
        self, ports: Ports, latency: int, transfers: Sequence[Transfer], *, timed: bool, restarts: bool
    ) -> None:
        self._answers = _Answers(ports, transfers)
        self._latency, self._timed, self._restarts = latency, timed, restarts
        self._reset = ports.of("reset")
        self._offers, self._accepts = ports.of("valid", "input").name, ports.of("ready", "output").name
        self._valid, self._takes = ports.of("valid", "output").name, ports.of("ready", "input").name
        self._sent = 0
        self._flight: list[tuple[int, int]] = []  # numbers of transfers out, and clocks since they are due
        self._idle = 0
        self._resetting = self._offering = self._taking = False
        self._before: Mapping[str, int] | None = None

    def drive(self, wishes: Wishes) -> dict[str, int]:
        self._resetting, offer, take = wishes
        self._offering = not self._resetting and (self._offering or offer)
        self._taking = take and not self._resetting
        return self._answers.send(self._sent, offered=self._offering) | {
            self._reset.name: int(self._resetting != self._reset.active_low),
            self._offers: int(self._offering),
            self._takes: int(self._taking),
        }

    def judge(self, seen: Mapping[str, int]) -> tuple[str, str]:
        if self._resetting:
            self._flight, self._idle, self._before = [], 0, None
            while self._sent and not self._answers.due(self._sent - 1):
                self._sent += 1
            self._sent = 0 if self._restarts else self._sent
            return "reset", ""
        coming = [(number, 0) for number in self._answers.due(self._sent)]
        waiting = [*self._flight, *(coming if self._offering and not self._latency else [])]
        complaint = self._complaint(waiting, seen)
        notes = []
        if self._offering and seen[self._accepts]:
            self._sent += 1
            self._offering = False
            self._flight += coming
            notes.append(f"takes {self._sent}")
        if seen[self._valid] and self._taking and self._flight:
            number, _ = self._flight.pop(0)
            notes.append(f"gives {number + 1}")
        self._flight = [(number, clocks + 1) for number, clocks in self._flight]
        self._before = dict(seen) if seen[self._valid] and not self._taking else None
        return ", ".join(notes), complaint

    def _complaint(self, waiting: Sequence[tuple[int, int]], seen: Mapping[str, int]) -> str:
        if not seen[self._valid]:
            self._idle = self._idle + 1 if self._flight else 0
            if self._before is not None:
                return f"{self._valid} falls while it waits for {self._takes}"
            overdue = self._flight and self._idle >= self._latency
            return f"{self._valid} is low, though transfer {waiting[0][0] + 1} is due" if overdue else ""
        self._idle = 0
        if not waiting:
            return f"{self._valid} is high, though there is nothing to answer"
        number, clocks = waiting[0]
        if self._timed and clocks != self._latency:
            return f"transfer {number + 1} comes out after {clocks} clocks, not {self._latency}"
        return self._answers.difference(number, seen, self._before, self._takes)


class _PipelineScoreboard:
    """The surroundings of a pipeline; what is at its inputs while it is not enabled is to get nowhere."""

    def __init__(self, ports: Ports, latency: int, transfers: Sequence[Transfer]) -> None:
        self._answers = _Answers(ports, transfers)
        self._latency = latency
        self._enable = ports.of("enable").name
        self._taken = 0
        self._enabled = False
        self._before: Mapping[str, int] | None = None

    def drive(self, wishes: Wishes) -> dict[str, int]:
        (self._enabled,) = wishes
        return self._answers.send(self._taken, offered=self._enabled) | {self._enable: int(self._enabled)}

    def judge(self, seen: Mapping[str, int]) -> tuple[str, str]:
        answered = self._taken - self._latency
        complaint = ""
        if answered >= 0 and (self._latency or self._enabled):  # without registers nothing could hold an output
            complaint = self._answers.difference(answered, seen, self._before, self._enable)
        self._before = dict(seen) if not self._enabled and answered >= 0 else None
        self._taken += self._enabled
        return f"takes {self._taken}" if self._enabled else "", complaint


def word_text(port: Port, word: int) -> str:
    """Return the number that a port's word stands for, or those of its fields; padding of an input does not count."""
    codes = [str(_code(field, word, padded=port.direction == "input")) for field in port.fields]
    return f"({', '.join(codes)})" if port.parts else codes[0]


def _code(field: Field, word: int, *, padded: bool) -> int:
    width = field.width - (field.padding if padded else 0)
    word = word >> field.low & (1 << width) - 1
    return word - (1 << width) if field.signed and word >> width - 1 else word
