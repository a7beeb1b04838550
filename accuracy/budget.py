"""Limits of errors that a user sets, in ulp of the output or absolute: error budgets, and limits of a bias."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import MAX_EMAX, MIN_EMIN, Decimal, localcontext
from fractions import Fraction
from typing import ClassVar, Self

from ..plan.formats import FixedFormat
from ..support.parameters import parse_number

__all__ = ["BiasLimit", "Budget", "Limit"]

_MOST_CHARACTERS = 100


@dataclass(frozen=True)
class Limit:
    """A limit of an error, in ulp of the output or absolute."""

    limit: Fraction
    ulp: bool

    what: ClassVar[str] = "limit"
    """The limited quantity, for messages."""

    examples: ClassVar[str] = "1ulp, 1e-4 or 2^-12"

    def __post_init__(self) -> None:
        if self.limit <= 0:
            raise ValueError(f"{self._described} must be above 0, not {self}")

    @classmethod
    def parse(cls, text: str | Self) -> Self:
        """Read ``1ulp``, ``0.5ulp``, ``2 ulp``, ``1e-4`` or ``2^-12``.

        Raises
        ------
        TypeError
            If it is not text.
        ValueError
            If it is not a number with or without ``ulp``, is not above 0, or has too many digits to be shown.

        """
        if isinstance(text, cls):
            return text
        if not isinstance(text, str):
            raise TypeError(f"{cls._described} is written as text such as {cls.examples}, not {text!r}")
        number, unit = text.strip().lower(), False
        for suffix in ("ulps", "ulp"):
            if number.endswith(suffix):
                number, unit = number.removesuffix(suffix).strip(), True
        try:
            limit = parse_number(number)
        except ValueError:
            raise ValueError(f"invalid {cls.what} {text!r:.60}: write {cls.examples}") from None
        if limit <= 0:
            raise ValueError(f"{cls._described} must be above 0, not {text.strip()}")
        parsed = cls(limit, unit)
        if len(str(parsed)) > _MOST_CHARACTERS:
            raise ValueError(f"{cls.what} {text!r:.60} has too many digits: write {cls.examples}")
        return parsed

    def in_ulp(self, output: FixedFormat) -> Fraction:
        """Return the limit in ulp of `output`, at most twice the number of its codes: more excludes nothing."""
        return min(self.limit if self.ulp else self.limit / output.shown.ulp, Fraction(2 << output.width))

    def __str__(self) -> str:
        if self.ulp:
            return f"{_shortest(self.limit)}ulp"
        power = self.limit.denominator.bit_length() - 1
        if self.limit.numerator == 1 and self.limit.denominator == 1 << power and power > 3:
            return f"2^-{power}"
        return _shortest(self.limit)

    _described: ClassVar[str] = "a limit"


@dataclass(frozen=True)
class Budget(Limit):
    """The largest error allowed. One ulp is meant strictly (faithful); every other limit may be reached.

    >>> Budget.parse("1ulp")
    Budget(limit=Fraction(1, 1), ulp=True)
    >>> str(Budget.parse("2^-12"))
    '2^-12'
    """

    what = "error budget"
    examples = "1ulp, 0.5ulp, 1e-4 or 2^-12"
    _described = "an error budget"

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.ulp and self.limit < Fraction(1, 2):
            raise ValueError(f"error budget {self} is below 0.5ulp, which rounding alone takes; write 0.5ulp or more")

    @property
    def strict(self) -> bool:
        """Whether the limit itself is too much."""
        return self.ulp and self.limit == 1

    def admits(self, error_ulp: Fraction, output: FixedFormat, *, below: bool = False) -> bool:
        """Whether an error in ulp of `output`, or any `below` it, is within the budget."""
        limit = self.in_ulp(output)
        return error_ulp < limit or (error_ulp == limit and (below or not self.strict))


@dataclass(frozen=True)
class BiasLimit(Limit):
    """The largest mean error allowed, of outputs and of their magnitudes.

    >>> str(BiasLimit.parse("1/16 ulp"))
    '0.0625ulp'
    """

    what = "bias limit"
    examples = "0.05ulp, 1e-5 or 2^-16"
    _described = "a bias limit"


def _shortest(value: Fraction) -> str:
    """Return the shortest text that denotes exactly this value: a decimal of few digits, else a fraction."""
    if value.denominator == 1 and value < 10**6:
        return str(value)
    with localcontext(prec=6, Emax=MAX_EMAX, Emin=MIN_EMIN):
        text = f"{(Decimal(value.numerator) / Decimal(value.denominator)).normalize():g}"
    return text if Fraction(text) == value else str(value)
