"""What a user asks for: a function, two formats, and how much error is allowed."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from .arithmetic import BALLS, FRACTIONS, to_ball, to_fraction
from .budget import Budget
from .errors import EXHAUSTIVE_CODES
from .formats import FixedFormat
from .functions.base import Function
from .input_range import show_codes
from .operation import Range
from .reference import Reference, make_reference

__all__ = ["Specification"]


@dataclass(frozen=True)
class Specification:
    """A function between two formats, and an error budget (None: report the error, enforce none).

    With an `input_range`, no other input codes than those occur, and nothing is asked of the unit elsewhere. If it is
    to be `monotonic`, its outputs never fall up to the first of the function's turns, never rise from there to the
    next, and so on.

    Raises
    ------
    ValueError
        If the output format cannot hold the function's values to within one ulp and `saturate` does not accept that, or
        the range holds no code or codes that the input format has not; or if a monotonic unit is asked for and there
        are too many codes to see whether it is.

    """

    function: Function
    input_format: FixedFormat
    output_format: FixedFormat
    budget: Budget | None = None
    saturate: bool = False
    input_range: Range | None = None
    monotonic: bool = False

    def __post_init__(self) -> None:
        whole = Range.of(self.input_format)
        if not whole.covers(self.codes) or self.codes.size < 1:
            raise ValueError(f"an input range must hold codes of {self.input_format}, {whole}, not {self.codes}")
        if self.monotonic and self.codes.size > EXHAUSTIVE_CODES:
            raise ValueError(
                f"whether outputs are monotonic is seen at up to {EXHAUSTIVE_CODES} input codes; {self.domain} has "
                f"{self.codes.size}: leave out --monotonic (monotonic=True), or give a range that holds fewer"
            )
        if self.saturate:
            return
        fmt = self.output_format
        lowest, highest = self.extremes(*self.codes)
        if lowest < fmt.min_code - 1 or highest > fmt.max_code + 1:
            raise ValueError(
                f"output format {fmt} holds {float(fmt.value(fmt.min_code)):g} to {float(fmt.value(fmt.max_code)):g}, "
                f"but {self.function} of {self.domain} goes from {float(lowest * fmt.ulp):g} to "
                f"{float(highest * fmt.ulp):g}; choose a format that holds them, "
                "or accept the loss with --saturate (saturate=True)"
            )

    @property
    def codes(self) -> Range:
        """The input codes that occur."""
        return Range.of(self.input_format) if self.input_range is None else self.input_range

    @property
    def domain(self) -> str:
        """The input format, and the range if there is one, for people to read."""
        if self.input_range is None:
            return str(self.input_format)
        return f"{self.input_format} from {show_codes(self.input_range, self.input_format)}"

    def true_value(self, x: Fraction) -> Fraction:
        """Return f(x) in ulp of the output, neither clamped nor rounded; exact to 2**-100 ulp."""
        from flint import ctx

        if self.function.ramp is not None:
            return Fraction(self.function(x, FRACTIONS)) / self.output_format.ulp
        with ctx.workprec(128 + self.output_format.width):
            return to_fraction((self.function(to_ball(x), BALLS) / to_ball(self.output_format.ulp)).mid())

    def extremes(self, low: int, high: int) -> tuple[Fraction, Fraction]:
        """Return the least and the greatest `true_value` between two input codes."""
        first, last = self.input_format.value(low), self.input_format.value(high)
        values = [self.true_value(x) for x in (first, last, *self.function.turns) if first <= x <= last]
        return min(values), max(values)

    @property
    def reference(self) -> Reference:
        """The true values of the function at the input codes that occur."""
        return make_reference(self.function, self.input_format, self.output_format, self.input_range)
