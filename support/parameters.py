"""Declared parameters of functions and methods: their names, kinds, defaults and limits.

They are read from text (``--set KEY=VALUE``) and checked here, so that a new function or method only declares them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from difflib import get_close_matches
from fractions import Fraction
from numbers import Rational, Real
from typing import Any, TypeVar

__all__ = ["Parameter", "nearest", "parameters_by_name", "parse_number", "read_name", "read_parameters", "show_number"]

T = TypeVar("T")

_LONG = 24
"""The longest text of a fraction that is shown as one."""


@dataclass(frozen=True)
class Parameter:
    """One parameter of a function or method.

    Parameters
    ----------
    name
        As written on the command line.
    kind
        ``int``, ``Fraction`` (any number, exact) or ``str`` (one of `choices`).
    help
        A short description, with the unit.
    default
        Its value if the user gives none; None if softgate then searches for one, or none applies.
    minimum, maximum
        Inclusive limits of a number.
    choices
        The values allowed for a ``str``: each name with its aliases, or a function that returns them when needed.
    aliases
        Other names that it may be given by, such as those of a framework.

    """

    name: str
    kind: type[int] | type[Fraction] | type[str]
    help: str
    default: int | Fraction | str | None = None
    minimum: int | None = None
    maximum: int | None = None
    choices: Mapping[str, tuple[str, ...]] | Callable[[], Mapping[str, tuple[str, ...]]] | None = None
    aliases: tuple[str, ...] = ()

    @property
    def names(self) -> Mapping[str, tuple[str, ...]] | None:
        """The choices of a ``str``: each name with its aliases."""
        return self.choices() if callable(self.choices) else self.choices

    def read(self, value: Any) -> int | Fraction | str:
        """Check `value`, or read it from text.

        Raises
        ------
        TypeError
            If it is neither of the parameter's kind nor text.
        ValueError
            If it is outside the limits, or not one of the names.

        """
        if (allowed := self.names) is not None:
            return read_name(self.name, value, {a: name for name, aliases in allowed.items() for a in (name, *aliases)})
        number: int | Fraction
        try:
            number = parse_number(value)
        except (TypeError, ValueError) as error:
            raise type(error)(f"{self.name} must be {self._expected()}, not {value!r:.60}") from None
        if self.kind is int and number.denominator != 1:
            raise ValueError(f"{self.name} must be {self._expected()}, not {value!r}")
        if (self.minimum is not None and number < self.minimum) or (self.maximum is not None and number > self.maximum):
            raise ValueError(f"{self.name} must be {self._expected()}, not {value}")
        return int(number) if self.kind is int else number

    def _expected(self) -> str:
        kind = "a whole number" if self.kind is int else "a number"
        if self.minimum is not None and self.maximum is not None:
            return f"{kind} from {self.minimum} to {self.maximum}"
        if self.minimum is not None:
            return f"{kind}, {self.minimum} or more"
        return kind


def parse_number(value: Any) -> Fraction:
    """Read a number exactly, or text such as ``0.2``, ``1/6``, ``1e-4`` or ``2^-12``.

    A float stands for the shortest decimal that denotes it, so 0.2 is 1/5.

    Raises
    ------
    TypeError
        If it is neither a real number nor text.
    ValueError
        If it is not finite, or text that is not a number.

    """
    if isinstance(value, bool) or not isinstance(value, Real | Decimal | str):
        raise TypeError(f"{value!r} is not a number")
    if isinstance(value, Rational):
        return Fraction(int(value.numerator), int(value.denominator))
    text = value if isinstance(value, str) else str(value) if isinstance(value, Decimal) else repr(float(value))
    if len(text) > 100 or not text.isascii():
        raise ValueError(f"{value!r} is not a number")
    try:
        base, caret, exponent = text.partition("^")
        if not caret:
            return _bounded_fraction(text)
        if abs(int(exponent)) > 1024:
            raise ValueError
        number = _bounded_fraction(base)
        power = abs(number) ** int(exponent)
        return -power if number < 0 else power  # -2^2 is -4
    except (ValueError, ZeroDivisionError):
        raise ValueError(f"{value!r} is not a number") from None


def show_number(value: Any) -> str:
    """Return a parameter's value as text that is read back as the same; a long fraction as a decimal if that ends."""
    text = str(value)
    if not isinstance(value, Fraction) or len(text) <= _LONG:
        return text
    with localcontext(prec=100):
        decimal = Decimal(value.numerator) / Decimal(value.denominator)
    return format(decimal, "f") if Fraction(decimal) == value else text


def _bounded_fraction(text: str) -> Fraction:
    _, e, exponent = text.lower().partition("e")
    if e and abs(int(exponent)) > 400:  # Fraction("1e999999999") would fill the memory
        raise ValueError
    return Fraction(text.strip())


def read_parameters(owner: str, declared: Sequence[Parameter], given: Mapping[str, Any]) -> dict[str, Any]:
    """Check `given` against the `declared` parameters of `owner` and fill in the defaults.

    Raises
    ------
    ValueError
        If a name is not declared, a value is not allowed, or a parameter is given by two of its names.

    """
    of_name = parameters_by_name(declared)
    found: dict[str, tuple[str, Any]] = {}
    for name, value in given.items():
        if name not in of_name:
            hint = nearest(name, list(of_name)) if of_name else "it has no parameters"
            raise ValueError(f"{owner} has no parameter {name!r}; {hint}")
        if value is None:
            continue
        parameter = of_name[name]
        if parameter.name in found:
            raise ValueError(
                f"{found[parameter.name][0]} and {name} are the same parameter of {owner}: give one of the two"
            )
        found[parameter.name] = name, parameter.read(value)
    return {p.name: found[p.name][1] if p.name in found else p.default for p in declared}


def parameters_by_name(declared: Sequence[Parameter]) -> dict[str, Parameter]:
    """Return each parameter by every name that it may be given by; a proper name goes before an alias."""
    aliases = {alias: parameter for parameter in declared for alias in parameter.aliases}
    return aliases | {parameter.name: parameter for parameter in declared}


def nearest(name: str, names: Sequence[str]) -> str:
    """Return a hint for a misspelt name: the nearest name, or all names if none is near."""
    matches = get_close_matches(name.strip().lower(), names, n=1)
    return f"did you mean {matches[0]}?" if matches else f"choose one of {', '.join(names)}"


def read_name(kind: str, given: Any, names: Mapping[str, T] | Sequence[T]) -> T:
    """Return the value of a name, in upper or lower case, from a mapping; from a sequence of names, the name itself.

    Raises
    ------
    TypeError
        If it is not text.
    ValueError
        If the name is unknown; the message suggests the nearest.

    """
    known: Mapping[Any, T] = names if isinstance(names, Mapping) else {name: name for name in names}
    if not isinstance(given, str):
        raise TypeError(f"{kind} must be a name such as {next(iter(known))}, not {given!r:.60}")
    name = given.strip().lower()
    if name not in known:
        raise ValueError(f"there is no {kind} {given!r:.60}; {nearest(name, sorted(known))}")
    return known[name]
