"""Ending a command early: Ctrl-C, a request to terminate and a terminal that is closed are all the same to it."""

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
"""Seconds in which a further signal is ignored: what is being tidied up then is to be left tidy."""


class Stopped(KeyboardInterrupt):
    """A signal asks the command to end.

    Attributes
    ----------
    status
        The exit code that says so: 128 and the number of the signal.

    """

    def __init__(self, number: int) -> None:
        super().__init__()
        self.status = 128 + number


@contextmanager
def stoppable() -> Iterator[None]:
    """Let the signals that ask a program to end raise `Stopped` in the block, where nothing ignored them before."""
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

    # What a shell starts in the background ignores Ctrl-C, and what nohup starts ignores the end of the terminal.
    before = {number: signal.getsignal(number) for number in _SIGNALS}
    try:
        for number, handler in before.items():
            if handler is not signal.SIG_IGN:
                signal.signal(number, stop)
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
