import numpy as np
import pytest
from hardware_digits import network_parts, random_pixels

from examples.digits_lstm_hardware.data import Digits
from examples.digits_lstm_hardware.model import Answers, pixel_codes, run_floats, run_model
from examples.digits_lstm_hardware.weights import Weights


def by_hand(pixels):
    """Return the answers for one image, with loops over cells, sums and products in Python's integers."""
    weights, parts = Weights.load(), network_parts()
    codes = [[round(float(w) * 64) for w in row] for row in weights.lstm]
    bias = [round(float(b) * (1 << 13)) for b in weights.lstm_bias]
    h, c, hidden = [0] * 32, [0] * 32, []
    for row in pixels.tolist():
        exact = [sum(a * b for a, b in zip(w, row + h, strict=True)) + one for w, one in zip(codes, bias, strict=True)]
        sums = [max(-128, min(127, (each + (1 << 8)) >> 9)) for each in exact]
        made = [parts.cell.golden(i=sums[k], f=sums[32 + k], g=sums[64 + k], o=sums[96 + k], c=c[k]) for k in range(32)]
        h, c = [int(each.h) for each in made], [int(each.c_next) for each in made]
        hidden.append(h)
    return hidden


def test_states_are_those_of_sums_and_cells_one_by_one():
    pixels = random_pixels(2)
    found = run_model(network_parts(), pixels)
    assert found.hidden.shape == (2, 8, 32)
    assert found.shares.shape == (2, 10)
    assert found.hidden[1].tolist() == by_hand(pixels[1])


def test_pixels_are_sixteenths_and_white_is_limited():
    assert pixel_codes(np.array([[0, 1, 8, 15, 16]])).tolist() == [[0, 8, 64, 120, 127]]


def test_a_digit_is_the_first_of_the_largest_shares():
    answers = Answers(np.zeros((2, 8, 32), int), np.array([[0, 5, 5], [7, 0, 3]]))
    assert answers.digits.tolist() == [1, 0]
    assert answers.of(slice(1)).shares.tolist() == [[0, 5, 5]]


def test_all_test_images_are_read_as_well_as_by_the_float_network():
    pytest.importorskip("sklearn")
    digits = Digits.split()
    assert (digits.train_images.shape, digits.test_images.shape) == ((1257, 8, 8), (540, 8, 8))
    answers = run_model(network_parts(), pixel_codes(digits.test_images))
    assert (answers.digits == digits.test_digits).sum() == 525
    assert (run_floats(Weights.load(), digits.test_images) == digits.test_digits).sum() == 524
