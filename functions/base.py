"""The base of functions: one exact definition over any number type, and the properties that methods make use of."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, fields
from fractions import Fraction
from typing import TYPE_CHECKING, Any, ClassVar

from ..support.parameters import Parameter, read_parameters, show_number
from .number_types import FRACTIONS, Arithmetic, IrrationalError
from .properties import (
    Asymptote,
    Domain,
    Identity,
    Monotonicity,
    PiecewiseLinear,
    Ramp,
    Scaling,
    Sign,
    Symmetry,
    Translation,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["Function"]


@dataclass(frozen=True)
class Function(ABC):
    """A function with its parameters fixed. One subclass a file; its dataclass fields are the parameters' values.

    A class states of its function only what cannot be found: where it rises and falls is isolated from its derivative
    (see `critical_points`), and each statement is held to the values by a test.
    """

    name: ClassVar[str]
    aliases: ClassVar[tuple[str, ...]] = ()
    summary: ClassVar[str]
    parameters: ClassVar[tuple[Parameter, ...]] = ()

    listed: ClassVar[bool] = True
    """Whether it is found by its name; else it is made of other functions, or of text."""

    rounded: ClassVar[bool] = False
    """Whether its units are correctly rounded where no budget is given (decision 041)."""

    identity: ClassVar[Identity | None] = None
    """The relation by which the function follows from another one; None if there is no such relation."""

    domain: ClassVar[Domain] = Domain.EVERYWHERE
    """Where the function is defined."""

    sign: ClassVar[Sign] = Sign.UNKNOWN
    """The sign of its values, by which zeros of expressions with it are found."""

    exponential: ClassVar[bool] = False
    """Whether it is made of exponentials alone, and comes as close to the lines of its ends as those do to 0."""

    scaling: ClassVar[Scaling | None] = None
    """The rule by which f(2^k x) follows from f(x) for x > 0; None if there is no such rule."""

    @abstractmethod
    def __call__(self, x: Any, m: Arithmetic) -> Any:
        """Return the value at `x`, a number of the type that `m` is the arithmetic of."""

    @property
    def ends(self) -> tuple[Asymptote | None, Asymptote | None]:
        """The limit or asymptote at minus and at plus infinity; None where there is neither."""
        if self.piecewise_linear is None:
            return None, None
        first, last = self.piecewise_linear.lines[0], self.piecewise_linear.lines[-1]
        return Asymptote(first.slope, first.offset), Asymptote(last.slope, last.offset)

    @property
    def limits(self) -> tuple[Fraction, Fraction] | None:
        """The values that the function tends to at minus and at plus infinity; None unless there are both."""
        below, above = self.ends
        if below is None or above is None or below.slope or above.slope:
            return None
        return below.offset, above.offset

    @property
    def symmetry(self) -> Symmetry | None:
        """The rule by which f(-x) follows from f(x); None if there is no such rule."""
        if self.ramp is not None and 2 * self.ramp.offset == self.ramp.low + self.ramp.high:
            return Symmetry(-1, 2 * self.ramp.offset)
        return None

    @property
    def translation(self) -> Translation | None:
        """The rule by which f(x + a constant) follows from f(x); None if there is no such rule."""
        return None

    @property
    def reflection(self) -> Symmetry | None:
        """The symmetry, if it has no linear term."""
        symmetry = self.symmetry
        return None if symmetry is None or symmetry.slope else symmetry

    @property
    def kinks(self) -> tuple[Fraction, ...]:
        """The inputs, ascending, at which the function has no power series."""
        return () if self.piecewise_linear is None else self.piecewise_linear.kinks

    no_series: ClassVar[str] = "has kinks"
    """Why a function that is not analytic has no power series, as the end of a sentence."""

    @property
    def analytic(self) -> bool:
        """Whether the function has a power series wherever it is defined."""
        return not self.kinks

    @property
    def ramp(self) -> Ramp | None:
        """The function as a ramp, if it is one."""
        return None

    @property
    def piecewise_linear(self) -> PiecewiseLinear | None:
        """The function by its lines if it is piecewise linear; it is then exact over fractions."""
        return None if self.ramp is None else self.ramp.piecewise_linear

    def undefined(self, low: Fraction, high: Fraction) -> Fraction | None:
        """Return an input from `low` to `high`, both included, at which there is no value; None if all have one."""
        return self.domain.outside(low, high)

    def exact(self, x: Fraction) -> Fraction | None:
        """Return the value at `x` where it is known to be rational, such as that of a ramp, else None."""
        try:
            value = self(x, FRACTIONS)
        except IrrationalError:
            return None
        return Fraction(value) if isinstance(value, int | Fraction) else None

    def samples(self, first: Fraction, step: Fraction, count: int) -> NDArray[np.float64] | None:
        """Return the exact values at equally spaced inputs, shape (count,), if all are known to be float64s."""
        return None

    def turns_between(self, low: Fraction, high: Fraction) -> Monotonicity | None:
        """Return where the function rises and falls between two inputs, if its values alone tell; else None."""
        return None

    def strict_limits(self, x: Fraction) -> tuple[Fraction | None, Fraction | None]:
        """Return a limit that the value at `x` is strictly above, and one that it is strictly below; None if neither.

        They are those of the half of the inputs that `x` lies in.
        """
        end = self.ends[x > 0] if x else None
        if end is None or end.slope or not end.side:
            return None, None
        return (end.offset, None) if end.side > 0 else (None, end.offset)

    @property
    def turning_range(self) -> tuple[Fraction | None, Fraction | None]:
        """Inputs below and above which the function has no critical points; None where that is not known.

        It is 64 on the side of a limit or an asymptote, or beyond the kinks where these are farther away: there every
        function here that has one goes one way.
        """
        far = max([Fraction(64), *(abs(kink) + 1 for kink in self.kinks)])
        below, above = self.ends
        return None if below is None else -far, None if above is None else far

    @classmethod
    def create(cls, given: Mapping[str, Any]) -> Function:
        """Return the function with parameters checked and defaults filled in."""
        return cls(**read_parameters(f"function {cls.name}", cls.parameters, given))

    def as_dict(self) -> dict[str, str]:
        """Return the parameters that are set, as text that `create` reads back."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: show_number(value) for name, value in values.items() if value is not None}

    @property
    def spelling(self) -> str:
        """The text that `create_function` makes this function of, together with the parameters of `as_dict`."""
        return self.name

    @property
    def module_name(self) -> str:
        """The name of a unit of this function where none is given: an identifier."""
        return self.name

    @property
    def description(self) -> str:
        """The definition in a line."""
        return self.summary

    @property
    def declared_parameters(self) -> tuple[Parameter, ...]:
        """The parameters of `as_dict`."""
        return self.parameters

    def __str__(self) -> str:
        shown = ", ".join(f"{name}={value}" for name, value in self.as_dict().items())
        return f"{self.spelling}({shown})" if shown else self.spelling
