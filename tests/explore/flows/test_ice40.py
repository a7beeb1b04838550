import pytest
from small_units import LESS, PRODUCT, SQUARE, STREAM, TABLE, XOR, adder

pytestmark = pytest.mark.tools

NOTHING = {"LUT4": 0, "CARRY": 0, "FF": 0, "DSP": 0, "BRAM": 0}


def test_a_parity_of_four_bits_is_one_look_up_table():
    result = XOR.area("hx8k")
    assert result.resources == NOTHING | {"LUT4": 1}
    assert list(result.resources) == list(NOTHING)
    assert result.luts == 1


def test_the_carries_of_an_adder_share_its_logic_cells():
    result = adder(16).area("hx8k")
    assert result.resources == NOTHING | {"LUT4": 16, "CARRY": 15}
    assert result.luts == 16


def test_the_carries_of_a_comparison_take_logic_cells_of_their_own():
    result = LESS.area("hx8k")
    assert result.resources["CARRY"] >= 15
    assert result.luts == result.resources["LUT4"] + result.resources["CARRY"]


def test_registers_are_counted():
    assert STREAM.area("hx8k").ff == 5


def test_only_an_up5k_has_multipliers():
    assert PRODUCT.area("up5k").resources == NOTHING | {"DSP": 1}
    for soft in (PRODUCT.area("hx8k"), PRODUCT.area("up5k", dsp=False)):
        assert soft.dsp == 0
        assert soft.luts > 50


def test_block_rams_can_be_kept_out():
    assert TABLE.area("hx8k").resources == NOTHING | {"BRAM": 1}
    soft = TABLE.area("hx8k", bram=False)
    assert (soft.bram, soft.ff) == (0, 8)
    assert soft.luts > 150


def test_clock_frequencies():
    fast, slow = (adder(16).synthesise(name, seeds=(1,)).fmax for name in ("hx8k", "up5k"))
    assert 150 < fast < 500
    assert 60 < slow < fast / 2


@pytest.mark.parametrize("unit", [TABLE, STREAM], ids=["table", "stream"])
def test_clocked_interfaces_and_block_rams_are_placed(unit):
    assert 80 < unit.synthesise("hx8k", seeds=(1,)).fmax < 800


def test_a_unit_has_more_ports_than_the_package_pins():
    wide = adder(64)
    result = wide.synthesise("up5k", seeds=(1,))
    assert result.luts == 64
    assert 20 < result.fmax < 60


def test_a_multiplier_block_has_no_clock_frequency():
    result = SQUARE.synthesise("up5k", seeds=(1,))
    assert result.dsp == 1
    assert result.fmax is None
    assert result.why_no_fmax == "nextpnr-ice40 does not know the delays of SB_MAC16"
    soft = SQUARE.synthesise("up5k", seeds=(1,), dsp=False)
    assert 20 < soft.fmax < 80
    assert soft.ff == 8 + 16
