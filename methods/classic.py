"""The published approximations of the logistic function that need no table, nor more than one multiplication."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from functools import partial
from math import ceil
from typing import Any, NamedTuple

from ..accuracy.specification import Specification
from ..plan import operations as op
from ..plan.builder import PlanBuilder
from ..plan.lut_estimate import logic_size
from ..plan.plan import Plan
from ..support.parameters import Parameter
from .base import Candidate, Method, plan_cost
from .composition import Composition
from .range_reduction.symmetry import fold, unfold

__all__ = ["Classic"]


_APPROXIMATED = "logistic"

_PROOF_PARTS = 1 << 10
"""The most parts of the input over which the range of a line is proved; the time grows with their number."""


class _Line(NamedTuple):
    """The line ``|x| / 2**shift + offset`` from the magnitude `start` on."""

    start: Fraction
    shift: int
    offset: Fraction


class _Lines(NamedTuple):
    """Lines that reach 1 at the magnitude `end`, an integer, and stay there."""

    lines: tuple[_Line, ...]
    end: int


_PLAN = _Lines(
    (
        _Line(Fraction(0), 2, Fraction(1, 2)),
        _Line(Fraction(1), 3, Fraction(5, 8)),
        _Line(Fraction(19, 8), 5, Fraction(27, 32)),
    ),
    5,
)

_A_LAW = _Lines(
    (
        _Line(Fraction(0), 2, Fraction(1, 2)),
        _Line(Fraction(1), 3, Fraction(5, 8)),
        _Line(Fraction(2), 5, Fraction(13, 16)),
        _Line(Fraction(4), 6, Fraction(7, 8)),
    ),
    8,
)


class Classic(Method):
    """Approximations of the logistic function s, exact to their definition, and rounded once to the output.

    All are made for one sign of x and use ``s(-x) = 1 - s(x)`` for the other.

    - `plan`: x/4 + 1/2 below 1, x/8 + 5/8 below 2.375, x/32 + 27/32 below 5, then 1; it steps down by 1/256 at 2.375.
      H. Amin, K. M. Curtis, B. R. Hayes-Gill, Piecewise linear approximation applied to nonlinear function of a
      neural network, 1997.
    - `alippi`: lines between the powers of two at whole numbers, ``s(-x) = (1/2 - frac(x) / 4) / 2**int(x)``, x >= 0.
      C. Alippi, G. Storti-Gajani, Simple approximation of sigmoidal functions: realistic design of digital neural
      networks capable of learning, 1991.
    - `a_law`: lines through (0, 1/2), (1, 3/4), (2, 7/8), (4, 15/16) and (8, 1). D. J. Myers, R. A. Hutchinson,
      Efficient implementation of piecewise linear activation function for digital VLSI neural networks, 1989.
    - `zhang`: the parabola ``s(-x) = (1 - x/4)**2 / 2`` for 0 <= x < 4, then 0. M. Zhang, S. Vassiliadis,
      J. G. Delgado-Frias, Sigmoid generators for neural computing using piecewise approximations, 1996.

    `plan` and `a_law` are made, and rounded half up, for x >= 0, the others for x <= 0; for the other sign they are
    then rounded half down. Bits that are cut off earlier do not change this. A function that is a multiple of s plus a
    constant, such as ``tanh(x) = 2 s(2x) - 1``, is made of s without another rounding.
    """

    name = "classic"
    summary = "published approximations of the logistic function: PLAN, Alippi, A-law, Zhang"
    parameters = (
        Parameter(
            "scheme",
            str,
            "whose: plan (Amin and others), alippi (and Storti-Gajani), a_law (Myers, Hutchinson), zhang (and others); "
            "the most accurate unless given",
            choices={"plan": ("amin",), "alippi": (), "a_law": ("myers",), "zhang": ()},
        ),
    )

    @classmethod
    def refusal(cls, specification: Specification) -> str | None:
        function, identity = specification.function, specification.function.identity
        if function.name != _APPROXIMATED and (identity is None or identity.of != _APPROXIMATED or not identity.linear):
            return f"method classic makes the logistic function and multiples of it, and {function} is neither"
        return None

    @classmethod
    def candidates(cls, specification: Specification, given: Mapping[str, Any]) -> Iterator[Candidate]:
        cls.check(specification)
        for name, scheme in _SCHEMES.items():
            if given.get("scheme") in (None, name):
                plan = _plan(specification, scheme)
                yield Candidate(plan, {"scheme": name}, logic_size(plan), order=plan_cost(plan))


def _plan(specification: Specification, scheme: _Scheme) -> Plan:
    """Return the plan of a scheme, for the logistic function or, by its identity, for another."""
    function, output = specification.function, specification.output_format
    if function.name != _APPROXIMATED:
        composition = Composition.of(specification, Composition.natural_fraction(specification))
        return composition.plan(_plan(composition.base, scheme))
    assert function.reflection is not None
    b = PlanBuilder()
    x = b.input("x", specification.input_format, f"argument of {function}", specification.codes)
    magnitude = fold(b, x)
    if (point := b.point(magnitude)) < 0:
        magnitude = b.let("units", op.ShiftLeft(magnitude, -point), "in whole units, of which the lines are made")
    value, side = scheme(b, magnitude, output.fraction_bits)
    value = unfold(b, function.reflection, x, value, side=side)
    if not op.Range.of(output).covers(b.range(value)):
        value = b.let("limited", op.Clamp(value, output.min_code, output.max_code), f"limited to {output}")
    return b.build(y=(value, output))


def _lines(scheme: _Lines, b: PlanBuilder, u: str, fraction: int) -> tuple[str, int]:
    """Add s(u) by lines: one sum, whose two terms are selected."""
    lines, point = scheme.lines, b.point(u)
    if b.range(u).high > scheme.end << point:
        u = b.let("covered", op.Clamp(u, 0, scheme.end << point), f"the lines reach 1 at {scheme.end}")
    low, high = b.range(u)
    firsts = [ceil(line.start * (1 << point)) for line in lines]  # the first code of each
    met = [n for n, after in enumerate([*firsts[1:], high + 1]) if firsts[n] <= high and low < after]
    # Bits of |x| below the one that decides the rounding are cut off: no other term has any, so no sum changes.
    place = max(fraction + 1, *(line.offset.denominator.bit_length() - 1 for line in lines))
    half = 1 << (place - fraction - 1)
    term = offset = ""
    for n in met:
        line, shift = lines[n], point + lines[n].shift - place
        cut = op.ShiftRight(u, shift, place) if shift > 0 else op.ShiftLeft(u, -shift, place)
        rise = b.let(f"term{n}", cut, f"|x| / {1 << line.shift}")
        note = f"{line.offset} plus half an output ulp, for rounding"
        base = b.let(f"offset{n}", op.Constant(int(line.offset * (1 << place)) + half, place), note)
        if not term:
            term, offset = rise, base
            continue
        start = b.let(f"start{n}", op.Constant(firsts[n], point), f"where line {n} begins")
        beyond = b.let(f"beyond{n}", op.Compare("ge", u, start), f"whether |x| >= {float(line.start):g}")
        term = b.let(f"term_to{n}", op.Select(beyond, rise, term), f"the slope up to line {n}")
        offset = b.let(f"offset_to{n}", op.Select(beyond, base, offset), f"the offset up to line {n}")
    total = b.let("line", op.Add(term, offset), "the line at |x|")
    total = b.narrow("line_tight", total, _PROOF_PARTS, "the line, in the bits it needs")
    return b.let("rounded", op.ShiftRight(total, place - fraction), "rounded to the output's last place"), 1


def _alippi(b: PlanBuilder, u: str, fraction: int) -> tuple[str, int]:
    """Add s(-u) by a run-time shift."""
    point = b.point(u)
    whole = b.let("whole", op.ShiftRight(u, point, 0), "int(|x|)")
    longest = max(fraction + 1, 0)
    if b.range(whole).high > longest:
        whole = b.let("shift", op.Clamp(whole, 0, longest), "a longer shift leaves nothing, either")
    mantissa = b.let("half", op.Constant(1 << (point + 1), point + 2), "1/2")
    if point:
        rest = b.let("rest", op.Bits(u, 0, point, point + 2), "frac(|x|) / 4")
        mantissa = b.let("mantissa", op.Subtract(mantissa, rest), "1/2 - frac(|x|) / 4")
    # The bit below the output's last place decides the rounding: lower ones may be cut off before the shift and by it.
    shift, kind = point + 1 - fraction, "the place that decides the rounding is the last"
    if shift > 0:
        mantissa = b.let("cut", op.ShiftRight(mantissa, shift), kind)
    else:
        mantissa = b.let("cut", op.ShiftLeft(mantissa, -shift), kind)
    shifted = b.let("shifted", op.ShiftBy("right", mantissa, whole), "divided by 2**int(|x|)")
    return b.let("rounded", op.Round(shifted, 1, "half_up"), "rounded to the output's last place"), -1


def _zhang(b: PlanBuilder, u: str, fraction: int) -> tuple[str, int]:
    """Add s(-u) by a square."""
    point = b.point(u)
    four = 4 << point
    if b.range(u).high > four:
        u = b.let("near", op.Clamp(u, 0, four), "where the parabola ends, it is 0")
    reach = b.let("reach", op.Constant(four, point), "4")
    distance = b.let("distance", op.Subtract(reach, u), "4 - |x|")
    square = b.let("square", op.Multiply(distance, distance), "(4 - |x|)**2")
    value = b.let("parabola", op.ShiftLeft(square, 0, 2 * point + 5), "(1 - |x| / 4)**2 / 2")
    excess = 2 * point + 5 - fraction
    if excess > 0:
        return b.let("rounded", op.Round(value, excess, "half_up"), "rounded to the output's last place"), -1
    return b.let("aligned", op.ShiftLeft(value, -excess), "at the output's last place"), -1


_Scheme = Callable[[PlanBuilder, str, int], tuple[str, int]]
"""Adds s(side * u), rounded to some fraction bits, for a step u that is not negative; returns the step and the side."""

_SCHEMES: dict[str, _Scheme] = {
    "plan": partial(_lines, _PLAN),
    "alippi": _alippi,
    "zhang": _zhang,
    "a_law": partial(_lines, _A_LAW),
}
"""The schemes, the most accurate for fine formats first: by the largest error, then the mean error, over [-8, 8]."""
