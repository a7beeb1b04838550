import pytest
from small_units import LESS, PRODUCT, STREAM, TABLE, XOR, adder

pytestmark = pytest.mark.tools

NOTHING = {"LUT4": 0, "ALU": 0, "FF": 0, "DSP": 0, "BRAM": 0, "CONSTANT": 0}


def test_a_parity_of_four_bits_is_one_look_up_table():
    result = XOR.area("gowin")
    assert (result.resources, result.luts) == (NOTHING | {"LUT4": 1}, 1)
    assert list(result.resources) == list(NOTHING)


def test_an_adder_is_a_chain_of_carry_cells():
    result = adder(16).area("gowin")
    assert (result.resources["LUT4"], result.resources["ALU"], result.luts) == (0, 16, 16)


def test_registers_are_counted():
    assert STREAM.area("gowin").ff == 5


def test_there_are_no_blocks():
    for unit, luts in ((PRODUCT, 50), (TABLE, 150)):
        result = unit.area("gowin")
        assert (result.dsp, result.bram) == (0, 0)
        assert result.luts > luts


def test_a_path_through_a_comparison_is_timed():
    """It ends in an inverter, a look-up table of one input, whose delay nextpnr does not know."""
    adds, compares = (unit.synthesise("gowin", seeds=(1,)).fmax for unit in (adder(16), LESS))
    assert 150 < compares < adds < 350
