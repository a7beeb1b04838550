"""Small neurons that tests share, designed once in a process."""

from functools import cache

import numpy as np

from softgate import neuron

WEIGHTS = np.array([[0.5, -1.0, 0.25, 1.5, -0.75], [1.0, 1.0, -2.0, 0.0, 0.25], [-0.25, 0.5, 0.5, -1.25, 1.75]])
BIASES = np.array([0.25, -1.0, 0.5])

SHAPES = {
    "streamed": {},
    "streamed, axis, two a clock": {"interface": "axis", "parallel": 2},
    "streamed, all at once": {"parallel": 5, "function": "linear", "output": "SQ3.2"},
    "constant": {"weights": "one", "bias": "0.25", "function": "logistic", "output": "UQ0.6"},
    "constant, all at once": {"weights": "one", "parallel": 5, "products": "logic", "target": "ecp5", "x": "UQ1.3"},
    "layer": {"weights": "layer", "bias": "each"},
    "layer, axis, three a clock": {"weights": "layer", "parallel": 3, "interface": "axis", "function": "linear"},
    "layer, all at once": {"weights": "layer", "bias": "each", "parallel": 5, "function": "relu", "output": "UQ2.4"},
    "layer in block RAM": {"weights": "layer", "memory": "bram", "target": "ecp5", "frequency": 60, "bias": "1/2"},
}
"""Arguments of a neuron of each kind, by what it is."""


@cache
def small_neuron(weights="SQ2.2", function="tanh", output="SQ1.5", x="SQ2.2", bias=None, **asked):
    if weights in ("one", "layer"):
        asked["weight_format"], weights = "SQ3.2", WEIGHTS[0] if weights == "one" else WEIGHTS
    return neuron(5, x, weights, function, output, bias=BIASES if bias == "each" else bias, **asked)


def emitted(unit, folder):
    """Emit a neuron, and return its manifest and its Verilog."""
    manifest = unit.emit(folder)
    return manifest, (folder / "neuron.v").read_text()
