"""Functions that there are not: what a method must cope with, should they come."""

from softgate.plan.functions.tanh import Tanh


class Lopsided(Tanh):
    """A function without symmetry, as far as a method can know."""

    symmetry = None
