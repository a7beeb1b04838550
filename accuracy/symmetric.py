"""Outputs that have the symmetry of the function."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .reference import Reference

__all__ = ["has_partners", "is_symmetric"]


def has_partners(reference: Reference) -> bool:
    """Return whether a function is symmetric and inputs of both signs occur, of which the outputs can be compared."""
    return reference.function.symmetry is not None and reference.codes.low < 0 < reference.codes.high


def is_symmetric(outputs: NDArray[Any], reference: Reference) -> bool:
    """Return whether outputs have the function's symmetry wherever both sides of it are output codes.

    Parameters
    ----------
    outputs
        The output code of every input code, ascending.
    reference
        The true values, of a function and inputs that `has_partners` accepts.

    """
    symmetry = reference.function.symmetry
    assert symmetry is not None
    low, high = reference.codes
    reach = min(-low, high)  # codes beyond have no partner, such as the most negative of a format
    paired = outputs[-low - reach : -low + reach + 1].astype(object if reference.output_format.width > 60 else np.int64)
    source, ulp = reference.input_format, reference.output_format.ulp
    total, slope = symmetry.total / ulp, symmetry.slope * source.ulp / ulp
    if total.denominator != 1 or slope.denominator != 1:
        return False
    mirrored = symmetry.sign * paired + int(total)
    if slope:
        mirrored = mirrored + int(slope) * np.arange(-reach, reach + 1).astype(paired.dtype)
    bottom, top = reference.outputs
    both = (mirrored >= bottom) & (mirrored <= top)
    both &= both[::-1]
    return bool((mirrored[::-1] == paired)[both].all())
