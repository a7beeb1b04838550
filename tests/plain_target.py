"""Targets whose delays are easy to add up."""

from dataclasses import replace

from softgate.hdl.targets import BlockRam, Delays, Multiplier, Target

PLAIN = Target(
    name="plain",
    summary="round numbers, and no blocks",
    frequency=50,
    delays=Delays(register=1.0, level=1.0, carry=2.0, carry_bit=0.25, table=(1.0, 1.0, 1.0, 1.0, 2.0, 4.0), growth=0.0),
    lut_inputs=4,
)

WITH_BLOCKS = replace(
    PLAIN,
    name="with_blocks",
    multiplier=Multiplier("block", (18, 18), 6.0),
    block_ram=BlockRam("ram", bits=4096, width=16, least=512, delay=5.0),
)
