"""Functions that there are not: what a method must cope with, should they come."""

from softgate.functions.tanh import Tanh
from softgate.functions.tanh_derivative import TanhDerivative


class Lopsided(Tanh):
    """A function without symmetry, as far as a method can know."""

    symmetry = None


class Tall(TanhDerivative):
    """A function that is greatest where it turns, and 3 there."""

    name = "tall"

    def __call__(self, x, m):
        return 3 * super().__call__(x, m)
