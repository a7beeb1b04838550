"""Piecewise linear functions that there are not, by their lines and kinks."""

from dataclasses import dataclass
from fractions import Fraction

from softgate.functions.base import Function
from softgate.functions.properties import EVEN, ODD, Line, PiecewiseLinear, Symmetry


@dataclass(frozen=True)
class Lines(Function):
    """The function on given lines, with the symmetry that it is given."""

    name = "lines"
    summary = "given lines between given kinks"

    pieces: PiecewiseLinear
    stated: Symmetry | None = None

    @property
    def symmetry(self):
        return self.stated

    @property
    def piecewise_linear(self):
        return self.pieces

    def __call__(self, x, m):
        first, *others = self.pieces.lines
        value = x * m.rational(first.slope) + m.rational(first.offset)
        closed = self.pieces.closed or (False,) * len(self.pieces.kinks)
        for line, kink, above in zip(others, self.pieces.kinks, closed, strict=True):
            upper = x * m.rational(line.slope) + m.rational(line.offset)
            past = x - m.rational(kink)
            value = m.where(-past, value, upper) if above else m.where(past, upper, value)
        return value


def lines(*parts, closed=(), symmetry=None):
    """Return the function of lines (slope, offset) with kinks between them."""
    made = tuple(Line(Fraction(slope), Fraction(offset)) for slope, offset in parts[::2])
    return Lines(PiecewiseLinear(made, tuple(map(Fraction, parts[1::2])), closed), symmetry)


RELU = lines((0, 0), 0, (1, 0), symmetry=Symmetry(1, Fraction(0), Fraction(-1)))
RELU6 = lines((0, 0), 0, (1, 0), 6, (0, 6))
LEAKY = lines(("0.01", 0), 0, (1, 0))
THRESHOLD = lines((0, -1), "0.5", (1, 0))
DROPPING = lines((0, 3), "0.5", (1, 0))
HARD_SHRINK = lines((1, 0), "-0.5", (0, 0), "0.5", (1, 0), closed=(True, False), symmetry=ODD)
SOFT_SHRINK = lines((1, "0.5"), "-0.5", (0, 0), "0.5", (1, "-0.5"), symmetry=ODD)
ABS = lines((-1, 0), 0, (1, 0), symmetry=EVEN)
THIRDS = lines(("-1/3", 0), 0, ("1/3", 0), symmetry=EVEN)
TENT = lines((0, 0), -2, ("2/3", "4/3"), 1, ("-0.7", "2.7"), 3, ("0.1", "0.3"))
STEPS = lines((0, -2), "-1/3", (0, 1), "0.7", (0, "1/7"), 2, (0, 3))
STEEP = lines((7, -1), "-0.1", ("-1/3", "1/3"), "2.2", ("0.16666670143604279", 0))

NAMED = {name.lower(): made for name, made in list(globals().items()) if name.isupper() and isinstance(made, Lines)}
