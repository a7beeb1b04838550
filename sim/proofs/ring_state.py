"""A ring in one clock of a lemma: its registers, the numbers given to vectors, and the invariant (see `ring`)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from itertools import pairwise

from .lemma import Lemma
from .passage import Ring, ranks

__all__ = ["RingState"]


class RingState:
    """A ring in a state, and the numbers that a lemma gives to vectors: any, or those that follow `before`."""

    def __init__(self, lemma: Lemma, ring: Ring, state: str, before: RingState | None = None) -> None:
        self._lemma, self._ring, self._state, self._before = lemma, ring, state, before
        self.write, self.read, self.limit = (self._of(name) for name in ("write", "read", "limit"))
        self.known, self.done = self._of("known"), self._of("done")
        self.head, self.head_valid = self._of("head"), self._of("head_valid")
        late = ranks(lemma.registers, f"{ring.name}_write")
        self.held = [self.write, *(lemma.register(state, name) for name in late)]
        if len(self.held) != len(ring.known):
            raise ValueError(f"{ring.name} has {len(late)} former places of its end, not {len(ring.known) - 1}")
        self.knows = [lemma.register(state, name) for name in ring.known]
        self.valid, self.last = (lemma.register(state, name) for name in (ring.entry.valid, ring.entry.last))
        self.word = f"{{{self.last}, {lemma.register(state, ring.entry.data[0])}}}"
        self.value = lemma.register(state, ring.value)
        self.bits, self.value_bits = lemma.width(f"{ring.name}_write"), lemma.width(f"{ring.name}_known")
        self._number_bits = max(self.bits, self.value_bits) + 1

    def _of(self, name: str) -> str:
        return self._lemma.register(self._state, f"{self._ring.name}_{name}")

    @cached_property
    def stale(self) -> list[str]:
        """Whether each place is one from before the reset: former places are not reset."""
        before = self._before
        if before is None:
            return ["1'b0", *(self._lemma.anything() for _ in self.held[1:])]
        return ["1'b0", *before.stale[:-1]]

    @cached_property
    def places(self) -> list[str]:
        """The place written to in each clock since the reset, the newest first; 0 for clocks before it."""
        return [
            self.let(self.bits, f"{is_stale} ? 0 : {place}")
            for is_stale, place in zip(self.stale, self.held, strict=True)
        ]

    @cached_property
    def words(self) -> list[str]:
        """The elements, each with last above."""
        return [self._of(f"elements[{j}]") for j in range(1 << self.bits)]

    @cached_property
    def lasts(self) -> list[str]:
        """Whether each element is the last of its vector."""
        return [self._top(word) for word in self.words]

    @cached_property
    def values(self) -> list[str]:
        """The values."""
        return [self._of(f"values[{j}]") for j in range(1 << self.value_bits)]

    @cached_property
    def ends(self) -> str:
        """Whether the element at the head is the last of its vector."""
        return self.let(1, f"{self.head_valid} & {self._top(self.head)}")

    @cached_property
    def ready(self) -> str:
        """Whether an element of a vector with a known value waits."""
        return self.let(1, f"{self.read} != {self.limit}")

    @cached_property
    def released(self) -> dict[str, str]:
        """The registers with what leaves."""
        return {name: self._of(name) for name in ("element", "value", "last", "valid")}

    @cached_property
    def steps(self) -> list[str]:
        """Whether an element came between each place of write and the next older one."""
        return [self.let(1, f"{newer} != {older}") for newer, older in pairwise(self.places)]

    @cached_property
    def aged(self) -> tuple[str, str]:
        """Whether an element is behind the oldest place now, and whether it is the last of its vector."""
        return (self.steps[-1], self.knows[-2]) if self.steps else (self.valid, self.last)

    @cached_property
    def incoming(self) -> str:
        """The number of the vector that comes in behind the oldest place."""
        before = self._before
        return self._number(None if before is None else f"{before.incoming} + ({before.aged[0]} & {before.aged[1]})")

    @cached_property
    def lengths(self) -> list[str]:
        """Elements so far of the vector that comes in, as seen from each place."""
        before = self._before
        if before is None:
            return [self._lemma.anything(self.bits) for _ in self.places]
        longer = f"{before.valid} ? ({before.last} ? 0 : {before.lengths[0]} + 1) : {before.lengths[0]}"
        return [self.let(self.bits, longer), *before.lengths[:-1]]

    @cached_property
    def known_number(self) -> str:
        """The number of the next vector whose value will be known, of which ``known`` has the lowest bits."""
        before = self._before
        return self._number(None if before is None else f"{before.known_number} + {before.knows[-1]}")

    @cached_property
    def done_number(self) -> str:
        """The number of the vector whose value is read, of which ``done`` has the lowest bits."""
        before = self._before
        return self._number(None if before is None else f"{before.done_number} + {before.ends}")

    @cached_property
    def numbers(self) -> list[str]:
        """The number of the vector of each element."""
        before = self._before
        return [
            self._number(
                None
                if before is None
                else f"({before.aged[0]} & {before.places[-1]} == {j}) ? {before.incoming} : {before.numbers[j]}"
            )
            for j in range(1 << self.bits)
        ]

    @cached_property
    def head_number(self) -> str:
        """The number of the vector of the element at the head."""
        before = self._before
        return self._number(None if before is None else before.chosen(before.numbers, before.read))

    @cached_property
    def values_behind(self) -> str:
        """The number of values that wait, the one being read included."""
        return self.let(self._number_bits, f"{self.known_number} - {self.done_number}")

    def _number(self, follows: str | None) -> str:
        if follows is None:
            return self._lemma.anything(self._number_bits)
        return self.let(self._number_bits, follows)

    def chosen(self, each: list[str], place: str) -> str:
        """Return what is at a place."""
        width = self._number_bits
        return self.let(width, " | ".join(f"({{{width}{{{place} == {j}}}}} & {one})" for j, one in enumerate(each)))

    def from_to(self, low: str, high: str) -> str:
        """Return how many places further `high` is than `low`."""
        return self.let(self.bits, f"{high} - {low}")

    def number_at(self, place: str) -> str:
        """Return the number of the element at a place, or of the one that comes there next."""
        return self.let(
            self._number_bits, f"{place} == {self.places[-1]} ? {self.incoming} : {self.chosen(self.numbers, place)}"
        )

    def consequences(self, most: int) -> Iterator[tuple[str, str, str]]:
        """Yield what follows from `invariant` in the same clock: label, what it follows from, and what follows."""
        oldest = self.places[-1]
        so_far = "1'b1"
        for number, (place, step) in enumerate(zip(self.places[1:], self.steps, strict=True), start=1):
            behind = f"{self.from_to(place, self.write)} <= {number}"
            follows = f"{self.from_to(place, self.places[number - 1])} == {step} & {so_far}"
            yield f"more than {number} elements came in {number} clocks", follows, behind
            so_far = behind
        waiting, complete = self.from_to(self.read, self.write), self.from_to(self.read, oldest)
        follows = f"{complete} <= {most + 1} & {so_far}"
        most_at_all = most + len(self.places)
        yield f"more than {most_at_all} elements wait", follows, f"{waiting} <= {most_at_all} & {complete} <= {waiting}"

    def invariant(self, most: int) -> Iterator[tuple[str, str]]:
        """Yield what holds in every clock, with a label that says how it fails."""
        read, limit, oldest, known = self.read, self.limit, self.places[-1], self.knows[-1]
        released, complete, beyond = self.from_to(read, limit), self.from_to(read, oldest), self.from_to(limit, oldest)
        yield f"more than {most} of known value wait", f"{released} <= {most}"
        yield f"more than {most + 1} complete elements wait", f"{complete} <= {most + 1}"
        yield "its places are out of order", f"{released} <= {complete}"
        yield f"more than {most} elements become known", f"~{known} | {beyond} <= {most}"
        yield from self._delayed(most)
        yield "a vector has another length", f"{self.lengths[-1]} == ({known} ? 0 : {beyond})"
        ends = " | ".join(f"({oldest} == {(j + 1) % len(self.lasts)} & {last})" for j, last in enumerate(self.lasts))
        yield "a value is known before the last element", f"~{known} | {ends}"
        yield "a value is known of no vector", f"{self.incoming} == {self._sum(self.known_number, known)}"
        yield "a value is known of no vector", f"{self.number_at(limit)} == {self.known_number}"
        yield "a value is read of another vector", f"{self.number_at(read)} == {self._sum(self.done_number, self.ends)}"
        yield "a value is read of another vector", f"~{self.head_valid} | {self.head_number} == {self.done_number}"
        yield f"more than {most + 1} values wait", f"{self.values_behind} <= {most + 1}"
        low = self.value_bits - 1
        for number, held in ((self.known_number, self.known), (self.done_number, self.done)):
            yield "a value is counted twice or not at all", f"{number}[{low}:0] == {held}"
        for j, (last, number) in enumerate(zip(self.lasts, self.numbers, strict=True)):
            place, next_j = f"{self.bits}'d{j}", (j + 1) % len(self.numbers)
            from_read, from_limit = self.from_to(read, place), self.from_to(limit, place)
            follows = self.let(self._number_bits, f"{oldest} == {next_j} ? {self.incoming} : {self.numbers[next_j]}")
            rises = f"{follows} == {self._sum(number, last)}"
            yield "another element than the last ends a vector", f"{from_read} >= {complete} | {rises}"
            left = self.let(self._number_bits, f"{self.known_number} - {number}")
            is_known = f"({left} != 0 & {left} <= {self.from_to(place, limit)})"
            yield "an element is released before its value is known", f"{from_read} >= {released} | {is_known}"
            yield "a value is known of no vector", f"{from_limit} >= {beyond} | {number} == {self.known_number}"

    def _delayed(self, most: int) -> Iterator[tuple[str, str]]:
        """Yield what holds between the places of write."""
        for newer, older, step, knows, length, before in zip(
            self.places, self.places[1:], self.steps, self.knows, self.lengths, self.lengths[1:], strict=False
        ):
            yield "its places are out of order", f"{self.from_to(older, newer)} == {step}"
            yield "a value is known without an element", f"~{knows} | {step}"
            last = " | ".join(f"({older} == {j} & {last})" for j, last in enumerate(self.lasts))
            yield "a value is known of another element", f"~{step} | ({last}) == {knows}"
            longer = f"{step} ? ({knows} ? 0 : {before} + 1) : {before}"
            yield "a vector has another length", f"{length} == ({longer})"
        for length, is_stale, knows in zip(self.lengths, self.stale, self.knows, strict=True):
            yield f"a vector has more than {most} elements", f"{length} <= {most - 1}"
            yield "a value is known of a vector before the reset", f"~({knows} & {is_stale})"

    def _top(self, word: str) -> str:
        """Return the highest bit of a register."""
        return re.sub(r":\d+\]$", "]", word)

    def _sum(self, number: str, bit: str) -> str:
        return self.let(self._number_bits, f"{number} + {bit}")

    def let(self, width: int, expression: str) -> str:
        """Return a name for an expression of that width."""
        return self._lemma.let(width, expression)
