"""The error curve of a unit over its inputs, reduced to the resolution of a picture."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...accuracy.limits import EXHAUSTIVE_CODES
from ...accuracy.specification import Specification
from ...plan.plan import Plan
from ...sim.golden.model import golden

__all__ = ["Curve", "error_curve"]

_COLUMNS = 512
"""The most columns of a curve; a power of two."""

_STEPS = (1 << 15) - 1
"""Codes of a column's error: these times the largest, either way."""


@dataclass(frozen=True)
class Curve:
    """The least and greatest error, in ulp, of each of the columns into which the inputs are divided.

    Column i holds `codes` consecutive input codes, from the value ``start + i * step``.
    """

    start: float
    step: float
    codes: int
    low: NDArray[np.float64]
    high: NDArray[np.float64]

    def as_dict(self) -> dict[str, Any]:
        """Return the curve as JSON values.

        ``low`` and ``high`` are little-endian 16-bit integers in base 64, in units of ``unit`` ulp, rounded away from
        one another; ``high`` is None where it is the same as ``low``.
        """
        unit = float(max(np.abs(self.low).max(), np.abs(self.high).max())) / _STEPS
        low, high = self.low / (unit or 1.0), self.high / (unit or 1.0)
        single = self.codes == 1
        return {
            "start": self.start,
            "step": self.step,
            "codes": self.codes,
            "unit": unit,
            "low": _packed(np.rint(low) if single else np.floor(low)),
            "high": None if single else _packed(np.ceil(high)),
        }


def _packed(levels: NDArray[np.float64]) -> str:
    return b64encode(np.clip(levels, -_STEPS, _STEPS).astype("<i2").tobytes()).decode()


def error_curve(plan: Plan, specification: Specification) -> Curve | None:
    """Walk a plan over every input that occurs; None if those are more than 2**24.

    Parameters
    ----------
    plan
        The plan of the unit: one input and one output in the formats of the specification.
    specification
        The function and its formats.

    """
    source, held = specification.input_format, specification.codes
    if held.size > EXHAUSTIVE_CODES:
        return None
    shift = max((held.size - 1).bit_length() - _COLUMNS.bit_length() + 1, 0)
    count = (held.size - 1 >> shift) + 1
    low, high = np.full(count, np.inf), np.full(count, -np.inf)
    unit = golden(plan)
    for span in specification.reference.spans():
        errors = span.errors(unit(span.codes))
        columns = (span.codes - held.low) >> shift
        starts = np.flatnonzero(np.diff(columns, prepend=-1))  # a column may continue in the next span
        here = columns[starts]
        low[here] = np.minimum(low[here], np.minimum.reduceat(errors, starts))
        high[here] = np.maximum(high[here], np.maximum.reduceat(errors, starts))
    shown = source.shown
    return Curve(float(shown.value(held.low)), float(shown.ulp * (1 << shift)), 1 << shift, low, high)
