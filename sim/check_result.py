"""The result of one part of the check."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

__all__ = ["CheckResult"]


@dataclass(frozen=True)
class CheckResult:
    """One thing checked: its name, whether it passed, and a sentence about it.

    A check that was `skipped`, because a tool is missing or since another command makes it, counts as passed; the
    sentence says so.
    """

    name: str
    passed: bool
    detail: str
    skipped: bool = False

    def as_dict(self) -> dict[str, Any]:
        """Return the result as JSON values."""
        return {"name": self.name, "passed": self.passed, "detail": self.detail}
