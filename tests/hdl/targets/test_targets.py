import re
from dataclasses import replace
from pathlib import Path

import pytest

from softgate.hdl.targets import BlockRam, Delays, Multiplier, Target, target, target_names

DELAYS = Delays(register=1.0, level=2.0, carry=3.0, carry_bit=0.25, table=(2.0, 2.0, 2.5, 4.0), growth=0.5)

NAMES = [alias for name in target_names() for alias in (name, *target(name).aliases)]


def test_names_are_those_of_the_readme():
    text = (Path(__file__).parents[3] / "README.md").read_text()
    listed = text.partition("\n`--target` is one of ")[2].partition(", the default")[0]
    assert target_names() == sorted(re.findall(r"`([^`]+)`", listed))


@pytest.mark.parametrize("name", target_names())
def test_every_target_makes_sense(name):
    found = target(name)
    assert found.name == name
    assert found.summary
    assert found.lut_inputs in (4, 6)
    delays = found.delays
    assert 0 < delays.register < 1000 / found.frequency
    assert delays.level > 0
    assert delays.carry >= 0
    assert 0 < delays.carry_bit < delays.level
    assert 0 <= delays.growth < 1
    assert list(delays.table) == sorted(delays.table)
    assert len(delays.table) >= found.lut_inputs
    assert delays.register + delays.level < 1000 / found.frequency  # something can be done in a clock
    if found.multiplier is not None:
        assert found.multiplier.widths[0] >= found.multiplier.widths[1] > 1
        assert found.multiplier.delay > 0
    if found.block_ram is not None:
        assert 0 < found.block_ram.least <= found.block_ram.bits
        assert found.block_ram.bits % found.block_ram.width == 0
        assert found.block_ram.delay > 0


def test_aliases():
    assert target("ice40") is target("hx8k") is target("ice40-hx8k")
    assert {"artix7", "ccgm1a1", "gw1n-9", "up5k"} < set(NAMES)
    assert len(set(NAMES)) == len(NAMES)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("ecp", "there is no target 'ecp'; did you mean ecp5?"),
        ("", f"there is no target ''; choose one of {', '.join(sorted(NAMES))}"),
        ("../ecp5", "there is no target '../ecp5'; did you mean ecp5?"),
    ],
)
def test_other_names_are_refused(name, message):
    with pytest.raises(ValueError) as raised:
        target(name)
    assert str(raised.value) == message


@pytest.mark.parametrize("name", [5, ["ecp5"], target("ecp5"), None])
def test_names_are_texts(name):
    with pytest.raises(TypeError, match="target must be a name such as ecp5, not "):
        target(name)


def test_adders_take_a_carry_and_the_bits():
    assert DELAYS.add(1) == 3.25
    assert DELAYS.add(16) == 7.0


@pytest.mark.parametrize(
    ("index_bits", "delay"), [(0, 2.0), (1, 2.0), (2, 2.0), (3, 2.5), (4, 4.0), (5, 5.5), (7, 8.5)]
)
def test_tables_take_longer_by_every_bit(index_bits, delay):
    assert DELAYS.lookup(index_bits) == delay


@pytest.mark.parametrize(("size", "factor"), [(256, 1.0), (512, 1.5), (1024, 2.0), (128, 0.5), (64, 0.0), (0, 0.0)])
def test_a_larger_unit_is_spread_wider(size, factor):
    spread = DELAYS.spread(size)
    assert spread.level == factor * 2.0
    assert spread.carry == factor * 3.0
    assert spread.table == tuple(factor * delay for delay in DELAYS.table)
    assert (spread.register, spread.carry_bit, spread.growth) == (1.0, 0.25, 0.5)


def test_spreading_a_target_leaves_its_blocks_alone():
    ecp5 = target("ecp5")
    assert ecp5.spread(256) == ecp5
    assert ecp5.spread(10_000) == replace(ecp5, delays=ecp5.delays.spread(10_000))


@pytest.mark.parametrize(
    ("left", "right", "fits"),
    [(25, 18, True), (18, 25, True), (26, 1, False), (1, 26, False), (19, 19, False), (18, 18, True), (2, 2, True)],
)
def test_what_a_multiplier_block_holds(left, right, fits):
    assert Multiplier("block", (25, 18), 4.0).fits(left, right) is fits


FIELDS = {
    "summary": "a device",
    "frequency": 50,
    "lut_inputs": 4,
    "delays": {"register": 1, "level": 2, "carry": 3, "carry_bit": 0.5, "table": [2, 3], "growth": 0},
}


def test_a_file_without_blocks():
    found = Target.from_dict("mine", FIELDS)
    assert (found.name, found.summary, found.frequency, found.lut_inputs) == ("mine", "a device", 50, 4)
    assert found.delays == Delays(1, 2, 3, 0.5, (2, 3), 0)
    assert (found.flow, dict(found.device), found.aliases) == (None, {}, ())
    assert (found.multiplier, found.block_ram, found.compact_stage) == (None, None, None)


def test_a_file_with_everything():
    blocks = {
        "multiplier": {"name": "M", "widths": [9, 8], "delay": 4},
        "block_ram": {"name": "R", "bits": 4096, "width": 16, "least": 512, "delay": 5},
    }
    more = {"aliases": ["ours"], "flow": "f", "device": {"size": "1k"}, "compact_stage": 6.0}
    found = Target.from_dict("mine", {**FIELDS, **blocks, **more})
    assert found.compact_stage == 6.0
    assert found.multiplier == Multiplier("M", (9, 8), 4)
    assert found.block_ram == BlockRam("R", 4096, 16, 512, 5)
    assert (found.aliases, found.flow, dict(found.device)) == (("ours",), "f", {"size": "1k"})
    assert hash(found) == hash(Target.from_dict("mine", {**FIELDS, **blocks, **more}))


@pytest.mark.parametrize(
    ("left", "right", "blocks"),
    [(18, 18, 1), (1, 1, 1), (25, 18, 1), (18, 25, 1), (19, 19, 2), (26, 18, 2), (49, 18, 2), (50, 35, 6)],
)
def test_a_wide_product_takes_several_multipliers(left, right, blocks):
    """All parts but the highest have the sign bit to spare: 25 and 24 bits make 49, 18 and 17 make 35."""
    assert Multiplier("block", (25, 18), 5.0).count(left, right) == blocks


@pytest.mark.parametrize(
    ("entries", "width", "blocks"),
    [
        *((512, 36, 1), (512, 37, 2), (513, 36, 2), (16, 36, 1), (16, 73, 3), (1024, 18, 1), (1024, 19, 2)),
        *((2048, 9, 1), (2048, 11, 2), (4096, 4, 1), (4096, 12, 3), (16384, 1, 1), (16385, 1, 2)),
    ],
)
def test_a_block_ram_has_many_narrow_words_or_a_few_wide_ones(entries, width, blocks):
    assert target("ecp5").block_ram.count(entries, width) == blocks


def test_a_limited_target_has_no_more_blocks():
    limited = target("ecp5").limited(dsp=2, bram=0)
    assert (limited.multiplier.most, limited.block_ram.most) == (2, 0)
    assert (target("ecp5").block_ram.least, limited.block_ram.least) == (4096, 1152)
    assert limited.limited() == limited
    assert target("ecp5").limited(None, None) == target("ecp5")
    bare = replace(target("ecp5"), multiplier=None, block_ram=None)
    assert bare.limited(dsp=1, bram=1) == bare
