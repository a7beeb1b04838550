"""Error figures: outputs against the true function over every input code."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .monotonic import is_monotonic
from .reference import Reference

__all__ = ["EXHAUSTIVE_CODES", "ErrorFigures", "magnitude_errors", "measure_errors", "misses"]

EXHAUSTIVE_CODES = 1 << 24
"""The most input codes that are walked one by one."""


@dataclass(frozen=True)
class ErrorFigures:
    """The error of a unit against the true function, its value clamped to the output's range.

    Errors are signed as output minus truth. `max_ulp` is in ulp of the output, the other errors are absolute;
    `magnitude_bias` is the mean of the output's magnitude minus that of the truth, which does not cancel between the
    two signs of an odd function as `bias` does; `correctly_rounded` is the share of inputs with an error of at most
    half an ulp; `monotonic` tells whether the output never falls up to the first of the function's turns, never rises
    from there to the next, and so on (between neighbours with a turn between them, either way will do); `symmetric`
    tells whether ``f(-x) = sign f(x) + total`` holds for the outputs wherever both sides are output codes, and is None
    for a function without symmetry, and for inputs of one sign; `exact_ends` tells whether the outputs are those of
    `Reference.required`. `worst_code` is the lowest input code that has the largest error, `largest` that error in
    ulp as an exact upper bound, by which a budget is judged.
    """

    max_ulp: float
    max_abs: float
    mean_abs: float
    rms: float
    bias: float
    magnitude_bias: float
    correctly_rounded: float
    monotonic: bool
    symmetric: bool | None
    exact_ends: bool
    worst_code: int
    worst_value: float
    points: int
    largest: Fraction
    proof: str = "exhaustive"

    def as_dict(self) -> dict[str, Any]:
        """Return the figures as the manifest has them."""
        return {
            "max_ulp": self.max_ulp,
            "max_abs": self.max_abs,
            "mean_abs": self.mean_abs,
            "rms": self.rms,
            "bias": self.bias,
            "magnitude_bias": self.magnitude_bias,
            "correctly_rounded": self.correctly_rounded,
            "monotonic": self.monotonic,
            "symmetric": self.symmetric,
            "exact_ends": self.exact_ends,
            "worst_input": {"code": self.worst_code, "value": self.worst_value},
            "points": self.points,
            "proof": self.proof,
        }


def measure_errors(evaluate: Callable[[NDArray[np.int64]], NDArray[Any]], reference: Reference) -> ErrorFigures:
    """Compare `evaluate` (input codes to output codes) with the truth on every input code that occurs.

    Raises
    ------
    ValueError
        If these are more than 2**24.

    """
    count = reference.codes.size
    if count > EXHAUSTIVE_CODES:
        raise ValueError(f"{count} input codes are too many to walk; 2**24 at most")
    totals = _Totals(reference)
    for span in reference.spans():
        outputs = evaluate(span.codes)
        totals.add(span.codes, outputs, span.errors(outputs), span.bound)
    return totals.figures()


class _Totals:
    """Running sums and the inputs that may turn out to be the worst."""

    def __init__(self, reference: Reference) -> None:
        self.reference = reference
        self.points = 0
        self.sums: list[tuple[float, float, float, float]] = []
        self.rounded = 0
        self.monotonic = True
        self.exact_ends = True
        self.turns = [turn / reference.input_format.ulp for turn in reference.function.turns]
        self.last: tuple[NDArray[Any], NDArray[Any]] | None = None
        self.largest = 0.0  # a lower bound of the largest error
        self.suspects: list[tuple[NDArray[np.int64], NDArray[Any], NDArray[np.float64], float]] = []
        # Without codes of both signs there is nothing to be symmetric to.
        self.symmetry = reference.function.symmetry if reference.codes.low < 0 < reference.codes.high else None
        self.outputs: list[NDArray[Any]] = []

    def add(self, codes: NDArray[np.int64], outputs: NDArray[Any], errors: NDArray[np.float64], bound: float) -> None:
        sizes = np.abs(errors)
        self.points += len(codes)
        # Not by `dot`: its last digits depend on the processor and the number of threads, and a check compares them.
        of_magnitudes = float(magnitude_errors(outputs, errors).sum())
        self.sums.append((float(sizes.sum()), float(np.square(errors).sum()), float(errors.sum()), of_magnitudes))
        self.rounded += self._count_rounded(codes, outputs, sizes, bound)
        joined = (codes, outputs)
        if self.last is not None:
            joined = (np.concatenate([self.last[0], codes]), np.concatenate([self.last[1], outputs]))
        self.monotonic &= is_monotonic(*joined, self.turns)
        self.last = (codes[-1:], outputs[-1:])
        self.exact_ends &= not misses(self.reference, codes, outputs).any()
        self.largest = max(self.largest, float(sizes.max()) - bound)
        open_ = np.flatnonzero(sizes + bound >= self.largest)
        if len(open_):
            self.suspects.append((codes[open_], outputs[open_], sizes[open_], bound))
        if self.symmetry is not None:
            self.outputs.append(outputs)

    def _count_rounded(
        self, codes: NDArray[Any], outputs: NDArray[Any], sizes: NDArray[np.float64], bound: float
    ) -> int:
        if not bound:
            return int((sizes <= 0.5).sum())
        sure = int((sizes <= 0.5 - bound).sum())
        open_ = np.flatnonzero(np.abs(sizes - 0.5) <= bound)
        return sure + sum(self._is_rounded(int(codes[at]), int(outputs[at])) for at in open_)

    def _is_rounded(self, code: int, output: int) -> bool:
        for precision in (128, 512, 2048):
            low, high = self._error_bounds(code, output, precision)
            if high <= Fraction(1, 2):
                return True
            if low > Fraction(1, 2):
                return False
        return False  # closer to half an ulp than 2**-2000: not proved to be within

    def _error_bounds(self, code: int, output: int, precision: int = 128) -> tuple[Fraction, Fraction]:
        low, high = self.reference.enclosure(code, precision)
        if low <= output <= high:
            return Fraction(0), max(output - low, high - output)
        return min(abs(output - low), abs(output - high)), max(abs(output - low), abs(output - high))

    def _worst(self) -> tuple[int, Fraction]:
        """Return the lowest code with the largest error, and an upper bound of that error."""
        found: list[tuple[int, int]] = []
        for codes, outputs, sizes, bound in self.suspects:
            keep = sizes + bound >= self.largest
            if bound == 0:  # exact quotients: equal errors are equal floats, and the first of them will do
                keep &= np.cumsum(keep) <= 1
            found += [(int(c), int(y)) for c, y in zip(codes[keep], outputs[keep], strict=True)]
        bounds = [self._error_bounds(code, output) for code, output in found]
        largest = max(low for low, _ in bounds)
        return next((code, high) for (code, _), (_, high) in zip(found, bounds, strict=True) if high >= largest)

    def figures(self) -> ErrorFigures:
        code, largest = self._worst()
        totals = [math.fsum(column) for column in zip(*self.sums, strict=True)]
        ulp = float(self.reference.output_format.ulp)
        return ErrorFigures(
            max_ulp=float(largest),
            max_abs=float(largest * self.reference.output_format.ulp),
            mean_abs=totals[0] / self.points * ulp,
            rms=math.sqrt(totals[1] / self.points) * ulp,
            bias=totals[2] / self.points * ulp,
            magnitude_bias=totals[3] / self.points * ulp,
            correctly_rounded=self.rounded / self.points,
            monotonic=self.monotonic,
            symmetric=self._symmetric(),
            exact_ends=self.exact_ends,
            worst_code=code,
            worst_value=float(self.reference.input_format.value(code)),
            points=self.points,
            largest=largest,
        )

    def _symmetric(self) -> bool | None:
        if self.symmetry is None:
            return None
        low, high = self.reference.codes
        reach = min(-low, high)  # codes beyond have no partner, such as the most negative of a format
        outputs = np.concatenate(self.outputs)[-low - reach : -low + reach + 1].astype(
            object if self.reference.output_format.width > 60 else np.int64
        )
        if self.symmetry.sign == 1:
            return bool((outputs == outputs[::-1]).all())
        total = self.symmetry.total / self.reference.output_format.ulp
        if total.denominator != 1:
            return False
        mirrored = int(total) - outputs
        bottom, top = self.reference.outputs
        both = (mirrored >= bottom) & (mirrored <= top)
        both &= both[::-1]
        return bool((mirrored[::-1] == outputs)[both].all())


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
        found[start:stop] = outputs[start:stop] != required.output
    return found
