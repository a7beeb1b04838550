"""The parts of the network: four composites with the trained weights, rounded."""

from dataclasses import dataclass
from typing import Any

import numpy as np

import softgate
from softgate.explore.composites.design import CompositeDesign

from .weights import CELLS, CLASSES, PIXELS, Weights

ELEMENT, WEIGHT, SUM, GATE, STATE, SHARE = "SQ1.7", "SQ2.6", "SQ4.4", "UQ0.8", "SQ4.6", "UQ0.8"
"""Formats: of pixels and of h, of weights, of sums, of gates, of c, and of the softmax."""

LANES = PIXELS
"""Products a clock, and elements of a transfer: a row of pixels, or a part of h."""


@dataclass(frozen=True)
class Parts:
    """The composites that the network is made of.

    Attributes
    ----------
    layer
        The sums of all gates and candidates, of a row of pixels and the state h; those of a cell are neighbours, in the
        order i, f, g, o.
    cell
        The LSTM cell, which makes h and c of four sums and the old c.
    classes
        The sum of each digit, of the last h.
    softmax
        Their softmax.

    """

    layer: CompositeDesign
    cell: CompositeDesign
    classes: CompositeDesign
    softmax: CompositeDesign

    @classmethod
    def make(cls, weights: Weights, frequency: float = 100.0) -> "Parts":
        """Design them for an ECP5 and a clock in MHz."""
        for_target: dict[str, Any] = {"target": "ecp5", "frequency": frequency}
        of_layer: dict[str, Any] = {"weight_format": WEIGHT, "parallel": LANES, "memory": "bram", **for_target}
        order = np.arange(4 * CELLS).reshape(4, CELLS).T.ravel()  # those of the first cell, of the second ...
        rows, bias = weights.lstm[order], weights.lstm_bias[order]
        return cls(
            softgate.neuron(PIXELS + CELLS, ELEMENT, rows, "linear", SUM, bias=bias, **of_layer),
            softgate.lstm_cell(SUM, GATE, STATE, ELEMENT, **for_target),
            softgate.neuron(CELLS, ELEMENT, weights.digit, "linear", SUM, bias=weights.digit_bias, **of_layer),
            softgate.softmax(CLASSES, SUM, SHARE, **for_target),
        )
