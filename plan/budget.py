"""Error budgets: what a user allows, in ulp of the output or as an absolute error."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import MAX_EMAX, MIN_EMIN, Decimal, localcontext
from fractions import Fraction

from .formats import FixedFormat
from .parameters import parse_number

__all__ = ["Budget"]


@dataclass(frozen=True)
class Budget:
    """The largest error allowed. One ulp is meant strictly (faithful); every other limit may be reached.

    >>> Budget.parse("1ulp")
    Budget(limit=Fraction(1, 1), ulp=True)
    >>> str(Budget.parse("2^-12"))
    '2^-12'
    """

    limit: Fraction
    ulp: bool

    def __post_init__(self) -> None:
        if self.limit <= 0:
            raise ValueError(f"an error budget must be above 0, not {self}")
        if self.ulp and self.limit < Fraction(1, 2):
            raise ValueError(f"an error budget below 0.5ulp cannot be met by rounding, not {self}")

    @classmethod
    def parse(cls, text: str | Budget) -> Budget:
        """Read ``1ulp``, ``0.5ulp``, ``2 ulp``, ``1e-4`` or ``2^-12``."""
        if isinstance(text, Budget):
            return text
        if not isinstance(text, str):
            raise TypeError(f"an error budget is written as text such as '1ulp' or '1e-4', not {text!r}")
        number, unit = text.strip().lower(), False
        for suffix in ("ulps", "ulp"):
            if number.endswith(suffix):
                number, unit = number.removesuffix(suffix).strip(), True
        try:
            limit = parse_number(number)
        except ValueError:
            raise ValueError(f"error budget {text!r} is none: write 1ulp, 0.5ulp, 1e-4 or 2^-12") from None
        if limit <= 0:
            raise ValueError(f"an error budget must be above 0, not {text.strip()}")
        budget = cls(limit, unit)
        if len(str(budget)) > 100:
            raise ValueError(f"error budget {text!r} has too many digits: write 1ulp, 0.5ulp, 1e-4 or 2^-12")
        return budget

    def in_ulp(self, output: FixedFormat) -> Fraction:
        """Return the limit in ulp of `output`."""
        return self.limit if self.ulp else self.limit / output.ulp

    @property
    def strict(self) -> bool:
        """Whether the limit itself is too much."""
        return self.ulp and self.limit == 1

    def admits(self, error_ulp: Fraction, output: FixedFormat) -> bool:
        """Whether an error in ulp of `output` is within the budget."""
        limit = self.in_ulp(output)
        return error_ulp < limit if self.strict else error_ulp <= limit

    def __str__(self) -> str:
        if self.ulp:
            return f"{_shortest(self.limit)}ulp"
        power = self.limit.denominator.bit_length() - 1
        if self.limit.numerator == 1 and self.limit.denominator == 1 << power and power > 3:
            return f"2^-{power}"
        return _shortest(self.limit)


def _shortest(value: Fraction) -> str:
    """Return the shortest text that denotes exactly this value: a decimal of few digits, else a fraction."""
    if value.denominator == 1 and value < 10**6:
        return str(value)
    with localcontext(prec=6, Emax=MAX_EMAX, Emin=MIN_EMIN):
        text = f"{(Decimal(value.numerator) / Decimal(value.denominator)).normalize():g}"
    return text if Fraction(text) == value else str(value)
