"""The weights of the network, as trained."""

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

ROWS, PIXELS, CELLS, CLASSES = 8, 8, 32, 10
"""Rows of an image, pixels of a row, cells of the LSTM, and digits."""

PATH = Path(__file__).with_name("weights.npz")


@dataclass(frozen=True)
class Weights:
    """The weights of an LSTM and of the layer behind it, in float32.

    Attributes
    ----------
    lstm
        Shape (4 cells, pixels + cells): rows for the input gate, the forget gate, the candidate and the output gate of
        all cells, as PyTorch orders them; each row has the weights of the pixels, then those of the state.
    lstm_bias
        Shape (4 cells,).
    digit, digit_bias
        Shapes (classes, cells) and (classes,).

    """

    lstm: NDArray[Any]
    lstm_bias: NDArray[Any]
    digit: NDArray[Any]
    digit_bias: NDArray[Any]

    @classmethod
    def load(cls, path: Path = PATH) -> "Weights":
        """Read them from a file."""
        with np.load(path) as arrays:
            return cls(*(arrays[each.name] for each in fields(cls)))

    def save(self, path: Path) -> None:
        """Write them to a file."""
        np.savez(path, **vars(self))
