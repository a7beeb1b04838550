"""Values of machine-learning frameworks beside ours: what the tests with ONNX Runtime and with PyTorch share."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np

from softgate.accuracy.reference import Reference
from softgate.explore.design import design
from softgate.functions import create_function
from softgate.plan.formats import FixedFormat
from softgate.plan.operations.base import Range
from softgate.sim.golden.model import golden

__all__ = ["Counterpart", "assert_agreement", "assert_unit_agrees", "codes_of"]

STEPS = 2
"""Units in the last place of ``1 + |x| + |y|`` that a framework's value y at x may be off: most stay below one."""


@dataclass(frozen=True)
class Counterpart:
    """A function, and what a framework has for it.

    Attributes
    ----------
    name, parameters
        As `create_function` takes them.
    values
        The framework's values at an array of floats.
    source, output
        Formats of 16 bits.
    least
        The least input code, if not all of the format are inputs of the function.
    error
        How far the framework's value is off by its own definition, beside its rounding errors.
    undecided
        The greatest share of inputs at which the framework's errors leave open to which code a value is rounded. The
        default is four of all that there are with 16 bits.

    """

    name: str
    values: Callable[[Any], Any]
    source: str = "SQ4.12"
    output: str = "SQ4.12"
    parameters: Mapping[str, Any] = field(default_factory=dict)
    least: int | None = None
    error: float = 0.0
    undecided: float = 2.0**-14

    def __str__(self) -> str:
        given = (f"{name}={value}" for name, value in self.parameters.items())
        return "-".join([self.name, *given, self.source, self.output])


def codes_of(counterpart: Counterpart, floats: type) -> tuple[Any, Any, Any]:
    """Return inputs, a framework's values there rounded to output codes, and by how many ulp it may be off.

    The framework computes in `floats`, which is float32 or float64.
    """
    source, output = map(FixedFormat.parse, (counterpart.source, counterpart.output))
    least = source.min_code if counterpart.least is None else counterpart.least
    inputs = np.arange(least, source.max_code + 1) * float(source.ulp)  # exact, as is the division by an ulp
    values = counterpart.values(inputs.astype(floats))
    assert values.dtype == floats
    off = counterpart.error + STEPS * float(np.finfo(floats).eps) * (1 + np.abs(inputs) + np.abs(values))
    rounded = np.rint(values.astype(np.float64) / float(output.ulp))
    return inputs, np.clip(rounded, output.min_code, output.max_code).astype(np.int64), off / float(output.ulp)


def assert_agreement(counterpart: Counterpart, floats: type) -> None:
    """Hold a framework's values, rounded, to the true values rounded, at every input where it can tell.

    It cannot where its errors leave open to which side of a tie a value belongs. It may then be off by that much more
    than half an ulp, and these inputs are counted, but for those whose value is a tie: there both neighbours are right.
    """
    inputs, codes, off = codes_of(counterpart, floats)
    source, output = map(FixedFormat.parse, (counterpart.source, counterpart.output))
    function = create_function(counterpart.name, **counterpart.parameters)
    held = Range(int(inputs[0] / source.ulp), source.max_code)
    spans = list(Reference(function, source, output, held).spans())
    errors = np.concatenate([span.errors(codes[span.codes - held.low]) for span in spans])
    off += max(span.bound for span in spans)
    assert np.all(np.abs(errors) <= 0.5 + off)
    undecided = inputs[np.abs(np.abs(errors) - 0.5) <= off]
    exact = [function.exact(Fraction(x)) for x in undecided.tolist()]
    ties = sum(value is not None and 2 * value / output.ulp % 2 == 1 for value in exact)
    assert len(undecided) - ties <= counterpart.undecided * len(inputs)


def assert_unit_agrees(counterpart: Counterpart, floats: type) -> None:
    """Hold the outputs of a unit that is faithful to be next to a framework's rounded values at the most.

    They are below 1 ulp and little more than half an ulp from the true values, and so less than two from each other.
    """
    inputs, codes, _ = codes_of(counterpart, floats)
    made = design(counterpart.name, counterpart.source, counterpart.output, **counterpart.parameters)
    source = FixedFormat.parse(counterpart.source)
    outputs = golden(made.plan)((inputs / float(source.ulp)).astype(np.int64))
    assert np.abs(outputs - codes).max() <= 1
