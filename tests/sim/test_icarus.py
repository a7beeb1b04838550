"""The reading of emitted Verilog by Icarus: what it runs, and what it does not let pass."""

import re

import pytest
from icarus_batch import complaints, icarus

from softgate import design
from softgate.sim import icarus as module
from softgate.sim.icarus import Reading, read_by_icarus

UNIT = design("tanh", "SQ3.2", "SQ1.4", max_error="2ulp", method="taylor", degree=1, segments=4)
pytestmark = [icarus, pytest.mark.tools]


def emit(folder, unit=UNIT, **options):
    """Emit a unit; return its manifest and its text."""
    manifest = unit.emit(folder, name="unit", **options)
    return manifest, (folder / "unit.v").read_text()


@pytest.mark.parametrize("options", [{"interface": "comb"}, {"stages": 3}, {"interface": "stream"}], ids=str)
def test_a_sound_unit(tmp_path, options):
    assert read_by_icarus(*emit(tmp_path, **options)) == Reading(32)


def test_as_many_inputs_as_there_is_time_for(tmp_path, monkeypatch):
    wide = design("hard_tanh", "SQ4.12", "SQ1.15")
    manifest, text = emit(tmp_path, wide)
    assert read_by_icarus(manifest, text) == Reading(1 << 16)
    monkeypatch.setattr(module, "_WORK", 1 << 16)
    fewer = read_by_icarus(manifest, text)
    assert not fewer.complaint
    assert 2000 < fewer.vectors < 1 << 13


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("assign y = ", "assign y = 5'd1 ^ ", r"^vector 0: x = 10, y should be 10, not 11$"),
        ("assign y = ", "assign y = 5'bx ^ ", r"^vector 0: x = 10, y should be 10, not [xX]+$"),
        ("endmodule", "wire other = y_\nendmodule", r"unit.v:\d+: syntax error"),
        ("endmodule", "wire [3:0] odd = x;\nwire [1:0] none = odd[5:4];\nendmodule", "odd"),
        ("module unit", "module unity", "unit"),
    ],
)
def test_what_does_not_pass(tmp_path, old, new, complaint):
    manifest, text = emit(tmp_path, interface="comb")
    assert old in text
    reading = read_by_icarus(manifest, text.replace(old, new, 1))
    assert re.search(complaint, reading.complaint), reading.complaint


def test_a_simulation_that_does_not_end(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "_PATIENCE", 1)
    manifest, text = emit(tmp_path, interface="comb")
    endless = "reg t = 0;\nalways @(t) t <= ~t;\ninitial t = 1;\nendmodule"
    assert read_by_icarus(manifest, text.replace("endmodule", endless)).complaint == "vvp does not end"


WITHOUT_RESET = """
module bench;
  reg clk = 0, valid = 0, ready = 0;
  reg [4:0] x = 0;
  wire [{y_top}:0] y;
  wire taken, y_valid;
  integer sent = 0, received = 0, clock;
  {name} unit ({connections});
  initial begin
    for (clock = 0; clock < 200; clock = clock + 1) begin
      valid = clock > 9 && (clock * 7 & 12) != 0 && sent < 32;
      ready = (clock * 5 & 6) != 0;
      x = sent;
      #5;
      if (taken === 1'bx || y_valid === 1'bx || (y_valid && ^y === 1'bx)) $display("clock %0d: unknown", clock);
      if (y_valid && received == sent) $display("clock %0d: nothing was sent", clock);
      if (y_valid && ready) received = received + 1;
      if (valid && taken) sent = sent + 1;
      clk = 1;
      #5 clk = 0;
    end
    $display("%0d sent, %0d received", sent, received);
  end
endmodule
"""

ENDS = {
    "stream": ".clk(clk), .rst(1'b0), .x(x), .x_valid(valid), .x_ready(taken), "
    ".y(y), .y_valid(y_valid), .y_ready(ready)",
    "axis": ".aclk(clk), .aresetn(1'b1), .s_axis_tdata({3'd0, x}), .s_axis_tvalid(valid), .s_axis_tready(taken), "
    ".m_axis_tdata(y), .m_axis_tvalid(y_valid), .m_axis_tready(ready)",
}


@pytest.mark.parametrize("stages", [1, 4])
@pytest.mark.parametrize("interface", ["stream", "axis"])
def test_a_stream_needs_no_reset(tmp_path, interface, stages):
    manifest, text = emit(tmp_path, interface=interface, stages=stages)
    width = manifest.ports.outputs[0].width
    bench = WITHOUT_RESET.format(y_top=width - 1, name="unit", connections=ENDS[interface])
    assert simulated(tmp_path, bench, text) == "32 sent, 32 received\n"
    assert "unknown" in simulated(tmp_path, bench, text.replace(f"    initial valid_r{stages} = 0;\n", ""))


def simulated(folder, *texts):
    for number, text in enumerate(texts):
        (folder / f"{number}.v").write_text(text)
    said = module.run_program(folder, "iverilog", "-g2005", "-o", "run", *(f"{n}.v" for n in range(len(texts))))
    return said + module.run_program(folder, "vvp", "-n", "run")


def test_a_batch_finds_the_units_that_fail(tmp_path):
    units = {}
    edits = [("", ""), ("assign y = ", "assign y = 5'd1 ^ "), ("assign y", "wire z"), ("", "")]
    for number, (old, new) in enumerate(edits):
        name = f"unit{number}"
        manifest = UNIT.emit(tmp_path, name=name, interface="comb")
        units[name] = manifest, (tmp_path / f"{name}.v").read_text().replace(old, new, 1)
    found = complaints(tmp_path, units)
    assert sorted(found) == ["unit1", "unit2"]
    assert found["unit1"].startswith("vector 0: x = 10, y should be 10, not 11")
    assert complaints(tmp_path, {}) == {}
