"""Emitted Verilog of composites as the standard reads it: a plain bench, run by Icarus Verilog, with stalls."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np

from ...hdl.composites.manifest import CompositeManifest
from ...hdl.interfaces import Port
from ..golden.composites import composite_model
from ..icarus import Reading, run_program
from .stimulus import stimulus

__all__ = ["read_by_icarus"]

_TRANSFERS = 2000

_BENCH = """
module bench;
  reg clk = 0, go = 0, take = 0, reset = 1;
  integer sent = 0, received = 0, failures = 0, seed = 1, idle = 0;
  reg [{x_top}:0] inputs [0:{x_last}];
  reg [{y_top}:0] outputs [0:{y_last}];
  wire [{x_top}:0] given = go ? inputs[sent] : {x_width}'bx;
  wire [{y_top}:0] found;
  wire accepts, valid;
  {top} unit ({connections});
  always #5 clk = ~clk;
  initial begin
    $readmemh("x.hex", inputs);
    $readmemh("y.hex", outputs);
  end
  always @(posedge clk) begin
    reset <= 0;
    if (!reset) begin
      idle = idle + 1;
      if (go && accepts) begin
        sent = sent + 1;
        idle = 0;
      end
      if (valid !== 1'b0 && valid !== 1'b1) failures = failures + 1;
      if (valid === 1'b1 && take) begin
        if (received > {y_last} || found !== outputs[received]) begin
          if (failures == 0) $display("transfer %0d: expected %h, got %h", received, outputs[received], found);
          failures = failures + 1;
        end
        received = received + 1;
        idle = 0;
      end
      if (!(go && !accepts)) go <= sent <= {x_last} && ($random(seed) & 3) != 0;
      take <= ($random(seed) & 3) != 0;
      if (received > {y_last} || idle > 4000 || failures > 0) begin
        if (failures == 0 && received == {y_last} + 1) $display("PASS");
        else $display("received %0d of %0d, %0d wrong", received, {y_last} + 1, failures);
        $finish;
      end
    end
  end
endmodule
"""


def read_by_icarus(manifest: CompositeManifest, text: str) -> Reading:
    """Run the Verilog of a streamed composite in Icarus, with random gaps and stalls, against the golden model."""
    columns = stimulus(manifest, _TRANSFERS, 3)
    model = composite_model(manifest.asked.name, manifest.asked.as_dict(), manifest.words, manifest.plans)
    expected, ports = model.transfers(columns), manifest.ports
    sides = (ports.inputs, columns), (ports.outputs, expected)
    (x_width, x_words), (y_width, y_words) = (_words(side, fields) for side, fields in sides)
    connections = [f".{ports.of('clock').name}(clk)"]
    connections += [f".{port.name}({'~' if port.active_low else ''}reset)" for port in ports if port.role == "reset"]
    for name, role, direction in (
        ("go", "valid", "input"),
        ("accepts", "ready", "output"),
        ("valid", "valid", "output"),
        ("take", "ready", "input"),
    ):
        connections.append(f".{ports.of(role, direction).name}({name})")
    for word, side in (("given", ports.inputs), ("found", ports.outputs)):
        low = 0
        for port in side:
            connections.append(f".{port.name}({word}[{low + port.width - 1}:{low}])")
            low += port.width
    bench = _BENCH.format(
        top=manifest.name,
        connections=", ".join(connections),
        x_width=x_width,
        x_top=x_width - 1,
        y_top=y_width - 1,
        x_last=len(x_words) - 1,
        y_last=len(y_words) - 1,
    )
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        for name, content in {"unit.v": text, "bench.v": bench, "x.hex": _hex(x_words), "y.hex": _hex(y_words)}.items():
            (folder / name).write_text(content, encoding="utf-8")
        said = run_program(folder, "iverilog", "-g2005", "-Wall", "-o", "run", "bench.v", "unit.v")
        if not said:
            said = run_program(folder, "vvp", "-n", "run")
            if said.splitlines()[-1:] == ["PASS"]:
                return Reading(len(x_words))
    return Reading(len(x_words), said.strip() or "the simulation says nothing")


def _words(side: tuple[Port, ...], columns: list[np.ndarray]) -> tuple[int, list[int]]:
    """Return the width of a transfer and the transfers as numbers, the first port lowest."""
    low, words = 0, [0] * len(columns[0])
    fields = [field for port in side for field in port.fields]
    offsets = {port.name: sum(each.width for each in side[:number]) for number, port in enumerate(side)}
    for field, column in zip(fields, columns, strict=True):
        mask = (1 << field.width) - 1
        place = offsets[field.port] + field.low
        words = [word | (int(code) & mask) << place for word, code in zip(words, column, strict=True)]
    low = sum(port.width for port in side)
    return low, words


def _hex(words: list[int]) -> str:
    return "".join(f"{word:x}\n" for word in words)
