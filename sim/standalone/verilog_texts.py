"""Templates of the Verilog bench: the module, and by protocol its signals and the body that drives the unit."""

from __future__ import annotations

__all__ = ["BENCH", "BODIES", "DECLARATIONS", "WRONG", "WRONG_IN_TURN"]

BENCH = """// Self-checking test bench of $name: $title.
// It reads inputs and expected outputs from ${name}_x.hex and ${name}_y.hex in the working directory, or in the folder
// that +folder=... names when it is run. It says PASS only if all of them were read and every output is as expected.
//   $$ iverilog -g2005 -o ${name}_tb ${name}_tb.v $name.v && vvp ${name}_tb
//   $$ verilator --binary --timing -CFLAGS -std=c++20 ${name}_tb.v $name.v && obj_dir/V${name}_tb
module ${name}_tb;
  localparam COUNT = $count;
  localparam ANSWERS = $answers;
  localparam LATENCY = $latency;
  localparam PATIENCE = $patience;
  localparam DIGEST = $digest_bits'h$digest;

  reg [$x_top:0] stimulus [0:COUNT-1];
  reg [$y_top:0] expected [0:ANSWERS-1];
  reg [8*1024-1:0] folder;
  reg [$digest_bits-1:0] digest;
  integer x_file;
  integer y_file;
  reg [$x_top:0] x_bits;
  reg [$y_top:0] y_read;
  wire [$y_top:0] y_bits;
$signals  integer sent;
  integer received;
  integer seed;
  reg failed;

  $name unit (
    $connections
  );

  // What is missing or unknown would be met by anything, so every digit of both files has to be as it was written.
  task load;
    begin
      if (!$$value$$plusargs("folder=%s", folder)) $$sformat(folder, ".");
      x_file = $$fopen({folder, "/${name}_x.hex"}, "r");
      y_file = $$fopen({folder, "/${name}_y.hex"}, "r");
      failed = x_file == 0 || y_file == 0;
      digest = 0;
      for (sent = 0; sent < COUNT && !failed; sent = sent + 1) begin
        if ($$fscanf(x_file, "%h", x_bits) != 1) failed = 1;
        stimulus[sent] = x_bits;
        digest = $digest_bits'd33 * digest + {$x_padding'd0, x_bits};
      end
      for (received = 0; received < ANSWERS && !failed; received = received + 1) begin
        if ($$fscanf(y_file, "%h", y_read) != 1) failed = 1;
        expected[received] = y_read;
        digest = $digest_bits'd33 * digest + {$y_padding'd0, y_read};
      end
      if (digest !== DIGEST) failed = 1;
      if (failed) begin
        $$display("${name}_x.hex and ${name}_y.hex in folder %0s are not those of this bench", folder);
        $$display("run it where they are, or with +folder= and the name of that folder");
      end
    end
  endtask

  task check;
    if (y_bits !== expected[received]) begin
      $wrong
      failed = 1;
    end
  endtask

  initial begin
    load;
    sent = 0;
    received = 0;
    seed = 1;
$body
    if (!failed) $$display("PASS %0d vectors", COUNT);
    else $$display("FAIL");
    // The exit status says it, too, where a simulator has a way to.
`ifdef __ICARUS__
    $$finish_and_return(failed);
`else
`ifdef VERILATOR
    if (failed) $$stop;
`endif
    $$finish;
`endif
  end
endmodule
"""

WRONG_IN_TURN = (
    '$display("vector %0d: x = %h, y should be %h, not %h", received, stimulus[received], expected[received], y_bits);'
)
"""Complaint about a wrong output where each input has one."""

WRONG = '$display("output %0d should be %h, not %h", received, expected[received], y_bits);'
"""The same where several inputs have one output."""

DECLARATIONS = {
    "comb": "",
    "pipeline": """\
  reg clk;
  reg en;
""",
    "stream": """\
  reg clk;
  reg rst;
  reg x_valid;
  wire x_ready;
  wire y_valid;
  reg y_ready;
  reg taken;
  reg waiting;
  integer idle;
""",
}

BODIES = {
    "comb": """\
    while (received < COUNT && !failed) begin
      x_bits = stimulus[received];
      #10;
      check;
      received = received + 1;
    end""",
    "pipeline": """\
    clk = 0;
    while (received < COUNT && !failed) begin
      // While en is low, nothing moves and x does not matter.
      en = ($random(seed) & 3) != 0;
      x_bits = en ? stimulus[sent % COUNT] : ~stimulus[sent % COUNT];
      #5;
      if (sent >= LATENCY && (en || LATENCY != 0)) check;
      if (en) sent = sent + 1;
      if (sent > LATENCY) received = sent - LATENCY;
      clk = 1;
      #5 clk = 0;
    end""",
    "stream": """\
    clk = 0;
    rst = 1;
    x_valid = 0;
    y_ready = 0;
    #5 clk = 1;
    #5 clk = 0;
    rst = 0;
    taken = 1;
    waiting = 0;
    idle = 0;
    while (idle < PATIENCE && !failed) begin
      // An offer, once made, stands until it is taken; without one, x does not matter.
      if (taken) x_valid = sent < COUNT && ($random(seed) & 3) != 0;
      x_bits = x_valid ? stimulus[sent % COUNT] : ~stimulus[sent % COUNT];
      y_ready = ($random(seed) & 3) != 0;
      #5;
      taken = !x_valid || x_ready;
      idle = idle + 1;
      if (y_valid !== 1) begin
        if (y_valid !== 0 || waiting) begin
          $display("y_valid is %b before vector %0d, though it waits: %b", y_valid, received, waiting);
          failed = 1;
        end
      end else if (received == ANSWERS || received == sent && !(LATENCY == 0 && x_valid)) begin
        $display("y_valid is high, but all %0d inputs taken so far have been answered", sent);
        failed = 1;
      end else begin
        check;
        if (y_ready) received = received + 1;
        if (y_ready) idle = 0;
      end
      waiting = y_valid && !y_ready;
      if (x_valid && taken) sent = sent + 1;
      clk = 1;
      #5 clk = 0;
    end
    if (received < ANSWERS && !failed) begin
      $display("nothing moves any more: %0d inputs were taken, %0d answered", sent, received);
      failed = 1;
    end""",
}
