"""The base of composites: what is asked of one, the parts that it needs, and what it promises."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from fractions import Fraction
from math import inf, nextafter
from typing import TYPE_CHECKING, Any, ClassVar

from ...plan.formats import FixedFormat
from ..budget import Budget

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["Argument", "Composite", "Part", "Promise", "Words", "float_above"]

Words = Mapping[str, int]
"""The word lengths and constants that a composite's arithmetic is built with, by name."""


@dataclass(frozen=True)
class Argument:
    """An argument of a composite: a keyword in Python, an option on the command line.

    Parameters
    ----------
    name
        The keyword; the option is called the same, with hyphens.
    help
        What it is for.
    metavar
        What stands for its value in the help.
    short
        A one-letter option beside the long one, such as ``-n``.
    kind
        ``int``, ``str``, or ``bool`` for a flag.
    default
        Its value unless given; None if that depends on the others.
    required
        Whether it must be given.
    option
        The long option, where it is not called as the keyword.
    alone
        The value of an option that is given without one; empty if it needs a value.
    internal
        Whether it is about the hardware alone: composites that differ in it do the same job, in another way or with
        another error.
    array
        Whether it may be an array: on the command line the name of a .npy file.

    """

    name: str
    help: str
    metavar: str
    short: str = ""
    kind: type[int] | type[str] | type[bool] = str
    default: int | str | bool | None = None
    required: bool = False
    option: str = ""
    alone: str = ""
    internal: bool = False

    @property
    def keyword(self) -> str:
        """The long option without its hyphens, as the axis of a grid is called."""
        return self.flags[-1].removeprefix("--").replace("-", "_")

    array: bool = False

    @property
    def flags(self) -> tuple[str, ...]:
        """The options on the command line."""
        long = self.option or f"--{self.name.replace('_', '-')}"
        return (self.short, long) if self.short else (long,)


@dataclass(frozen=True)
class Part:
    """A unit that a composite is built of: what is asked of it.

    Parameters
    ----------
    function
        The function, as text.
    input_format, output_format
        Its formats.
    budget
        The largest error.
    monotonic
        Whether its outputs must never rise where the function falls, nor fall where it rises.
    saturate
        Whether values beyond the output's format are limited to it, rather than refused.

    """

    function: str
    input_format: FixedFormat
    output_format: FixedFormat
    budget: Budget
    monotonic: bool = False
    saturate: bool = False


@dataclass(frozen=True)
class Promise:
    """A promise of a composite's contract.

    Parameters
    ----------
    name
        What it is called in manifests and checks.
    statement
        The promise.
    proof
        How it is proved.
    limit
        The number that it is about, such as a largest error; None if it is about none.
    output
        The output of whose error it is the limit, if the composite has outputs of several formats.
    command
        The command that proves it again: ``check`` or ``prove``.

    """

    name: str
    statement: str
    proof: str
    limit: float | None = None
    output: str = ""
    command: str = "check"

    def as_dict(self, module: str) -> dict[str, Any]:
        """Return the promise as the manifest of a module has it, with the command that proves it again."""
        found = asdict(self) | {"command": f"softgate {self.command} {module}.json"}
        return {key: value for key, value in found.items() if key != "output" or value}


def float_above(bound: Fraction) -> float:
    """Return the limit of a promise for a bound: the nearest float, or the one above it if that is below the bound."""
    found = float(bound)
    return found if Fraction(found) >= bound else nextafter(found, inf)


@dataclass(frozen=True)
class Composite(ABC):
    """The specification of a composite. A subclass is frozen, and compares by its fields.

    Each composite has a class of its own name in four registries: this one, the golden models
    (`sim.golden.composites`), the hardware (`hdl.composites`) and the proofs (`sim.proofs.composites`).
    """

    name: ClassVar[str]
    aliases: ClassVar[tuple[str, ...]] = ()
    summary: ClassVar[str]
    arguments: ClassVar[tuple[Argument, ...]]

    @classmethod
    @abstractmethod
    def read(cls, **given: Any) -> Composite:
        """Return what is asked for, from texts or values by the names of the arguments.

        Raises
        ------
        TypeError
            If an argument is of the wrong kind.
        ValueError
            If one is out of its range, or no unit can keep the contract.

        """

    @abstractmethod
    def as_dict(self) -> dict[str, Any]:
        """Return the arguments as JSON values, from which `read` makes the same again."""

    @property
    def streams_vectors(self) -> bool:
        """Whether its transfers are elements of vectors, of which ``last`` marks the last one."""
        return False

    @property
    def output_order(self) -> str:
        """The order of what comes out of a stream, as a promise that is proved; empty where none is made."""
        return ""

    def extreme_vectors(self) -> list[list[NDArray[np.int64]]]:
        """Return vectors that come near the limits of the arithmetic: of each the codes of the fields, without last."""
        return []

    @property
    def construction(self) -> str:
        """The name of its hardware, of which a composite may have several."""
        return self.name

    def check_interface(self, interface: str) -> None:  # noqa: B027 - most have nothing to refuse
        """Raise `ValueError` if what is asked for cannot be had with an interface."""

    @property
    @abstractmethod
    def title(self) -> str:
        """The composite and its formats, in one line."""

    @abstractmethod
    def words(self) -> Words:
        """Return the word lengths and constants with which the contract is kept, as small as that allows.

        Raises
        ------
        ValueError
            If no words within the limits keep it.

        """

    @abstractmethod
    def parts(self, words: Words) -> Mapping[str, Part]:
        """Return what is asked of each part, by name."""

    @abstractmethod
    def contract(self, words: Words, errors: Mapping[str, Fraction]) -> tuple[Promise, ...]:
        """Return the promises that follow from the parts.

        Parameters
        ----------
        words
            What the arithmetic is built with.
        errors
            The largest error of each part, absolute, by its name.

        """

    @abstractmethod
    def shortfall(self, contract: tuple[Promise, ...]) -> str:
        """Return how a contract falls short of the budget; empty if it does not."""
