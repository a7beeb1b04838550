"""The golden model of neurons: against exact rational arithmetic, and what it refuses."""

from fractions import Fraction
from math import floor

import numpy as np
import pytest
from small_neurons import BIASES, SHAPES, WEIGHTS, small_neuron

from softgate.sim.golden.model import RangeError


def exact(unit, x, weights, bias):
    """Return the output of a neuron for codes of x and values of weights, one step after the other."""
    asked, words = unit.asked, unit.words
    total = sum(Fraction(w) * int(code) * asked.x.ulp for w, code in zip(weights, x, strict=True)) + Fraction(bias)
    argument = asked.argument(words)
    code = floor(total / argument.ulp + Fraction(1, 2))
    code = min(max(code, argument.min_code), argument.max_code)
    part = unit.golden._parts.get("function")
    return code if part is None else int(part(code))


def codes(shape, seed=1):
    return np.random.default_rng(seed).integers(-8, 8, shape)


@pytest.mark.parametrize("function", ["tanh", "linear"])
def test_a_layer(function):
    unit = small_neuron("layer", function, bias="each")
    x = codes((20, 5))
    found = unit.golden(x)
    assert found.shape == (20, 3)
    wanted = [[exact(unit, row, w, b) for w, b in zip(WEIGHTS, BIASES, strict=True)] for row in x]
    assert found.tolist() == wanted
    assert unit.golden(x=x[3]).tolist() == wanted[3]


def test_streamed_weights():
    unit = small_neuron()
    x, w = codes((4, 6, 5)), codes((6, 5), 2)
    found = unit.golden(x, w)
    assert found.shape == (4, 6)
    assert found.tolist() == [[exact(unit, x[i, j], w[j] / 4, 0) for j in range(6)] for i in range(4)]


def test_floats_are_rounded_first():
    unit = small_neuron("one")
    assert unit.golden.floats([0.3, -1.2, 0.5, 0.0, 9.0]) == unit.golden([1, -5, 2, 0, 7]) / 32
    assert small_neuron().golden.floats(np.full(5, 0.5), np.full(5, 0.25)) == pytest.approx(np.tanh(0.625), abs=1 / 32)


@pytest.mark.parametrize("shape", SHAPES)
def test_transfers_are_vectors(shape):
    unit = small_neuron(**SHAPES[shape])
    lanes, count = unit.asked.parallel, unit.asked.transfers
    x, w = codes((7, 5)), codes((7, 5), 2)
    padded = [np.pad(each, ((0, 0), (0, lanes * count - 5))).reshape(-1, lanes) for each in (x, w)]
    columns = [np.clip(column, unit.asked.x.min_code, None) for column in padded[0].T]
    x = np.clip(x, unit.asked.x.min_code, None)
    if unit.asked.weights is None:
        columns += list(padded[1].T)
    last = np.zeros(7 * count, np.int64)
    last[count - 1 :: count] = 1
    outputs, ends = unit.golden.transfers([*columns, last])
    wanted = unit.golden(x, w) if unit.asked.weights is None else unit.golden(x)
    assert outputs.tolist() == wanted.reshape(-1).tolist()
    neurons = unit.asked.neurons
    assert ends.tolist() == ([0] * (neurons - 1) + [1]) * 7
    answered = unit.golden.answered([*columns, last])
    assert answered.tolist() == [neurons * (at // count) for at in range(7 * count + 1)]


def test_short_vectors_lack_their_last_elements():
    unit = small_neuron("layer", "linear", bias="each")
    outputs, _ = unit.golden.transfers([np.array([3, -2, 1, 4]), np.array([0, 1, 1, 0])])
    wanted = [unit.golden(each).tolist() for each in ([3, -2, 0, 0, 0], [1, 0, 0, 0, 0])]
    assert outputs.reshape(2, 3).tolist() == wanted  # the last vector is not complete
    with pytest.raises(ValueError, match="vectors must have at most 5 transfers, not 6"):
        unit.golden.transfers([np.zeros(6, np.int64), np.array([0, 0, 0, 0, 0, 1])])


def test_a_sum_beyond_the_accumulator():
    unit = small_neuron("one", "linear")
    model = type(unit.golden)(unit.asked.as_dict(), {**unit.words, "sum_bits": 7}, {})
    assert model([1, 0, 0, 0, 0]) == unit.golden([1, 0, 0, 0, 0])
    with pytest.raises(RangeError, match="a sum exceeded the 7 bits of the accumulator"):
        model([7, -8, 7, 7, -8])


@pytest.mark.parametrize(
    ("weights", "given", "error", "message"),
    [
        ("SQ2.2", {"x": [0] * 5}, TypeError, "w is missing: the weights are streamed"),
        ("one", {"x": [0] * 5, "w": [0] * 5}, TypeError, "w must be left out: the weights are constant"),
        ("one", {"x": [0] * 4}, ValueError, r"x must have 5 elements along its last axis, not shape \(4,\)"),
        ("one", {"x": 3}, ValueError, r"not shape \(\)"),
        ("one", {"x": [[0, 0, 8, 0, 0]]}, ValueError, r"x at \[0, 2\] is 8, not a code of SQ2.2"),
        ("one", {"x": [0.5] * 5}, TypeError, "codes of x must be integers"),
        ("one", {"x": np.ma.MaskedArray([0] * 5, [True] * 5)}, ValueError, "must not be masked"),
        ("SQ2.2", {"x": [[0] * 5] * 2, "w": [[0] * 5] * 3}, ValueError, r"not \(2, 5\) and \(3, 5\)"),
    ],
)
def test_refusals(weights, given, error, message):
    with pytest.raises(error, match=message):
        small_neuron(weights).golden(**given)
