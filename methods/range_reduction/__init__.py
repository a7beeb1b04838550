"""Range reduction: symmetry, saturation and scaling leave a reduced input, whose result becomes the output."""

from .alternating import Alternating
from .doubling import Doubling
from .normalised import NormalisedSum, NormalisedValue
from .reduction import Reduction

__all__ = ["REDUCTIONS"]

REDUCTIONS: dict[str, type[Reduction]] = {
    cls.name: cls for cls in (NormalisedValue, NormalisedSum, Alternating, Doubling)
}
"""The reductions that a unit is made with as a whole, by name."""
