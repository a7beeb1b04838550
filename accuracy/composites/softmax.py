"""Softmax: exp(x_i) over the sum of all exp(x_j) of a vector, or the same with powers of two."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import floor, log2
from numbers import Integral
from typing import Any, ClassVar, Self

from ...plan.any_format import read_format
from ...plan.formats import FixedFormat
from ...support.parameters import read_name
from ..budget import Budget
from .base import Argument, Composite, Part, Promise, Words
from .given import complete
from .softmax_bounds import Bounds, log_offset, scale_of, softmax_bounds, whole_bits

__all__ = ["Softmax"]

_MOST = {"stream": 1024, "parallel": 16}
"""The most elements of a vector, by arrangement."""

_WIDEST = 24
"""The most bits of an input, and fraction bits of an output: parts are proved by walking over all their inputs."""

_FINEST = 22
"""The most fraction bits of a part's input."""

_OFFSET_BITS = 4
"""Bits of the logarithm's offset beyond those of the logarithm."""


@dataclass(frozen=True)
class Softmax(Composite):
    """A softmax over vectors of up to `n` elements.

    Parameters
    ----------
    n
        The most elements of a vector in a stream; the number of elements in the parallel arrangement.
    input_format, output_format
        Formats of an element, and of its share.
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

    name: ClassVar[str] = "softmax"
    summary: ClassVar[str] = "exp(x_i) over the sum of all exp(x_j) of a vector"
    arguments: ClassVar[tuple[Argument, ...]] = (
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
            "Format of a share, such as UQ0.16.",
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

    def __post_init__(self) -> None:
        most = _MOST[self.arrangement]
        if not 2 <= self.n <= most:
            why = "; the softmax of one element is 1" if self.n == 1 else ""
            raise ValueError(
                f"n must be from 2 to {most} elements for arrangement {self.arrangement}, not {self.n}{why}"
            )
        source, output = self.input_format, self.output_format
        if source.width > _WIDEST:
            raise ValueError(
                f"input must have at most {_WIDEST} bits for a softmax, not {source.width} as {source} has"
            )
        if not 2 <= output.fraction_bits <= _WIDEST or output.integer_bits < int(output.signed):
            raise ValueError(f"output must have 2 to {_WIDEST} fraction bits, and hold shares up to 1, not {output}")
        if self.n > 1 << output.fraction_bits:
            raise ValueError(
                f"output must have {(self.n - 1).bit_length()} fraction bits or more for {self.n} elements, since "
                f"equal shares round down to 0 in {output}"
            )

    @classmethod
    def read(cls, **given: Any) -> Self:
        values = complete(cls, given)
        n = values["n"]
        if isinstance(n, bool) or not isinstance(n, Integral):
            raise TypeError(f"n must be a whole number of elements, not {n!r}")
        return cls(
            n=int(n),
            input_format=_binary("input", values["input_format"]),
            output_format=_binary("output", values["output_format"]),
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
    def title(self) -> str:
        powers = "exp(x)" if self.base == "e" else "2^x"
        length = f"1 to {self.n}" if self.arrangement == "stream" else str(self.n)
        return (
            f"softmax, {powers} over its sum: vectors of {length} elements, {self.input_format} to {self.output_format}"
        )

    @property
    def largest(self) -> int:
        """The code of 1, or the largest one below it."""
        return min(1 << self.output_format.fraction_bits, self.output_format.max_code)

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
        found = dict.fromkeys(_FREE, start) | {"sum_bits": start + self.n.bit_length()}
        found |= dict.fromkeys(("distance_bits", "multiple_bits"), start - 3)
        if not self._within(found, allowed):
            raise ValueError(
                f"no softmax to {self.output_format} keeps {self.budget} with {self.n} elements: rounding down takes "
                f"1ulp, and parts have at most {_FINEST} bits; allow a larger error or choose more fraction bits"
            )
        shrunk = True
        while shrunk:  # each in turn, so that all parts contribute about equally
            shrunk = False
            for name in _FREE:
                fewer = {**found, name: found[name] - 1}
                if fewer[name] >= 1 and self._within(fewer, allowed):
                    found, shrunk = fewer, True
        return self._completed(found)

    def shortfall(self, contract: tuple[Promise, ...]) -> str:
        error = next(promise.limit for promise in contract if promise.name == "error") or 0.0
        return "" if error <= self._allowed else f"errors of up to {error:.6g} are more than {self.budget}"

    @property
    def _allowed(self) -> float:
        """The largest error of the budget, absolute."""
        return float(self.budget.limit) * (2.0**-self.output_format.fraction_bits if self.budget.ulp else 1)

    def _within(self, free: Mapping[str, int], allowed: float) -> bool:
        if free["distance_bits"] > free["log_bits"] or free["sum_bits"] < free["weight_bits"]:
            return False
        words = self._completed(free)
        asked = tuple(part.budget.limit for part in self.parts(words).values())
        return self._bounds(words, asked).error <= allowed  # type: ignore[arg-type]

    def _completed(self, free: Mapping[str, int]) -> dict[str, int]:
        """Return all words, from those that are free to choose."""
        source, output = self.input_format, self.output_format
        scale, bits = scale_of(self.base), free["multiple_bits"] if self.base == "e" else 0
        multiple = round(scale * (1 << bits))
        while multiple % 2 == 0 and bits:
            multiple, bits = multiple // 2, bits - 1
        factor = multiple / (1 << bits)
        needed = output.fraction_bits + self.n.bit_length() + 2
        reach = 1
        while reach < source.width and factor * 2.0 ** (reach - source.fraction_bits) < needed:
            reach += 1
        return {
            **{name: free[name] for name in _FREE if name != "multiple_bits"},
            "multiple": multiple,
            "multiple_bits": bits,
            "shift": bits + source.fraction_bits - free["distance_bits"],
            "reach_bits": reach,
            "farthest": max(floor(factor * 2.0 ** (reach - source.fraction_bits)), 0),
        }

    def parts(self, words: Words) -> Mapping[str, Part]:
        """Return the parts: ``weight`` and ``share``, both 2^-x, and ``logarithm``."""
        weight, share, log = (_half_ulps(words[name]) for name in ("weight_bits", "share_bits", "log_bits"))
        raised = 1 + Fraction(1, 1 << words["index_bits"]) + Fraction(self.n - 1, 1 << words["sum_bits"])
        offset = self._offset(words, (weight.limit, log.limit, share.limit))
        return {
            "weight": Part("exp2(-x)", _fraction(words["distance_bits"]), _unit(words["weight_bits"]), weight),
            "logarithm": Part(
                f"log2(x + {_decimal(raised)}) + {_decimal(offset)}",
                _fraction(words["index_bits"]),
                _unit(words["log_bits"]),
                log,
            ),
            "share": Part("exp2(-x)", _fraction(words["log_bits"]), _unit(words["share_bits"]), share, monotonic=True),
        }

    def _offset(self, words: Words, errors: tuple[Fraction, Fraction, Fraction]) -> Fraction:
        return log_offset(*errors, words["log_bits"] + _OFFSET_BITS)

    def _bounds(self, words: Words, errors: tuple[Fraction, Fraction, Fraction]) -> Bounds:
        asked = tuple(_half_ulps(words[f"{name}_bits"]).limit for name in ("weight", "log", "share"))
        return softmax_bounds(
            self.base,
            self.n,
            self.output_format.fraction_bits,
            words,
            errors,
            self._offset(words, asked),  # type: ignore[arg-type]
            limited=words["reach_bits"] < self.input_format.width,
        )

    def contract(self, words: Words, errors: Mapping[str, Fraction]) -> tuple[Promise, ...]:
        bounds = self._bounds(words, (errors["weight"], errors["logarithm"], errors["share"]))
        bits = whole_bits(bounds.deficit)
        found = [
            Promise(
                "error",
                f"every output is within {bounds.error:.6g} of the softmax of the same inputs",
                "from the errors of the parts, measured at all their inputs",
                bounds.error,
            ),
            Promise(
                "sum",
                f"the outputs of a vector sum to at most 1 and at least 1 - 2^-{bits}",
                "the logarithm is raised by all that could make the sum exceed 1",
                2.0**-bits,
            ),
            Promise(
                "equal",
                "equal inputs of a vector have equal outputs",
                "an output is a function of the distance and the vector's logarithm",
            ),
            Promise(
                "order",
                "a larger input of a vector never has a smaller output, so the largest have the largest",
                "the distance never rises with the input, nor the share with the distance, at all its inputs",
            ),
        ]
        if self.arrangement == "stream":
            top = self.output_format.value(self.largest)
            found.append(
                Promise("one", f"the output of a vector of one element is {float(top)!r}", "it is selected", float(top))
            )
        return tuple(found)


def _binary(which: str, given: Any) -> FixedFormat:
    """Return a fixed-point format; `ValueError` for another kind, `TypeError` for what is no format."""
    fmt = read_format(which, given)
    if not isinstance(fmt, FixedFormat):
        raise ValueError(f"{which} must be a fixed-point format such as UQ0.16 for a softmax, not {fmt}")
    return fmt


_FREE = ("share_bits", "log_bits", "index_bits", "weight_bits", "distance_bits", "sum_bits", "multiple_bits")
"""The words to choose, in the order in which they are shortened."""


def _half_ulps(bits: int) -> Budget:
    """Return the budget of a part with this many fraction bits: as faithful as that."""
    return Budget(Fraction(1, 1 << bits), False)


def _fraction(bits: int) -> FixedFormat:
    return FixedFormat(False, 0, bits)


def _unit(bits: int) -> FixedFormat:
    return FixedFormat(False, 1, bits)


def _decimal(value: Fraction) -> str:
    """Return a dyadic fraction as its exact decimal."""
    bits = value.denominator.bit_length() - 1
    digits = str(value.numerator * 5**bits).rjust(bits + 1, "0")
    return f"{digits[: len(digits) - bits]}.{digits[len(digits) - bits :]}".rstrip("0").rstrip(".")
