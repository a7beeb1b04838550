"""The passage of elements through a composite, and the lemmas that they keep their order (decision 058).

Elements of vectors go from the input to the output by *stretches* of ranks, between which they wait in *rings* (see
`ring`) for a value that is made of their whole vector. A value begins in an *accumulator*.

* A stretch is proved as the pipeline of a unit is: what leaves it was made of what came in so many clocks before, and
  of nothing else; ``last`` and ``valid`` go with it.
* An accumulator keeps what it holds without an element, begins anew with the first one of a vector, whatever it held
  before, and knows the first one by the ``last`` before it.

All of that holds from every state, reachable or not.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .lemma import Lemma

__all__ = ["Accumulator", "Passage", "Place", "Ring", "Stretch", "anew_lemma", "order_lemma", "ranks"]


@dataclass(frozen=True)
class Place:
    """Registers, or ports, that hold an element: its data, whether there is one, and whether it is the last."""

    data: tuple[str, ...]
    valid: str
    last: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """All names, the data first."""
        return (*self.data, self.valid, *([self.last] if self.last else []))


@dataclass(frozen=True)
class Stretch:
    """Ranks between two places."""

    source: Place
    target: Place
    clocks: int


@dataclass(frozen=True)
class Accumulator:
    """Registers with a value of the elements of a vector so far.

    Parameters
    ----------
    held
        The registers.
    begins
        The register that is high if the next element is the first of a vector.
    element
        Where the elements come from.

    """

    held: tuple[str, ...]
    begins: str
    element: Place


@dataclass(frozen=True)
class Ring:
    """A ring in which elements wait for the value of their vector (`hdl.composites.waiting`).

    Parameters
    ----------
    name
        What the names of its registers begin with.
    entry
        Where elements come from, with their last.
    value
        The register with the value of a vector.
    known
        The registers that are high 1, 2, ... clocks after the last element of a vector, up to when its value is there.

    """

    name: str
    entry: Place
    value: str
    known: tuple[str, ...]

    @property
    def released(self) -> Place:
        """Where elements are when they no longer wait, beside the value."""
        return Place((f"{self.name}_element", f"{self.name}_value"), f"{self.name}_valid", f"{self.name}_last")


@dataclass(frozen=True)
class Passage:
    """The way of elements through a composite.

    Parameters
    ----------
    most
        The most elements of a vector.
    stretches, rings, accumulators
        What it consists of.

    """

    most: int
    stretches: tuple[Stretch, ...]
    rings: tuple[Ring, ...]
    accumulators: tuple[Accumulator, ...]


def ranks(registers: Iterable[str], prefix: str) -> tuple[str, ...]:
    """Return the registers of a value on its way through ranks, such as ``x_r1``, ``x_r2``, in order."""
    return tuple(sorted((name for name in registers if name.startswith(f"{prefix}_r")), key=lambda n: (len(n), n)))


def order_lemma(lemma: Lemma, passage: Passage) -> str:
    """Claim that stretches keep elements in order; returns the statement."""
    said = []
    for stretch in passage.stretches:
        _stretch(lemma, stretch)
        source, target = (" and ".join(place.data) for place in (stretch.source, stretch.target))
        said.append(f"{target} is made of {source} {stretch.clocks} clocks before, and of that alone")
    return f"{'; '.join(said)}; each with its last"


def _stretch(lemma: Lemma, stretch: Stretch) -> None:
    source, target = stretch.source, stretch.target
    registers = [name for name in source.names if name in lemma.registers]
    inputs = {port.name: lemma.anything(port.width) for port in lemma.ports if port.name in source.names}
    first = lemma.any_state()
    ends = []
    for state in (first, lemma.state_with({name: lemma.register(first, name) for name in registers})):
        now = lemma.walk(state, inputs)
        for _ in range(stretch.clocks - 1):
            now = lemma.walk(now.after, {})
        at_ports = lemma.walk(now.after, {}).outputs
        ends.append({name: at_ports.get(name) or lemma.register(now.after, name) for name in target.names})
    for name in target.data:
        lemma.claim(f"{name} depends on more than that", f"{ends[0][name]} == {ends[1][name]}")
    for name, origin in ((target.valid, source.valid), (target.last, source.last)):
        if name:
            began = inputs.get(origin) or lemma.register(first, origin)
            differs = f"{name} is not {origin}, {stretch.clocks} clocks before"
            matters = "1'b1" if name == target.valid else ends[0][target.valid]
            lemma.claim(differs, f"~{matters} | {ends[0][name]} == {began}")


def anew_lemma(lemma: Lemma, passage: Passage) -> str:
    """Claim that accumulators begin anew with every vector; returns the statement."""
    for each in passage.accumulators:
        state = lemma.any_state()
        valid, last, begins = (lemma.register(state, n) for n in (each.element.valid, each.element.last, each.begins))
        after = lemma.walk(state, {}).after
        next_begins = lemma.register(after, each.begins)
        lemma.claim(
            f"{each.begins} does not follow the last element", f"{next_begins} == ({valid} ? {last} : {begins})"
        )
        kept = [*each.element.names, each.begins]
        other = lemma.walk(lemma.state_with({name: lemma.register(state, name) for name in kept}), {}).after
        for name in each.held:
            before, now, instead = (lemma.register(one, name) for one in (state, after, other))
            lemma.claim(f"{name} changes without an element", f"{valid} | {now} == {before}")
            lemma.claim(f"{name} begins with what it held before", f"~({valid} & {begins}) | {now} == {instead}")
    held = " and ".join(name for each in passage.accumulators for name in each.held)
    return f"{held} begin anew with the first element of every vector, and wait for the others"
