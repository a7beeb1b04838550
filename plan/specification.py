"""What a user asks for: a function, two formats, and how much error is allowed."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from .arithmetic import BALLS, FRACTIONS, to_ball, to_fraction
from .budget import Budget
from .formats import FixedFormat
from .functions.base import Function
from .reference import Reference, make_reference

__all__ = ["Specification"]


@dataclass(frozen=True)
class Specification:
    """A function between two formats, and an error budget (None: report the error, enforce none).

    Raises
    ------
    ValueError
        If the output format cannot hold the function's values to within one ulp and `saturate` does not accept that.

    """

    function: Function
    input_format: FixedFormat
    output_format: FixedFormat
    budget: Budget | None = None
    saturate: bool = False

    def __post_init__(self) -> None:
        if self.saturate:
            return
        fmt = self.output_format
        ends = (self.input_format.min_code, self.input_format.max_code)
        lowest, highest = (self.true_value(self.input_format.value(code)) for code in ends)  # f does not decrease
        if lowest < fmt.min_code - 1 or highest > fmt.max_code + 1:
            raise ValueError(
                f"output format {fmt} holds {float(fmt.value(fmt.min_code)):g} to {float(fmt.value(fmt.max_code)):g}, "
                f"but {self.function} of {self.input_format} goes from {float(lowest * fmt.ulp):g} to "
                f"{float(highest * fmt.ulp):g}; choose a format that holds them, "
                "or accept the loss with --saturate (saturate=True)"
            )

    def true_value(self, x: Fraction) -> Fraction:
        """Return f(x) in ulp of the output, neither clamped nor rounded; exact to 2**-100 ulp."""
        from flint import ctx

        if self.function.ramp is not None:
            return Fraction(self.function(x, FRACTIONS)) / self.output_format.ulp
        with ctx.workprec(128 + self.output_format.width):
            return to_fraction((self.function(to_ball(x), BALLS) / to_ball(self.output_format.ulp)).mid())

    @property
    def reference(self) -> Reference:
        """The true values of the function between the formats."""
        return make_reference(self.function, self.input_format, self.output_format)
