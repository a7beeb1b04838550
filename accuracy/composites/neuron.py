"""Neuron: a function of a weighted sum, or a layer of neurons that share one core (decision 055)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from ...functions import create_function
from ...plan.formats import FixedFormat
from ...plan.operations.base import Range
from ...support.packed_integers import pack_integers
from ...support.parameters import read_name
from ..budget import Budget
from .argument_error import argument_error
from .base import Argument, Composite, Part, Promise, Words
from .given import complete, read_fixed
from .neuron_arguments import ARGUMENTS, MOST_INPUTS, WIDEST, read_bias, read_count, read_function, read_weights

__all__ = ["Neuron"]

_WIDEST_ARGUMENT = 22
"""The most bits of the function unit's input: it is proved by a walk over all of them."""

_SHARE_OF_ARGUMENT = 4
"""One part in so many of the error budget is for rounding and limiting the sum."""

_MARGIN = 1 + Fraction(1, 1 << 20)
"""Factor on that share, since bounds have margins: half an ulp counts as such."""

_STEPS = 64
"""The budget of the function unit is a multiple of an ulp over this."""


@dataclass(frozen=True)
class Neuron(Composite):
    """``z = f(w1 x1 + ... + wn xn + b)`` for vectors x that are streamed, `parallel` elements a clock.

    Parameters
    ----------
    inputs
        The most elements of a vector, n.
    x, weight, output
        Formats of an element, of a weight and of the output.
    function
        The function, as text; empty if the output is the sum.
    budget
        The largest error of an output, against the function of the exact sum.
    parallel
        Products a clock.
    weights
        Codes of constant weights, one row for each neuron; None if weights are streamed beside x.
    biases
        The bias of each neuron, in codes with the fraction bits of a product.
    is_layer
        Whether the weights were given as those of a layer, even if of one neuron.
    memory
        Where constant weights are: ``logic``, ``bram``, or ``auto`` for the smaller one.
    products
        Whether products are made in multiplier blocks (``dsp``), if the target has some that keep the clock, or in
        ``logic``.

    """

    inputs: int
    x: FixedFormat
    weight: FixedFormat
    output: FixedFormat
    function: str
    budget: Budget
    parallel: int = 1
    weights: tuple[tuple[int, ...], ...] | None = None
    biases: tuple[int, ...] = (0,)
    is_layer: bool = False
    memory: str = "auto"
    products: str = "dsp"

    name: ClassVar[str] = "neuron"
    summary: ClassVar[str] = "f(w1 x1 + ... + wn xn + b), or a layer of such neurons that share one core"
    arguments: ClassVar[tuple[Argument, ...]] = ARGUMENTS

    @classmethod
    def read(cls, **given: Any) -> Self:
        values = complete(cls, given)
        inputs = read_count("inputs", values["inputs"], MOST_INPUTS)
        x, output = read_fixed("x", values["x"], WIDEST), read_fixed("output", values["output_format"], WIDEST)
        weight, weights, is_layer = read_weights(values["weights"], values["weight_format"], inputs)
        biases = read_bias(values["bias"], 1 if weights is None else len(weights), x, weight)
        found = cls(
            inputs=inputs,
            x=x,
            weight=weight,
            output=output,
            function=read_function(values["function"]),
            budget=Budget.parse(values["max_error"]),
            parallel=read_count("parallel", values["parallel"], inputs, " as there are inputs"),
            weights=weights,
            biases=biases,
            is_layer=is_layer,
            memory=read_name("memory", values["memory"], ("auto", "logic", "bram")),
            products=read_name("place for products", values["products"], ("dsp", "logic")),
        )
        if weights is None and found.memory != "auto":
            raise ValueError(f"memory is for constant weights; it must be auto for streamed ones, not {found.memory}")
        return found

    def as_dict(self) -> dict[str, Any]:
        constant = self.weights is not None
        rows = np.array(self.weights or (), np.int64)
        return {
            "inputs": self.inputs,
            "x": str(self.x),
            "weights": pack_integers(rows if self.is_layer else rows[0]) if constant else str(self.weight),
            "function": self.function or "linear",
            "output_format": str(self.output),
            "weight_format": str(self.weight) if constant else None,
            "bias": pack_integers(np.array(self.biases, np.int64)) if any(self.biases) else None,
            "parallel": self.parallel,
            "max_error": str(self.budget),
            "memory": self.memory,
            "products": self.products,
        }

    @property
    def streams_vectors(self) -> bool:
        return True

    @property
    def title(self) -> str:
        what = f"layer of {self.neurons} neurons" if self.is_layer else "neuron"
        weights = f"{'streamed' if self.weights is None else 'constant'} weights {self.weight}"
        lanes = f", {self.parallel} product{'s' if self.parallel > 1 else ''} a clock"
        padded = self.transfers * self.parallel - self.inputs
        if padded:
            lanes += f", the last {padded} of the last transfer with weight 0"
        return (
            f"{what}, z = {self.function or 'the sum'} of {self.inputs} inputs {self.x} and {weights}, to {self.output}"
            + lanes
        )

    @property
    def neurons(self) -> int:
        """Neurons that share the core."""
        return 1 if self.weights is None else len(self.weights)

    @property
    def transfers(self) -> int:
        """Transfers of a whole vector."""
        return -(-self.inputs // self.parallel)

    @property
    def n(self) -> int:
        """The most transfers of a vector."""
        return self.transfers

    @property
    def lanes(self) -> dict[str, FixedFormat]:
        """The formats of the inputs of a transfer by name: elements, and then weights if they are streamed."""
        numbers = [""] if self.parallel == 1 else [str(lane) for lane in range(self.parallel)]
        found = {f"x{number}": self.x for number in numbers}
        return found | ({f"w{number}": self.weight for number in numbers} if self.weights is None else {})

    @property
    def point(self) -> int:
        """Fraction bits of a product, and of a sum."""
        return self.x.fraction_bits + self.weight.fraction_bits

    @cached_property
    def rows(self) -> NDArray[np.int64] | None:
        """Codes of constant weights of shape (neurons, transfers, parallel), with 0 beyond the inputs."""
        if self.weights is None:
            return None
        padded = np.zeros((self.neurons, self.transfers * self.parallel), np.int64)
        padded[:, : self.inputs] = self.weights
        return padded.reshape(self.neurons, self.transfers, self.parallel)

    @cached_property
    def sums(self) -> Range:
        """The codes that sums may have, those of the first elements of a vector among them.

        Every product may be 0, so that a sum of fewer of them is within the same limits.
        """
        if self.weights is None:
            corners = [a * b for a in Range.of(self.x) for b in Range.of(self.weight)]
            count = self.transfers * self.parallel
            return Range(self.biases[0] + count * min(*corners, 0), self.biases[0] + count * max(corners))
        ends = []
        for row, bias in zip(self.weights, self.biases, strict=True):
            for choose in (min, max):
                ends.append(bias + sum(choose(w * self.x.min_code, w * self.x.max_code) for w in row))
        return Range(min(ends), max(ends))

    def extreme_vectors(self) -> list[list[NDArray[np.int64]]]:
        """Return the vectors with the smallest and the largest sum of some neurons, the widest one among them."""
        low, high = self.x.min_code, self.x.max_code
        if self.rows is None:
            count = self.transfers
            return [
                [np.full(count, a)] * self.parallel + [np.full(count, b)] * self.parallel
                for a in (low, high)
                for b in (self.weight.min_code, self.weight.max_code)
            ]
        found = []
        reach = np.abs(self.rows).sum(axis=(1, 2)) * max(-low, high) + np.abs(np.array(self.biases))
        for neuron in {0, self.neurons - 1, int(reach.argmax())}:
            row = self.rows[neuron]
            for smaller, larger in ((low, high), (high, low)):
                found.append(list(np.where(row > 0, larger, smaller).T))
        return found

    def words(self) -> Words:
        """Return the word lengths and the budget of the function unit.

        * ``sum_bits``: bits of the accumulator, which sums never exceed
        * ``argument_signed``, ``argument_integer_bits``, ``argument_bits``: the format of the function unit's input,
          the last its fraction bits; of the output, if there is no function
        * ``function_steps``: budget of the function unit, in 64ths of an ulp; 0 if there is none

        The format has the fewest fraction bits, and with these the fewest bits before its point, with which rounding
        and limiting the sum change the function's value by no more than a quarter of the budget, nor by more than what
        it has beyond half an ulp.
        """
        least = self._rounding(self.output) if not self.function else Fraction(1, 2)
        if least > self._allowed:
            raise ValueError(f"rounding to {self.output} takes half an ulp, which is more than {self.budget}")
        if not self.function:
            return self._words(self.output, 0)
        argument = self._smallest_argument(min(self._allowed / _SHARE_OF_ARGUMENT * _MARGIN, self._allowed - least))
        return self._words(argument, int((self._allowed - self._argument_error(argument)) * _STEPS))

    def _words(self, argument: FixedFormat, steps: int) -> dict[str, int]:
        return {
            "sum_bits": Range(min(self.sums.low, -1), self.sums.high + self.half(argument)).width,
            "argument_signed": int(argument.signed),
            "argument_integer_bits": argument.integer_bits,
            "argument_bits": argument.fraction_bits,
            "function_steps": steps,
        }

    def half(self, argument: FixedFormat) -> int:
        """Return half of the last place that a sum is rounded to, in codes of a sum; 0 if nothing is cut.

        The accumulator starts with it, so that cutting rounds half up.
        """
        excess = self.point - argument.fraction_bits
        return 1 << excess - 1 if excess > 0 else 0

    def _smallest_argument(self, allowed: Fraction) -> FixedFormat:
        signed = self.sums.low < 0
        for bits in range(self.point + 1):
            for whole in range(1, _WIDEST_ARGUMENT - bits + 1):
                argument = FixedFormat(signed, whole, bits)
                found = self._argument_errors(argument)
                if found.rounding > allowed:
                    break
                if found.limiting <= allowed:
                    return argument
        raise ValueError(
            f"no unit of {self.function} with at most {_WIDEST_ARGUMENT} input bits keeps {self.budget} for "
            f"{self.output}; allow a larger error, or choose an output with fewer fraction bits"
        )

    def argument(self, words: Words) -> FixedFormat:
        """Return the format of the function unit's input."""
        return FixedFormat(bool(words["argument_signed"]), words["argument_integer_bits"], words["argument_bits"])

    def parts(self, words: Words) -> Mapping[str, Part]:
        """Return the function unit, if there is a function."""
        if not self.function:
            return {}
        budget = Budget(Fraction(max(words["function_steps"], 1), _STEPS), True)
        return {"function": Part(self.function, self.argument(words), self.output, budget, saturate=True)}

    def contract(self, words: Words, errors: Mapping[str, Fraction]) -> tuple[Promise, ...]:
        argument = self.argument(words)
        if self.function:
            bound = errors["function"] + self._argument_error(argument) * self.output.ulp
            what = f"{self.function} of the exact sum"
            proof = (
                "from the error of the function unit, measured at all its inputs, and from how much the function "
                "changes where the sum is rounded and limited, by its values between its critical points"
            )
        else:
            bound = self._rounding(argument) * self.output.ulp
            what, proof = "the exact sum", "it is rounded half up, once"
        return (
            Promise(
                "error",
                f"every output is within {float(bound):.6g} of {what}, limited to the format of the output",
                proof,
                _float_above(bound),
            ),
            Promise(
                "width",
                f"no sum of up to {self.inputs} elements exceeds the {words['sum_bits']} bits of the accumulator",
                "from the weights" if self.weights is not None else "from the formats",
                float(words["sum_bits"]),
            ),
        )

    def shortfall(self, contract: tuple[Promise, ...]) -> str:
        error = next(promise for promise in contract if promise.name == "error")
        allowed = self._allowed * self.output.ulp * (1 + Fraction(1, 1 << 40))  # the limit is a float above the bound
        return "" if Fraction(error.limit or 0) <= allowed else f"{error.statement}, more than {self.budget}"

    @property
    def _allowed(self) -> Fraction:
        """The largest error of the budget, in ulp."""
        return self.budget.in_ulp(self.output)

    def _rounding(self, to: FixedFormat) -> Fraction:
        """Return how far a sum is rounded, in ulp."""
        return Fraction(1, 2) if to.fraction_bits < self.point else Fraction(0)

    def _argument_errors(self, argument: FixedFormat) -> Any:
        unit = Fraction(1, 1 << self.point)
        return argument_error(
            create_function(self.function),
            argument,
            self.output,
            self.sums.low * unit,
            self.sums.high * unit,
            exact=argument.fraction_bits >= self.point,
        )

    def _argument_error(self, argument: FixedFormat) -> Fraction:
        found: Fraction = self._argument_errors(argument).largest
        return found


def _float_above(bound: Fraction) -> float:
    found = float(bound)
    return found if Fraction(found) >= bound else float(np.nextafter(found, np.inf))
