"""The form of the text: comments, filled lines, blocks of statements and their indentation."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

__all__ = ["INDENT", "block", "comment", "fill", "indent", "join"]

INDENT = "    "

_LINE = 100
"""The most characters of a line of many items, unless a single item is longer."""


def comment(text: str) -> list[str]:
    """Return the comment lines of a text."""
    return [f"// {line}".rstrip() for line in text.splitlines()]


def fill(items: Iterable[str]) -> list[str]:
    """Arrange items in as few lines as possible; lines break between items only."""
    lines: list[str] = []
    for item in items:
        if lines and len(lines[-1]) + 1 + len(item) <= _LINE:
            lines[-1] += f" {item}"
        else:
            lines.append(item)
    return lines


def block(head: str, lines: Sequence[str]) -> list[str]:
    """Return a block: a single assignment on the line of its head, several between begin and end."""
    return [f"{head} {lines[0]}"] if len(lines) == 1 else [f"{head} begin", *indent(lines), "end"]


def join(chain: list[str], more: list[str]) -> list[str]:
    """Append a block to a chain of if and else, on the line of the preceding end."""
    return [*chain[:-1], f"end {more[0]}", *more[1:]] if chain and chain[-1] == "end" else chain + more


def indent(lines: Iterable[str]) -> list[str]:
    """Return the lines further in, empty ones excepted."""
    return [line and INDENT + line for line in lines]
