"""The specification of a unit whose function has a parameter at run time (decision 040)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import ClassVar

from ..functions.run_time import RunTimeFunction
from ..plan.formats import FixedFormat
from ..plan.operations.base import Range
from .budget import Budget
from .demands import ENDS, Demand, end_demand
from .error_metrics import ErrorMetrics
from .specification import Specification

__all__ = ["AnySpecification", "RunTimeSpecification"]


@dataclass(frozen=True)
class RunTimeSpecification:
    """A function of x and of a parameter, three formats, and an error budget (None: report the error, enforce none).

    For each code of the parameter it asks for what `Specification` asks for of the function of x that it then is.

    Parameters
    ----------
    function
        The function.
    input_format, parameter_format, output_format
        The formats of x, of the parameter and of the value.
    budget, saturate, ends
        As for `Specification`.

    Raises
    ------
    ValueError
        If the parameter makes no difference at any input, or the output format cannot hold the function's values to
        within one ulp and `saturate` does not accept that.

    """

    function: RunTimeFunction
    input_format: FixedFormat
    parameter_format: FixedFormat
    output_format: FixedFormat
    budget: Budget | None = None
    saturate: bool = False
    ends: str = "exact"

    input_range: ClassVar[None] = None
    monotonic: ClassVar[bool] = False
    symmetric: ClassVar[bool] = False
    max_bias: ClassVar[None] = None
    rounding: ClassVar[None] = None

    def __post_init__(self) -> None:
        if self.ends not in ENDS:
            raise ValueError(f"ends must be {' or '.join(ENDS)}, not {self.ends!r}")
        (kink, *_), source = self.function.kinks, self.input_format
        if source.value(source.min_code) >= kink:
            raise ValueError(
                f"{self.function.parameter} makes no difference to {self.function.name} of {source}, which has no x "
                f"below {kink}; give x a signed format"
            )
        if self.saturate:
            return
        fmt = self.output_format
        lowest, highest = self._extremes()
        if lowest < fmt.value(fmt.min_code - 1) or highest > fmt.value(fmt.max_code + 1):
            raise ValueError(
                f"output format {fmt} holds {float(fmt.value(fmt.min_code)):g} to {float(fmt.value(fmt.max_code)):g}, "
                f"but {self.function} of {self.domain} goes from {float(lowest):g} to {float(highest):g}; choose a "
                "format that holds them, or accept the loss with --saturate (saturate=True)"
            )

    def _extremes(self) -> tuple[Fraction, Fraction]:
        """Return the least and the greatest value: at corners, since every line is affine in x and in the parameter."""
        first, last = self.input_format.value(self.codes.low), self.input_format.value(self.codes.high)
        inputs = [first, last, *(kink for kink in self.function.kinks if first <= kink <= last)]
        parameters = [self.parameter_format.value(code) for code in Range.of(self.parameter_format)]
        values = [self.function.at(p).exact(x) for x, p in product(inputs, parameters)]
        known = [value for value in values if value is not None]
        return min(known), max(known)

    @property
    def codes(self) -> Range:
        """The codes of x that occur."""
        return Range.of(self.input_format)

    @property
    def outputs(self) -> Range:
        """The output codes that may occur."""
        return Range.of(self.output_format)

    @property
    def combinations(self) -> int:
        """The number of combinations of codes of x and of the parameter."""
        return 1 << self.input_format.width + self.parameter_format.width

    @property
    def ports(self) -> dict[str, FixedFormat]:
        """The format of the parameter, by its name."""
        return {self.function.parameter: self.parameter_format}

    @property
    def domain(self) -> str:
        """The formats of x and of the parameter, for people to read."""
        return f"{self.input_format}, {self.function.parameter} in {self.parameter_format}"

    @property
    def turns(self) -> list[Fraction]:
        """The inputs between which the function of x rises or falls, whatever the parameter."""
        return list(self.function.kinks)

    def demands(self, errors: ErrorMetrics) -> list[Demand]:
        """Return what is asked beside the budget, and whether a unit with these errors meets it."""
        return end_demand(self.budget, self.ends, errors)


AnySpecification = Specification | RunTimeSpecification
"""The specification of a unit, whether its function has a parameter at run time or not."""
