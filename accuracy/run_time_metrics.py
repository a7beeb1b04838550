"""The error metrics of a unit whose function has a parameter at run time (decision 040)."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .error_measurement import magnitude_errors
from .error_metrics import ErrorMetrics
from .run_time_truth import RunTimeTruth

__all__ = ["RunTimeTotals"]


class RunTimeTotals:
    """Running sums over combinations of codes of x and of the parameter, each counted once.

    Parameters
    ----------
    truth
        The true values.

    """

    def __init__(self, truth: RunTimeTruth) -> None:
        self.truth = truth
        self.points = 0
        self.sums: list[tuple[float, float, float, float]] = []
        self.rounded = 0
        self.exact_ends = True
        self.monotonic = True
        self.largest = -1  # times the denominator
        self.worst = 0, 0

    def add(self, codes: NDArray[Any], parameters: NDArray[Any], outputs: NDArray[Any]) -> None:
        """Add outputs, shape (combinations,) or (codes, parameters), with what they are for, which broadcasts to it."""
        truth, denominator = self.truth, self.truth.denominator
        scaled = outputs * denominator - truth.clamped(truth.values(codes, parameters))
        sizes = np.abs(scaled)
        largest = int(sizes.max())
        if largest > self.largest:
            at = np.unravel_index(int(np.argmax(sizes)), sizes.shape)
            self.largest = largest
            self.worst = int(np.broadcast_to(codes, sizes.shape)[at]), int(np.broadcast_to(parameters, sizes.shape)[at])
        errors = np.asarray(scaled / denominator, dtype=np.float64)
        of_magnitudes = float(magnitude_errors(outputs, errors).sum())
        self.sums.append(
            (float(np.abs(errors).sum()), float(np.square(errors).sum()), float(errors.sum()), of_magnitudes)
        )
        self.rounded += int((2 * sizes <= denominator).sum())
        self.exact_ends &= not (truth.required(codes, parameters) & np.asarray(scaled != 0, dtype=bool)).any()
        self.points += sizes.size

    def follow(self, codes: NDArray[Any], parameters: NDArray[Any], earlier: NDArray[Any], later: NDArray[Any]) -> None:
        """Add outputs at codes of x and at the next ones, to tell whether these go the way the function does."""
        ascent = self.truth.values(codes + 1, parameters) - self.truth.values(codes, parameters)
        self.monotonic &= bool(np.where(ascent < 0, later <= earlier, later >= earlier).all())

    def metrics(self, bound: Fraction | None = None) -> ErrorMetrics:
        """Return the metrics; with a proved bound in ulp, of a sample."""
        specification = self.truth.specification
        totals = [math.fsum(column) for column in zip(*self.sums, strict=True)]
        exact, ulp = specification.output_format.ulp, float(specification.output_format.ulp)
        largest = Fraction(self.largest, self.truth.denominator) if bound is None else bound
        code, parameter = self.worst
        return ErrorMetrics(
            max_ulp=float(largest),
            max_abs=float(largest * exact),
            mean_abs=totals[0] / self.points * ulp,
            rms=math.sqrt(totals[1] / self.points) * ulp,
            bias=totals[2] / self.points * ulp,
            magnitude_bias=totals[3] / self.points * ulp,
            correctly_rounded=self.rounded / self.points,
            monotonic=self.monotonic,
            symmetric=None,
            exact_ends=self.exact_ends,
            worst_code=code,
            worst_value=float(specification.input_format.value(code)),
            worst_parameter=(parameter, float(specification.parameter_format.value(parameter))),
            points=self.points,
            largest=largest,
            proof="exhaustive" if bound is None else "bounded",
        )
