"""Sums of many terms as adder trees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from ...plan import operations as op
from .addition import total as addition
from .lowered_plan import LoweredPlan

__all__ = ["Sum", "Term", "add_up"]


@dataclass(frozen=True)
class Term:
    """A step's code times ``2**shift``."""

    step: str
    shift: int


@dataclass(frozen=True)
class Sum:
    """``floor((sum of terms and ones + constant) / 2**cut)``.

    The `ones` are terms of a single bit. They need no adder of their own: an adder has free bit positions below its
    higher operand.
    """

    terms: Sequence[Term]
    ones: Sequence[Term] = ()
    constant: int = 0
    cut: int = field(default=0, kw_only=True)

    def shifted_left(self, bits: int) -> Sum:
        """Return the sum times ``2**bits``."""
        if self.cut:
            raise ValueError("a sum that was cut cannot be shifted left")

        def moved(terms: Sequence[Term]) -> list[Term]:
            return [Term(term.step, term.shift + bits) for term in terms]

        return Sum(moved(self.terms), moved(self.ones), self.constant << bits)

    def plus(self, step: str) -> Sum:
        """Return the sum plus a step's code, added before the cut and so with a weight of ``2**cut``."""
        return replace(self, terms=[*self.terms, Term(step, self.cut)])


def add_up(lowered: LoweredPlan, name: str, total: Sum) -> str:
    """Add the adders of a sum without its cut; return the step that holds it, without fraction bits."""
    terms = list(total.terms)
    if total.constant:
        zeros = (total.constant & -total.constant).bit_length() - 1
        terms.append(Term(lowered.constant(total.constant >> zeros), zeros))
    terms.sort(key=lambda term: term.shift)
    beside = _without_room([term.shift for term in terms], total.ones)
    if beside:
        terms.append(_word(lowered, f"{name}_ones", beside))
        terms.sort(key=lambda term: term.shift)
    ones = [one for one in total.ones if one not in beside]
    level = 0
    while len(terms) > 1:
        level += 1
        made = []
        for position in range(0, len(terms) - 1, 2):
            lower, higher = terms[position : position + 2]
            beside, carries = _room(lower.shift, higher.shift, ones)
            ones = [one for one in ones if one not in beside + carries]
            number = f"_{position // 2}" if len(terms) > 3 else ""
            made.append(_pair(lowered, f"{name}_sum{level}{number}", lower, higher, beside, carries))
        terms = made + terms[len(terms) - len(terms) % 2 :]
    (result,) = terms
    if not result.shift:
        return result.step
    return lowered.part(f"{name}_total", op.ShiftLeft(result.step, result.shift, 0))


def _room(lower: int, higher: int, ones: Sequence[Term]) -> tuple[list[Term], list[Term]]:
    """Return the ones that an adder of terms at two shifts has room for: below the higher term, or else as a carry."""
    beside = [one for one in ones if lower <= one.shift < higher]
    return beside, [] if beside else [one for one in ones if one.shift == higher][:1]


def _without_room(shifts: Sequence[int], ones: Sequence[Term]) -> list[Term]:
    """Return the ones for which no adder of the tree has room."""
    level = list(shifts)
    while len(level) > 1:
        for position in range(0, len(level) - 1, 2):
            beside, carries = _room(level[position], level[position + 1], ones)
            ones = [one for one in ones if one not in beside + carries]
        level = level[::2]
    return list(ones)


def _word(lowered: LoweredPlan, name: str, ones: Sequence[Term]) -> Term:
    """Return ones at different shifts, concatenated into one term."""
    *lower, word = sorted(ones, key=lambda one: one.shift)
    for number, one in reversed(list(enumerate(lower))):
        joined = op.Concatenate(word.step, one.step, word.shift - one.shift, 0)
        word = Term(lowered.part(f"{name}{number or ''}", joined), one.shift)
    return word


def _pair(
    lowered: LoweredPlan, name: str, lower: Term, higher: Term, beside: Sequence[Term], carries: Sequence[Term]
) -> Term:
    """Add two terms and the ones below the higher; the bits of the lower term below both pass unchanged."""
    added = _word(lowered, f"{name}_in", [*beside, higher]) if beside else higher
    start = added.shift - lower.shift
    held = lowered.range(lower.step)
    if not carries and held.low >= 0 and held.high >> start == 0:  # side by side
        return Term(lowered.part(name, op.Concatenate(added.step, lower.step, start, 0)), lower.shift)
    above = lowered.part(f"{name}_above", op.ShiftRight(lower.step, start, 0)) if start else lower.step
    left, right = above, added.step
    for carry in carries:  # one more bit position, with a 1 and the carry
        left = lowered.part(f"{name}_one", op.Concatenate(left, lowered.constant(1), 1, 0))
        right = lowered.part(f"{name}_carry", op.Concatenate(right, carry.step, 1, 0))
    whole = f"{name}_high" if start or carries else name
    high = lowered.part(whole, addition(lowered, whole, left, right))
    if carries:
        high = lowered.part(f"{name}_carried" if start else name, op.ShiftRight(high, 1, 0))
    if not start:
        return Term(high, lower.shift)
    low = lowered.bits(f"{name}_kept", lower.step, 0, start)
    return Term(lowered.part(name, op.Concatenate(high, low, start, 0)), lower.shift)
