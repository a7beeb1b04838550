"""Tables and pairs of them: foldings, and entries chosen for little logic."""

from __future__ import annotations

from .even_foldings import Even, Line
from .folding import Code, Folding
from .mirrored_foldings import Complement, Magnitude, Negation, Ripple

__all__ = ["FOLDINGS"]

FOLDINGS: dict[str, type[Folding]] = {
    each.name: each for each in (Code, Complement, Magnitude, Ripple, Negation, Even, Line)
}
"""The foldings by the names that users give, in the order in which they are tried."""
