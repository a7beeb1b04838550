"""Names and units of the entries of a sweep's rows, and whether less or more is better."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..sweep.row import COLUMNS, Row

__all__ = ["ERRORS", "MEASURES", "Field", "field_of", "values_of"]

MEASURES = ("luts", "fmax", "latency")
"""Costs that an error is plotted against."""

ERRORS = ("max_ulp", "max_abs", "mean_abs", "rms")
"""Errors that are plotted: entries of the error metrics."""


@dataclass(frozen=True)
class Field:
    """An entry of `Row.flat`.

    Attributes
    ----------
    key
        Its name there.
    label, unit
        Its heading and its unit, which is empty for a number without one.
    meaning
        A sentence about it.
    better
        ``low`` or ``high``: which values are better; empty where none are.

    """

    key: str
    label: str
    unit: str
    meaning: str
    better: str = ""

    @property
    def title(self) -> str:
        """Label and unit, as beside an axis."""
        return f"{self.label} ({self.unit})" if self.unit else self.label

    @property
    def absolute(self) -> bool:
        """Whether it is an error in another unit than ulp, and so comparable across output formats."""
        return self.unit == "absolute"


_OF_ERRORS = (
    Field("error.max_ulp", "max error", "ulp", "largest error over every input", "low"),
    Field(
        "error.class",
        "class of error",
        "",
        "correctly_rounded: at most half an ulp; faithful: below one ulp; within: another",
    ),
    Field("error.max_abs", "max error", "absolute", "largest error over every input", "low"),
    Field("error.mean_abs", "mean error", "absolute", "mean size of the error", "low"),
    Field("error.rms", "RMS error", "absolute", "root of the mean square of the error", "low"),
    Field("error.bias", "bias", "absolute", "mean of output minus true value"),
    Field(
        "error.correctly_rounded",
        "correctly rounded",
        "share",
        "share of inputs with at most half an ulp of error",
        "high",
    ),
    Field("error.monotonic", "monotonic", "", "whether the output rises and falls only where the function does"),
    Field("error.symmetric", "symmetric", "", "whether the unit has the symmetry of its function"),
    Field("error.worst_input.code", "worst input, code", "", "code of the input with the largest error"),
    Field("error.worst_input.value", "worst input", "", "value of the input with the largest error"),
    Field("error.points", "inputs", "", "number of inputs that the error is of"),
    Field("error.undecided", "undecided", "", "inputs whose error is too close to a limit to be decided", "low"),
    Field("error.proof", "proof", "", "exhaustive: every input was walked; bounded: the error is a proved bound"),
)

_LABELS = {
    "max_error": "budget",
    "initiation_interval": "interval",
    "luts": "LUTs",
    "ff": "FF",
    "dsp": "DSP",
    "bram": "block RAM",
    "fmax": "Fmax",
    "frequency": "clock asked for",
    "plan_sha256": "plan hash",
    "verilog_sha256": "Verilog hash",
    "emit_command": "make it",
    "synth_command": "measure it",
}

_ENTRIES = {"fmax_by_seed": "Fmax, seed {}", "seconds": "time to {}", "versions": "{} version"}
"""Labels of entries whose names are not self-explanatory."""

_BETTER = {
    "latency": "low",
    "initiation_interval": "low",
    "luts": "low",
    "ff": "low",
    "dsp": "low",
    "bram": "low",
    "fmax": "high",
    "fmax_by_seed": "high",
    "resources": "low",
}

_FIELDS = {field.key: field for field in _OF_ERRORS}


def field_of(key: str) -> Field:
    """Return the description of an entry of `Row.flat`.

    >>> field_of("resources.LUT4").title, field_of("fmax").title, field_of("fmax").better
    ('LUT4 (cells)', 'Fmax (MHz)', 'high')
    """
    if key in _FIELDS:
        return _FIELDS[key]
    name, _, entry = key.partition(".")
    column = COLUMNS[name]
    label = _ENTRIES.get(name, "{}").format(entry) if entry else _LABELS.get(name, name.replace("_", " "))
    unit = column.unit if column.unit != label else ""
    return Field(key, label, unit, column.meaning.replace("`", ""), _BETTER.get(name, ""))


def values_of(rows: Sequence[Row], key: str) -> NDArray[np.float64]:
    """Return a number of each row, such as ``error.max_ulp``; NaN where a row has none."""
    return np.array([row.flat().get(key) for row in rows], dtype=np.float64)
