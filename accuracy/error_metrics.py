"""Error metrics: how far outputs are from the true function."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from ..plan.formats import FixedFormat
from .budget import Budget

__all__ = ["ErrorMetrics"]

_HALF = Fraction(1, 2)


@dataclass(frozen=True)
class ErrorMetrics:
    """The error of a unit against the true function, its value clamped to the output's range.

    Errors are signed as output minus truth. `max_ulp` is in ulp of the output, the other errors are absolute;
    `magnitude_bias` is the mean of the output's magnitude minus that of the truth, which does not cancel between the
    two signs of an odd function as `bias` does; `correctly_rounded` is the share of inputs with an error of at most
    half an ulp; `monotonic` tells whether the output never falls where the function rises and never rises where it
    falls (neighbours with a critical point between them may go either way); `symmetric` tells whether
    ``f(-x) = sign f(x) + slope x + total`` holds for the outputs wherever both sides are output codes, and is None for
    a function without symmetry, and for inputs of one sign; `exact_ends` tells whether the outputs are those of
    `Reference.required`. `worst_code` is the lowest input code that has the largest error, as far as 128 bits tell.
    `largest` is that error in ulp as an exact upper bound, and `below_largest` whether it is known to be below that: so
    a budget is judged. `undecided` counts the inputs where 4,096 bits do not tell an error from half an ulp, one ulp or
    the budget: it then counts as equal. `misrounded` counts the inputs whose output is not the code of the rounding
    asked for, and is None if none was. `worst_parameter` is the code and the value of a parameter at run time that go
    with the worst input, the lowest code of those with the same input.
    """

    max_ulp: float
    max_abs: float
    mean_abs: float
    rms: float
    bias: float
    magnitude_bias: float
    correctly_rounded: float
    monotonic: bool
    symmetric: bool | None
    exact_ends: bool
    worst_code: int
    worst_value: float
    points: int
    largest: Fraction
    below_largest: bool = False
    undecided: int = 0
    proof: str = "exhaustive"
    misrounded: int | None = None
    worst_parameter: tuple[int, float] | None = None

    @property
    def error_class(self) -> str:
        """The class of the largest error: at most half an ulp, below one ulp, or another."""
        if self.largest <= _HALF:
            return "correctly_rounded"
        return "faithful" if self.largest < 1 or (self.largest == 1 and self.below_largest) else "within"

    @property
    def largest_text(self) -> str:
        """The largest error for people to read, in five digits from which it can be told from half an ulp and one."""
        text = f"{self.max_ulp:.5g}"
        shown = Fraction(text)
        if shown not in (_HALF, 1):
            return f"{text} ulp"
        if self.largest > shown:
            return f"just above {text} ulp"
        return f"{'below ' if self.largest < shown or self.below_largest else ''}{text} ulp"

    @property
    def limit_text(self) -> str:
        """The largest error for people to read, as what no error exceeds."""
        text = self.largest_text
        return f"at most {text}" if text[0].isdigit() else text

    def meets(self, budget: Budget, output: FixedFormat) -> bool:
        """Whether the largest error is within a budget."""
        return budget.admits(self.largest, output, below=self.below_largest)

    def as_dict(self) -> dict[str, Any]:
        """Return the metrics as the manifest has them."""
        parameter = {}
        if self.worst_parameter is not None:
            parameter["parameter"] = dict(zip(("code", "value"), self.worst_parameter, strict=True))
        return {
            "max_ulp": self.max_ulp,
            "class": self.error_class,
            "max_abs": self.max_abs,
            "mean_abs": self.mean_abs,
            "rms": self.rms,
            "bias": self.bias,
            "magnitude_bias": self.magnitude_bias,
            "correctly_rounded": self.correctly_rounded,
            "monotonic": self.monotonic,
            "symmetric": self.symmetric,
            "exact_ends": self.exact_ends,
            "worst_input": {"code": self.worst_code, "value": self.worst_value, **parameter},
            "points": self.points,
            "undecided": self.undecided,
            "proof": self.proof,
            **({} if self.misrounded is None else {"misrounded": self.misrounded}),
        }
