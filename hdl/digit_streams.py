"""Digits in turns: those of a factor are loaded into a register at once, and shifted out one a clock.

Where two products have the same factor, as all have in Horner's rule, the later one takes the digits from the same
register, behind others that delay them. Loading takes no logic of its own: a look-up table that makes a bit of a digit
from two others selects between that and the digit above, too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_

from amaranth.hdl import Const, Mux, Shape, Signal, Value, unsigned

from .scheduling.schedule import Schedule
from .step_signals import StepSignals

__all__ = ["DigitStreams"]


@dataclass(frozen=True)
class _Use:
    """A run of digits that a unit takes in consecutive stages from one on."""

    unit: str
    first: int
    digits: tuple[str, ...]


@dataclass(frozen=True)
class _Stream:
    """Digits that are loaded in a stage; the first is there in the next."""

    digits: tuple[str, ...]
    loaded: int

    def delay(self, use: _Use) -> int | None:
        """Return the clocks by which it has to be delayed for a use; None if it does not serve that."""
        for skipped in range(len(self.digits) - len(use.digits) + 1):
            delay = use.first - (self.loaded + 1 + skipped)
            if self.digits[skipped : skipped + len(use.digits)] == use.digits and delay >= 0:
                return delay
        return None


class DigitStreams:
    """Adds the registers that digits are shifted out of.

    Parameters
    ----------
    schedule, signals
        The schedule, and the signals of its steps.
    ports
        For each unit that takes digits in turns, the stages and the digits that it takes in them.

    """

    def __init__(
        self, schedule: Schedule, signals: StepSignals, ports: Mapping[str, Sequence[tuple[int, str]]]
    ) -> None:
        self._schedule, self._signals = schedule, signals
        self._streams: list[_Stream] = []
        self._late: dict[tuple[_Stream, int], Value] = {}
        self._taken: dict[str, list[tuple[_Use, _Stream]]] = {unit: [] for unit in ports}
        uses = [use for unit, port in ports.items() for use in _uses(unit, port)]
        for use in sorted(uses, key=lambda use: (-len(use.digits), use.first)):
            stream = next((each for each in self._streams if each.delay(use) is not None), None)
            if stream is None:
                made = max(schedule.stages[name] for name in use.digits)
                # One that serves a later use of the same digits, too, is loaded as soon as they are there.
                stream = _Stream(use.digits, min(made, use.first - 1))
                self._streams.append(stream)
            self._taken[use.unit].append((use, stream))

    def __contains__(self, unit: str) -> bool:
        """Whether a unit takes digits in turns."""
        return unit in self._taken

    def reads(self) -> Iterator[tuple[str, int]]:
        """Yield what is loaded, and in which stages."""
        for stream in self._streams:
            yield from ((name, stream.loaded) for name in stream.digits)

    def connect(self, turn: Value, at: Callable[[str, int], Value], move: Callable[[object], None]) -> None:
        """Add the registers: `turn` has a bit for each clock of an interval, for the others see `UnitInTurns`."""
        for number, stream in enumerate(self._streams):
            digits = [at(name, stream.loaded) for name in stream.digits]
            shape = unsigned(max(map(len, digits)))
            load = turn[self._schedule.turn(stream.loaded)]
            after: Value = Const(0, shape)
            for place, digit in reversed(list(enumerate(digits))):
                kept = self._register(stream, f"digits{number or ''}_{place}", 0, shape)
                move(kept.eq(Mux(load, digit, after)))
                after = kept
            self._late[stream, 0] = after
            for delay in range(1, 1 + max((self._delay(use, each) for use, each in self._all() if each is stream))):
                later = self._register(stream, f"digits{number or ''}_late{delay}", delay, shape)
                move(later.eq(after))
                after = self._late[stream, delay] = later

    def port(self, unit: str, turn: Value, move: Callable[[object], None]) -> Value:
        """Return the digit whose turn it is in a unit."""
        terms: list[Value] = []
        taken = self._taken[unit]
        for use, stream in taken:
            delay = self._delay(use, stream)
            value = self._late[stream, delay]
            begin = stream.loaded + 1 + delay
            shown = {self._schedule.turn(begin + place) for place in range(len(stream.digits))}
            others = [
                other.first + place for other, _ in taken if other is not use for place in range(len(other.digits))
            ]
            # Before it begins, it still holds digits of the input before.
            if any(stage < begin or self._schedule.turn(stage) in shown for stage in others):
                value = self._alone(unit, use, stream, turn, move)
            if not any(value is term for term in terms):
                terms.append(value)
        return reduce(or_, terms)

    def _alone(self, unit: str, use: _Use, stream: _Stream, turn: Value, move: Callable[[object], None]) -> Value:
        """Return digits that are 0 but in the turns of a use."""
        delay = self._delay(use, stream)
        before = self._late[stream, max(delay - 1, 0)]
        turns = sorted({self._schedule.turn(use.first + place - (delay > 0)) for place in range(len(use.digits))})
        value = Mux(reduce(or_, (turn[number] for number in turns)), before, 0)
        if not delay:
            return value
        alone = self._register(stream, f"{unit}_digit{use.first}", delay, before.shape())
        move(alone.eq(value))
        return alone

    def _all(self) -> Iterator[tuple[_Use, _Stream]]:
        for taken in self._taken.values():
            yield from taken

    def _delay(self, use: _Use, stream: _Stream) -> int:
        delay = stream.delay(use)
        assert delay is not None
        return delay

    def _register(self, stream: _Stream, called: str, delay: int, shape: Shape) -> Signal:
        return self._signals.operand(stream.digits[0], called, shape, stream.loaded + delay)


def _uses(unit: str, port: Sequence[tuple[int, str]]) -> Iterator[_Use]:
    """Yield the runs of consecutive stages of a unit."""
    run: list[tuple[int, str]] = []
    for stage, name in sorted(port):
        if run and stage != run[-1][0] + 1:
            yield _Use(unit, run[0][0], tuple(name for _, name in run))
            run = []
        run.append((stage, name))
    yield _Use(unit, run[0][0], tuple(name for _, name in run))
