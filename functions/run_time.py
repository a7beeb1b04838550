"""Functions with a parameter at run time: an input of the unit beside x, such as the slope of PReLU (decision 040)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from ..support.parameters import nearest
from .base import Function
from .leaky_relu import LeakyRelu
from .properties import Line

__all__ = ["AffineLine", "RunTimeFunction", "run_time_function", "run_time_functions"]


@dataclass(frozen=True)
class AffineLine:
    """A line whose slope and offset are affine in a parameter ``p``: ``start(x) + p * change(x)``."""

    start: Line
    change: Line


@dataclass(frozen=True)
class RunTimeFunction:
    """A piecewise linear function of x and of a parameter in which every line is affine, and no kink moves.

    Parameters
    ----------
    name
        The name that it is found by.
    of, fixed
        The function that it is for each value of the parameter, and how that calls the parameter.
    parameter
        How the parameter, and the input that it is, are called.
    aliases
        Other names of the parameter, such as those of a framework.
    summary
        The definition in a line.

    """

    name: str
    of: type[Function]
    fixed: str
    parameter: str
    aliases: tuple[str, ...]
    summary: str

    def at(self, value: Fraction) -> Function:
        """Return the function of x for a value of the parameter."""
        return self.of.create({self.fixed: value})

    @cached_property
    def kinks(self) -> tuple[Fraction, ...]:
        """The inputs at which one line ends and the next begins, ascending."""
        return self.at(Fraction(0)).kinks

    @cached_property
    def lines(self) -> tuple[AffineLine, ...]:
        """The lines in ascending order of inputs, one more than there are kinks."""
        zero, one = (self.at(Fraction(value)).piecewise_linear for value in (0, 1))
        if zero is None or one is None:
            raise TypeError(f"{self.of.name} is not piecewise linear")
        return tuple(
            AffineLine(first, Line(second.slope - first.slope, second.offset - first.offset))
            for first, second in zip(zero.lines, one.lines, strict=True)
        )

    @property
    def names(self) -> tuple[str, ...]:
        """All names that it is found by."""
        return (self.name, *self.of.aliases) if self.name == self.of.name else (self.name,)

    @property
    def spelling(self) -> str:
        """The text that it is found by again, together with the name of the parameter."""
        return self.name

    @property
    def module_name(self) -> str:
        """The name of a unit of this function where none is given."""
        return self.name

    @property
    def description(self) -> str:
        """The definition in a line."""
        return self.summary

    def as_dict(self) -> dict[str, str]:
        """Return the parameters that are fixed: none."""
        return {}

    def __str__(self) -> str:
        return f"{self.name}(x, {self.parameter})"


_FUNCTIONS = (
    RunTimeFunction(
        "leaky_relu",
        LeakyRelu,
        "negative_slope",
        "negative_slope",
        ("alpha",),
        "x above 0, negative_slope * x below",
    ),
    # K. He, X. Zhang, S. Ren, J. Sun, Delving Deep into Rectifiers, 2015. The slope is ONNX's input of that name,
    # PyTorch's weight, and Keras's alpha.
    RunTimeFunction(
        "prelu", LeakyRelu, "negative_slope", "slope", ("weight", "alpha"), "x above 0, slope * x below, of two inputs"
    ),
)


def run_time_functions() -> Mapping[str, RunTimeFunction]:
    """Return every function that can have a parameter at run time, by all its names."""
    return {name: function for function in _FUNCTIONS for name in function.names}


def run_time_function(function: Any, parameter: Any) -> RunTimeFunction:
    """Return a function with a parameter at run time.

    Parameters
    ----------
    function, parameter
        The names of the two.

    Raises
    ------
    ValueError
        If the function has no parameter of that name, or one that cannot be an input.

    """
    possible = " and ".join(f"{each.parameter} of {each.name}" for each in _FUNCTIONS)
    found = run_time_functions().get(function.strip().lower()) if isinstance(function, str) else None
    if found is None:
        raise ValueError(f"{function!s:.60} has no parameter that can be a port; those that can are {possible}")
    if parameter not in (found.parameter, *found.aliases):
        hint = nearest(str(parameter), [found.parameter])
        raise ValueError(f"{found.name} has no parameter {parameter!r:.60} that can be a port; {hint}")
    return found
