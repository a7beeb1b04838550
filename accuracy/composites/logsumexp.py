"""Logsumexp: the logarithm of the sum of all exp(x_j) of a vector, or the same with powers of two."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from .base import Argument, Promise, Words
from .exponential_sum import vector_arguments
from .log_sum import LogSum

__all__ = ["LogSumExp"]


@dataclass(frozen=True)
class LogSumExp(LogSum):
    """The logsumexp of vectors of up to `n` elements; the parameters are those of `ExponentialSum`.

    It is the maximum and the logarithm of the sum of the powers of all distances to it, rounded half up once, and
    limited to the format of the output.
    """

    name: ClassVar[str] = "logsumexp"
    summary: ClassVar[str] = "ln(sum of all exp(x_j)) of a vector"
    arguments: ClassVar[tuple[Argument, ...]] = vector_arguments("the result", "SQ6.10")
    of_one: ClassVar[str] = "the logsumexp of one element is that element"
    _monotonic: ClassVar[bool] = True

    @property
    def title(self) -> str:
        return f"logsumexp, {self.logarithm_text} of the sum of {self.power_text}: {self.vectors}"

    @property
    def output_order(self) -> str:
        if not self.streams_vectors:
            return ""
        return (
            f"vectors of at most {self.n} elements are answered in their order, each by one output that is made of it "
            "alone"
        )

    def contract(self, words: Words, errors: Mapping[str, Fraction]) -> tuple[Promise, ...]:
        error = self._error_of(words, errors)
        found = [
            Promise(
                "error",
                f"every output is within {error:.6g} of the logsumexp of the same inputs, limited to its format",
                "from the errors of the parts, measured at all their inputs",
                error,
            ),
            Promise(
                "maximum",
                "no output is less than the largest input of its vector, rounded to the output's format and limited",
                "the logarithm of the sum is not negative, and rounding keeps order",
            ),
            Promise(
                "monotone",
                "an output never falls when an input rises to at most the largest one of its vector",
                "the weight never falls with the input, nor the logarithm with the sum, at all inputs of the parts",
            ),
            Promise(
                "symmetry",
                "the order of the inputs of a vector does not matter",
                "the sum of the weights is exact",
            ),
        ]
        if self.arrangement == "stream":
            statement = "the output of a vector of one element is that element, rounded and limited"
            found.append(Promise("one", statement, "a logarithm of 0 is selected"))
        return tuple(found)
