import pytest
from small_units import LESS, PRODUCT, SQUARE, STREAM, TABLE, XOR, adder

pytestmark = pytest.mark.tools

NOTHING = {"LUT4": 0, "CCU2C": 0, "MUX": 0, "FF": 0, "LUTRAM": 0, "DSP": 0, "BRAM": 0}


def test_a_parity_of_four_bits_is_one_look_up_table():
    result = XOR.area("ecp5")
    assert result.resources == NOTHING | {"LUT4": 1}
    assert list(result.resources) == list(NOTHING)
    assert result.luts == 1


def test_an_adder_is_carry_cells_of_two_look_up_tables_each():
    result = adder(16).area("ecp5")
    assert (result.resources, result.luts) == (NOTHING | {"CCU2C": 8}, 16)


def test_registers_are_counted():
    assert STREAM.area("ecp5").ff == 5


def test_multipliers_can_be_kept_out():
    assert PRODUCT.area("ecp5").resources == NOTHING | {"DSP": 1}
    soft = PRODUCT.area("ecp5", dsp=False)
    assert soft.dsp == 0
    assert soft.luts > 50


def test_block_rams_can_be_kept_out():
    assert TABLE.area("ecp5").resources == NOTHING | {"BRAM": 1}
    soft = TABLE.area("ecp5", bram=False)
    assert (soft.bram, soft.ff) == (0, 8)
    assert soft.luts > 150
    assert soft.resources["MUX"] > 0


def test_the_clock_frequency_of_an_adder():
    result = adder(16).synthesise("ecp5", seeds=(1, 2))
    assert list(result.fmax_by_seed) == [1, 2]
    assert result.ff == 0  # the registers around it are not its own
    assert 200 < result.fmax < 600
    assert adder(16).synthesise("ecp5", seeds=(2, 2)).fmax_by_seed == {2: result.fmax_by_seed[2]}


def test_a_longer_carry_is_slower_and_a_multiplication_slower_still():
    short, long, square = (unit.synthesise("ecp5", seeds=(1,)).fmax for unit in (adder(8), LESS, SQUARE))
    assert 1.1 * long < short
    assert 100 < square < long


def test_clocked_interfaces_and_block_rams_are_placed():
    for unit in (TABLE, STREAM):
        assert 100 < unit.synthesise("ecp5", seeds=(1,)).fmax < 800
