"""The specification of a unit: a function, two formats, and how much error is allowed."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import Any

from ..functions.base import Function
from ..functions.properties import Domain
from ..plan.any_format import Format, plan_format
from ..plan.formats import FixedFormat
from ..plan.input_range import show_codes
from ..plan.operations.base import Range
from .admitted import Admitted
from .budget import BiasLimit, Budget
from .decide import decided_value, is_near, side_of
from .demands import ENDS, Demand, end_demand
from .error_metrics import ErrorMetrics
from .limits import EXHAUSTIVE_CODES, WALKED_OUTPUT_BITS
from .reference import Reference, make_reference
from .rescaled import Rescaled, between_codes
from .rounding import ONE_SIDED

__all__ = ["Specification"]


@dataclass(frozen=True)
class Specification:
    """A function between two formats, and an error budget (None: report the error, enforce none).

    Parameters
    ----------
    function, input_format, output_format
        The function, and the formats of its argument and of its value.
    budget
        The largest error allowed.
    saturate
        Whether values beyond the output format are accepted; they are clamped.
    input_range
        The input codes that occur; nothing is asked of the unit elsewhere. None for all of the format.
    monotonic
        Whether outputs never fall where the function rises, and never rise where it falls.
    ends
        One of `ENDS`: with ``exact``, a budget is met only if the outputs that `Reference.required` lists are given.
    symmetric
        Whether ``f(-x) = sign f(x) + slope x + total`` holds for the outputs wherever both sides are output codes. An
        odd function in two's complement is then clamped to codes whose negative is one, so that -1 does not occur where
        +1 is not a code.
    max_bias
        The largest magnitude that the mean error of outputs, and that of their magnitudes, may have.
    rounding
        One of `plan.requantize.ROUNDINGS` if the output at every input is to be the code that it gives; None otherwise.
    admitted
        The output codes to choose from at every input, for a part of a unit; what the budget admits unless given.

    Raises
    ------
    ValueError
        If the output format cannot hold the function's values to within one ulp and `saturate` does not accept that;
        if the range holds no code or codes that the input format has not; if the unit is to be monotonic or symmetric
        or has a limit of its bias or a rounding, and there are too many codes to see whether it keeps that; or if it is
        to be symmetric and the function, the inputs or the rounding cannot be.

    """

    function: Function
    input_format: FixedFormat
    output_format: FixedFormat
    budget: Budget | None = None
    saturate: bool = False
    input_range: Range | None = None
    monotonic: bool = False
    ends: str = "exact"
    symmetric: bool = False
    max_bias: BiasLimit | None = None
    rounding: str | None = None
    admitted: Admitted | None = None

    @classmethod
    def between(
        cls, function: Function, input_format: Format, output_format: Format, *asked: Any, **further: Any
    ) -> Specification:
        """Return the specification of a function of values between formats, of which either may be affine.

        A specification itself is between integers then: its function is that of codes (see `Rescaled`).
        """
        made = between_codes(function, input_format, output_format)
        return cls(made, plan_format(input_format), plan_format(output_format), *asked, **further)

    def __post_init__(self) -> None:
        whole = Range.of(self.input_format)
        if not whole.covers(self.codes) or self.codes.size < 1:
            raise ValueError(f"an input range must hold codes of {self.input_format}, {whole}, not {self.codes}")
        self._check_defined()
        self._check_seen()
        if self.rounding is not None and self.output_format.width > WALKED_OUTPUT_BITS:
            raise ValueError(
                f"--rounding (rounding) is checked for outputs of at most {WALKED_OUTPUT_BITS} bits, and "
                f"{self.output_format} has {self.output_format.width}: leave it out, or choose a narrower format"
            )
        if self.ends not in ENDS:
            raise ValueError(f"ends must be {' or '.join(ENDS)}, not {self.ends!r}")
        if self.symmetric:
            self._check_symmetry()
        if self.saturate:
            return
        fmt = self.output_format.shown
        low, high = Fraction(self.outputs.low - 1), Fraction(self.outputs.high + 1)
        side = partial(side_of, self.function, output=self.output_format)
        if any(side(x, point=low) < 0 or side(x, point=high) > 0 for x in self._extremal_inputs(*self.codes)):
            lowest, highest = self.extremes(*self.codes)
            raise ValueError(
                f"output format {fmt} holds {float(fmt.value(fmt.min_code)):g} to {float(fmt.value(fmt.max_code)):g}, "
                f"but {self.function} of {self.domain} goes from {float(fmt.value(lowest)):g} to "
                f"{float(fmt.value(highest)):g}; choose a format that holds them, "
                "or accept the loss with --saturate (saturate=True)"
            )

    def _check_defined(self) -> None:
        """Raise where the function has no value at an input that occurs."""
        at = self.function.undefined(*map(self.input_format.value, self.codes))
        if at is not None:
            function = self.of_values
            what = f"is defined for {function.domain.value}, and {at} is an input of {self.domain}"
            if function.domain is Domain.EVERYWHERE:  # or not known as a condition
                what = f"is not defined at {at}, which lies within the inputs of {self.domain}"
            raise ValueError(
                f"{self.function} {what}; give an input format or a range that leaves such inputs out "
                "(--range, input_range)"
            )

    def _check_seen(self) -> None:
        """Raise where too many inputs occur to walk them for what is asked beyond the budget."""
        if self.codes.size <= EXHAUSTIVE_CODES:
            return
        asked = {
            "--monotonic (monotonic=True)": self.monotonic,
            "--symmetric (symmetric=True)": self.symmetric,
            "--max-bias (max_bias)": self.max_bias is not None,
            "--rounding (rounding)": self.rounding is not None,
        }
        for option, given in asked.items():
            if given:
                raise ValueError(
                    f"{option} is checked at every input, for at most {EXHAUSTIVE_CODES} codes; {self.domain} has "
                    f"{self.codes.size}: leave it out, or give a range that holds fewer"
                )

    def _check_symmetry(self) -> None:
        symmetry, ulp = self.function.symmetry, self.output_format.ulp
        if self.rounding in ONE_SIDED:
            raise ValueError(
                f"symmetric needs a rounding that is the same for both signs, such as half_even, not {self.rounding}"
            )
        zero = self.input_format.code_of_zero
        if symmetry is None and zero and self.of_values.symmetry is not None:
            raise ValueError(
                f"symmetric needs an input whose zero point is 0, not {zero}, as that of {self.input_format}"
            )
        if symmetry is None:
            raise ValueError(f"symmetric needs a symmetric function; {self.function} is not")
        if (symmetry.total / ulp).denominator != 1:
            raise ValueError(
                f"symmetric needs an output of which f(x) + f(-x) = {symmetry.total} is a multiple of the last place; "
                f"{self.output_format} has no such place"
            )
        if (symmetry.slope * self.input_format.ulp / ulp).denominator != 1:
            raise ValueError(
                f"symmetric needs an output with at least the {self.input_format.fraction_bits} fraction bits of the "
                f"input, since f(-x) = f(x) {float(symmetry.slope):+g} x; {self.output_format} has fewer"
            )
        if not self.codes.low < 0 < self.codes.high:
            raise ValueError(f"symmetric needs inputs of both signs; {self.domain} has one")

    @property
    def of_values(self) -> Function:
        """The function as it was asked for, of values rather than of codes of affine formats."""
        return self.function.of if isinstance(self.function, Rescaled) else self.function

    @property
    def codes(self) -> Range:
        """The input codes that occur."""
        return Range.of(self.input_format) if self.input_range is None else self.input_range

    @property
    def outputs(self) -> Range:
        """The output codes that may occur: all of the format, or of a symmetric odd function those with a negative."""
        held, symmetry = Range.of(self.output_format), self.function.symmetry
        odd = symmetry is not None and symmetry.sign == -1 and symmetry.total == 0
        if not (self.symmetric and odd) or held.low == 0:
            return held
        reach = min(-held.low, held.high)
        return Range(-reach, reach)

    @property
    def domain(self) -> str:
        """The input format, and the range if there is one, for people to read."""
        if self.input_range is None:
            return str(self.input_format)
        return f"{self.input_format} from {show_codes(self.input_range, self.input_format)}"

    @property
    def ports(self) -> dict[str, FixedFormat]:
        """The formats of parameters at run time, by name: none."""
        return {}

    @property
    def turns(self) -> list[Fraction]:
        """The values of the input at which the function turns, from rising to falling or the other way."""
        shown = self.input_format.shown
        return [(point - shown.code_of_zero) * shown.ulp for point in self.reference.monotonicity.points]

    def of_another(self, function: Function, output_format: Format) -> Specification:
        """Return the specification of a further output of the same unit: another function of the same input.

        Budget, saturation, ends and rounding are as asked for; what is asked beside these holds for the first output
        alone.

        Raises
        ------
        ValueError
            If the function is undefined at an input that occurs, or the format cannot hold its values.

        """
        return Specification.between(
            function,
            self.input_format,
            output_format,
            self.budget,
            self.saturate,
            self.input_range,
            ends=self.ends,
            rounding=self.rounding,
        )

    def demands(self, errors: ErrorMetrics) -> list[Demand]:
        """Return what is asked beside the budget, and whether a unit with these errors meets it.

        Without a budget nothing is enforced, the ends included.
        """
        found = end_demand(self.budget, self.ends, errors)
        if self.monotonic:
            found.append(Demand("monotonic", "is monotonic", errors.monotonic))
        if self.symmetric:
            found.append(Demand("symmetric", "is symmetric", bool(errors.symmetric)))
        if self.rounding is not None:
            found.append(Demand("rounding", f"rounds every value {self.rounding}", errors.misrounded == 0))
        if self.max_bias is not None:
            bias = max(abs(errors.bias), abs(errors.magnitude_bias)) / float(self.output_format.shown.ulp)
            most = self.max_bias.in_ulp(self.output_format)
            found.append(Demand("bias", f"has a bias of at most {self.max_bias}", bias <= float(most)))
        return found

    def true_value(self, x: Fraction) -> Fraction:
        """Return f(x) in ulp of the output, neither clamped nor rounded; exact to 2**-100 ulp."""
        known = decided_value(self.function, x, self.output_format)
        return (known.low + known.high) / 2

    def is_near(self, x: Fraction, constant: int, tolerance: Fraction) -> bool:
        """Return whether f(x) is within a tolerance of a constant, both in ulp of the output."""
        return is_near(self.function, x, self.output_format, constant, tolerance)

    def extremes(self, low: int, high: int) -> tuple[Fraction, Fraction]:
        """Return the least and the greatest `true_value` between two input codes."""
        values = [self.true_value(x) for x in self._extremal_inputs(low, high)]
        return min(values), max(values)

    def _extremal_inputs(self, low: int, high: int) -> list[Fraction]:
        """Return the inputs between two codes at which the function may be at its least or greatest."""
        first, last = self.input_format.value(low), self.input_format.value(high)
        turns = [point * self.input_format.ulp for point in self.reference.monotonicity.points]
        return [first, last, *(x for x in turns if first <= x <= last)]

    @property
    def reference(self) -> Reference:
        """The true values of the function at the input codes that occur."""
        outputs = None if self.outputs == Range.of(self.output_format) else self.outputs
        return make_reference(self.function, self.input_format, self.output_format, self.input_range, outputs)
