"""The common part of log_softmax and logsumexp: the logarithm of the sum of the powers of a vector (decision 056)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from .base import Part, Words
from .exponential_sum import WIDEST, ExponentialSum
from .log_sum_bounds import centre, log_sum_bound
from .part_formats import decimal, fraction_format, part_budget, unit_format

__all__ = ["LogSum"]


@dataclass(frozen=True)
class LogSum(ExponentialSum):
    """The logarithm of a sum of powers, added to a value that is exact, and rounded once."""

    free: ClassVar[tuple[str, ...]] = (
        "log_bits",
        "index_bits",
        "weight_bits",
        "distance_bits",
        "sum_bits",
        "multiple_bits",
    )
    _rounding: ClassVar[str] = "rounding takes 0.5ulp"

    _monotonic: ClassVar[bool] = False
    """Whether the parts must be monotonic."""

    def _check_output(self) -> None:
        output = self.output_format
        if output.width > WIDEST:
            raise ValueError(
                f"output must have at most {WIDEST} bits for a {self.name}, not {output.width} as {output}"
            )
        if output.fraction_bits < 0 or output.integer_bits < int(output.signed):
            raise ValueError(f"output must have its binary point within its bits or beside them, not {output}")

    @property
    def logarithm_text(self) -> str:
        """The logarithm in the composite's base."""
        return "ln" if self.base == "e" else "log2"

    @property
    def power_text(self) -> str:
        """The power of an element in the composite's base."""
        return "exp(x)" if self.base == "e" else "2^x"

    @property
    def _octaves(self) -> int:
        return self.output_format.fraction_bits + self.n.bit_length() + 6

    def parts(self, words: Words) -> Mapping[str, Part]:
        """Return the parts: ``weight``, which is 2^-x, and ``logarithm``, to the composite's base."""
        bits, function = words["log_bits"], "log" if self.base == "e" else "log2"
        return {
            "weight": self._weight(words, monotonic=self._monotonic),
            "logarithm": Part(
                f"{function}(x + {decimal(1 + centre(self.n, words))})",
                fraction_format(words["index_bits"]),
                unit_format(bits),
                part_budget(bits),
                self._monotonic,
            ),
        }

    def _error(self, words: Words, errors: tuple[Fraction, ...]) -> float:
        """Return the bound of an output: that of the logarithm, and half an ulp."""
        weight, logarithm = errors
        limited = words["reach_bits"] < self.input_format.width
        bound = log_sum_bound(self.base, self.n, words, (weight, logarithm), limited=limited)
        return bound + 2.0 ** -(self.output_format.fraction_bits + 1)

    def _error_of(self, words: Words, errors: Mapping[str, Fraction]) -> float:
        return self._error(words, (errors["weight"], errors["logarithm"]))
