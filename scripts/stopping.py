"""Early end of a command by Ctrl-C, a request to terminate or a closed terminal, all handled alike."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

__all__ = ["Stopped", "stoppable"]

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

_DEAF = 5.0
"""Seconds in which further signals are ignored, so that clean-up can finish."""


class Stopped(KeyboardInterrupt):
    """A signal that asked the command to end.

    Attributes
    ----------
    status
        The exit code for it: 128 plus the number of the signal.

    """

    def __init__(self, number: int) -> None:
        super().__init__()
        self.status = 128 + number


@contextmanager
def stoppable() -> Iterator[None]:
    """Make signals that ask a program to end raise `Stopped` in the block, except those that were ignored before."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    heard = float("-inf")

    def stop(number: int, _: FrameType | None) -> None:
        nonlocal heard
        if time.monotonic() - heard < _DEAF:
            return
        heard = time.monotonic()
        raise Stopped(number)

    # A shell's background jobs ignore Ctrl-C, and programs under nohup ignore the end of the terminal.
    before = {number: signal.getsignal(number) for number in _SIGNALS}
    try:
        for number, handler in before.items():
            if handler is not signal.SIG_IGN:
                signal.signal(number, stop)
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
