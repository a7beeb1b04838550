"""The base of functions: one exact definition over any number type, and the properties that methods make use of."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, fields
from fractions import Fraction
from typing import Any, ClassVar

from ..support.parameters import Parameter, read_parameters
from .number_types import FRACTIONS, Arithmetic, IrrationalError

__all__ = ["EVEN", "ODD", "Function", "Identity", "Ramp", "Symmetry"]


@dataclass(frozen=True)
class Ramp:
    """The piecewise linear function ``clip(slope * x + offset, low, high)`` with ``slope > 0``."""

    slope: Fraction
    offset: Fraction
    low: Fraction
    high: Fraction


@dataclass(frozen=True)
class Symmetry:
    """The relation between the values at x and -x: ``f(-x) = sign * f(x) + total`` for every x.

    The sign is 1 for an even function, and -1 for one whose graph is symmetric about the point ``(0, total / 2)``.
    """

    sign: int
    total: Fraction


EVEN, ODD = Symmetry(1, Fraction(0)), Symmetry(-1, Fraction(0))


@dataclass(frozen=True)
class Identity:
    """How a function follows from another: ``f(x) = p(g(2**scale * x))`` with a polynomial p of degree 1 or 2.

    Parameters
    ----------
    of
        Name of g, which has no parameters, and limits between which all its values lie.
    scale
        Power of two that g's argument is multiplied by.
    coefficients
        Those of p, of power 0 first: multiples of powers of two, the last one plus or minus a power of two.

    """

    of: str
    scale: int
    coefficients: tuple[Fraction, ...]

    @property
    def linear(self) -> bool:
        """Whether f is a multiple of g plus a constant."""
        return len(self.coefficients) == 2


@dataclass(frozen=True)
class Function(ABC):
    """A function with its parameters fixed. One subclass a file; its dataclass fields are the parameters' values.

    Up to the first of its `turns`, a function does not decrease; from there to the next it does not increase, and so
    on. What it takes on over an interval lies between the values at its ends and at the turns within.
    """

    name: ClassVar[str]
    aliases: ClassVar[tuple[str, ...]] = ()
    summary: ClassVar[str]
    parameters: ClassVar[tuple[Parameter, ...]] = ()

    limits: ClassVar[tuple[Fraction, Fraction] | None] = None
    """The values that the function tends to at minus and plus infinity; None where it has none."""

    turns: ClassVar[tuple[Fraction, ...]] = ()
    """Where the function turns from rising to falling or back, in ascending order."""

    identity: ClassVar[Identity | None] = None
    """How the function follows from another one, if it does."""

    @abstractmethod
    def __call__(self, x: Any, m: Arithmetic) -> Any:
        """Return the value at `x`, a number of the type that `m` is the arithmetic of."""

    @property
    def symmetry(self) -> Symmetry | None:
        """How f(-x) follows from f(x), if it does."""
        if self.ramp is not None and 2 * self.ramp.offset == self.ramp.low + self.ramp.high:
            return Symmetry(-1, 2 * self.ramp.offset)
        return None

    @property
    def ramp(self) -> Ramp | None:
        """The function as a ramp, if it is one; it is then exact over fractions and needs no approximation."""
        return None

    def exact(self, x: Fraction) -> Fraction | None:
        """Return the value at `x` where it is known to be rational, such as that of a ramp, else None."""
        try:
            return Fraction(self(x, FRACTIONS))
        except IrrationalError:
            return None

    def limits_beside(self, x: Fraction) -> tuple[Fraction | None, Fraction | None]:
        """Return which of its `limits` the function stays above and below at `x`; None where it is not known to.

        An analytic function that goes one way for ever, and is no constant, does not reach its limit.
        """
        below, above = None, None
        if self.limits is not None and self.analytic:
            if not self.turns or x < self.turns[0]:
                below = self.limits[0]
            if not self.turns or x > self.turns[-1]:
                if len(self.turns) % 2:
                    below = self.limits[1]
                else:
                    above = self.limits[1]
        return below, above

    @property
    def analytic(self) -> bool:
        """Whether the function has a power series everywhere on the real line."""
        return self.ramp is None

    @classmethod
    def create(cls, given: Mapping[str, Any]) -> Function:
        """Return the function with parameters checked and defaults filled in."""
        return cls(**read_parameters(f"function {cls.name}", cls.parameters, given))

    def as_dict(self) -> dict[str, str]:
        """Return the parameters that are set, as text that `create` reads back."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: str(value) for name, value in values.items() if value is not None}

    def __str__(self) -> str:
        shown = ", ".join(f"{name}={value}" for name, value in self.as_dict().items())
        return f"{self.name}({shown})" if shown else self.name
