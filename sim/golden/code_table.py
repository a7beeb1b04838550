"""The outputs of a plan of one input at every input code, looked up at the speed of memory."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ...plan.operations.base import Range
from .rules import Array

__all__ = ["CodeTable", "DeferredTable"]

_TABLED_CODES = 1 << 20
"""The most codes that are evaluated to be looked up: more leave the processor's cache."""

_CALL = 1 << 9
"""Codes whose evaluation takes about as long as what every call costs beside."""

_BLOCK = 1 << 14
"""Codes looked up at a time: the arrays of one chunk stay in the processor's cache."""


class CodeTable:
    """Output codes by input code.

    Parameters
    ----------
    low
        The first input code.
    columns
        The output codes from there on, (codes,), of each output.

    """

    def __init__(self, low: int, columns: Sequence[Array]) -> None:
        self._low = low
        self._count = len(columns[0])
        # The narrower the entries, the more of them stay in the cache.
        self._columns = [
            column.astype(np.result_type(np.min_scalar_type(column.min()), np.min_scalar_type(column.max())))
            for column in columns
        ]

    def outputs(self, codes: Array, types: Sequence[Any]) -> tuple[Array, ...] | None:
        """Return the output codes, in the given types and the shape of the codes; None if a code has no entry."""
        if codes.dtype == np.uint64 and codes.size and codes.max() >> np.uint64(63):
            return None  # as int64 it would be another code
        flat = codes.reshape(-1)
        results = tuple(np.empty(flat.size, dtype=dtype) for dtype in types)
        for start in range(0, flat.size, _BLOCK):
            chunk = slice(start, start + _BLOCK)
            entries = flat[chunk].astype(np.int64, copy=False) - self._low
            # Codes below the first are large numbers without a sign: one comparison sees both ends.
            if entries.view(np.uint64).max() >= self._count:
                return None
            for result, column in zip(results, self._columns, strict=True):
                result[chunk] = column.take(entries, mode="clip")  # "raise" checks once more
        return tuple(result.reshape(codes.shape) for result in results)


class DeferredTable:
    """The table of a plan of one input, made once the codes evaluated one by one would have paid for it.

    Parameters
    ----------
    evaluate
        Returns the output codes at all input codes, (codes,), of each output; None if there is no table of them. It may
        evaluate them by way of this table, which is not there until it has returned.
    held
        The input codes that may occur.

    """

    def __init__(self, evaluate: Callable[[], tuple[Array, ...] | None], held: Range) -> None:
        self._evaluate, self._held = evaluate, held
        self._table: CodeTable | None = None
        self._left = held.size
        self._is_possible = held.size <= _TABLED_CODES

    def after(self, count: int) -> CodeTable | None:
        """Return the table, if it has been paid for after a call with `count` codes; None otherwise."""
        if self._is_possible:
            self._left -= count + _CALL
            if self._left <= 0:
                self._is_possible = False  # the evaluation below comes here again
                found = self._evaluate()
                self._table = None if found is None else CodeTable(self._held.low, found)
        return self._table
