"""Log-softmax: x_i less the logarithm of the sum of all exp(x_j) of a vector, or the same with powers of two."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import exp, expm1, log, log2
from typing import ClassVar

from .base import Argument, Promise, Words
from .exponential_sum import vector_arguments
from .log_sum import LogSum
from .softmax_bounds import MARGIN

__all__ = ["LogSoftmax"]


@dataclass(frozen=True)
class LogSoftmax(LogSum):
    """A log-softmax over vectors of up to `n` elements; the parameters are those of `ExponentialSum`.

    Outputs are limited to the least value of their format, which must hold -log n, the output of n equal elements.
    """

    name: ClassVar[str] = "log_softmax"
    summary: ClassVar[str] = "x_i - ln(sum of all exp(x_j)) of a vector"
    arguments: ClassVar[tuple[Argument, ...]] = vector_arguments("the logarithm of a share", "SQ6.10")
    of_one: ClassVar[str] = "the log_softmax of one element is 0"

    def _check_output(self) -> None:
        super()._check_output()
        output = self.output_format
        if not output.signed:
            raise ValueError(f"output must be signed for a log_softmax, such as SQ6.10, not {output}")
        if -output.value(output.min_code) < (log(self.n) if self.base == "e" else log2(self.n)):
            raise ValueError(
                f"output must hold -{self.logarithm_text}({self.n}), the output of {self.n} equal elements, which "
                f"{output} does not"
            )

    @property
    def title(self) -> str:
        return f"log_softmax, x - {self.logarithm_text} of the sum of {self.power_text}: {self.vectors}"

    def contract(self, words: Words, errors: Mapping[str, Fraction]) -> tuple[Promise, ...]:
        error = self._error_of(words, errors)
        apart = self._sum_error(error)
        output, power = self.output_format, "exp(y)" if self.base == "e" else "2^y"
        found = [
            Promise(
                "error",
                f"every output is within {error:.6g} of the log_softmax of the same inputs, limited to {output}",
                "from the errors of the parts, measured at all their inputs",
                error,
            ),
            Promise(
                "sum",
                f"the sum of {power} over the outputs y of a vector is within {apart:.6g} of 1",
                "from the error, and from what outputs below the least value are raised by",
                apart,
            ),
            Promise(
                "sign",
                "every output is at most 0",
                "neither a distance nor the logarithm of the sum is negative, and rounding keeps 0",
            ),
            Promise(
                "equal",
                "equal inputs of a vector have equal outputs",
                "an output is a function of the distance and the vector's logarithm",
            ),
            Promise(
                "order",
                "a larger input of a vector never has a smaller output, so the largest have the largest",
                "the distance is exact, and the rounded sum never falls with it",
            ),
        ]
        if self.arrangement == "stream":
            found.append(Promise("one", "the output of a vector of one element is 0", "it is selected", 0.0))
        return tuple(found)

    def _sum_error(self, error: float) -> float:
        """Return how far the powers of the outputs sum from 1.

        Each is off by a factor of at most base^error; one that is limited is raised to at most the least.
        """
        scale = 1.0 if self.base == "e" else log(2)
        least = float(self.output_format.value(self.output_format.min_code))
        return (expm1(error * scale) + (self.n - 1) * exp(least * scale)) * MARGIN
