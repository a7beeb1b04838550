"""Emitted units of all interfaces in Icarus Verilog, many in one simulation: at full rate, and with random stalls."""

import shutil
import subprocess
from pathlib import Path

from softgate.hdl.manifest import Manifest

AVAILABLE = shutil.which("iverilog") is not None


def outputs(units: list[tuple[Manifest, str]], folder: Path, *, stalls: bool) -> list[list[int]]:
    """Return the output codes of every unit, for every input code that occurs, ascending.

    Units are manifests and the texts of their modules, whose names differ. What is x or z at an output is an error.
    """
    texts = [text for _, text in units]
    for number, (manifest, _) in enumerate(units):
        texts.append(_bench(manifest, number, stalls=stalls))
    source, program = folder / "units.v", folder / "units.vvp"
    source.write_text("`timescale 1ns/1ps\n" + "\n".join(texts))
    subprocess.run(["iverilog", "-g2005", "-o", program, source], check=True, capture_output=True, text=True)
    ran = subprocess.run(["vvp", "-n", program], check=True, capture_output=True, text=True, timeout=600)
    found: list[list[int]] = [[] for _ in units]
    for line in ran.stdout.splitlines():
        number, bits = line.split()
        manifest = units[int(number)][0]
        found[int(number)].append(_code(manifest, bits))
    return found


def _code(manifest: Manifest, bits: str) -> int:
    """Return the code of an output; on an AXI4-Stream it is extended to whole bytes."""
    output = manifest.specification.output_format
    if set(bits) - {"0", "1"}:
        raise AssertionError(f"{manifest.specification}: the output is {bits}")
    value = int(bits[-output.width :], 2)
    code = value - (1 << output.width) if output.signed and value >> (output.width - 1) else value
    if int(bits, 2) != code % (1 << len(bits)):
        raise AssertionError(f"{manifest.specification}: {bits} is not extended")
    return code


def _bench(manifest: Manifest, number: int, *, stalls: bool) -> str:
    codes, latency = manifest.specification.codes, manifest.latency
    width, out = manifest.specification.input_format.width, manifest.specification.output_format.width
    protocol, random = manifest.interface, "$random(seed)" if stalls else "1'b1"
    show = f'$display("{number} %b", y)'
    if protocol == "axis":
        width, out = -(-width // 8) * 8, -(-out // 8) * 8
    head = f"""module bench{number};
  reg signed [{width - 1}:0] x; wire [{out - 1}:0] y; integer sent, got, seed; reg clk, go;
"""
    setup = f"seed = {number}; clk = 0; sent = 0; got = 0;"
    count = codes.size
    code = f"{codes.low} + sent"
    tick = "#1 clk = 1; #5 clk = 0;"
    if protocol == "comb":
        return f"""{head}  {manifest.name} unit(.x(x), .y(y));
  initial begin {setup}
    for (sent = 0; sent < {count}; sent = sent + 1) begin x = {code}; #2 {show}; end
  end
endmodule"""
    if protocol == "pipeline":
        return f"""{head}  {manifest.name} unit(.clk(clk), .en(go), .x(x), .y(y));
  initial begin {setup}
    while (sent < {count + latency}) begin
      go = {random}; x = go && sent < {count} ? {code} : $random(seed); #4;
      if (go) begin if (sent >= {latency}) {show}; sent = sent + 1; end
      {tick}
    end
  end
endmodule"""
    if protocol == "stream":
        reset, names = 1, ".clk(clk), .rst(reset), .x(x), .x_valid(v), .x_ready(r), .y(y), .y_valid(yv), .y_ready(yr)"
    else:
        reset = 0
        names = (
            ".aclk(clk), .aresetn(reset), .s_axis_tdata(x), .s_axis_tvalid(v), .s_axis_tready(r), "
            ".m_axis_tdata(y), .m_axis_tvalid(yv), .m_axis_tready(yr)"
        )
    return f"""{head}  reg reset, v, yr, taken; wire r, yv; integer clocks;
  {manifest.name} unit({names});
  initial begin {setup} reset = {reset}; v = 0; yr = 0; x = 0; clocks = 0; taken = 1;
    repeat (3) begin #4 {tick} end
    reset = {1 - reset};
    while (got < {count} && clocks < {40 * count + 40 * latency + 400}) begin
      if (taken) begin v = sent < {count} && {random}; x = v ? {code} : $random(seed); end
      yr = {random}; #4;
      if (yv && yr) begin {show}; got = got + 1; end
      taken = !v || r; if (v && r) sent = sent + 1;
      clocks = clocks + 1; {tick}
    end
  end
endmodule"""
