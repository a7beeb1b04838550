"""Plans made from other plans: a function that follows from another by an identity."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil, floor

from ..accuracy.budget import Budget
from ..accuracy.specification import Specification
from ..functions import create_function
from ..functions.properties import Identity
from ..plan import operations as op
from ..plan.builder import PlanBuilder
from ..plan.formats import MAX_WIDTH, FixedFormat
from ..plan.operations.base import Range
from ..plan.plan import Plan
from ..plan.proofs import read_partition
from .range_reduction.symmetry import fold

__all__ = ["Composition", "inline"]

_PROOF_PARTS = 64
"""The most parts of the input over which narrowed ranges are proved."""


def inline(b: PlanBuilder, plan: Plan, source: str, prefix: str) -> str:
    """Add the steps of a plan to a builder; returns the name of the step that is the plan's output.

    The plan's proofs are about its own input, so that its narrowed ranges are proved again, over as many parts of the
    builder's input. Where the builder has several inputs there are no such parts: the bits that the plan's own proof
    leaves are taken instead.

    Parameters
    ----------
    b
        Where the steps go.
    plan
        A plan with one input and one output.
    source
        The name of the step that replaces the plan's input.
    prefix
        The prefix of the names of the plan's steps.

    Raises
    ------
    ValueError
        If the source's binary point differs from the input's, or the input lacks some of its codes.

    """
    ((port, _),) = plan.inputs
    (output,) = plan.outputs
    if b.point(source) != plan.points[port] or not plan.ranges[port].covers(b.range(source)):
        raise ValueError(
            f"{source} is in {b.range(source)} with {b.point(source)} fraction bits, but the plan's input {port} in "
            f"{plan.ranges[port]} with {plan.points[port]}"
        )
    names = {port: source}
    for step in plan.steps:
        if step.name == port:
            continue
        fields = {field: names[getattr(step.operation, field)] for field in step.operation.operand_fields}
        operation, name = replace(step.operation, **fields), prefix + step.name
        if isinstance(operation, op.Narrow) and b.input_count > 1:
            kept = Range(operation.low, operation.high)
            bits = op.Bits(operation.source, 0, kept.width, b.point(operation.source), kept.signed)
            names[step.name] = b.let(name, bits, step.note)
        elif isinstance(operation, op.Narrow):
            parts = read_partition(step.name, operation.proof)
            names[step.name] = b.narrow(name, operation.source, parts, step.note)
        else:
            names[step.name] = b.let(name, operation, step.note)
    return names[output.step]


@dataclass(frozen=True)
class Composition:
    """A function by its identity: its specification, and that of the base function it is made from.

    An even function of an input of both signs needs the base function only at the magnitude, unless that is wanted for
    itself, too. The argument has exactly the codes that occur. If it needs more than 64 bits it is clamped to 64, where
    the base function is constant.

    Parameters
    ----------
    specification
        The specification of the function.
    identity
        The function's identity.
    base
        The specification of the base function.
    folded
        Whether the base function is that of the magnitude where that is enough.

    """

    specification: Specification
    identity: Identity
    base: Specification
    folded: bool = True

    @classmethod
    def of(
        cls, specification: Specification, fraction: int, budget: Budget | None = None, *, folded: bool = True
    ) -> Composition:
        """Return the composition in which the base function has `fraction` fraction bits, and a budget.

        Raises
        ------
        ValueError
            If the function has no identity, or the base function would need a format of more than 64 bits.

        """
        identity = specification.function.identity
        if identity is None:
            raise ValueError(f"{specification.function} does not follow from another function")
        function = create_function(identity.of)
        if function.limits is None:
            raise ValueError(f"{function} has no limits between which all its values lie")
        b = PlanBuilder()
        argument = _argument(b, specification, identity, folded)
        held, source = b.range(argument), _format(b.range(argument), b.point(argument))
        low, high = (limit * Fraction(2) ** fraction for limit in function.limits)
        # A code for the upper limit alone would widen a product; without it the error there is one ulp at most.
        output = _format(Range(floor(low), ceil(high) - (not identity.linear)), fraction)
        codes = None if held == Range.of(source) else held
        # With a linear identity exact ends stay exact; a product rounds them away.
        ends = specification.ends if identity.linear else "free"
        base = Specification(
            function, source, output, budget, input_range=codes, monotonic=specification.monotonic, ends=ends
        )
        return cls(specification, identity, base, folded)

    def plan(self, base: Plan) -> Plan:
        """Return the plan for the function, made from one for the base function and rounded half up, once."""
        output = self.specification.output_format
        b = PlanBuilder()
        argument = _argument(b, self.specification, self.identity, self.folded)
        value = inline(b, base, argument, f"{self.identity.of}_")
        result = _polynomial(b, value, self.identity.coefficients, output.ulp)
        excess = b.point(result) - output.fraction_bits
        if excess > 0:
            result = b.let("rounded", op.ShiftRight(result, excess), "rounded to the output's last place")
        elif excess < 0:
            result = b.let("aligned", op.ShiftLeft(result, -excess), "at the output's last place")
        result = b.narrow("tight", result, _PROOF_PARTS, "the result, in the bits it needs")
        if not Range.of(output).covers(b.range(result)):
            result = b.let("limited", op.Clamp(result, output.min_code, output.max_code), f"limited to {output}")
        return b.build(y=(result, output))

    @staticmethod
    def natural_fraction(specification: Specification) -> int:
        """Return the fraction bits of the base function whose ulp makes one ulp of the output, or 0 if that is more.

        A linear identity then needs no rounding; another one has no guard bits.
        """
        identity = specification.function.identity
        scale = _log2(identity.coefficients[-1]) if identity is not None and identity.linear else 0
        return max(specification.output_format.fraction_bits + scale, 0)

    @property
    def rounds(self) -> bool:
        """Whether the polynomial of the base function has more fraction bits than the output."""
        *lower, leading = self.identity.coefficients
        exact = len(lower) * self.base.output_format.fraction_bits - _log2(leading)
        return exact > self.specification.output_format.fraction_bits

    @property
    def gain(self) -> Fraction:
        """The largest magnitude of the polynomial's derivative, by which an error of the base function grows."""
        assert self.base.function.limits is not None
        _, slope, *curvature = self.identity.coefficients
        # The derivative is linear: it is steepest at an end.
        return max(abs(slope + 2 * sum(curvature, Fraction(0)) * limit) for limit in self.base.function.limits)

    def error(self, base: Fraction) -> Fraction:
        """Return the largest error, in ulp of the output, for an error of the base function in ulp of its own.

        The base function's error is that against its clamped value, which may itself be one ulp off.
        """
        absolute = (base + (not self.identity.linear)) * self.base.output_format.ulp
        grown = self.gain * absolute
        if not self.identity.linear:
            grown += abs(self.identity.coefficients[2]) * absolute**2
        return grown / self.specification.output_format.ulp + Fraction(int(self.rounds), 2)


def _argument(b: PlanBuilder, specification: Specification, identity: Identity, folded: bool) -> str:
    """Add the input and the exact argument of the base function; returns the name of the latter."""
    function, source = specification.function, specification.input_format
    x = b.input("x", source, f"argument of {function}", specification.codes)
    u = fold(b, x) if folded and function.reflection is not None and function.reflection.sign == 1 else x
    point = source.fraction_bits - identity.scale
    if identity.scale:
        note = f"2^{identity.scale} x"
        u = b.let("argument", op.ShiftLeft(u, max(-point, 0), max(point, 0)), note)
    if b.range(u).width > MAX_WIDTH:
        most = 1 << (MAX_WIDTH - 1)
        u = b.let("flat", op.Clamp(u, -most, most - 1), f"limited to {MAX_WIDTH} bits, where {identity.of} is flat")
    return u


def _format(held: Range, fraction: int) -> FixedFormat:
    """Return the smallest format that holds codes."""
    return FixedFormat(held.signed, max(held.width - fraction, int(held.signed)), fraction)


def _log2(value: Fraction) -> int:
    """Return the exponent of plus or minus a power of two."""
    return abs(value.numerator).bit_length() - value.denominator.bit_length()


def _polynomial(b: PlanBuilder, value: str, coefficients: tuple[Fraction, ...], ulp: Fraction) -> str:
    """Add the exact polynomial, plus half an `ulp` if it has finer bits: cutting these off then rounds it."""
    *lower, leading = coefficients
    total, sign = value, 1 if leading > 0 else -1  # the sum so far is the step times the sign
    if scale := _log2(leading):
        total = b.let("scaled", op.ShiftLeft(value, max(scale - b.point(value), 0), max(b.point(value) - scale, 0)))
    for power in range(len(lower) - 1, -1, -1):
        if power < len(lower) - 1:
            total = b.let("product", op.Multiply(total, value))
        term = sign * lower[power]
        point = max(b.point(total), _log2(Fraction(term.denominator)))
        if power == 0 and point > _log2(1 / ulp):
            term += sign * ulp / 2
        if point > b.point(total):
            total = b.let(f"raised{power}", op.ShiftLeft(total, point - b.point(total)))
        if not term:
            continue
        constant = b.let(f"c{power}", op.Constant(int(abs(term) * Fraction(2) ** point), point), f"{abs(term)}")
        if term > 0:
            total = b.let(f"sum{power}", op.Add(total, constant))
        elif sign > 0:
            total = b.let(f"sum{power}", op.Subtract(total, constant))
        else:
            total, sign = b.let(f"sum{power}", op.Subtract(constant, total)), 1
    if sign < 0:
        zero = b.let("nothing", op.Constant(0, b.point(total)))
        total = b.let("negated", op.Subtract(zero, total))
    return total
