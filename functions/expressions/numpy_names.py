"""The names that numpy and SciPy have for what expressions do."""

from __future__ import annotations

__all__ = ["NAMES", "OPERATORS"]

OPERATORS = {
    "add": "__add__",
    "subtract": "__sub__",
    "multiply": "__mul__",
    "divide": "__truediv__",
    "true_divide": "__truediv__",
    "power": "__pow__",
    "float_power": "__pow__",
    "greater": "__gt__",
    "greater_equal": "__ge__",
    "less": "__lt__",
    "less_equal": "__le__",
}
"""Operators of numpy, by numpy's names."""

NAMES = {
    "absolute": "abs",
    "fabs": "abs",
    "amax": "max",
    "maximum": "max",
    "fmax": "max",
    "minimum": "min",
    "fmin": "min",
    "arctan": "atan",
    "expit": "logistic",
    "log_expit": "log_sigmoid",
}
"""Functions that numpy and SciPy call otherwise than expressions do."""
