"""A function from an expression, with the properties that are found from its form."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Any

from ...support.names import check_identifier
from ..base import Function
from ..number_types import FLOATS, Arithmetic
from ..properties import Asymptote, PiecewiseLinear, Symmetry
from .domain import find_undefined
from .ends import find_ends
from .evaluation import evaluate
from .kinks import find_kinks
from .nodes import Input, Node, walk
from .piecewise import piecewise_polynomial, regions_of
from .spelling import text
from .symmetry import find_symmetry

__all__ = ["Expression"]


@dataclass(frozen=True)
class Expression(Function):
    """A function of x that is written as an expression; its text is the name by which manifests know it.

    Symmetry, kinks, ends and lines are found from the tree, and only where they are certain (decision 036). A
    symmetry, an end or a line that is not found may cost size; a kink that is not found would make wrong units. An
    expression whose kinks cannot be found exactly is therefore refused.

    Parameters
    ----------
    node
        The expression.
    unit_name
        The name of its units where none is given.

    Raises
    ------
    ValueError
        If the expression has no x, or kinks that cannot be found.

    """

    name = "expression"
    summary = "an expression"
    listed = False

    node: Node
    unit_name: str = field(default="expression", compare=False)

    def __post_init__(self) -> None:
        check_identifier(self.unit_name, "name")
        if not any(isinstance(part, Input) for part in walk(self.node)):
            raise ValueError(f"the expression {self.spelling} is a constant: it must contain x")
        _ = self.kinks  # or the reason why they cannot be found

    def __call__(self, x: Any, m: Arithmetic) -> Any:
        if m is not FLOATS:
            return evaluate(self.node, x, m, regions_of)
        import numpy as np

        with np.errstate(all="ignore"):
            return evaluate(self.node, np.asarray(x, dtype=float)[()], m, regions_of) + np.zeros(np.shape(x))[()]

    def exact(self, x: Fraction) -> Fraction | None:
        try:
            return super().exact(x)
        except ZeroDivisionError:
            return None

    @cached_property
    def spelling(self) -> str:
        return text(self.node)

    @property
    def module_name(self) -> str:
        return self.unit_name

    @property
    def description(self) -> str:
        return "an expression in x"

    @cached_property
    def ends(self) -> tuple[Asymptote | None, Asymptote | None]:
        return find_ends(self.node)

    @cached_property
    def symmetry(self) -> Symmetry | None:
        return find_symmetry(self.node)

    @cached_property
    def kinks(self) -> tuple[Fraction, ...]:
        pieces = self.piecewise_linear
        return tuple(sorted(set(pieces.kinks))) if pieces is not None else find_kinks(self.node)

    @cached_property
    def piecewise_linear(self) -> PiecewiseLinear | None:
        known = piecewise_polynomial(self.node)
        return None if known is None else known.piecewise_linear

    @property
    def turning_range(self) -> tuple[None, None]:
        # Nothing is known of how far out critical points may be.
        return None, None

    def undefined(self, low: Fraction, high: Fraction) -> Fraction | None:
        return find_undefined(self.node, low, high)

    def as_dict(self) -> dict[str, str]:
        return {}
