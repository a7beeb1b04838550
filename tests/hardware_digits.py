"""The network of examples/digits_lstm_hardware, made once in a process."""

from functools import cache

import numpy as np

from examples.digits_lstm_hardware.emission import network_verilog
from examples.digits_lstm_hardware.parts import Parts
from examples.digits_lstm_hardware.weights import Weights


@cache
def network_parts():
    return Parts.make(Weights.load())


@cache
def network_text():
    return network_verilog(network_parts())


def random_pixels(images, seed=1):
    """Return codes of pixels at random, half of them at either end."""
    random = np.random.default_rng(seed)
    codes = random.integers(-128, 128, (images, 8, 8))
    return np.where(random.random(codes.shape) < 0.5, codes, random.choice([-128, 0, 127], codes.shape))
