"""Softmax: exp(x_i) over the sum of all exp(x_j) of a vector, or the same with powers of two."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

from .base import Argument, Part, Promise, Words
from .exponential_sum import WIDEST, ExponentialSum, vector_arguments
from .given import complete
from .log_softmax import LogSoftmax
from .part_formats import decimal, fraction_format, part_budget, unit_format
from .softmax_bounds import Bounds, log_offset, softmax_bounds, whole_bits

__all__ = ["Softmax"]

_OFFSET_BITS = 4
"""Bits of the logarithm's offset beyond those of the logarithm."""


@dataclass(frozen=True)
class Softmax(ExponentialSum):
    """A softmax over vectors of up to `n` elements; the parameters are those of `ExponentialSum`."""

    name: ClassVar[str] = "softmax"
    summary: ClassVar[str] = "exp(x_i) over the sum of all exp(x_j) of a vector"
    arguments: ClassVar[tuple[Argument, ...]] = (
        *vector_arguments("a share", "UQ0.16"),
        Argument("log", "The logarithm of the shares: a log_softmax.", "", kind=bool, default=False),
    )
    free: ClassVar[tuple[str, ...]] = (
        "share_bits",
        "log_bits",
        "index_bits",
        "weight_bits",
        "distance_bits",
        "sum_bits",
        "multiple_bits",
    )
    of_one: ClassVar[str] = "the softmax of one element is 1"
    _rounding: ClassVar[str] = "rounding down takes 1ulp"

    def _check_output(self) -> None:
        output = self.output_format
        if not 2 <= output.fraction_bits <= WIDEST or output.integer_bits < int(output.signed):
            raise ValueError(f"output must have 2 to {WIDEST} fraction bits, and hold shares up to 1, not {output}")
        if self.n > 1 << output.fraction_bits:
            raise ValueError(
                f"output must have {(self.n - 1).bit_length()} fraction bits or more for {self.n} elements, since "
                f"equal shares round down to 0 in {output}"
            )

    @classmethod
    def read(cls, **given: Any) -> ExponentialSum:
        """Return what is asked for; with ``log``, the `LogSoftmax` of the same arguments."""
        log = complete(cls, given).pop("log")
        if not isinstance(log, bool):
            raise TypeError(f"log must be True or False, not {log!r}")
        others = {name: value for name, value in given.items() if name != "log"}
        return LogSoftmax.read(**others) if log else super().read(**others)

    @property
    def title(self) -> str:
        powers = "exp(x)" if self.base == "e" else "2^x"
        return f"softmax, {powers} over its sum: {self.vectors}"

    @property
    def largest(self) -> int:
        """The code of 1, or the largest one below it."""
        return min(1 << self.output_format.fraction_bits, self.output_format.max_code)

    @property
    def _octaves(self) -> int:
        return self.output_format.fraction_bits + self.n.bit_length() + 2

    def _within(self, free: Mapping[str, int], allowed: float) -> bool:
        return free["distance_bits"] <= free["log_bits"] and super()._within(free, allowed)

    def parts(self, words: Words) -> Mapping[str, Part]:
        """Return the parts: ``weight`` and ``share``, both 2^-x, and ``logarithm``."""
        share, log = words["share_bits"], words["log_bits"]
        raised = 1 + Fraction(1, 1 << words["index_bits"]) + Fraction(self.n - 1, 1 << words["sum_bits"])
        offset = self._offset(words)
        return {
            "weight": self._weight(words),
            "logarithm": Part(
                f"log2(x + {decimal(raised)}) + {decimal(offset)}",
                fraction_format(words["index_bits"]),
                unit_format(log),
                part_budget(log),
            ),
            "share": Part("exp2(-x)", fraction_format(log), unit_format(share), part_budget(share), monotonic=True),
        }

    def _offset(self, words: Words) -> Fraction:
        weight, log, share = (part_budget(words[f"{name}_bits"]).limit for name in ("weight", "log", "share"))
        return log_offset(weight, log, share, words["log_bits"] + _OFFSET_BITS)

    def _error(self, words: Words, errors: tuple[Fraction, ...]) -> float:
        return self._bounds(words, errors).error

    def _bounds(self, words: Words, errors: tuple[Fraction, ...]) -> Bounds:
        weight, logarithm, share = errors
        return softmax_bounds(
            self.base,
            self.n,
            self.output_format.fraction_bits,
            words,
            (weight, logarithm, share),
            self._offset(words),
            limited=words["reach_bits"] < self.input_format.width,
        )

    def contract(self, words: Words, errors: Mapping[str, Fraction]) -> tuple[Promise, ...]:
        bounds = self._bounds(words, tuple(errors[name] for name in ("weight", "logarithm", "share")))
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
