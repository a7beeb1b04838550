import pytest
from small_units import LESS, PRODUCT, STREAM, TABLE, XOR, adder

pytestmark = pytest.mark.tools

NOTHING = {"LUT": 0, "MUX": 0, "ADDF": 0, "FF": 0, "DSP": 0, "BRAM": 0}


def test_a_parity_of_four_bits_is_half_a_cell():
    result = XOR.area("gatemate")
    assert (result.resources, result.luts) == (NOTHING | {"LUT": 1}, 1)
    assert list(result.resources) == list(NOTHING)


def test_an_adder_is_a_half_for_every_bit():
    assert adder(16).area("gatemate").resources == NOTHING | {"ADDF": 16}
    assert LESS.area("gatemate").luts == 33


def test_registers_are_counted():
    assert STREAM.area("gatemate").ff == 5


def test_there_are_no_blocks():
    for unit, luts in ((PRODUCT, 50), (TABLE, 150)):
        result = unit.area("gatemate")
        assert (result.dsp, result.bram) == (0, 0)
        assert result.luts > luts


def test_a_path_that_ends_in_registers_is_timed():
    """Those behind the outputs, which nothing reads, are kept: without them there is nothing but the inputs."""
    assert 150 < adder(4).synthesise("gatemate", seeds=(1,)).fmax < 500
