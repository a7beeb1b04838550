"""Identities: a function made from the plan of another function."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import partial
from typing import Any

from ..accuracy.budget import Budget
from ..accuracy.specification import Specification
from ..plan.formats import MAX_WIDTH
from ..plan.lut_estimate import logic_size
from ..support.parameters import Parameter
from . import find_method, method_classes
from .base import Candidate, Method, plan_cost
from .composition import Composition
from .real_polynomials.horner import ceil_log2

__all__ = ["IdentityMethod"]

_MAX_GUARD_BITS = 32

_BASE = "taylor"
"""The method for the base function unless one is given."""

_GUARD_BIT_CHOICES = 3
"""The number of different guard bits that are tried.

The first is one less than a faithful base function needs, since few units have the worst of all errors. With more guard
bits, the base function may be coarser, but its values are wider.
"""

_ROUNDED_SHARES = tuple(Fraction(1, 1 << bits) for bits in (4, 8, 12, 16, 20))
"""Errors before rounding, in ulp, to try if rounding alone may use up the budget."""


class IdentityMethod(Method):
    """tanh and the logistic function from each other, and their derivatives from their values.

    A linear identity, ``tanh(x) = 2 s(2x) - 1`` or ``s(x) = (1 + tanh(x/2)) / 2``, moves binary points and adds a
    constant; its error in ulp is that of the base function. A derivative, ``s (1 - s)`` or ``1 - tanh**2``, is
    computed exactly from a base function with some more bits than the output, and rounded half up.
    """

    name = "identity"
    summary = "tanh from the logistic function or the reverse, their derivatives from their values"
    parameters = (
        Parameter(
            "base",
            str,
            f"method for the function that the other is made from; {_BASE} unless given",
            choices=lambda: {cls.name: cls.aliases for cls in method_classes()},
        ),
        Parameter(
            "guard_bits",
            int,
            "fraction bits of that function beyond those that the output's last place needs; found unless given",
            minimum=0,
            maximum=_MAX_GUARD_BITS,
        ),
    )

    @classmethod
    def refusal(cls, specification: Specification) -> str | None:
        identity = specification.function.identity
        if identity is None:
            return f"method identity makes functions that follow from another; {specification.function} does not"
        try:
            Composition.of(specification, Composition.natural_fraction(specification))
        except ValueError as error:
            return f"method identity cannot make {identity.of} for it: {error}"
        return None

    @classmethod
    def candidates(cls, specification: Specification, given: Mapping[str, Any]) -> Iterator[Candidate]:
        cls.check(specification)
        assert specification.function.identity is not None
        method = find_method(given.get("base") or _BASE)
        found = []
        for guard, composition in _base_functions(specification, given.get("guard_bits")):
            width = composition.base.output_format.width
            product = 0 if composition.identity.linear else width * width
            for base in method.candidates(composition.base, method.read({})):
                # The product counts by its bits, whatever the measure of the base method.
                found.append((base.sort_key + product, guard, composition, base))
        found.sort(key=lambda entry: entry[0])
        if specification.budget is None:  # no error is enforced: plans proved to be faithful come first
            found.sort(key=lambda entry: not _proved(entry[2], entry[3]))
        for _, guard, composition, base in found:
            plan = composition.plan(base.plan)
            parameters = {"base": method.name, "guard_bits": guard}
            prove = partial(_bound, composition, base)
            yield Candidate(plan, parameters, logic_size(plan), prove, order=plan_cost(plan))


def _base_functions(specification: Specification, guard_bits: int | None) -> Iterator[tuple[int, Composition]]:
    """Yield numbers of guard bits, with compositions whose base function has a budget that leaves room for rounding."""
    output, natural = specification.output_format, Composition.natural_fraction(specification)
    limit = specification.budget.in_ulp(output) if specification.budget else Fraction(1)
    plain = Composition.of(specification, natural)
    if not plain.rounds and not guard_bits:  # one ulp of the base function is one of the output
        yield 0, Composition.of(specification, natural, _budget(limit, plain))
        return
    room = limit - Fraction(1, 2)
    rooms = (room,) if room > limit / 4 else _ROUNDED_SHARES
    growth = plain.gain * plain.base.output_format.ulp / output.ulp
    for room in rooms:
        enough = ceil_log2(growth / room)
        first = max(enough - 1, 0) if len(rooms) == 1 else enough
        guards = range(first, first + (_GUARD_BIT_CHOICES if len(rooms) == 1 else 1))
        for guard in guards if guard_bits is None else (guard_bits,):
            if guard_bits is None and plain.base.output_format.width + guard > MAX_WIDTH:
                break
            allowed = max(room / growth * (1 << guard), Fraction(1))
            yield guard, Composition.of(specification, natural + guard, _budget(allowed, plain, guard))


def _budget(limit: Fraction, plain: Composition, guard: int = 0) -> Budget:
    """Return the budget of a base function with guard bits, `limit` ulp; absolute if no rounding can meet it."""
    if limit >= Fraction(1, 2):
        return Budget(limit, True)
    return Budget(limit * plain.base.output_format.ulp / (1 << guard), False)


def _bound(composition: Composition, base: Candidate) -> Fraction | None:
    return None if base.proved_error is None else composition.error(base.proved_error)


def _proved(composition: Composition, base: Candidate) -> bool:
    bound = _bound(composition, base)
    return bound is not None and bound < 1
