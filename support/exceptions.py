"""The base of errors that end a command with an exit code of their own."""

from __future__ import annotations

from typing import ClassVar

__all__ = ["SoftgateError"]


class SoftgateError(Exception):
    """An error that the message explains to the user.

    Attributes
    ----------
    exit_code : int
        Exit code of a command that it ends: 2 for bad usage or a missing tool, 1 where what was asked cannot be met.

    """

    exit_code: ClassVar[int] = 2
