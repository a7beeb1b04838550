"""Fits: ways to find the polynomials of a piecewise approximation, one file each, found by name."""

from __future__ import annotations

from functools import cache

from ....support.registry import find_named, load_classes
from .base import Fit

__all__ = ["Fit", "find_fit", "fit_classes"]


@cache
def fit_classes() -> tuple[type[Fit], ...]:
    """Every fit there is, by name."""
    return load_classes(__name__, __path__, Fit)


def find_fit(name: str) -> type[Fit]:
    """Return the fit called `name`; `ValueError` with the nearest name if there is none."""
    return find_named("fit", name, fit_classes())
