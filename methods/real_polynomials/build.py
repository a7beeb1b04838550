"""The plan of piecewise polynomials: the segment's index, its polynomial by Horner's rule, saturation and symmetry."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import partial

from ...plan import operations as op
from ...plan.builder import PlanBuilder
from ...plan.lut_estimate import logic_size
from ..base import Candidate, plan_cost
from ..range_reduction.symmetry import fold, unfold
from .fits.base import Fit
from .horner import HornerResult, HornerStep, ceil_log2, horner
from .segments import Segments

__all__ = ["arrangements"]

_SLACK = Fraction(1, 1 << 64)
"""More than all roundings of coefficients and true values to 2**-100 ulp or better, which bounds leave out."""

_PROOF_PARTS = 64
"""The most parts of the input over which narrowed ranges are proved: the time grows with their number."""


def arrangements(fit: Fit, segments: Segments, degree: int, share: Fraction) -> Iterator[Candidate]:
    """Yield the plans for one cut: plain Horner, and in x squared where a symmetric function has one centre, 0.

    Parameters
    ----------
    fit
        The fit that found the polynomials and bounds their error.
    segments, degree
        The polynomials, truncated to a degree.
    share
        Error in ulp that the evaluation may add, the final rounding apart.

    """
    about_zero = segments.shift is None and segments.origin == 0
    symmetry = segments.domain.specification.function.reflection
    squared = about_zero and symmetry is not None and degree >= (2 if symmetry.sign == 1 else 3)
    for in_square in (False, True) if squared else (False,):
        yield _build(fit, segments, degree, share, in_square)


def _build(fit: Fit, segments: Segments, degree: int, share: Fraction, in_square: bool) -> Candidate:
    if segments.shift == 0:
        degree = 0  # a segment is a single code
    domain, specification = segments.domain, segments.domain.specification
    source, output = specification.input_format, specification.output_format
    symmetry = specification.function.reflection
    b = PlanBuilder()
    x = b.input("x", source, f"argument of {specification.function}", specification.codes)
    magnitude = fold(b, x) if domain.folded else x
    if segments.shift is None:
        result = _about_one_centre(b, segments, magnitude, degree, share, in_square)
    else:
        result = _about_middles(b, segments, magnitude, degree, share)
    value = result.step
    if domain.folded and symmetry is not None:
        value = unfold(b, symmetry, x, value)
    held = b.range(value)
    if held.low < output.min_code or held.high > output.max_code:
        value = b.let("limited", op.Clamp(value, output.min_code, output.max_code), f"limited to {output}")
    plan = b.build(y=(value, output))
    parameters = {"degree": degree, "segments": segments.count}
    # Ordered by bits of tables and products: an order by look-up tables would choose other units.
    prove = partial(_proved_error, fit, segments, degree, result.error)
    return Candidate(plan, parameters, logic_size(plan), prove, order=plan_cost(plan))


def _proved_error(fit: Fit, segments: Segments, degree: int, evaluation: Fraction) -> Fraction | None:
    """Return a proved error in ulp: of final rounding, evaluation and polynomials together, or of saturation."""
    specification = segments.domain.specification
    approximation_error = fit.approximation_error(segments, degree)
    if approximation_error is None:
        return None
    saturation = Fraction(0)
    for code, constant in zip((segments.codes.low - 1, segments.codes.high + 1), segments.ends, strict=True):
        if constant is not None:
            there = specification.true_value(specification.input_format.value(code))
            saturation = max(saturation, abs(there - constant))
    return max(Fraction(1, 2) + evaluation + approximation_error, saturation) + _SLACK


def _about_middles(b: PlanBuilder, segments: Segments, magnitude: str, degree: int, share: Fraction) -> HornerResult:
    """Add the evaluation of the polynomial of each segment, in the distance from its middle."""
    specification = segments.domain.specification
    shift = segments.shift or 0
    point = specification.input_format.fraction_bits
    # The tables have one more entry at each saturated end.
    below, above = (end is not None for end in segments.ends)
    first = (segments.origin >> shift) - below
    last = (segments.origin >> shift) + segments.count - 1 + above
    index: str | None = b.let("piece", op.ShiftRight(magnitude, shift, 0), "number of the piece")
    source, low = magnitude, shift
    if not op.Range(first, last).covers(b.range("piece")):
        which = " and ".join([f"up to {first}"] * below + [f"from {last} on"] * above)
        index = source = b.let("segment", op.Clamp("piece", first, last), f"pieces {which} are saturated")
        low = 0
    if first == last:
        index = None
    elif first:
        # The lowest bits of the index are enough: the order of entries in the tables does not matter.
        index = b.let("entry", op.Bits(source, low, (last - first).bit_length()), "place of the piece in the tables")
    distance = magnitude
    if shift:
        offset = b.let("offset", op.Bits(magnitude, 0, shift), "place within the piece")
        middle = b.let("middle", op.Constant(1 << (shift - 1)), "the middle of a piece")
        flipped = b.let("flipped", op.Bitwise("xor", offset, middle), "offset - middle, modulo the width of a piece")
        distance = b.let("distance", op.Bits(flipped, 0, shift, point, signed=True), "distance from the middle")
    coefficients = list(zip(*segments.coefficients, strict=True))
    steps = [HornerStep(distance, segments.reach, power, coefficients[power]) for power in range(degree, -1, -1)]
    return horner(
        b,
        steps[0],
        steps[1:],
        index=index,
        first_index=first,
        ends=segments.ends,
        fraction=specification.output_format.fraction_bits,
        share=share,
        parts=min(max(specification.codes.block.size >> shift, 1), _PROOF_PARTS),
    )


def _about_one_centre(
    b: PlanBuilder, segments: Segments, magnitude: str, degree: int, share: Fraction, in_square: bool
) -> HornerResult:
    """Add the evaluation of one polynomial, which gives way to constants beyond the codes it covers."""
    specification = segments.domain.specification
    point, fraction = specification.input_format.fraction_bits, specification.output_format.fraction_bits
    coefficients = [[coefficient] for coefficient in segments.coefficients[0]]
    reach, codes = segments.reach, segments.codes
    below, above = segments.ends
    u = magnitude
    if codes != segments.domain.codes:
        u = b.let("covered", op.Clamp(magnitude, *codes), "the part that the polynomial covers")
    if segments.origin:
        centre = b.let("middle", op.Constant(segments.origin, point), "the centre of the polynomial")
        u = b.let("distance", op.Subtract(u, centre), "distance from the centre")
    if in_square:
        symmetry = specification.function.reflection
        parity = 0 if symmetry is not None and symmetry.sign == 1 else 1
        square, lost = _square(b, u, segments, coefficients, parity, share / 4)
        highest = degree - (degree - parity) % 2
        steps = [
            HornerStep(square, reach * reach, power, coefficients[power]) for power in range(highest, parity - 1, -2)
        ]
        if parity:
            steps.append(HornerStep(u, reach, 0, coefficients[0]))
        share = share * 3 / 4
    else:
        lost = Fraction(0)
        steps = [HornerStep(u, reach, power, coefficients[power]) for power in range(degree, -1, -1)]
    result = horner(
        b,
        steps[0],
        steps[1:],
        index=None,
        ends=(None, None),
        fraction=fraction,
        share=share,
        parts=min(specification.codes.block.size, _PROOF_PARTS),
    )
    step = result.step
    if above is not None:
        start = b.let("saturation_start", op.Constant(codes.high + 1, point), "where saturation begins")
        beyond = b.let("beyond", op.Compare("ge", magnitude, start), "whether the magnitude is saturated")
        constant = b.let("saturated", op.Constant(above, fraction), "the function's limit")
        step = b.let("value", op.Select(beyond, constant, step))
    if below is not None:
        start = b.let("saturation_end", op.Constant(codes.low - 1, point), "where saturation ends")
        under = b.let("under", op.Compare("le", magnitude, start), "whether the input is saturated below")
        constant = b.let("saturated_below", op.Constant(below, fraction), "the function's lower limit")
        step = b.let("value_or_below", op.Select(under, constant, step))
    return HornerResult(step, result.error + lost)


def _square(
    b: PlanBuilder, u: str, segments: Segments, coefficients: list[list[Fraction]], parity: int, share: Fraction
) -> tuple[str, Fraction]:
    """Add the square of u, truncated where that costs the result at most `share` ulp; return its name and the cost."""
    reach = segments.reach
    # The derivative by the square of q(u**2) or u * q(u**2), which are sums of a[k] * u**k for even or odd k.
    powers = range(2 + parity, len(coefficients), 2)
    slope = sum((abs(coefficients[k][0]) * (k // 2) * reach ** (k - 2) for k in powers), Fraction(0))
    square = b.let("square_full", op.Multiply(u, u), f"{u} squared")
    square_bits = max(ceil_log2(slope / share), 0) if slope else 0
    excess = b.point(square) - square_bits
    if excess <= 0:
        return square, Fraction(0)
    return b.let("square", op.ShiftRight(square, excess), "the square without its lowest bits"), slope / (
        1 << square_bits
    )
