"""Error figures: outputs against the true function over every input code."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..plan.formats import FixedFormat
from .budget import Budget
from .decide import Enclosure, stretches
from .limits import EXHAUSTIVE_CODES
from .monotonic import is_monotonic
from .reference import Reference

__all__ = ["ErrorFigures", "half_ulp_sides", "magnitude_errors", "measure_errors", "misses"]

_HALF = Fraction(1, 2)


@dataclass(frozen=True)
class ErrorFigures:
    """The error of a unit against the true function, its value clamped to the output's range.

    Errors are signed as output minus truth. `max_ulp` is in ulp of the output, the other errors are absolute;
    `magnitude_bias` is the mean of the output's magnitude minus that of the truth, which does not cancel between the
    two signs of an odd function as `bias` does; `correctly_rounded` is the share of inputs with an error of at most
    half an ulp; `monotonic` tells whether the output never falls where the function rises and never rises where it
    falls (neighbours with a critical point between them may go either way); `symmetric` tells whether
    ``f(-x) = sign f(x) + slope x + total`` holds for the outputs wherever both sides are output codes, and is None for
    a function without symmetry, and for inputs of one sign; `exact_ends` tells whether the outputs are those of
    `Reference.required`. `worst_code` is the lowest input code that has the largest error, as far as 128 bits tell.
    `largest` is that error in ulp as an exact upper bound, and `below_largest` whether it is known to be below that: so
    a budget is judged. `undecided` counts the inputs where 4,096 bits do not tell an error from half an ulp, one ulp or
    the budget: it then counts as equal.
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
    below_largest: bool = False
    undecided: int = 0
    proof: str = "exhaustive"

    @property
    def error_class(self) -> str:
        """The class of the largest error: at most half an ulp, below one ulp, or another."""
        if self.largest <= _HALF:
            return "correctly_rounded"
        return "faithful" if self.largest < 1 or (self.largest == 1 and self.below_largest) else "within"

    @property
    def largest_text(self) -> str:
        """The largest error for people to read, in five digits from which it can be told from half an ulp and one."""
        text = f"{self.max_ulp:.5g}"
        shown = Fraction(text)
        if shown not in (_HALF, 1):
            return f"{text} ulp"
        if self.largest > shown:
            return f"just above {text} ulp"
        return f"{'below ' if self.largest < shown or self.below_largest else ''}{text} ulp"

    @property
    def limit_text(self) -> str:
        """The largest error for people to read, as what no error exceeds."""
        text = self.largest_text
        return f"at most {text}" if text[0].isdigit() else text

    def meets(self, budget: Budget, output: FixedFormat) -> bool:
        """Whether the largest error is within a budget."""
        return budget.admits(self.largest, output, below=self.below_largest)

    def as_dict(self) -> dict[str, Any]:
        """Return the figures as the manifest has them."""
        return {
            "max_ulp": self.max_ulp,
            "class": self.error_class,
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
            "undecided": self.undecided,
            "proof": self.proof,
        }


def measure_errors(
    evaluate: Callable[[NDArray[np.int64]], NDArray[Any]], reference: Reference, limits: Sequence[Fraction] = ()
) -> ErrorFigures:
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
    return totals.figures()


def half_ulp_sides(reference: Reference, code: int, output: int) -> tuple[int | None, int | None]:
    """Return on which side the true value is of half an ulp below an output, and of half an ulp above it.

    That is -1, 0 or 1 for below, at or above, and None where 4,096 bits do not tell.
    """
    ends = output - _HALF, output + _HALF
    known = reference.decided(code, lambda known: None not in map(known.side, ends))
    return known.side(ends[0]), known.side(ends[1])


@dataclass(frozen=True)
class _Suspects:
    """Ascending inputs with one output, between which the function does not turn, and their largest error at most."""

    codes: NDArray[Any]
    output: int
    size: float


class _Totals:
    """Running sums and the inputs that may turn out to be the worst."""

    def __init__(self, reference: Reference, limits: Sequence[Fraction]) -> None:
        self.reference = reference
        self.limits = limits
        self.points = 0
        self.sums: list[tuple[float, float, float, float]] = []
        self.rounded = 0
        self.monotonic = True
        self.exact_ends = True
        self.last: tuple[NDArray[Any], NDArray[Any]] | None = None
        self.largest = 0.0  # a lower bound of the largest error
        self.suspects: list[_Suspects] = []
        self.undecided: set[int] = set()
        # Without codes of both signs there is nothing to be symmetric to.
        self.symmetry = reference.function.symmetry if reference.codes.low < 0 < reference.codes.high else None
        self.outputs: list[NDArray[Any]] = []

    def add(self, codes: NDArray[np.int64], outputs: NDArray[Any], errors: NDArray[np.float64], bound: float) -> None:
        sizes = np.abs(errors)
        self.points += len(codes)
        # Not by `dot`: its last digits depend on the processor and the number of threads, and a check compares them.
        of_magnitudes = float(magnitude_errors(outputs, errors).sum())
        self.sums.append((float(sizes.sum()), float(np.square(errors).sum()), float(errors.sum()), of_magnitudes))
        self._count_rounded(codes, outputs, sizes, bound)
        joined = (codes, outputs)
        if self.last is not None:
            joined = (np.concatenate([self.last[0], codes]), np.concatenate([self.last[1], outputs]))
        self.monotonic &= is_monotonic(*joined, self.reference.monotonicity)
        self.last = (codes[-1:], outputs[-1:])
        self.exact_ends &= not misses(self.reference, codes, outputs).any()
        self.largest = max(self.largest, float(sizes.max()) - bound)
        suspects = np.flatnonzero(sizes + bound >= self.largest)
        if bound == 0:  # exact quotients: equal errors are equal floats, and the first of them will do
            suspects = suspects[sizes[suspects] == self.largest][:1]
        for part in self._alike(codes, outputs, suspects):
            self.suspects.append(_Suspects(codes[part], int(outputs[part[0]]), float(sizes[part].max()) + bound))
        if self.symmetry is not None:
            self.outputs.append(outputs)

    def _alike(
        self, codes: NDArray[Any], outputs: NDArray[Any], places: NDArray[np.int64]
    ) -> Iterator[NDArray[np.int64]]:
        """Yield the places where the output is the same and the function goes one way."""
        for part in self.reference.between_critical_points(codes[places]):
            there = places[part]
            changes = np.flatnonzero(outputs[there[1:]] != outputs[there[:-1]]) + 1
            yield from (each for each in np.split(there, changes) if len(each))

    def _count_rounded(
        self, codes: NDArray[Any], outputs: NDArray[Any], sizes: NDArray[np.float64], bound: float
    ) -> None:
        if not bound:
            self.rounded += int((sizes <= 0.5).sum())
            return
        self.rounded += int((sizes <= 0.5 - bound).sum())
        for part in self._alike(codes, outputs, np.flatnonzero(np.abs(sizes - 0.5) <= bound)):
            sides = partial(half_ulp_sides, self.reference, output=int(outputs[part[0]]))
            for first, last, (above, below) in stretches(codes[part], sides):
                self.rounded += (last - first + 1) * ((above is None or above >= 0) and (below is None or below <= 0))
                if above is None or below is None:
                    self.undecided |= set(codes[part[first : last + 1]].tolist())

    def _worst(self) -> tuple[int, Fraction, bool]:
        """Return the lowest code with the largest error, an upper bound of that error, and whether it is below that."""
        # Where the output is the same and the function goes one way, the error is largest at one of the ends.
        ends = [
            (suspects, code, self._distance(code, suspects.output))
            for suspects in self.suspects
            if suspects.size >= self.largest
            for code in dict.fromkeys((int(suspects.codes[0]), int(suspects.codes[-1])))
        ]
        largest = max(known.low for _, _, known in ends)
        ends = [end for end in ends if end[2].high >= largest]
        suspects, code, _ = ends[0]
        if code != suspects.codes[0]:
            code = self._first(suspects, largest)
        closer = [self._closer(code, suspects.output) for suspects, code, _ in ends]
        high = max(known.high for known in closer)
        return code, high, all(known.below_high for known in closer if known.high == high)

    def _first(self, suspects: _Suspects, largest: Fraction) -> int:
        """Return the first code whose error is the largest, if that of the last one is and that of the first is not."""
        low, high = 0, len(suspects.codes) - 1
        while high - low > 1:
            middle = (low + high) // 2
            is_largest = self._distance(int(suspects.codes[middle]), suspects.output).high >= largest
            low, high = (low, middle) if is_largest else (middle, high)
        return int(suspects.codes[high])

    def _distance(self, code: int, output: int) -> Enclosure:
        return self.reference.decided(code).distance(output)

    def _closer(self, code: int, output: int) -> Enclosure:
        """Return what is known of an error once it is told from every limit, or at the one that it is not told from."""

        def open_limits(known: Enclosure) -> list[Fraction]:
            error = known.distance(output)
            return [limit for limit in self.limits if error.side(limit) is None]

        known = self.reference.decided(code, lambda known: not open_limits(known))
        if not (left := open_limits(known)):
            return known.distance(output)
        self.undecided.add(code)
        return Enclosure(left[0], left[0])

    def figures(self) -> ErrorFigures:
        code, largest, below = self._worst()
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
            below_largest=below,
            undecided=len(self.undecided),
        )

    def _symmetric(self) -> bool | None:
        if self.symmetry is None:
            return None
        low, high = self.reference.codes
        reach = min(-low, high)  # codes beyond have no partner, such as the most negative of a format
        outputs = np.concatenate(self.outputs)[-low - reach : -low + reach + 1].astype(
            object if self.reference.output_format.width > 60 else np.int64
        )
        source, ulp = self.reference.input_format, self.reference.output_format.ulp
        total, slope = self.symmetry.total / ulp, self.symmetry.slope * source.ulp / ulp
        if total.denominator != 1 or slope.denominator != 1:
            return False
        mirrored = self.symmetry.sign * outputs + int(total)
        if slope:
            mirrored = mirrored + int(slope) * np.arange(-reach, reach + 1).astype(outputs.dtype)
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
        found[start:stop] = outputs[start:stop] != required.outputs(codes[start:stop])
    return found
