"""The lemma about a replay: vectors are read in order, each several times, every element once a time (decision 065).

The memory of a replay has two halves. A vector comes into one of them while the vector before is read from the other.
The next element goes to the place ``fill`` of the half ``fill_half``; the one at ``read`` of ``read_half`` is read
next, and ``next_neuron`` counts how often its vector has been read. A half is *busy* from when the last element of a
vector is taken until it is free for another, and *whole* from when that element is in the memory.

*Moves*, from every state: each register goes on by what is taken and what is read. A word of the memory changes only
where an element is stored, and to that element. The word that leaves is the one at ``read``, with whether it is the
first and the last one of its vector, and for which time.

*Invariant*, by induction over clocks: the halves are filled by turns, and read by turns in the same order. No element
is stored in a half that is whole, and none is read from one that is not. Each time, ``read`` goes from 0 to the place
of the last element; the weights are those of that time and of that element.

So a vector stays in the memory until it has been read for the last time, and the next one follows. The lemma takes for
granted that no vector has more than n transfers before its last.
"""

from __future__ import annotations

from collections.abc import Iterator

from .lemma import Clock, Lemma
from .passage import Passage, Replay

__all__ = ["replay_lemma"]

_HALVES = (0, 1)


def replay_lemma(lemma: Lemma, passage: Passage, start: str) -> str:
    """Claim the moves of a replay and its invariant, from first values `start` on; returns the statement."""
    replay, most = passage.replay, passage.most
    if replay is None:
        raise ValueError("there is no replay")
    state = lemma.any_state()
    inputs = {port.name: lemma.anything(port.width) for port in lemma.ports if port.name in replay.entry.names}
    clock = lemma.walk(state, inputs)
    now, then = _State(lemma, replay, state), _State(lemma, replay, clock.after)
    for label, claim in _moves(lemma, replay, now, then, clock, inputs):
        lemma.claim(label, claim)
    for label, holds in _State(lemma, replay, start).invariant(most):
        lemma.claim(f"at first, {label}", holds)
    valid, last = inputs[replay.entry.valid], inputs[replay.entry.last]
    allowed = f"~{valid} | {last} | {now.fill} < {most - 1}"
    assumed = lemma.let(1, " & ".join(f"({each})" for each in [allowed, *(holds for _, holds in now.invariant(most))]))
    for label, holds in then.invariant(most):
        lemma.claim(label, f"~{assumed} | ({holds})")
    return (
        f"as long as a vector has at most {most} transfers, each vector that is taken is read {replay.times} times in "
        "a row, and each time its transfers in order, each once"
    )


class _State:
    """The registers of a replay in a state."""

    def __init__(self, lemma: Lemma, replay: Replay, state: str) -> None:
        self._lemma, self._replay, self._state = lemma, replay, state
        self.fill, self.fill_half = self.of("fill"), self.of("fill_half")
        self.read, self.read_half, self.time = self.of("read"), self.of("read_half"), self.of("next_neuron")
        self.store_at, self.last_in, self.valid_in = self.of("store_at"), self.of("last_in"), self.of("valid_in")
        self.busy, self.whole, self.end = (
            [self.of(f"{name}{half}") for half in _HALVES] for name in ("busy", "whole", "end")
        )
        self.bits = lemma.width("fill")
        self.store_half = lemma.let(1, f"{self.store_at} >> {self.bits}")
        self.reading = self._chosen(self.read_half, self.whole)
        self.last_read = lemma.let(self.bits, f"{self.read_half} ? {self.end[1]} : {self.end[0]}")
        self.ends = lemma.let(1, f"{self.reading} & {self.read} == {self.last_read}")
        self.is_final = lemma.let(1, f"{self.time} == {replay.times - 1}")
        self.done = lemma.let(1, f"{self.ends} & {self.is_final}")
        self.room = lemma.let(1, f"~{self._chosen(self.fill_half, self.busy)}")

    def of(self, name: str) -> str:
        """Return an expression for a register."""
        return self._lemma.register(self._state, name)

    def has(self, name: str) -> bool:
        """Tell whether there is such a register: where nothing depends on it, the text has none."""
        return name in self._lemma.registers

    def _chosen(self, half: str, each: list[str]) -> str:
        return self._lemma.let(1, f"{half} ? {each[1]} : {each[0]}")

    @property
    def words(self) -> list[str]:
        """The elements in the memory."""
        return [self.of(f"elements[{place}]") for place in range(2 << self.bits)]

    def invariant(self, most: int) -> Iterator[tuple[str, str]]:
        """Yield what holds in every clock, with a label that says how it fails."""
        yield f"more than {most} elements come into a half", f"{self.fill} <= {most - 1}"
        one_is_busy = f"({self.busy[0]} ^ {self.busy[1]})"
        yield "halves are not filled by turns", f"({self.fill_half} ^ {self.read_half}) == {one_is_busy}"
        other, first = (self._chosen(half, self.busy) for half in (f"~{self.read_half}", self.read_half))
        yield "halves are not read by turns", f"~{other} | {first}"
        for half in _HALVES:
            busy, whole, end = self.busy[half], self.whole[half], self.end[half]
            comes = f"({self.valid_in} & {self.store_half} == {half})"
            yield "a half is whole before its vector ended", f"~{whole} | {busy}"
            yield "a vector that ended is not in the memory", f"({busy} & ~{whole}) == ({comes} & {self.last_in})"
            filled = f"~{busy} & {self.fill_half} == {half}"
            yield "an element is stored in a vector that waits", f"~{comes} | {self.last_in} | {filled}"
            yield "an element that waits is overwritten", f"~{comes} | ~{whole}"
            yield f"a vector has more than {most} elements", f"~{busy} | {end} <= {most - 1}"
        yield "what is read is behind the end", f"~{self.reading} | {self.read} <= {self.last_read}"
        yield "a vector is not read from its first element on", f"{self.reading} | {self.read} == 0"
        yield "a vector is not read from the first time on", f"{self.reading} | {self.time} == 0"
        yield "a vector is read too often", f"{self.time} <= {self._replay.times - 1}"
        if self.has("next_weight"):
            row, width = self.of("row"), self._lemma.width("row")
            rows = " | ".join(
                f"({self.time} == {time} & {row} == {width}'d{time * most})" for time in range(self._replay.times)
            )
            yield "weights are not those of the time", rows
            yield "a weight is not that of the element", f"{self.of('next_weight')} == {row} + {self.read}"


def _moves(
    lemma: Lemma, replay: Replay, now: _State, then: _State, clock: Clock, inputs: dict[str, str]
) -> Iterator[tuple[str, str]]:
    """Yield what a clock does to a replay."""
    last = inputs[replay.entry.last]
    taken = lemma.let(1, f"{inputs[replay.entry.valid]} & {now.room}")
    yield f"{replay.ready} is not whether there is room", f"{clock.outputs[replay.ready]} == {now.room}"
    yield "what is taken is not stored", f"{then.valid_in} == {taken}"
    yield "an element is stored elsewhere", f"{then.store_at} == {{{now.fill_half}, {now.fill}}}"
    yield "last is not that of the element", f"{then.last_in} == {last}"
    yield from _codes_in(lemma, replay, then, inputs)
    further = {"fill": lemma.let(now.bits, f"{now.fill} + 1"), "read": lemma.let(now.bits, f"{now.read} + 1")}
    ended = lemma.let(1, f"{taken} & {last}")
    yield "fill does not go on", f"{then.fill} == ({taken} ? ({last} ? 0 : {further['fill']}) : {now.fill})"
    yield "the half that is filled does not change", f"{then.fill_half} == ({now.fill_half} ^ {ended})"
    yield "read does not go on", f"{then.read} == ({now.reading} ? ({now.ends} ? 0 : {further['read']}) : {now.read})"
    yield "the half that is read does not change", f"{then.read_half} == ({now.read_half} ^ {now.done})"
    time = lemma.let(lemma.width("next_neuron"), f"{now.time} + 1")
    yield "times are not counted", f"{then.time} == ({now.ends} ? ({now.is_final} ? 0 : {time}) : {now.time})"
    for half in _HALVES:
        ended_here, freed = f"({ended} & {now.fill_half} == {half})", f"({now.done} & {now.read_half} == {half})"
        stored = f"({now.valid_in} & {now.last_in} & {now.store_half} == {half})"
        yield "the end of a vector is another", f"{then.end[half]} == ({ended_here} ? {now.fill} : {now.end[half]})"
        yield "a half is busy at another time", f"{then.busy[half]} == (({now.busy[half]} | {ended_here}) & ~{freed})"
        yield "a half is whole at another time", f"{then.whole[half]} == (({now.whole[half]} | {stored}) & ~{freed})"
    lanes = [lane for lane in replay.lanes if now.has(f"{lane}_in")]
    word = _word(lanes, "in", now)
    for place, (held, after) in enumerate(zip(now.words, then.words, strict=True)):
        written = f"{now.valid_in} & {now.store_at} == {place}"
        yield "an element is not kept as it came", f"{after} == (({written}) ? {word} : {held})"
        is_read = f"({now.read_half} == {place >> now.bits} & {now.read} == {place % (1 << now.bits)})"
        yield "another element leaves", f"~{is_read} | {_word(lanes, 'now', then)} == {held}"
    beside = {"valid": now.reading, "ends": now.ends, "last": now.done, "first": f"({now.read} == 0)"}
    beside["neuron_at"] = now.time
    if now.has("next_weight"):
        beside["weight_at"] = now.of("next_weight")
    for name, expected in beside.items():
        if then.has(f"{name}_now"):
            yield f"{name} leaves with another element", f"{then.of(f'{name}_now')} == {expected}"


def _word(lanes: list[str], where: str, state: _State) -> str:
    return f"{{{', '.join(state.of(f'{lane}_{where}') for lane in reversed(lanes))}}}"


def _codes_in(lemma: Lemma, replay: Replay, then: _State, inputs: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Yield that the codes of an element come from the ports."""
    fields = [field for port in lemma.ports if port.name in replay.entry.data for field in port.fields]
    for lane, field in zip(replay.lanes, fields, strict=True):
        if then.has(f"{lane}_in"):
            code = f"{inputs[field.port]}[{field.low} +: {lemma.width(f'{lane}_in')}]"
            yield "another element is stored", f"{then.of(f'{lane}_in')} == {code}"
