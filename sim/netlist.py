"""Yosys commands that turn a design into a synthesised netlist which still simulates: `prepare` of `compile_unit`."""


def ecp5_netlist_commands(top: str, *, dsp: bool = True, bram: bool = True) -> str:
    """Return the commands that synthesise `top` for ECP5 and put the vendor cells' models in place of its cells.

    Yosys has models of the look-up tables, carry cells, flip-flops and distributed RAM. It has none of MULT18X18D and
    DP16KD: a netlist with one of these is refused with a `YosysError` that names the cell. `dsp` and `bram` False keep
    them out, as in the flow `ecp5`.
    """
    options = ("" if dsp else " -nodsp") + ("" if bram else " -nobram")
    return f"""synth_ecp5 -top {top}{options}
select -assert-none t:MULT18X18D t:DP16KD
techmap -autoproc -map +/ecp5/cells_sim.v"""
