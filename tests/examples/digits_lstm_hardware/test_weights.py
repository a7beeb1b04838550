import numpy as np

from examples.digits_lstm_hardware.weights import PATH, Weights


def test_weights_are_written_and_read_again(tmp_path):
    weights = Weights(*(np.full(shape, 0.5, np.float32) for shape in ((8, 3), 8, (2, 2), 2)))
    weights.save(tmp_path / "a.npz")
    found = Weights.load(tmp_path / "a.npz")
    for name, array in vars(weights).items():
        np.testing.assert_array_equal(getattr(found, name), array)


def test_the_weights_beside_the_network_fit_its_format_and_are_small():
    weights = Weights.load()
    assert [each.shape for each in vars(weights).values()] == [(128, 40), (128,), (10, 32), (10,)]
    assert all(abs(each).max() < 2 for each in vars(weights).values())
    assert PATH.stat().st_size < 25_000
