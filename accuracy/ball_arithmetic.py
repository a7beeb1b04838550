"""Ball arithmetic of one thread at a time: its precision is state that all threads share (decision 034)."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

__all__ = ["BALL_ARITHMETIC", "uses_ball_arithmetic"]

BALL_ARITHMETIC = threading.RLock()
"""Held by the thread that computes with balls, since `flint.ctx` is not local to a thread."""

_P = ParamSpec("_P")
_R = TypeVar("_R")


def uses_ball_arithmetic(function: Callable[_P, _R]) -> Callable[_P, _R]:
    """Decorate a function that sets the precision of balls: calls from several threads run one after the other."""

    @wraps(function)
    def alone(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        with BALL_ARITHMETIC:
            return function(*args, **kwargs)

    return alone
