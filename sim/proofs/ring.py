"""Lemmas about rings: elements leave in order, each with its own last and the value of its own vector (decision 058).

Let a ring have room for M elements: those that wait are between the places ``read`` and ``write``, and those up to
``limit`` have a known value. It comes d clocks behind the last element of its vector, and the places of ``write`` in
the clocks between go along with it, down to the *oldest*.

*rings*, from every state: a word is written where ``write`` says and leaves where ``read`` says, each place goes on by
one with every word, and ``limit`` becomes the place that ``write`` had behind the last element of the vector. So
elements leave in the order in which they came, unless a word is overwritten while it waits, or read before it came.

*room*, by induction over clocks: neither happens as long as vectors have at most n elements. The lemma counts the
elements of a vector, and gives numbers to vectors, which go along with their elements. The invariant is that

* a place of write and the one a clock before are equal, or one apart if an element came, and with it its last;
* a vector has fewer than n elements before its last. At most n wait between read and limit, one more up to the oldest
  place, and so n + d at all: while a vector comes in, as many elements of those before leave;
* numbers rise by one behind each last and nowhere else, from that of the value to be read next to that of the vector
  coming in, as the oldest place sees it; up to limit all values are known, and beyond is one vector;
* an element at the head, which leaves next, has the number of the value that is read beside it.

The first values have it, and each clock keeps it.
"""

from __future__ import annotations

from collections.abc import Iterator

from .lemma import Lemma
from .passage import Passage
from .ring_state import RingState

__all__ = ["ring_lemma", "room_lemma"]


def ring_lemma(lemma: Lemma, passage: Passage, start: str) -> str:
    """Claim the move of every ring, from any state; returns the statement."""
    for ring in passage.rings:
        state = lemma.any_state()
        now, then = RingState(lemma, ring, state), RingState(lemma, ring, lemma.walk(state, {}).after)
        for label, claim in _moves(now, then):
            lemma.claim(f"{ring.name}: {label}", claim)
    names = " and ".join(ring.name for ring in passage.rings)
    return f"what waits in {names} leaves where it was written, one place after the other, beside the value there"


def room_lemma(lemma: Lemma, passage: Passage, start: str) -> str:
    """Claim that every ring has room; returns the statement.

    Parameters
    ----------
    lemma
        The lemma to add to.
    passage
        The rings.
    start
        Registers with their first values.

    """
    for ring in passage.rings:
        first = RingState(lemma, ring, start)
        numbers = f"{first.incoming} == 0 & {first.known_number} == 0 & {first.done_number} == 0"
        numbers += "".join(f" & {is_stale}" for is_stale in first.stale[1:])
        numbers += "".join(f" & {length} == 0" for length in first.lengths)
        for label, holds in first.invariant(passage.most):
            lemma.claim(f"{ring.name}: at first, {label}", f"~({numbers}) | ({holds})")
        state = lemma.any_state()
        now = RingState(lemma, ring, state)
        then = RingState(lemma, ring, lemma.walk(state, {}).after, now)
        so_far = [holds for _, holds in now.invariant(passage.most)]
        invariant = lemma.let(1, " & ".join(f"({each})" for each in so_far))
        for label, before, follows in now.consequences(passage.most):
            lemma.claim(f"{ring.name}: {label}", f"~({invariant} & {before}) | ({follows})")
            so_far.append(follows)
        length = f"~{now.valid} | {now.last} | {now.lengths[0]} < {passage.most - 1}"
        assumed = lemma.let(1, " & ".join(f"({each})" for each in [*so_far, length]))
        for label, claim in [*then.invariant(passage.most), *_room(now)]:
            lemma.claim(f"{ring.name}: {label}", f"~{assumed} | ({claim})")
    names, have = " and ".join(ring.name for ring in passage.rings), "has" if len(passage.rings) == 1 else "have"
    return (
        f"as long as a vector has at most {passage.most} elements, {names} {have} room: no word is overwritten before "
        "it is read or read before it is written, and every element has the value of its own vector beside it"
    )


def _moves(now: RingState, then: RingState) -> Iterator[tuple[str, str]]:
    """Yield what a clock does to a ring."""
    for place, former in zip(then.held[1:], now.held, strict=False):
        yield "a former end is another", f"{place} == {former}"
    for known, before in zip(then.knows, [f"({now.valid} & {now.last})", *now.knows], strict=False):
        yield "a value is known at another time", f"{known} == {before}"
    oldest, knows = now.held[-1], now.knows[-1]
    steps = (("write", now.valid), ("read", now.ready), ("known", knows), ("done", now.ends))
    for name, moves in steps:
        before, after = getattr(now, name), getattr(then, name)
        bits = now.bits if name in ("write", "read") else now.value_bits
        further = now.let(bits, f"{before} + {moves}")
        yield f"{name} does not go on by one", f"{after} == {further}"
    yield "limit is not the end of the vector", f"{then.limit} == ({knows} ? {oldest} : {now.limit})"
    for j, (word, after) in enumerate(zip(now.words, then.words, strict=True)):
        written = f"{now.valid} & {now.write} == {j}"
        yield "an element is not kept as it came", f"{after} == (({written}) ? {now.word} : {word})"
        yield "another element is read", f"~{now.ready} | {now.read} != {j} | {then.head} == {word}"
    for j, (value, after) in enumerate(zip(now.values, then.values, strict=True)):
        yield "a value is not kept as it came", f"{after} == (({knows} & {now.known} == {j}) ? {now.value} : {value})"
        yield "another value is read", f"{now.done} != {j} | {then.released['value']} == {value}"
    yield "the head is valid at another time", f"{then.head_valid} == {now.ready}"
    yield "an element leaves at another time", f"{then.released['valid']} == {now.head_valid}"
    word = f"{{{then.released['last']}, {then.released['element']}}}"
    yield "another element leaves", f"{word} == {now.head}"


def _room(now: RingState) -> Iterator[tuple[str, str]]:
    """Yield that nothing that waits is overwritten in a clock."""
    full, values = (1 << now.bits) - 1, (1 << now.value_bits) - 1
    yield "an element that waits is overwritten", f"~{now.valid} | {now.from_to(now.read, now.write)} < {full}"
    yield "a value that waits is overwritten", f"~{now.knows[-1]} | {now.values_behind} <= {values}"
