"""The words and signs of an expression, each with its column."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NoReturn

__all__ = ["Token", "fail", "tokens"]

_TOKEN = re.compile(
    r"(?P<number>(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?)|(?P<name>[A-Za-z_]\w*(\.[A-Za-z_]\w*)*)|(?P<sign>\*\*|<=|>=|[-+*/^(),=<>])",
    re.ASCII,
)


@dataclass(frozen=True)
class Token:
    """A number, a name or a sign.

    Attributes
    ----------
    kind
        ``number``, ``name``, ``sign`` or ``end``.
    text
        As it is written; empty at the end.
    start, stop
        Where it begins and ends in the text, counted from 0.

    """

    kind: str
    text: str
    start: int
    stop: int


def tokens(text: str) -> list[Token]:
    """Return the tokens of a text, the last of which is its end; `ValueError` at the first character of no token."""
    found, at = [], 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        match = _TOKEN.match(text, at)
        if match is None:
            fail(f"an expression cannot contain {text[at]!r}", text, at)
        found.append(Token(str(match.lastgroup), match.group(), at, match.end()))
        at = match.end()
    return [*found, Token("end", "", len(text), len(text))]


def fail(message: str, text: str, at: int, hint: str | None = None) -> NoReturn:
    """Raise `ValueError` about a position in a text, counted from 0."""
    message = f"{message}, at column {at + 1} of the expression {text!r:.80}"
    raise ValueError(message if hint is None else f"{message}; {hint}")
