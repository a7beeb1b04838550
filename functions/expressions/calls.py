"""Calls by name within an expression: of operations, and of functions with parameters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, NoReturn, Protocol

from ...support.parameters import nearest
from ..base import Function
from .nodes import Apply, Call, Node, Number, Prime
from .tokens import Token, fail

__all__ = ["Definition", "Definitions", "WrittenCall", "fail_unknown", "known_names", "make_call"]

_UNARY = ("exp", "expm1", "log", "log1p", "sqrt", "sin", "cos", "atan", "erf", "erfc", "abs")
_OTHERS = ("min", "max", "clip", "where", "prime")


class Definition(Protocol):
    """A function whose parameters are still to be given."""

    def create(self, given: Mapping[str, Any]) -> Function: ...


Definitions = Mapping[str, Definition]
"""The functions that an expression may call, by all their names."""


@dataclass(frozen=True)
class WrittenCall:
    """A call as it is written.

    Attributes
    ----------
    text
        The expression that the call is part of.
    token
        The name that is called.
    arguments
        The arguments in parentheses.
    settings
        The parameters in parentheses, by name.
    places
        The tokens of the parameters' names.

    """

    text: str
    token: Token
    arguments: Sequence[Node]
    settings: Mapping[str, str]
    places: Mapping[str, Token]

    @property
    def name(self) -> str:
        """The name in small letters."""
        return self.token.text.lower()

    def fail(self, message: str, place: Token | None = None) -> NoReturn:
        """Raise `ValueError` that names the column of a token, or of the call."""
        fail(message, self.text, (place or self.token).start)

    def check_count(self, wanted: int, *, parameters: bool = False) -> None:
        """Raise `ValueError` unless there are as many arguments, and no parameters unless they are allowed."""
        if self.settings and not parameters:
            self.fail(f"{self.name} has no parameters")
        if len(self.arguments) != wanted:
            many = "1 argument" if wanted == 1 else f"{wanted} arguments"
            self.fail(f"{self.name} takes {many}, not {len(self.arguments)}")


def known_names(definitions: Definitions) -> tuple[str, ...]:
    """Return the names that an expression may call."""
    return (*_UNARY, *_OTHERS, *definitions)


def fail_unknown(name: str, text: str, token: Token, known: Sequence[str]) -> NoReturn:
    """Raise `ValueError` for an unknown name in an expression; the message offers the nearest known one."""
    shown = get_close_matches(name, sorted(set(known)), n=1) or [each for each in known if "." not in each]
    fail(f"there is no {name!r:.40}", text, token.start, nearest(name, sorted(set(shown))))


def make_call(call: WrittenCall, definitions: Definitions) -> Node:
    """Return the node of a call.

    Raises
    ------
    ValueError
        If there is no function of that name, or it does not take these arguments and parameters.

    """
    name, arguments = call.name, tuple(call.arguments)
    match name:
        case "min" | "max":
            call.check_count(2)
            return Apply(name, arguments)
        case "clip":
            call.check_count(3)
            _, low, high = arguments
            if not isinstance(low, Number) or not isinstance(high, Number) or low.value > high.value:
                call.fail("clip takes a value and two numbers, the lower one first, such as clip(x, -1, 1)")
            return Apply(name, arguments)
        case "prime":
            call.check_count(1)
            return Prime(arguments[0])
    if name in _UNARY and not (call.settings and name in definitions):
        call.check_count(1)
        return Apply(name, arguments)
    if name not in definitions:
        fail_unknown(name, call.text, call.token, known_names(definitions))
    call.check_count(1, parameters=True)
    try:
        return Call(definitions[name].create(call.settings), arguments[0])
    except (TypeError, ValueError) as error:
        call.fail(str(error), next((call.places[key] for key in call.places if key in str(error)), call.token))
