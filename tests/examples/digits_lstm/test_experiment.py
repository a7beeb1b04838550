import pytest

pytest.importorskip("torch")
pytest.importorskip("sklearn")

import torch

from examples.digits_lstm.experiment import run
from examples.digits_lstm.gates import make_gates
from examples.digits_lstm.network import Digits, RowReader

pytestmark = [pytest.mark.torch, pytest.mark.tools]


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    folder = tmp_path_factory.mktemp("gates")
    gates = [make_gates(6, folder, "hard"), make_gates(6, folder)]
    yield list(run(gates, seed=0, epochs=15, more_epochs=4))
    torch.set_num_threads(threads)


def test_gates_of_six_bits_read_as_many_digits_as_float_ones(results):
    float_gates, hard, softgate = results
    assert [each.gates for each in results] == ["float", "hard, 6 bits", "softgate, 6 bits"]
    assert float_gates.swapped > 90
    assert softgate.swapped > float_gates.swapped - 3
    assert softgate.trained > float_gates.swapped - 1
    assert hard.trained > hard.swapped


def test_the_units_have_look_up_tables(results):
    float_gates, hard, softgate = results
    assert float_gates.luts == 0 < hard.luts < softgate.luts < 40


def test_a_seed_gives_the_same_images_and_training():
    digits = Digits.split(3)
    assert (digits.train_images.shape, digits.test_images.shape) == ((1347, 8, 8), (450, 8, 8))
    assert digits.test_images.max() == 1
    networks = []
    for _ in range(2):
        torch.manual_seed(3)
        networks.append(RowReader())
        Digits.split(3).train(networks[-1], 1, 0.01, 3)
    for one, other in zip(*(network.parameters() for network in networks), strict=True):
        assert torch.equal(one, other)
