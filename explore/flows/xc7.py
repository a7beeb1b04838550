"""Xilinx 7 series: area from Yosys's `synth_xilinx`; nothing places and routes.

``LUT`` counts look-up tables of one to six inputs, each for itself: the vendor's tools may put two small ones into one.
``MUX`` counts MUXF7 and MUXF8, which join look-up tables of a slice and take no further room. A block RAM is half of a
RAMB36E1.
"""

from ...hdl.targets import Target
from .flow import Flow

__all__ = ["FLOW"]


def _synthesis(target: Target, dsp: bool, bram: bool) -> str:
    options = ("" if dsp else " -nodsp") + ("" if bram else " -nobram")
    # Without its first step, which spends seconds on reading all the cells that nothing here is mapped to.
    return f"""read_verilog -lib -specify +/xilinx/cells_sim.v
hierarchy -check -auto-top
synth_xilinx -run prepare: -family xc7 -flatten -noiopad -noclkbuf{options}"""


_LUT = {"LUT[1-6]": 1, "INV": 1}
_SRL = {"SRL16E": 1, "SRLC16E": 1, "SRLC32E": 1}
_LUTRAM = {
    **{"RAM32X1S": 1, "RAM64X1S": 1, "RAM128X1S": 2, "RAM256X1S": 4},
    **{"RAM32X1D": 2, "RAM64X1D": 2, "RAM128X1D": 4, "RAM32M": 4, "RAM64M": 4},
}

FLOW = Flow(
    synthesis=_synthesis,
    resources={
        "LUT": _LUT,
        "CARRY4": {"CARRY4": 1},
        "MUX": {"MUXF[78]": 1},
        "FF": {"FD[RSCP]E": 1, "FD[RSCP]E_1": 1},
        "SRL": _SRL,
        "LUTRAM": _LUTRAM,
        "DSP": {"DSP48E1": 1},
        "BRAM": {"RAMB18E1": 1, "RAMB36E1": 2},
    },
    luts={**_LUT, **_SRL, **_LUTRAM},
    models="+/xilinx/cells_sim.v",
    unmodelled=("RAMB18E1", "RAMB36E1"),
)
