"""Lattice ECP5: area from Yosys's `synth_ecp5`, clock frequency from nextpnr-ecp5.

``MUX`` counts PFUMX and L6MUX21, which join look-up tables of a slice and take no further room. A carry cell, CCU2C,
is two look-up tables and their carry.
"""

from ...hdl.targets import Target
from .flow import Flow
from .nextpnr import Nextpnr

__all__ = ["FLOW"]


def _synthesis(target: Target, dsp: bool, bram: bool) -> str:
    return "synth_ecp5" + ("" if dsp else " -nodsp") + ("" if bram else " -nobram")


_REGISTER = r"""
module \$_DFF_P_ (input C, D, output Q);
  TRELLIS_FF #(.GSR("DISABLED"), .CEMUX("1"), .CLKMUX("CLK"), .LSRMUX("LSR"), .REGSET("RESET"), .SRMODE("LSR_OVER_CE"))
    cell_ (.CLK(C), .LSR(1'b0), .DI(D), .Q(Q));
endmodule
"""

FLOW = Flow(
    synthesis=_synthesis,
    resources={
        "LUT4": {"LUT4": 1},
        "CCU2C": {"CCU2C": 1},
        "MUX": {"PFUMX": 1, "L6MUX21": 1},
        "FF": {"TRELLIS_FF": 1},
        "LUTRAM": {"TRELLIS_DPR16X4": 1},
        "DSP": {"MULT18X18D": 1},
        "BRAM": {"DP16KD": 1},
    },
    luts={"LUT4": 1, "CCU2C": 2, "TRELLIS_DPR16X4": 4},
    models="+/ecp5/cells_sim.v",
    unmodelled=("MULT18X18D", "DP16KD"),
    place_and_route=Nextpnr("nextpnr-ecp5", extra="ecp5", options=("--lpf-allow-unconstrained",), register=_REGISTER),
)
