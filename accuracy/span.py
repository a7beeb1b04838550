"""Spans: consecutive input codes with the true values there."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Span", "joined"]


@dataclass(frozen=True)
class Span:
    """Consecutive input codes with the true values there, as floats, balls or ratios of integers.

    Errors that are computed with them are within `bound` ulp, unless they are larger than the output's whole range.
    Where values are known to be `clamped`, they are exact: the lowest or the highest output code.
    """

    codes: NDArray[np.int64]
    values: NDArray[np.float64] | None
    bound: float
    exact: tuple[Any, ...] = ()
    numerators: NDArray[Any] | None = None
    denominator: int = 1
    clamped: NDArray[np.bool_] | None = None

    def errors(self, outputs: NDArray[Any]) -> NDArray[np.float64]:
        """Return outputs minus true values in ulp."""
        if self.numerators is not None:
            difference = outputs.astype(self.numerators.dtype) * self.denominator - self.numerators
            return np.asarray(difference / self.denominator, dtype=np.float64)
        if self.values is not None:
            return outputs.astype(np.float64) - self.values
        return np.array([float(int(y) - value) for y, value in zip(outputs, self.exact, strict=True)])


def joined(spans: list[Span]) -> list[Span]:
    """Join neighbouring spans of floats into one, with the worst of their bounds: each span has a price of its own."""
    found: list[Span] = []
    for floats, group in groupby(spans, lambda span: span.values is not None):
        run = list(group)
        found += [_as_one(run)] if floats else run
    return found


def _as_one(spans: list[Span]) -> Span:
    codes = np.concatenate([span.codes for span in spans])
    values = np.concatenate([span.values for span in spans if span.values is not None])
    clamped = np.concatenate(
        [np.zeros(len(span.codes), dtype=bool) if span.clamped is None else span.clamped for span in spans]
    )
    return Span(codes, values, max(span.bound for span in spans), clamped=clamped)
