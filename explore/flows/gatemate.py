"""Cologne Chip GateMate: area from Yosys's `synth_gatemate`, clock frequency from nextpnr-himbaechel-gatemate.

A cell of the device, a CPE, has two halves. What fits a half counts as one look-up table: a tree of two-input tables
with four inputs in all (L2T4), which is not every function of four, a multiplexer of two, or a bit of an adder. A tree
with a fifth input and a multiplexer of four take both halves, and count as two. ``LUT`` counts the trees and ``MUX``
the multiplexers, both in halves.

nextpnr 0.11 refuses the multiplexer of eight. It removes registers that nothing reads, and then what drives them,
unless they are marked to be kept: so those around a unit are.
"""

from ...hdl.targets import Target
from .flow import Flow
from .nextpnr import PIN_FILE, Nextpnr

__all__ = ["FLOW"]


def _synthesis(target: Target, dsp: bool, bram: bool) -> str:
    options = ("" if dsp else " -nomult") + ("" if bram else " -nobram")
    return f"synth_gatemate -luttree -nomx8 -noiopad -noclkbuf{options}"


_REGISTER = r"""
module \$_DFF_P_ (input C, D, output Q);
  (* keep *)
  CC_DFF #(.CLK_INV(1'b0), .EN_INV(1'b0), .SR_INV(1'b0), .SR_VAL(1'b0), .INIT(1'bx))
    cell_ (.CLK(C), .EN(1'b1), .SR(1'b0), .D(D), .Q(Q));
endmodule
"""

_LUT = {"CC_LUT[12]": 1, "CC_L2T4": 1, "CC_L2T5": 2}
_MUX = {"CC_MX2": 1, "CC_MX4": 2}

FLOW = Flow(
    synthesis=_synthesis,
    resources={
        "LUT": _LUT,
        "MUX": _MUX,
        "ADDF": {"CC_ADDF": 1},
        "FF": {"CC_DFF": 1},
        "DSP": {},
        "BRAM": {},
    },
    luts={**_LUT, **_MUX, "CC_ADDF": 1},
    models="+/gatemate/cells_sim.v",
    unmodelled=(),
    place_and_route=Nextpnr(
        "nextpnr-himbaechel-gatemate",
        extra="gatemate",
        options=("--vopt", f"ccf={PIN_FILE}"),
        register=_REGISTER,
        pads="iopadmap -bits -inpad CC_IBUF Y:I {wrapper}\nclkbufmap -buf CC_BUFG O:I {wrapper}",
        pin='Pin_in "{port}" Loc = "{pin}";',
    ),
)
