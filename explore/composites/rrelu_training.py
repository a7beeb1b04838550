"""RReLU in training, in Python and in Amaranth."""

from __future__ import annotations

from typing import Any

from ...plan.formats import FixedFormat
from .component import DesignedComponent
from .design import CompositeDesign, design_composite

__all__ = ["RReluTraining", "rrelu_training"]


def rrelu_training(
    input_format: str | FixedFormat,
    output_format: str | FixedFormat,
    *,
    lower: str | float = "1/8",
    upper: str | float = "1/3",
    seed: int = 1,
    slope_bits: int = 8,
    products: str = "dsp",
    **options: Any,
) -> CompositeDesign:
    """Make a randomized leaky rectifier as it is in training: ``x`` from 0 on, ``x`` times a random slope below.

    Parameters
    ----------
    input_format, output_format
        Signed fixed-point formats of at most 24 bits.
    lower, upper
        Ends of the slopes, from 0 to 1: ``upper`` is not reached. Defaults are those of ``torch.nn.RReLU``.
    seed
        Where the random sequence begins: 0 to 65535, each 2^44 draws after the one before.
    slope_bits
        A slope is one of ``2**slope_bits``, equally spaced; 1 to 16.
    products
        ``dsp``: in a multiplier block, if the target has one that keeps the clock; or ``logic``.
    **options
        Interface (``stream`` or ``axis``), target and frequency (see `design_composite`).

    Returns
    -------
    CompositeDesign
        Its ``golden`` takes codes in the order in which they are accepted and draws the same slopes;
        ``golden.slopes(count, start=0)`` returns their codes, with ``words["slope_point"]`` fraction bits.

    Raises
    ------
    TypeError, ValueError
        If an argument is wrong.
    TimingError
        If the target cannot keep the clock.

    Examples
    --------
    >>> unit = rrelu_training("SQ4.4", "SQ4.4")
    >>> unit.golden([32, -32, -32, -32])
    array([32, -5, -5, -9])

    """
    return design_composite(
        "rrelu_training",
        input_format=input_format,
        output_format=output_format,
        lower=lower,
        upper=upper,
        seed=seed,
        slope_bits=slope_bits,
        products=products,
        **options,
    )


class RReluTraining(DesignedComponent):
    """RReLU in training as an Amaranth component, with streams ``x`` and ``y``.

    Parameters
    ----------
    input_format, output_format
        Formats of x and of the output.
    **asked
        All else that `rrelu_training` takes.

    Attributes
    ----------
    latency : int
        Clocks from an input to its output, unless stalled.

    Raises
    ------
    TypeError, ValueError, TimingError
        As by `rrelu_training`.

    """

    def __init__(self, input_format: str | FixedFormat, output_format: str | FixedFormat, **asked: Any) -> None:
        super().__init__(rrelu_training(input_format, output_format, **asked))
