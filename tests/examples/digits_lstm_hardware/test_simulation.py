import numpy as np
import pytest
from hardware_digits import network_parts, network_text, random_pixels

from examples.digits_lstm_hardware.data import Digits
from examples.digits_lstm_hardware.model import pixel_codes, run_model
from examples.digits_lstm_hardware.simulation import simulate
from softgate.sim.cocotb_runner import SimulationError

pytestmark = pytest.mark.tools


@pytest.fixture(scope="module")
def verilog(tmp_path_factory):
    path = tmp_path_factory.mktemp("network") / "digits_lstm.v"
    path.write_text(network_text())
    return path


def test_images_have_the_states_and_answers_of_the_model(verilog, monkeypatch):
    monkeypatch.setenv("MAKEFLAGS", "OPT_FAST=-O0")  # a few images run in less time than the compiler would take
    pixels = np.concatenate([pixel_codes(Digits.split().test_images[:1]), random_pixels(1, seed=166)])
    answers = run_model(network_parts(), pixels)
    assert answers.shares[1].tolist() == [16, 36, 27, 6, 15, 50, 15, 50, 10, 23]  # of 5 and 7 the first counts
    assert simulate(verilog, pixels, answers) == 5364


@pytest.mark.slow
def test_all_images_have_the_states_and_answers_of_the_model(verilog):
    pixels = pixel_codes(Digits.split().test_images)
    assert simulate(verilog, pixels, run_model(network_parts(), pixels)) == 5364


@pytest.mark.slow
def test_other_states_and_answers_are_found(verilog):
    pixels = random_pixels(2)
    answers = run_model(network_parts(), pixels)
    answers.hidden[1, 2, 30] ^= 1
    with pytest.raises(SimulationError, match=r"full_speed: state 350 is -?\d+, not -?\d+; stalls: state 350 is"):
        simulate(verilog, pixels, answers)
    answers.hidden[1, 2, 30] ^= 1
    answers.shares[0] = 0
    with pytest.raises(SimulationError, match=r"full_speed: answer 0 is 0x[0-9a-f]+, not 0x0; stalls: answer 0 is"):
        simulate(verilog, pixels, answers)
