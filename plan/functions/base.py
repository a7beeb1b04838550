"""What a function is: one exact definition over any number type, and the properties that methods make use of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from fractions import Fraction
from typing import Any, ClassVar

from ..arithmetic import Arithmetic
from ..parameters import Parameter, read_parameters

__all__ = ["Function", "Ramp"]


@dataclass(frozen=True)
class Ramp:
    """The piecewise linear function ``clip(slope * x + offset, low, high)`` with ``slope > 0``."""

    slope: Fraction
    offset: Fraction
    low: Fraction
    high: Fraction


@dataclass(frozen=True)
class Function:
    """A function with its parameters fixed. One subclass a file; its dataclass fields are the parameters' values.

    Functions do not decrease anywhere: what they take on over an interval lies between the values at its ends.
    """

    name: ClassVar[str]
    aliases: ClassVar[tuple[str, ...]] = ()
    summary: ClassVar[str]
    parameters: ClassVar[tuple[Parameter, ...]] = ()

    limits: ClassVar[tuple[Fraction, Fraction] | None] = None
    """The values that a non-decreasing function tends to at minus and plus infinity; None where it has none."""

    def __call__(self, x: Any, m: Arithmetic) -> Any:
        """Return the value at `x`, a number of the type that `m` is the arithmetic of."""
        raise NotImplementedError

    @property
    def symmetry(self) -> Fraction | None:
        """``f(x) + f(-x)`` where that is the same for every x: 0 for an odd function; None for no such symmetry."""
        if self.ramp is not None and 2 * self.ramp.offset == self.ramp.low + self.ramp.high:
            return 2 * self.ramp.offset
        return None

    @property
    def ramp(self) -> Ramp | None:
        """The function as a ramp, if it is one; it is then exact over fractions and needs no approximation."""
        return None

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
