"""The base class of errors that end a command with an exit code of their own."""

from __future__ import annotations

from typing import ClassVar

__all__ = ["SoftgateError"]


class SoftgateError(Exception):
    """An error whose message is written for the user.

    Attributes
    ----------
    exit_code : int
        Exit code of a command that it ends: 2 for bad usage or a missing tool, 1 if the request cannot be met.

    """

    exit_code: ClassVar[int] = 2
