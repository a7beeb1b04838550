"""The passage of elements through a composite (decisions 058, 065); `order` has the lemmas about it.

Elements of vectors go from the input to the output by *stretches* of ranks. Between these they wait in *rings* (see
`ring`) for a value of their whole vector, which begins in an *accumulator*, or in a *replay* (see `replay`) from which
their vector is read several times.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

__all__ = ["Accumulator", "Counter", "Passage", "Place", "Replay", "Ring", "Stretch", "ranks"]


@dataclass(frozen=True)
class Place:
    """Registers, or ports, that hold an element.

    Parameters
    ----------
    data
        What it is.
    valid
        Whether there is one; empty if there always is.
    last
        Whether it is the last one, as the unit's output has it; empty if none says so.
    end
        Whether it ends its vector, where that is another bit than `last`.

    """

    data: tuple[str, ...]
    valid: str
    last: str = ""
    end: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """All names, the data first."""
        return (*self.data, *filter(None, dict.fromkeys((self.valid, self.last, self.end))))

    @property
    def ends(self) -> str:
        """The bit that ends a vector."""
        return self.end or self.last


@dataclass(frozen=True)
class Stretch:
    """Ranks between two places.

    Parameters
    ----------
    source, target, clocks
        The places, and the clocks from one to the other.
    held, joins
        Registers of accumulators that the way leads by, and the clocks from the source to there.
    ends
        Whether the end of a vector alone leaves, as the answer to it.

    """

    source: Place
    target: Place
    clocks: int
    held: tuple[str, ...] = ()
    joins: int = 0
    ends: bool = False


@dataclass(frozen=True)
class Accumulator:
    """Registers with a value of the elements of a vector so far.

    Parameters
    ----------
    held
        The registers.
    begins
        The register that is high if the next element is the first of a vector.
    source, clocks
        Where elements come from, and the clocks from there.
    ahead
        Registers with what was found about the element a clock ahead.

    """

    held: tuple[str, ...]
    begins: str
    source: Place
    clocks: int = 0
    ahead: tuple[str, ...] = ()


@dataclass(frozen=True)
class Counter:
    """A register that counts the elements of a vector as they come from a place."""

    register: str
    source: Place


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
class Replay:
    """A memory of two halves in which a vector stays while it is read several times (`hdl.composites.neuron_replay`).

    Parameters
    ----------
    entry
        The ports that elements come from.
    ready
        The port that says that one is taken.
    lanes
        Names of the codes of an element, the lowest bits of a word first.
    released
        The registers behind the memory.
    times
        How often a vector is read.

    """

    entry: Place
    ready: str
    lanes: tuple[str, ...]
    released: Place
    times: int


@dataclass(frozen=True)
class Passage:
    """The way of elements through a composite.

    Parameters
    ----------
    most
        The most elements of a vector.
    stretches, accumulators, counters, rings, replay
        What it consists of.

    """

    most: int
    stretches: tuple[Stretch, ...]
    accumulators: tuple[Accumulator, ...] = ()
    counters: tuple[Counter, ...] = ()
    rings: tuple[Ring, ...] = ()
    replay: Replay | None = None


def ranks(registers: Iterable[str], prefix: str) -> tuple[str, ...]:
    """Return the registers of a value on its way through ranks, such as ``x_r1``, ``x_r2``, in order."""
    return tuple(sorted((name for name in registers if name.startswith(f"{prefix}_r")), key=lambda n: (len(n), n)))
