"""Lattice iCE40: area from Yosys's `synth_ice40`, clock frequency from nextpnr-ice40.

A logic cell is a look-up table, a carry and a flip-flop. ``CARRY`` counts the carries; one of an adder shares its
logic cell with the look-up table of the sum, one of a comparison has a logic cell, and so a look-up table, for itself.

SB_MAC16 takes in the registers around a multiplication, which are not among ``FF`` then. nextpnr takes every input and
output of it for a register's, 0.1 ns away, and knows nothing of the some 9 ns that a product takes: a unit with one has
no clock frequency here.
"""

from ...hdl.targets import Target
from .flow import Flow
from .nextpnr import Nextpnr

__all__ = ["FLOW"]

# What `ice40_wrapcarry` makes of a carry and the look-up table that shares its logic cell.
_ADDER = "$__ICE40_CARRY_WRAPPER"


def _synthesis(target: Target, dsp: bool, bram: bool) -> str:
    options = " -dsp" if dsp else ""
    return f"synth_ice40 -device {target.device['timing']}{options}" + ("" if bram else " -nobram")


_REGISTER = r"""
module \$_DFF_P_ (input C, D, output Q);
  SB_DFF cell_ (.C(C), .D(D), .Q(Q));
endmodule
"""

FLOW = Flow(
    synthesis=_synthesis,
    resources={
        "LUT4": {"SB_LUT4": 1, _ADDER: 1},
        "CARRY": {"SB_CARRY": 1, _ADDER: 1},
        "FF": {"SB_DFF*": 1},
        "DSP": {"SB_MAC16": 1},
        "BRAM": {"SB_RAM40_4K*": 1},
    },
    luts={"SB_LUT4": 1, "SB_CARRY": 1, _ADDER: 1},
    models="+/ice40/cells_sim.v",
    unmodelled=("SB_RAM40_4K*",),
    before_counting="ice40_wrapcarry",
    place_and_route=Nextpnr(
        "nextpnr-ice40",
        extra="ice40",
        options=("--pcf-allow-unconstrained",),
        register=_REGISTER,
        untimed=("SB_MAC16",),
    ),
)
