"""Neuron: a function of a weighted sum, or a layer of neurons that share one core (decision 055)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar, Self

import numpy as np

from ...functions import create_function
from ...plan.formats import FixedFormat
from ...plan.operations.base import Range
from ...support.packed_integers import pack_integers
from ...support.parameters import read_name
from ..budget import Budget
from .argument_error import argument_error
from .base import Argument, Composite, Part, Promise, Words, float_above
from .given import complete, read_fixed
from .neuron_arguments import ARGUMENTS, MOST_INPUTS, WIDEST, read_bias, read_count, read_function, read_weights
from .weighted_sums import WeightedSums

__all__ = ["Neuron"]

_WIDEST_ARGUMENT = 22
"""The most bits of the function unit's input: it is proved by a walk over all of them."""

_SHARE_OF_ARGUMENT = 4
"""One part in so many of the error budget is for rounding and limiting the sum."""

_MARGIN = 1 + Fraction(1, 1 << 20)
"""Factor on that share, since bounds have margins: half an ulp counts as such."""

_STEPS = 64
"""The budget of the function unit is a multiple of an ulp over this."""


@dataclass(frozen=True, kw_only=True)
class Neuron(WeightedSums, Composite):
    """``z = f(w1 x1 + ... + wn xn + b)`` for vectors x that are streamed, `parallel` elements a clock.

    Parameters
    ----------
    inputs, x, weight, parallel, weights, biases, is_layer
        As for `WeightedSums`.
    output
        Format of the output.
    function
        The function, as text; empty if the output is the sum.
    budget
        The largest error of an output, against the function of the exact sum.
    memory
        Where constant weights are: ``logic``, ``bram``, or ``auto`` for the smaller one.
    products
        Whether products are made in multiplier blocks (``dsp``), if the target has some that keep the clock, or in
        ``logic``.

    """

    output: FixedFormat
    function: str
    budget: Budget
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

    @property
    def output_order(self) -> str:
        outputs = f"the {self.neurons} outputs of the neurons in order" if self.neurons > 1 else "one output"
        return (
            f"vectors of at most {self.transfers} transfers are answered in their order, each by {outputs}, made of it "
            "alone"
        )

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
                float_above(bound),
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
