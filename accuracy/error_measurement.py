"""Measurement of errors: outputs against the true function over every input code."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .decide import stretches
from .error_metrics import ErrorMetrics
from .limits import EXHAUSTIVE_CODES
from .monotonic import is_monotonic
from .reference import Reference
from .symmetric import has_partners, is_symmetric
from .worst_error import WorstError, alike

__all__ = ["half_ulp_sides", "magnitude_errors", "measure_errors", "misses"]

_HALF = Fraction(1, 2)


def measure_errors(
    evaluate: Callable[[NDArray[np.int64]], NDArray[Any]], reference: Reference, limits: Sequence[Fraction] = ()
) -> ErrorMetrics:
    """Compare `evaluate` (input codes to output codes) with the truth on every input code that occurs.

    Parameters
    ----------
    evaluate
        What to measure.
    reference
        The truth.
    limits
        Limits in ulp, such as that of a budget, that the largest error is to be told from; half an ulp and one are.

    Raises
    ------
    ValueError
        If these are more than 2**24.

    """
    count = reference.codes.size
    if count > EXHAUSTIVE_CODES:
        raise ValueError(f"{count} input codes are too many to walk; 2**24 at most")
    totals = _Totals(reference, (_HALF, Fraction(1), *limits))
    for span in reference.spans():
        outputs = evaluate(span.codes)
        totals.add(span.codes, outputs, span.errors(outputs), span.bound)
    return totals.metrics()


def half_ulp_sides(reference: Reference, code: int, output: int) -> tuple[int | None, int | None]:
    """Return on which side the true value is of half an ulp below an output, and of half an ulp above it.

    That is -1, 0 or 1 for below, at or above, and None where 4,096 bits do not tell.
    """
    ends = output - _HALF, output + _HALF
    known = reference.decided(code, lambda known: None not in map(known.side, ends))
    return known.side(ends[0]), known.side(ends[1])


class _Totals:
    """Running sums over outputs that are added in ascending order of their inputs."""

    def __init__(self, reference: Reference, limits: Sequence[Fraction]) -> None:
        self.reference = reference
        self.worst = WorstError(reference, limits)
        self.zero = self.reference.output_format.shown.code_of_zero
        self.points = 0
        self.sums: list[tuple[float, float, float, float]] = []
        self.rounded = 0
        self.monotonic = True
        self.exact_ends = True
        self.last: tuple[NDArray[Any], NDArray[Any]] | None = None
        self.undecided: set[int] = set()
        self.outputs: list[NDArray[Any]] | None = [] if has_partners(reference) else None

    def add(self, codes: NDArray[np.int64], outputs: NDArray[Any], errors: NDArray[np.float64], bound: float) -> None:
        sizes = np.abs(errors)
        self.points += len(codes)
        # Not by `dot`: its last digits depend on the processor and the number of threads, and a check compares them.
        of_magnitudes = float(magnitude_errors(outputs - self.zero, errors).sum())
        self.sums.append((float(sizes.sum()), float(np.square(errors).sum()), float(errors.sum()), of_magnitudes))
        self._count_rounded(codes, outputs, sizes, bound)
        joined = (codes, outputs)
        if self.last is not None:
            joined = (np.concatenate([self.last[0], codes]), np.concatenate([self.last[1], outputs]))
        self.monotonic &= is_monotonic(*joined, self.reference.monotonicity)
        self.last = (codes[-1:], outputs[-1:])
        self.exact_ends &= not misses(self.reference, codes, outputs).any()
        self.worst.add(codes, outputs, sizes, bound)
        if self.outputs is not None:
            self.outputs.append(outputs)

    def _count_rounded(
        self, codes: NDArray[Any], outputs: NDArray[Any], sizes: NDArray[np.float64], bound: float
    ) -> None:
        if not bound:
            self.rounded += int((sizes <= 0.5).sum())
            return
        self.rounded += int((sizes <= 0.5 - bound).sum())
        for part in alike(self.reference, codes, outputs, np.flatnonzero(np.abs(sizes - 0.5) <= bound)):
            sides = partial(half_ulp_sides, self.reference, output=int(outputs[part[0]]))
            for first, last, (above, below) in stretches(codes[part], sides):
                self.rounded += (last - first + 1) * ((above is None or above >= 0) and (below is None or below <= 0))
                if above is None or below is None:
                    self.undecided |= set(codes[part[first : last + 1]].tolist())

    def metrics(self) -> ErrorMetrics:
        code, largest, below = self.worst.found()
        totals = [math.fsum(column) for column in zip(*self.sums, strict=True)]
        shown = self.reference.output_format.shown
        ulp = float(shown.ulp)
        return ErrorMetrics(
            max_ulp=float(largest),
            max_abs=float(largest * shown.ulp),
            mean_abs=totals[0] / self.points * ulp,
            rms=math.sqrt(totals[1] / self.points) * ulp,
            bias=totals[2] / self.points * ulp,
            magnitude_bias=totals[3] / self.points * ulp,
            correctly_rounded=self.rounded / self.points,
            monotonic=self.monotonic,
            symmetric=None if self.outputs is None else is_symmetric(np.concatenate(self.outputs), self.reference),
            exact_ends=self.exact_ends,
            worst_code=code,
            worst_value=float(self.reference.input_format.shown.value(code)),
            points=self.points,
            largest=largest,
            below_largest=below,
            undecided=len(self.undecided | self.worst.undecided),
        )


def magnitude_errors(outputs: NDArray[Any], errors: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return magnitudes of outputs minus those of the true values, from outputs and their errors in ulp."""
    values = outputs.astype(np.float64)
    # Where both have one sign the error itself says it, without the digits that a difference of the two would lose.
    crossed = np.abs(values) - np.abs(values - errors)
    return np.where(np.abs(errors) <= np.abs(values), np.sign(values) * errors, crossed)


def misses(reference: Reference, codes: NDArray[Any], outputs: NDArray[Any]) -> NDArray[np.bool_]:
    """Return at which input codes, ascending, outputs are not those that are required (see `Reference.required`)."""
    found = np.zeros(len(codes), dtype=bool)
    for required in reference.required:
        start, stop = np.searchsorted(codes, required.codes.low), np.searchsorted(codes, required.codes.high, "right")
        found[start:stop] = outputs[start:stop] != required.outputs(codes[start:stop])
    return found
