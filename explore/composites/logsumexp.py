"""Logsumexp in Python and in Amaranth."""

from __future__ import annotations

from typing import Any

from ...accuracy.budget import Budget
from ...plan.formats import FixedFormat
from .component import DesignedComponent
from .design import CompositeDesign, design_composite

__all__ = ["LogSumExp", "logsumexp"]


def logsumexp(
    n: int,
    input_format: str | FixedFormat,
    output_format: str | FixedFormat,
    *,
    arrangement: str = "stream",
    max_error: str | Budget = "8ulp",
    base: str = "e",
    **options: Any,
) -> CompositeDesign:
    """Find a logsumexp, the logarithm of the sum of the powers of a vector, that keeps its contract.

    Parameters
    ----------
    n, arrangement, max_error
        As for `softmax`; a vector has one output.
    input_format, output_format
        Fixed-point formats, such as ``SQ6.10``; outputs are limited to theirs.
    base
        Base of the powers, and of the logarithm: ``e`` or ``2``.
    **options
        Interface, target, frequency, effort, progress and cache (see `design_composite`).

    Returns
    -------
    CompositeDesign
        Its ``contract`` has the bounds that are proved, and its ``golden`` takes codes of shape (..., elements) and
        returns codes of shape (...).

    Raises
    ------
    TypeError, ValueError, TimingError
        As by `softmax`.

    Examples
    --------
    >>> logsumexp(3, "SQ2.2", "SQ3.4").golden.floats([[0.0, 0.0, 0.0], [1.5, -2.0, -2.0]])
    array([1.125 , 1.5625])

    """
    return design_composite(
        "logsumexp",
        n=n,
        input_format=input_format,
        output_format=output_format,
        arrangement=arrangement,
        max_error=max_error,
        base=base,
        **options,
    )


class LogSumExp(DesignedComponent):
    """A logsumexp as an Amaranth component, with streams ``x`` and ``y`` of structs with ``last``.

    One transfer on ``y`` answers each vector; its ``last`` is high.

    Parameters
    ----------
    n, input_format, output_format
        The most elements of a vector, and the formats of an element and of the result.
    **asked
        All else that `logsumexp` takes.

    Attributes
    ----------
    latency : int
        Clocks from the first element of a vector of n to its result, unless stalled.

    Raises
    ------
    TypeError, ValueError, TimingError
        As by `softmax`.

    """

    def __init__(self, n: int, input_format: str | FixedFormat, output_format: str | FixedFormat, **asked: Any) -> None:
        super().__init__(logsumexp(n, input_format, output_format, **asked))
