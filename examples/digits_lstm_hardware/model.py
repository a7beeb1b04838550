"""The network in numpy: with the golden models of its parts, and in floats."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from softgate.plan.formats import FixedFormat

from .parts import ELEMENT, Parts
from .weights import CELLS, Weights

Codes = NDArray[np.int64]


class Answers(NamedTuple):
    """States and answers of the network for images.

    Attributes
    ----------
    hidden
        Codes of h after each row, shape (images, rows, cells).
    shares
        Codes of the softmax, shape (images, classes).

    """

    hidden: Codes
    shares: Codes

    @property
    def digits(self) -> Codes:
        """The digit with the largest share of each image, the first of several."""
        found: Codes = self.shares.argmax(axis=1)
        return found

    def of(self, images: slice) -> "Answers":
        """Return those of some images."""
        return Answers(self.hidden[images], self.shares[images])


def pixel_codes(images: NDArray[Any]) -> Codes:
    """Return the codes of pixels from 0 to 16, of which 16 is limited to the largest code."""
    codes: Codes = FixedFormat.parse(ELEMENT).quantize(np.asarray(images) / 16)
    return codes


def run_model(parts: Parts, pixels: Codes) -> Answers:
    """Return the answers of the golden models to pixels of shape (images, rows, pixels)."""
    models: dict[str, Any] = {name: design.golden for name, design in vars(parts).items()}
    h = c = np.zeros((len(pixels), CELLS), np.int64)
    hidden = []
    for row in np.moveaxis(pixels, 1, 0):
        sums = models["layer"](np.hstack([row, h]))
        of_gates = {gate: sums[:, number::4] for number, gate in enumerate("ifgo")}
        h, c = models["cell"](**of_gates, c=c)
        hidden.append(h)
    return Answers(np.stack(hidden, axis=1), models["softmax"](models["classes"](h)))


def run_floats(weights: Weights, images: NDArray[Any]) -> NDArray[Any]:
    """Return the digits that the network as trained names, for pixels from 0 to 16."""
    h = c = np.zeros((len(images), CELLS))
    for row in np.moveaxis(images / 16, 1, 0):
        i, f, g, o = np.split(np.hstack([row, h]) @ weights.lstm.T + weights.lstm_bias, 4, axis=1)
        c = _logistic(f) * c + _logistic(i) * np.tanh(g)
        h = _logistic(o) * np.tanh(c)
    digits: NDArray[Any] = (h @ weights.digit.T + weights.digit_bias).argmax(axis=1)
    return digits


def _logistic(x: NDArray[Any]) -> NDArray[Any]:
    return 0.5 + 0.5 * np.tanh(x / 2)
