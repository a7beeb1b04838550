import pytest

pytest.importorskip("torch")
pytest.importorskip("sklearn")

from examples.digits_lstm_hardware.data import Digits
from examples.digits_lstm_hardware.model import run_floats
from examples.digits_lstm_hardware.train import train

pytestmark = pytest.mark.torch


def test_trained_weights_fit_their_format_and_read_digits():
    weights, digits = train(), Digits.split()
    assert (run_floats(weights, digits.test_images) == digits.test_digits).mean() > 0.95
    assert [each.shape for each in vars(weights).values()] == [(128, 40), (128,), (10, 32), (10,)]
    assert all(abs(each).max() < 2 for each in vars(weights).values())
