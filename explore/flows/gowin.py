"""Gowin GW1N: area from Yosys's `synth_gowin`, clock frequency from nextpnr-himbaechel-gowin.

``ALU`` counts the cells of a carry chain, each of which takes the place of a look-up table.

Yosys is kept from joining look-up tables by the multiplexers MUX2_LUT5 to MUX2_LUT8: half of the tables that it joins
are constant or copies of others, so that a table of 7 inputs takes 101 instead of 39.

nextpnr 0.11 knows the delays of LUT4 alone among the look-up tables. A path through LUT1, LUT2 or LUT3 is left out, and
a unit whose paths all are has no clock frequency. So place and route gets a LUT4 for each; they take the same room
(decision 032).
"""

from ...hdl.targets import Target
from .flow import Flow
from .nextpnr import PIN_FILE, Nextpnr

__all__ = ["FLOW"]


def _synthesis(target: Target, dsp: bool, bram: bool) -> str:
    options = ("" if dsp else " -nodsp") + ("" if bram else " -nobram")
    return f"synth_gowin -family {target.device['family']} -noiopads -nowidelut -nolutram{options}"


_REGISTER = r"""
module \$_DFF_P_ (input C, D, output Q);
  DFF cell_ (.CLK(C), .D(D), .Q(Q));
endmodule
module LUT1 (input I0, output F);
  parameter [1:0] INIT = 0;
  LUT4 #(.INIT({8{INIT}})) cell_ (.I0(I0), .I1(1'b0), .I2(1'b0), .I3(1'b0), .F(F));
endmodule
module LUT2 (input I0, I1, output F);
  parameter [3:0] INIT = 0;
  LUT4 #(.INIT({4{INIT}})) cell_ (.I0(I0), .I1(I1), .I2(1'b0), .I3(1'b0), .F(F));
endmodule
module LUT3 (input I0, I1, I2, output F);
  parameter [7:0] INIT = 0;
  LUT4 #(.INIT({2{INIT}})) cell_ (.I0(I0), .I1(I1), .I2(I2), .I3(1'b0), .F(F));
endmodule
"""

_PADS = """iopadmap -bits -inpad IBUF O:I {wrapper}
flatten
techmap -map register.v t:LUT1 t:LUT2 t:LUT3"""

_LUT = {"LUT[1-4]": 1}

FLOW = Flow(
    synthesis=_synthesis,
    resources={
        "LUT4": _LUT,
        "ALU": {"ALU": 1},
        "FF": {"DFF*": 1},
        "DSP": {},
        "BRAM": {},
        "CONSTANT": {"VCC": 1, "GND": 1},
    },
    luts={**_LUT, "ALU": 1},
    models="+/gowin/cells_sim.v",
    unmodelled=(),
    place_and_route=Nextpnr(
        "nextpnr-himbaechel-gowin",
        extra="gowin",
        options=("--vopt", f"cst={PIN_FILE}"),
        register=_REGISTER,
        pads=_PADS,
        pin='IO_LOC "{port}" {pin};',
    ),
)
