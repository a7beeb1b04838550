"""Softmax in Python and in Amaranth."""

from __future__ import annotations

from typing import Any

from ...accuracy.budget import Budget
from ...plan.formats import FixedFormat
from .component import DesignedComponent
from .design import CompositeDesign, design_composite

__all__ = ["Softmax", "softmax"]


def softmax(
    n: int,
    input_format: str | FixedFormat,
    output_format: str | FixedFormat,
    *,
    arrangement: str = "stream",
    max_error: str | Budget = "8ulp",
    base: str = "e",
    log: bool = False,
    **options: Any,
) -> CompositeDesign:
    """Find a softmax, or a log-softmax, that keeps its contract.

    Parameters
    ----------
    n
        The most elements of a vector, 2 to 1024; in parallel the number of them, 2 to 16.
    input_format, output_format
        Fixed-point formats, such as ``SQ6.10`` and ``UQ0.16``; outputs of a log-softmax are signed.
    arrangement
        ``stream``: an element a clock, vectors of any length up to n. ``parallel``: a vector a clock.
    max_error
        Error budget of every output.
    base
        Base of the powers, and of the logarithm: ``e`` or ``2``.
    log
        Whether to compute the logarithm of each share, which is then the composite ``log_softmax``.
    **options
        Interface, target, frequency, effort, progress and cache (see `design_composite`).

    Returns
    -------
    CompositeDesign
        Its ``contract`` has the bounds that are proved, and its ``golden`` takes codes of shape (..., elements).

    Raises
    ------
    TypeError, ValueError
        If an argument is wrong, or no words keep the contract.
    TimingError
        If the target cannot keep the clock.

    Examples
    --------
    >>> unit = softmax(3, "SQ2.2", "UQ0.6")
    >>> unit.golden([[0, 0, 0], [7, -8, -8]])
    array([[20, 20, 20],
           [57,  1,  1]])
    >>> softmax(3, "SQ2.2", "SQ3.4", log=True).golden.floats([0.0, 0.0, -1.0])
    array([-0.875, -0.875, -1.875])

    """
    return design_composite(
        "softmax",
        n=n,
        input_format=input_format,
        output_format=output_format,
        arrangement=arrangement,
        max_error=max_error,
        base=base,
        log=log,
        **options,
    )


class Softmax(DesignedComponent):
    """A softmax, or a log-softmax, as an Amaranth component, with streams ``x`` and ``y`` of structs with ``last``.

    Parameters
    ----------
    n, input_format, output_format
        The most elements of a vector, and the formats of an element and of its share.
    **asked
        All else that `softmax` takes.

    Attributes
    ----------
    latency : int
        Clocks from the first element of a vector of n to its first share, unless stalled.

    Raises
    ------
    TypeError, ValueError, TimingError
        As by `softmax`.

    """

    def __init__(self, n: int, input_format: str | FixedFormat, output_format: str | FixedFormat, **asked: Any) -> None:
        super().__init__(softmax(n, input_format, output_format, **asked))
