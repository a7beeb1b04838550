"""The random moves of a search, compiled: `moves.cc`, which makes the same moves as `moves.py` (decision 062)."""

from __future__ import annotations

import ctypes
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ...support.shared_library import library_of
from .moves import WIDER
from .search_state import SearchState, SearchTask, flattened, restored

__all__ = ["MOST_INPUTS", "SOURCE", "advance"]

MOST_INPUTS = 10
"""The most inputs of a network that is searched."""

SOURCE = Path(__file__).with_name("moves.cc")

_ROOM = 1 << 20
"""Integers that a network may take."""


_WHOLE_NUMBERS = ("inputs", "depth", "lut_inputs", "wider", "moves", "first", "last", "flip")


class _Problem(ctypes.Structure):
    _fields_ = (
        *((name, ctypes.c_int64) for name in _WHOLE_NUMBERS),
        *((name, ctypes.c_double) for name in ("hot", "cold")),
        *((name, ctypes.c_void_p) for name in ("starts", "low", "high")),
    )


def advance(task: SearchTask, state: SearchState, last: int) -> None:
    """Make the moves of a search up to the number `last`.

    Raises
    ------
    ToolError
        If there is no C++ compiler, or it fails.

    """
    inputs, relation = state.network.inputs, task.relation
    if inputs > MOST_INPUTS:
        raise ValueError(f"a compiled search takes networks of at most {MOST_INPUTS} inputs, not {inputs}")
    starts, low, high = relation.starts, relation.low, relation.high
    problem = _Problem(
        inputs, task.depth, task.lut_inputs, WIDER, task.moves, state.done, last, relation.flip,
        task.hot, task.cold, starts.ctypes.data, low.ctypes.data, high.ctypes.data,
    )  # fmt: skip
    random = np.array(state.random, np.uint32)
    network, least = flattened(state.network), state.best.size(task.lut_inputs)
    current, best = np.zeros((2, _ROOM), np.int32)
    best_length = ctypes.c_int64()
    length = _library().softgate_anneal(
        ctypes.byref(problem), _pointer(random), _pointer(network), ctypes.c_int64(least), _pointer(current),
        _pointer(best), ctypes.c_int64(_ROOM), ctypes.byref(best_length),
    )  # fmt: skip
    if min(length, best_length.value) < 0:
        raise ValueError(f"a network takes more than {_ROOM} integers")
    state.network = restored(inputs, current[:length])
    if best_length.value:
        state.best = restored(inputs, best[: best_length.value])
    state.done, state.random = last, tuple(random.tolist())


def _pointer(array: NDArray[np.generic]) -> ctypes.c_void_p:
    return ctypes.c_void_p(array.ctypes.data)


@cache
def _library() -> ctypes.CDLL:
    library = library_of(SOURCE.read_text())
    library.softgate_anneal.restype = ctypes.c_int64
    return library
