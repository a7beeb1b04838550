"""Targets: their delays, their blocks, and the flow that measures units on them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

__all__ = ["AdderCell", "BlockRam", "Delays", "Multiplier", "Target"]

_GRANTED_SHARE = 16
"""Number of smallest tables for block RAM that would fill one, if the number of block RAMs is limited."""


@dataclass(frozen=True)
class Delays:
    """Delays between registers in nanoseconds, including the routing.

    Attributes
    ----------
    register
        From the clock to a register's output, and the set-up time before the next clock.
    level
        One level of look-up tables.
    carry, carry_bit
        An addition of n bits takes ``carry + n * carry_bit``.
    table
        A table of constants in logic, by the bits of its index, 1 first; every further bit takes as much longer as
        the last one does.
    growth
        Relative increase of the routing delays of look-up tables and carry chains in a unit of twice the size.

    """

    register: float
    level: float
    carry: float
    carry_bit: float
    table: tuple[float, ...]
    growth: float

    def spread(self, size: int) -> Delays:
        """Return the delays within a unit of `size` bits of logic: those above are for 256."""
        factor = 1 + self.growth * max(math.log2(max(size, 1) / 256), -2.0)
        table = tuple(factor * delay for delay in self.table)
        return replace(self, level=factor * self.level, carry=factor * self.carry, table=table)

    def add(self, bits: int) -> float:
        """Return the delay of an addition or comparison of `bits` bits."""
        return self.carry + bits * self.carry_bit

    def lookup(self, index_bits: int) -> float:
        """Return the delay of a table of constants in logic."""
        if index_bits <= len(self.table):
            return self.table[max(index_bits, 1) - 1]
        return self.table[-1] + (index_bits - len(self.table)) * (self.table[-1] - self.table[-2])


@dataclass(frozen=True)
class Multiplier:
    """A multiplier block for signed operands of at most `widths` bits, the wider first; `delay` is in nanoseconds.

    There are `worth` look-up tables to a block on the device. At most `most` blocks may be used; None sets no limit.
    """

    name: str
    widths: tuple[int, int]
    delay: float
    most: int | None = None
    worth: float = 0.0

    def fits(self, left: int, right: int) -> bool:
        """Whether one block multiplies signed operands of these widths."""
        wide, narrow = max(left, right), min(left, right)
        return wide <= self.widths[0] and narrow <= self.widths[1]

    def count(self, left: int, right: int) -> int:
        """Return how many blocks multiply signed operands of these widths: all parts but the highest lack a sign."""
        operands = sorted((left, right), reverse=True)
        return math.prod(
            max(math.ceil((width - 1) / (block - 1)), 1) for width, block in zip(operands, self.widths, strict=True)
        )


@dataclass(frozen=True)
class BlockRam:
    """A block RAM of `bits` bits, in words of `width` bits or of a half, a quarter and so on of that.

    A word is there `delay` nanoseconds after the clock. A table goes there from `least` bits on. There are `worth`
    look-up tables to a block on the device. At most `most` blocks may be used; None sets no limit.
    """

    name: str
    bits: int
    width: int
    least: int
    delay: float
    most: int | None = None
    worth: float = 0.0

    def count(self, entries: int, width: int) -> int:
        """Return how many blocks hold a table of so many entries of `width` bits."""
        shapes = ((self.bits // self.width << half, self.width >> half) for half in range(self.width.bit_length()))
        return min(math.ceil(entries / depth) * math.ceil(width / word) for depth, word in shapes)


@dataclass(frozen=True)
class AdderCell:
    """A cell of a carry chain that complements an addend, which synthesis makes of no plain text (decision 060).

    Attributes
    ----------
    name
        What the vendor calls it.
    body
        Verilog that makes `sum` of such cells, in the helper module that `hdl.adder_module` describes.
    models
        Yosys's file with the vendor's cells as simulation models.

    """

    name: str
    body: str
    models: str


@dataclass(frozen=True)
class Target:
    """An FPGA family, or a device of it.

    Attributes
    ----------
    name, aliases
        What it is called.
    summary
        What it is, in a few words.
    frequency
        Its ordinary clock in MHz: what units are built for unless a clock is asked for.
    flow
        Name of the flow that synthesises for it; None if nothing does.
    device
        The settings of the device for the flow.
    lut_inputs
        Inputs of a look-up table.
    delays
        Delays of the logic.
    costs
        Look-up tables for each unit of a feature of a schedule (see `hdl.scheduling.costs`).
    multiplier, block_ram
        The blocks; None where there are none.
    compact_stage
        Units with stages longer than so many nanoseconds take more look-up tables than those with shorter ones: where
        sums stand between registers, synthesis finds smaller logic (decision 019). None where that is not so.
    margin
        Share by which a clock's period may turn out longer than the delays say: schedules leave it free. Delays are
        what is likely, and placement and routing are a matter of luck (see decision 025).
    complements_addends
        Whether the adders complement an addend, where a condition holds, in logic that an adder takes anyway.
    adder_cell
        The cell for that, where synthesis makes no such adder of plain text; otherwise None.
    resets_over_enable
        Whether a flip-flop's synchronous reset takes precedence over its clock enable, and whether it may start as 1 or
        0: registers then start with codes that keep synthesis from resetting them (decision 052).
    selects_by_reset
        Whether selections with a constant are left to the registers behind them where no look-up table does them
        besides (see `hdl.scheduling.resets`).
    calibrated_for
        Clocks in MHz that units are built for to fit the delays; empty where no place and route is at hand for it.

    """

    name: str
    summary: str
    frequency: float
    delays: Delays
    lut_inputs: int
    flow: str | None = None
    device: Mapping[str, Any] = field(default_factory=dict, hash=False)
    costs: Mapping[str, float] = field(default_factory=dict, hash=False)
    aliases: tuple[str, ...] = ()
    multiplier: Multiplier | None = None
    block_ram: BlockRam | None = None
    compact_stage: float | None = None
    margin: float = 0.0
    complements_addends: bool = False
    adder_cell: AdderCell | None = None
    resets_over_enable: bool = False
    selects_by_reset: bool = False
    calibrated_for: tuple[float, ...] = ()

    def spread(self, size: int) -> Target:
        """Return the target as it is within a unit of `size` bits of logic."""
        return replace(self, delays=self.delays.spread(size))

    def limited(self, dsp: int | None = None, bram: int | None = None) -> Target:
        """Return the target with at most so many multiplier blocks and block RAMs; None sets no limit.

        Block RAMs that are granted by number are there to be used: smaller tables may go there too.
        """
        multiplier, ram = self.multiplier, self.block_ram
        if multiplier is not None and dsp is not None:
            multiplier = replace(multiplier, most=dsp)
        if ram is not None and bram is not None:
            ram = replace(ram, most=bram, least=min(ram.least, ram.bits // _GRANTED_SHARE))
        return replace(self, multiplier=multiplier, block_ram=ram)

    @classmethod
    def from_dict(cls, name: str, data: Mapping[str, Any]) -> Target:
        """Read the fields of a target's file."""
        fields = dict(data)
        delays = dict(fields.pop("delays"))
        delays["table"] = tuple(delays["table"])
        multiplier, block_ram = fields.pop("multiplier", None), fields.pop("block_ram", None)
        adder_cell = fields.pop("adder_cell", None)
        if multiplier is not None:
            multiplier = Multiplier(**{**multiplier, "widths": tuple(multiplier["widths"])})
        return cls(
            name=name,
            delays=Delays(**delays),
            multiplier=multiplier,
            block_ram=None if block_ram is None else BlockRam(**block_ram),
            adder_cell=None if adder_cell is None else AdderCell(**adder_cell),
            aliases=tuple(fields.pop("aliases", ())),
            calibrated_for=tuple(map(float, fields.pop("calibrated_for", ()))),
            **fields,
        )
