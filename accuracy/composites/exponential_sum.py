"""The common part of composites over the sum of a vector's powers: arguments, the search for words, weights."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import floor, log2
from numbers import Integral
from typing import Any, ClassVar

from ...plan.any_format import read_format
from ...plan.formats import FixedFormat
from ...support.parameters import read_name
from ..budget import Budget
from .base import Argument, Composite, Part, Promise, Words
from .given import complete
from .part_formats import fraction_format, part_budget, unit_format
from .softmax_bounds import scale_of

__all__ = ["WIDEST", "ExponentialSum", "vector_arguments"]

_MOST = {"stream": 1024, "parallel": 16}
"""The most elements of a vector, by arrangement."""

WIDEST = 24
"""The most bits of an input, and fraction bits of an output: parts are proved by walking over all their inputs."""

_FINEST = 22
"""The most fraction bits of a part's input."""


def vector_arguments(result: str, example: str) -> tuple[Argument, ...]:
    """Return the arguments that all of them take; `result` names an output, and `example` is a format of it."""
    return (
        Argument("n", "The most elements of a vector.", "N", short="-n", kind=int, required=True, option="--elements"),
        Argument(
            "input_format",
            "Format of an element, such as SQ6.10.",
            "FORMAT",
            short="-i",
            required=True,
            option="--input",
        ),
        Argument(
            "output_format",
            f"Format of {result}, such as {example}.",
            "FORMAT",
            short="-o",
            required=True,
            option="--output",
        ),
        Argument(
            "arrangement", "stream (an element a clock) or parallel (a vector a clock).", "NAME", default="stream"
        ),
        Argument("max_error", "Error budget: 8ulp (the default), 1e-3, 2^-11.", "ERROR", default="8ulp"),
        Argument("base", "Base of the powers: e or 2.", "BASE", default="e"),
    )


@dataclass(frozen=True)
class ExponentialSum(Composite):
    """A function of vectors of up to `n` elements that takes the sum of their powers.

    Parameters
    ----------
    n
        The most elements of a vector in a stream; the number of elements in the parallel arrangement.
    input_format, output_format
        Formats of an element, and of an output.
    budget
        The largest error of an output.
    base
        ``e`` or ``2``.
    arrangement
        ``stream`` (an element a clock) or ``parallel`` (a vector a clock).

    Raises
    ------
    ValueError
        If a number or a format is out of the limits.

    """

    n: int
    input_format: FixedFormat
    output_format: FixedFormat
    budget: Budget
    base: str = "e"
    arrangement: str = "stream"

    free: ClassVar[tuple[str, ...]]
    """The words to choose, in the order in which they are shortened."""

    of_one: ClassVar[str]
    """The reason why a vector of one element is pointless, for messages."""

    def __post_init__(self) -> None:
        most = _MOST[self.arrangement]
        if not 2 <= self.n <= most:
            why = f"; {self.of_one}" if self.n == 1 else ""
            raise ValueError(
                f"n must be from 2 to {most} elements for arrangement {self.arrangement}, not {self.n}{why}"
            )
        source = self.input_format
        if source.width > WIDEST:
            raise ValueError(
                f"input must have at most {WIDEST} bits for a {self.name}, not {source.width} as {source} has"
            )
        self._check_output()

    @abstractmethod
    def _check_output(self) -> None:
        """Raise `ValueError` if the output's format is out of the limits."""

    @classmethod
    def read(cls, **given: Any) -> ExponentialSum:
        values = complete(cls, given)
        n = values["n"]
        if isinstance(n, bool) or not isinstance(n, Integral):
            raise TypeError(f"n must be a whole number of elements, not {n!r}")
        return cls(
            n=int(n),
            input_format=_binary("input", values["input_format"], cls.name),
            output_format=_binary("output", values["output_format"], cls.name),
            budget=Budget.parse(values["max_error"]),
            base=read_name("base", values["base"], ("e", "2")),
            arrangement=read_name("arrangement", values["arrangement"], tuple(_MOST)),
        )

    def as_dict(self) -> dict[str, Any]:
        return {
            "n": self.n,
            "input_format": str(self.input_format),
            "output_format": str(self.output_format),
            "arrangement": self.arrangement,
            "max_error": str(self.budget),
            "base": self.base,
        }

    @property
    def streams_vectors(self) -> bool:
        return self.arrangement == "stream"

    @property
    def output_order(self) -> str:
        if not self.streams_vectors:
            return ""
        return (
            f"of vectors of at most {self.n} elements, outputs come out in the order of the inputs, each once, with "
            "its own last, and made of its own vector alone"
        )

    @property
    def vectors(self) -> str:
        """The lengths of vectors and the formats, as text."""
        length = f"1 to {self.n}" if self.arrangement == "stream" else str(self.n)
        return f"vectors of {length} elements, {self.input_format} to {self.output_format}"

    def words(self) -> Words:
        """Return the word lengths and constants, as small as the budget allows.

        * ``reach_bits``: bits of a distance to the maximum; larger ones count as the largest of so many bits
        * ``multiple``, ``multiple_bits``: a distance is multiplied by ``multiple / 2**multiple_bits``
        * ``shift``: bits that this product is cut by, or raised by if negative
        * ``distance_bits``: fraction bits of a distance in octaves
        * ``farthest``: octaves of the largest distance
        * ``weight_bits``, ``log_bits``, ``share_bits``: fraction bits of what the parts compute
        * ``sum_bits``: fraction bits of the sum
        * ``index_bits``: bits of the normalised sum below its first
        """
        allowed = self._allowed
        start = min(max(floor(-log2(allowed)) + 6, 5), _FINEST)
        # The sum has the truncations of all elements; distances and their multiple matter less than the powers of them.
        found = dict.fromkeys(self.free, start) | {"sum_bits": start + self.n.bit_length()}
        found |= dict.fromkeys(("distance_bits", "multiple_bits"), start - 3)
        if not self._within(found, allowed):
            raise ValueError(
                f"no {self.name} to {self.output_format} keeps {self.budget} with {self.n} elements: {self._rounding}, "
                f"and parts have at most {_FINEST} bits; allow a larger error or choose more fraction bits"
            )
        shrunk = True
        while shrunk:  # each in turn, so that all parts contribute about equally
            shrunk = False
            for name in self.free:
                fewer = {**found, name: found[name] - 1}
                if fewer[name] >= 1 and self._within(fewer, allowed):
                    found, shrunk = fewer, True
        return self._completed(found)

    def shortfall(self, contract: tuple[Promise, ...]) -> str:
        error = next(promise.limit for promise in contract if promise.name == "error") or 0.0
        return "" if error <= self._allowed else f"errors of up to {error:.6g} are more than {self.budget}"

    _rounding: ClassVar[str]
    """The part of the budget that the last rounding takes, for messages."""

    @property
    def _allowed(self) -> float:
        """The largest error of the budget, absolute."""
        return float(self.budget.limit) * (2.0**-self.output_format.fraction_bits if self.budget.ulp else 1)

    @property
    @abstractmethod
    def _octaves(self) -> int:
        """The distance in octaves beyond which elements do not matter."""

    @abstractmethod
    def _error(self, words: Words, errors: tuple[Fraction, ...]) -> float:
        """Return the bound of the error of an output, from those of the parts in their order."""

    def _within(self, free: Mapping[str, int], allowed: float) -> bool:
        if free["sum_bits"] < free["weight_bits"]:
            return False
        words = self._completed(free)
        return self._error(words, tuple(part.budget.limit for part in self.parts(words).values())) <= allowed

    def _completed(self, free: Mapping[str, int]) -> dict[str, int]:
        """Return all words, from those that are free to choose."""
        source = self.input_format
        scale, bits = scale_of(self.base), free["multiple_bits"] if self.base == "e" else 0
        multiple = round(scale * (1 << bits))
        while multiple % 2 == 0 and bits:
            multiple, bits = multiple // 2, bits - 1
        factor = multiple / (1 << bits)
        reach = 1
        while reach < source.width and factor * 2.0 ** (reach - source.fraction_bits) < self._octaves:
            reach += 1
        return {
            **{name: free[name] for name in self.free if name != "multiple_bits"},
            "multiple": multiple,
            "multiple_bits": bits,
            "shift": bits + source.fraction_bits - free["distance_bits"],
            "reach_bits": reach,
            "farthest": max(floor(factor * 2.0 ** (reach - source.fraction_bits)), 0),
        }

    def _weight(self, words: Words, *, monotonic: bool = False) -> Part:
        """Return the part ``weight``, the power of the fraction of a distance."""
        bits = words["weight_bits"]
        return Part(
            "exp2(-x)", fraction_format(words["distance_bits"]), unit_format(bits), part_budget(bits), monotonic
        )


def _binary(which: str, given: Any, name: str) -> FixedFormat:
    """Return a fixed-point format; `ValueError` for another kind, `TypeError` for what is no format."""
    fmt = read_format(which, given)
    if not isinstance(fmt, FixedFormat):
        raise ValueError(f"{which} must be a fixed-point format such as UQ0.16 for a {name}, not {fmt}")
    return fmt
