"""The lemmas that elements of vectors keep their order on their way through stretches and accumulators.

*order*: what leaves a stretch was made of what came in so many clocks before, of what accumulators on the way held, and
of nothing else; ``valid`` and ``last`` go with it, and from the first values on nothing leaves before something came.
Where a vector has one answer, its last element alone leaves.

*anew*: an accumulator keeps what it holds without an element, and knows the first element of a vector by the end before
it. With that one it takes the same value whatever it held, provided that it has moved once, as it has when the first
element after a reset comes; with others it takes one that depends on nothing but what it held, and the element. A
counter, which says which weight an element meets, counts the elements of its vector.

Unless said otherwise, all of that holds from every state, reachable or not.
"""

from __future__ import annotations

from collections.abc import Mapping

from .lemma import Lemma
from .passage import Accumulator, Counter, Passage, Place, Stretch

__all__ = ["anew_lemma", "order_lemma"]


class _Element:
    """An element at a place, in any two states."""

    def __init__(self, lemma: Lemma, source: Place, states: tuple[str, str] | None = None) -> None:
        self._lemma = lemma
        first, second = states or (lemma.any_state(), lemma.any_state())
        registers = {name: lemma.register(first, name) for name in source.names if name in lemma.registers}
        inputs = {port.name: lemma.anything(port.width) for port in lemma.ports if port.name in source.names}
        self._words = registers | inputs
        self._runs = [(first, inputs), (lemma.state_with(registers, second), lemma.padded(inputs))]

    def __getitem__(self, name: str) -> str:
        """Return an expression for a register or port of the place; an unnamed bit is high."""
        if name and name not in self._words:
            raise ValueError(f"there is no register or port {name}")
        return self._words[name] if name else "1'b1"

    @property
    def states(self) -> list[str]:
        """The two states."""
        return [state for state, _ in self._runs]

    def move(self, clocks: int) -> None:
        """Take the states so many clocks further."""
        for _ in range(clocks):
            self._runs = [(self._lemma.walk(state, inputs).after, {}) for state, inputs in self._runs]

    def share(self, held: tuple[str, ...]) -> None:
        """Give the second state some registers of the first one."""
        (first, _), (second, inputs) = self._runs
        kept = {name: self._lemma.register(first, name) for name in held}
        self._runs[1] = self._lemma.state_with(kept, second), inputs

    def read(self, place: Place) -> list[dict[str, str]]:
        """Return expressions for the registers or ports of another place, in both states."""
        return [_read(self._lemma, state, inputs, place) for state, inputs in self._runs]


def _read(lemma: Lemma, state: str, inputs: Mapping[str, str], place: Place) -> dict[str, str]:
    outputs = {} if set(place.names) <= set(lemma.registers) else lemma.walk(state, inputs).outputs
    return {name: outputs.get(name) or lemma.register(state, name) for name in place.names}


def order_lemma(lemma: Lemma, passage: Passage, start: str) -> str:
    """Claim that stretches keep elements in order, from first values `start` on, too; returns the statement."""
    said = []
    for stretch in passage.stretches:
        _stretch(lemma, stretch, start)
        source, target = (" and ".join(place.data) for place in (stretch.source, stretch.target))
        beside = f" with {' and '.join(stretch.held)} as it met them" if stretch.held else ""
        made = f"{target} is made of {source} {stretch.clocks} clocks before{beside}, and of that alone"
        said.append(f"at the end of a vector, {made}" if stretch.ends else made)
    return f"{'; '.join(said)}{'; each with its last' if passage.stretches[0].source.last else ''}"


def _stretch(lemma: Lemma, stretch: Stretch, start: str) -> None:
    source, target, clocks = stretch.source, stretch.target, stretch.clocks
    element = _Element(lemma, source)
    element.move(stretch.joins)
    element.share(stretch.held)
    element.move(clocks - stretch.joins)
    left, right = element.read(target)
    leaves = element[source.valid] + (f" & {element[source.ends]}" if stretch.ends else "")
    if target.valid:
        when = f"{source.valid} with {source.ends}" if stretch.ends else source.valid
        lemma.claim(f"{target.valid} is not {when}, {clocks} clocks before", f"{left[target.valid]} == ({leaves})")
        state = start
        for number in range(clocks):
            early = _read(lemma, state, {}, Place((), target.valid))[target.valid]
            lemma.claim(f"{target.valid} is high {number} clocks after a reset", f"~{early}")
            state = lemma.walk(state, {}).after
    for name in target.data:
        lemma.claim(f"{name} depends on more than that", f"~({leaves}) | {left[name]} == {right[name]}")
    if target.last:
        label = f"{target.last} is not {source.last}, {clocks} clocks before"
        lemma.claim(label, f"~({leaves}) | {left[target.last]} == {element[source.last]}")


def anew_lemma(lemma: Lemma, passage: Passage, start: str) -> str:
    """Claim that accumulators and counters begin anew with every vector; returns the statement."""
    said: list[str] = []
    for accumulator in passage.accumulators:
        _accumulator(lemma, accumulator, start)
        said += accumulator.held
    for counter in passage.counters:
        _counter(lemma, counter, start)
        said.append(counter.register)
    s = "s" if len(said) == 1 else ""
    return f"{' and '.join(said)} begin{s} anew with the first element of every vector, and wait{s} for the others"


def _accumulator(lemma: Lemma, each: Accumulator, start: str) -> None:
    element = _Element(lemma, each.source)
    element.move(each.clocks)
    element.share((*each.held, each.begins, *each.ahead))
    valid, ends = element[each.source.valid], element[each.source.ends]
    now = element.states[0]
    begins = lemma.register(now, each.begins)
    element.move(1)
    after, likewise = element.states
    next_begins = lemma.register(after, each.begins)
    lemma.claim(f"{each.begins} does not follow the last element", f"{next_begins} == ({valid} ? {ends} : {begins})")
    for name in each.held:
        before, then, instead = (lemma.register(state, name) for state in (now, after, likewise))
        lemma.claim(f"{name} changes without an element", f"{valid} | {begins} | {then} == {before}")
        lemma.claim(f"{name} depends on more than what it held", f"~{valid} | {then} == {instead}")
    _first_element(lemma, each)
    state = start
    for _ in range(each.clocks + 1):
        lemma.claim(f"{each.begins} is low before an element came", lemma.register(state, each.begins))
        state = lemma.walk(state, {}).after


def _first_element(lemma: Lemma, each: Accumulator) -> None:
    """Claim that the first element of a vector has the same effect in any two states that clocks lead to."""
    settled = (lemma.walk(lemma.any_state(), {}).after, lemma.walk(lemma.any_state(), {}).after)
    element = _Element(lemma, each.source, None if each.clocks else settled)
    element.move(each.clocks)
    begin = " & ".join([element[each.source.valid], *(lemma.register(state, each.begins) for state in element.states)])
    element.move(1)
    for name in each.held:
        left, right = (lemma.register(state, name) for state in element.states)
        lemma.claim(f"{name} begins with what it held before", f"~({begin}) | {left} == {right}")


def _counter(lemma: Lemma, each: Counter, start: str) -> None:
    element = _Element(lemma, each.source)
    valid, ends = element[each.source.valid], element[each.source.ends]
    before = lemma.register(element.states[0], each.register)
    element.move(1)
    follows = lemma.let(lemma.width(each.register), f"{valid} ? ({ends} ? 0 : {before} + 1) : {before}")
    after = lemma.register(element.states[0], each.register)
    lemma.claim(f"{each.register} does not count elements", f"{after} == {follows}")
    lemma.claim(f"{each.register} is not 0 at first", f"{lemma.register(start, each.register)} == 0")
